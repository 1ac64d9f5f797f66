import Dispatch
import Foundation

/// A client that sends what it likes and hangs up.
enum BrokenUpload {
    struct Failure: Error { var call: String }

    /// Sends the text and no more, and returns when the server has closed the connection, too.
    /// - Parameters:
    ///   - hangsUp: whether it says that nothing more comes.
    ///   - readsOn: whether it waits for the end; else it leaves after the server's first words.
    /// - Returns: what the server said.
    @discardableResult
    static func send(_ text: String, port: Int, hangsUp: Bool = true, readsOn: Bool = true) async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue(label: "test.broken-upload").async {
                continuation.resume(with: Result { try sendBlocking(text, port: port, hangsUp, readsOn) })
            }
        }
    }

    private static func sendBlocking(_ text: String, port: Int, _ hangsUp: Bool, _ readsOn: Bool) throws -> String {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        var patience = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port)).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else { throw Failure(call: "connect") }
        let bytes = Array(text.utf8)
        guard Foundation.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
            throw Failure(call: "send")
        }
        if hangsUp { shutdown(descriptor, Int32(SHUT_WR)) }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = recv(descriptor, &buffer, buffer.count, 0), count != 0 {
            if count < 0, errno != ECONNRESET { throw Failure(call: "recv") }
            if count < 0 { break }
            answer += buffer[..<count]
            if !readsOn { break }
        }
        return String(decoding: answer, as: UTF8.self)
    }
}
