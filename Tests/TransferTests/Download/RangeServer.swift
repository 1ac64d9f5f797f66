import Foundation
import Synchronization

/// A server of one file that knows ranges, and does to its answers what a test tells it to.
final class RangeServer: Sendable {
    /// What the next answer suffers from.
    enum Fault: Sendable {
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

    let server: ScriptedServer
    let requests: Requests

    /// What the server was asked, in order.
    final class Requests: Sendable {
        let all = Mutex<[String]>([])
        var ranges: [String?] {
            all.withLock { $0.map { $0.firstMatch(of: #/Range: (bytes=.*?)\r\n/#).map { String($0.1) } } }
        }
    }

    /// - Parameters:
    ///   - tag: of the file; nil: the server names neither tag nor date.
    ///   - faults: of the answers, in order; the answers after them have none.
    init(_ content: [UInt8], tag: String? = "\"one\"", faults: [Fault] = []) throws {
        let requests = Requests()
        self.requests = requests
        server = try ScriptedServer { peer in
            let request = peer.readRequest()
            let number = requests.all.withLock {
                $0.append(request)
                return $0.count - 1
            }
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

    var url: String { server.url + "/file.zip" }
}
