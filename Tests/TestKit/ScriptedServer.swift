import Dispatch
import Foundation

/// A server on loopback that says exactly what it is told to, byte by byte: plain sockets on a serial queue.
package final class ScriptedServer: @unchecked Sendable {  // guarded by: constants; connections live on the queue
    package let port: Int
    private let listener: Int32
    private let queue = DispatchQueue(label: "test.scripted-server")

    /// One connection at a time, each answered by `script`.
    package init(_ script: @escaping @Sendable (Peer) -> Void) throws {
        (listener, port) = try Self.bind()
        guard listen(listener, 16) == 0 else { throw Failure(call: "listen", code: errno) }
        queue.async { [listener] in
            while case let descriptor = accept(listener, nil, nil), descriptor >= 0 {
                script(Peer(descriptor: descriptor))
                close(descriptor)
            }
            close(listener)
        }
    }

    /// Answers every request with the same bytes, then closes.
    package convenience init(answering text: String) throws {
        try self.init { peer in
            peer.readRequest()
            peer.send(text)
        }
    }

    deinit { shutdown(listener, Int32(SHUT_RDWR)) }

    package var url: String { "http://127.0.0.1:\(port)" }

    package struct Failure: Error { var call: String, code: Int32 }

    /// A port that is taken and on which nobody listens, for as long as `body` runs.
    package static func withSilentPort(_ body: (Int) async throws -> Void) async throws {
        let (descriptor, port) = try bind()
        defer { close(descriptor) }
        try await body(port)
    }

    private static func bind() throws -> (Int32, Int) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                Foundation.bind(descriptor, address, length) == 0 ? getsockname(descriptor, address, &length) : -1
            }
        }
        guard result == 0 else { throw Failure(call: "bind", code: errno) }
        return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
    }
}

/// The other end of one connection.
package struct Peer: Sendable {
    let descriptor: Int32

    /// Head and body of a request, the body by its Content-Length.
    @discardableResult package func readRequest() -> String {
        var bytes: [UInt8] = []
        while true {
            let text = String(decoding: bytes, as: UTF8.self)
            if let end = text.firstRange(of: "\r\n\r\n") {
                let length = text.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
                let expected = length.flatMap { Int($0.drop { $0 != ":" }.dropFirst().drop { $0 == " " }) } ?? 0
                if text[end.upperBound...].utf8.count >= expected { return text }
            }
            guard let piece = read() else { return text }
            bytes += piece
        }
    }

    /// The same of a body that is no text; whoever asks for leave to send it gets it. nil when the client has gone.
    package func readMessage() -> (head: String, body: [UInt8])? {
        var bytes: [UInt8] = []
        while true {
            if let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) {
                let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
                if head.contains("Expect: 100-continue") { send("HTTP/1.1 100 Continue\r\n\r\n") }
                let length = head.firstMatch(of: #/\r\nContent-Length: (\d+)/#).flatMap { Int($0.1) } ?? 0
                var body = Array(bytes[end.upperBound...])
                while body.count < length {
                    guard let piece = read() else { return nil }
                    body += piece
                }
                return (head, body)
            }
            guard let piece = read() else { return nil }
            bytes += piece
        }
    }

    /// nil when the client has gone.
    package func read() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count > 0 ? Array(buffer[..<count]) : nil
    }

    package func send(_ text: String) { send(Array(text.utf8)) }

    package func send(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// Says nothing more until the client gives up.
    package func stall() { while read() != nil {} }
}
