import Foundation
import Synchronization

/// A server of files that knows ranges, and does to its answers what a test tells it to.
package final class RangeServer: Sendable {
    /// What the next answer suffers from.
    package enum Fault: Sendable {
        /// So many bytes of the body come, then the connection ends.
        case cut(Int)
        /// So many bytes of the body come, then nothing.
        case stall(Int)
        /// The head declares so many bytes more than there are.
        case longer(Int)
        case ignoresRange
        /// A range that does not begin where it was asked to.
        case wrongRange
        case status(Int)
        case redirect(String)
    }

    private let server: ScriptedServer
    package let requests: Requests

    /// What the server was asked, in order.
    package final class Requests: Sendable {
        private let all = Mutex<[String]>([])
        /// - Returns: its number, from 0.
        fileprivate func add(_ request: String) -> Int {
            all.withLock {
                $0.append(request)
                return $0.count - 1
            }
        }

        package var ranges: [String?] {
            all.withLock { $0.map { $0.firstMatch(of: #/Range: (bytes=.*?)\r\n/#).map { String($0.1) } } }
        }
    }

    /// The same file under every path.
    package convenience init(_ content: [UInt8], tag: String? = "\"one\"", faults: [Fault] = []) throws {
        try self.init(tag: tag, faults: faults) { _ in content }
    }

    /// - Parameters:
    ///   - tag: of the files; nil: the server names neither tag nor date.
    ///   - faults: of the answers to requests for archives, in order; the answers after them have none.
    ///   - files: what is at a path; nil: nothing.
    package init(
        tag: String? = "\"one\"", faults: [Fault] = [], files: @escaping @Sendable (String) -> [UInt8]?
    ) throws {
        let requests = Requests()
        self.requests = requests
        server = try ScriptedServer { peer in
            let request = peer.readRequest()
            let path = request.split(separator: " ").dropFirst().first.map(String.init) ?? ""
            guard let content = files(path) else {
                return peer.send("HTTP/1.1 404 No\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno")
            }
            let number = path.hasSuffix(".zip") ? requests.add(request) : faults.count
            RangeServer.answer(peer, request, content, tag, number < faults.count ? faults[number] : nil)
        }
    }

    private static func answer(
        _ peer: Peer, _ request: String, _ content: [UInt8], _ tag: String?, _ fault: Fault?
    ) {
        if case .status(let status)? = fault {
            return peer.send("HTTP/1.1 \(status) No\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno")
        }
        if case .redirect(let place)? = fault {
            return peer.send("HTTP/1.1 302 Found\r\nLocation: \(place)\r\nContent-Length: 4\r\n\r\nmove")
        }
        var offset = request.firstMatch(of: #/\r\nRange: bytes=(\d+)-\r\n/#).flatMap { Int($0.1) } ?? 0
        if let condition = request.firstMatch(of: #/\r\nIf-Range: (.*?)\r\n/#), String(condition.1) != tag {
            offset = 0
        }
        if case .ignoresRange? = fault { offset = 0 }
        if offset >= content.count, offset > 0 {
            return peer.send(
                "HTTP/1.1 416 Not\r\nContent-Range: bytes */\(content.count)\r\nContent-Length: 0\r\n\r\n")
        }
        var declared = content.count - offset
        if case .longer(let count)? = fault { declared += count }
        var head = "HTTP/1.1 \(offset > 0 ? "206 Partial" : "200 OK")\r\nContent-Length: \(declared)\r\n"
        if let tag { head += "ETag: \(tag)\r\n" }
        if offset > 0 {
            var first = offset
            if case .wrongRange? = fault { first -= 1 }
            head += "Content-Range: bytes \(first)-\(content.count - 1)/\(content.count)\r\n"
        }
        peer.send(head + "\r\n")
        let body = content[offset...]
        switch fault {
        case .cut(let count)?: peer.send(Array(body.prefix(count)))
        case .stall(let count)?:
            peer.send(Array(body.prefix(count)))
            peer.stall()
        default: peer.send(Array(body))
        }
    }

    package var root: String { server.url }
    package var url: String { server.url + "/file.zip" }
}
