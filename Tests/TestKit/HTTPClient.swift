import Dispatch
import Foundation

/// A small HTTP/1.1 client for tests against a server on loopback: blocking sockets on a serial queue of its own.
///
/// One connection, kept alive between requests; a second client is a second connection.
package final class HTTPClient: Sendable {
    private let queue = DispatchQueue(label: "test.http-client")
    private let connection: Connection

    package init(port: Int, host: String = "127.0.0.1") { connection = Connection(host: host, port: port) }

    deinit {
        let connection = connection
        queue.async { connection.close() }
    }

    package struct Failure: Error, CustomStringConvertible {
        package var description: String
        package init(description: String) { self.description = description }
    }

    package struct Answer: Sendable {
        package var status: Int
        /// Names are lowercased.
        package var headers: [(name: String, value: String)]
        package var body: [UInt8]

        package var text: String { String(decoding: body, as: UTF8.self) }
        package func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
    }

    /// - Parameters:
    ///   - headers: `Host` and `Content-Length` are added unless given; a value of nil leaves the header out.
    package func send(
        _ method: String = "GET", _ path: String, headers: [(String, String?)] = [], body: [UInt8]? = nil
    ) async throws -> Answer {
        try await withCheckedThrowingContinuation { continuation in
            send(method, path, headers: headers, body: body) { continuation.resume(with: $0) }
        }
    }

    /// The same without a task: `whenDone` is called on the client's own queue.
    package func send(
        _ method: String = "GET", _ path: String, headers: [(String, String?)] = [], body: [UInt8]? = nil,
        whenDone: @escaping @Sendable (Result<Answer, any Error>) -> Void
    ) {
        let head = head(method, path, headers, body)
        queue.async { [connection] in
            whenDone(
                Result {
                    try connection.open()
                    try connection.write(Array(head.utf8) + (body ?? []))
                    let answer = try connection.readAnswer(hasBody: method != "HEAD")
                    if answer.header("connection") == "close" { connection.close() }
                    return answer
                })
        }
    }

    /// Sends bytes as they are and reads one answer.
    package func sendRaw(_ bytes: [UInt8]) async throws -> Answer {
        try await onQueue { connection in
            try connection.open()
            try connection.write(bytes)
            return try connection.readAnswer(hasBody: true)
        }
    }

    /// Sends a request whose answer does not end by itself; read it with `nextChunk`.
    package func openStream(_ path: String, headers: [(String, String?)] = []) async throws -> Answer {
        let head = head("GET", path, headers, nil)
        return try await onQueue { connection in
            try connection.open()
            try connection.write(Array(head.utf8))
            return try connection.readHead()
        }
    }

    /// The next piece of a chunked answer; nil at its end.
    package func nextChunk() async throws -> String? {
        try await onQueue { connection in
            try connection.readChunk().map { String(decoding: $0, as: UTF8.self) }
        }
    }

    package func close() async throws { try await onQueue { $0.close() } }

    private func head(_ method: String, _ path: String, _ headers: [(String, String?)], _ body: [UInt8]?) -> String {
        var lines = ["\(method) \(path) HTTP/1.1"]
        let given = Set(headers.map { $0.0.lowercased() })
        if !given.contains("host") { lines.append("Host: \(connection.host):\(connection.port)") }
        if let body, !given.contains("content-length") { lines.append("Content-Length: \(body.count)") }
        for (name, value) in headers { if let value { lines.append("\(name): \(value)") } }
        return lines.joined(separator: "\r\n") + "\r\n\r\n"
    }

    private func onQueue<Value: Sendable>(_ body: @escaping @Sendable (Connection) throws -> Value) async throws
        -> Value
    {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { [connection] in continuation.resume(with: Result { try body(connection) }) }
        }
    }
}

/// One socket and what was read from it too early.
private final class Connection: @unchecked Sendable {  // guarded by: the client's serial queue
    let host: String
    let port: Int
    private var socket: Int32 = -1
    private var pending: [UInt8] = []
    /// Nothing on loopback takes longer, except a server that hangs: a simulated day on a machine that is busy building takes
    /// half a minute.
    private static let patienceSeconds = 120

    init(host: String, port: Int) { (self.host, self.port) = (host, port) }

    func open() throws {
        guard socket < 0 else { return }
        let descriptor = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw failure("socket") }
        var patience = timeval(tv_sec: Connection.patienceSeconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port)).bigEndian
        inet_pton(AF_INET, host, &address.sin_addr)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            Glibc.close(descriptor)
            throw failure("connect")
        }
        socket = descriptor
        pending = []
    }

    func close() {
        if socket >= 0 { Glibc.close(socket) }
        socket = -1
    }

    func write(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { throw failure("send") }
            rest = rest.dropFirst(count)
        }
    }

    func readAnswer(hasBody: Bool) throws -> HTTPClient.Answer {
        var answer = try readHead()
        while answer.status == 100 { answer = try readHead() }
        guard hasBody, answer.status != 304, answer.status != 204 else { return answer }
        if answer.header("transfer-encoding") == "chunked" {
            while let chunk = try readChunk() { answer.body += chunk }
        } else if let length = answer.header("content-length").flatMap({ Int($0) }) {
            answer.body = try read(exactly: length)
        }
        return answer
    }

    func readHead() throws -> HTTPClient.Answer {
        let lines = try readLines()
        let parts = lines[0].split(separator: " ", maxSplits: 2)
        guard parts.count >= 2, let status = Int(parts[1]) else {
            throw HTTPClient.Failure(description: "no status in \(lines[0])")
        }
        let headers = lines.dropFirst().compactMap { line -> (name: String, value: String)? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            return (line[..<colon].lowercased(), line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces))
        }
        return HTTPClient.Answer(status: status, headers: headers, body: [])
    }

    func readChunk() throws -> [UInt8]? {
        let size = try readLine()
        guard let length = Int(size.prefix { $0 != ";" }, radix: 16) else {
            throw HTTPClient.Failure(description: "no chunk length in \"\(size)\"")
        }
        let bytes = try read(exactly: length)
        _ = try readLine()
        return length == 0 ? nil : bytes
    }

    private func readLines() throws -> [String] {
        var lines: [String] = []
        while true {
            let line = try readLine()
            if line.isEmpty, !lines.isEmpty { return lines }
            lines.append(line)
        }
    }

    private func readLine() throws -> String {
        while true {
            if let end = pending.firstIndex(of: 10) {
                let line = pending[..<end]
                pending = Array(pending[(end + 1)...])
                return String(decoding: line.last == 13 ? line.dropLast() : line, as: UTF8.self)
            }
            try fill()
        }
    }

    private func read(exactly count: Int) throws -> [UInt8] {
        while pending.count < count { try fill() }
        let bytes = Array(pending[..<count])
        pending = Array(pending[count...])
        return bytes
    }

    private func fill() throws {
        var bytes = [UInt8](repeating: 0, count: 64 << 10)
        let count = recv(socket, &bytes, bytes.count, 0)
        guard count > 0 else {
            throw count == 0 ? HTTPClient.Failure(description: "the server closed the connection") : failure("recv")
        }
        pending += bytes[..<count]
    }

    private func failure(_ call: String) -> HTTPClient.Failure {
        HTTPClient.Failure(description: "\(call): \(String(cString: strerror(errno)))")
    }
}
