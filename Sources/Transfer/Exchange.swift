import CTransfer

/// What libcurl's callbacks write to during one transfer.
final class Exchange {
    private let limitBytes: Int
    private let onReply: ((HTTPReply) throws -> Void)?
    private let onData: (([UInt8]) throws -> Void)?
    private var hasToldReply = false
    private let cancellation: Cancellation
    private let connection: GuardedConnection?

    private(set) var status = 0
    private(set) var headers: [(name: String, value: String)] = []
    private(set) var body: [UInt8] = []
    /// Whether the empty line has come that ends a head: libcurl takes a head that was cut off for a whole one.
    private(set) var isHeadWhole = false
    /// Why a sink ended the transfer.
    private(set) var problem: Problem?

    enum Problem {
        case tooLarge
        case consumer(any Error)
        case refusedAddress(String)
    }

    private var headBytes = 0
    /// A head is a few hundred bytes; a server that sends more without end is ill.
    private static let headLimit = 256 << 10

    init(
        limitBytes: Int, cancellation: Cancellation, connection: GuardedConnection? = nil,
        onReply: ((HTTPReply) throws -> Void)?,
        onData: (([UInt8]) throws -> Void)?
    ) {
        (self.limitBytes, self.cancellation, self.connection) = (limitBytes, cancellation, connection)
        (self.onReply, self.onData) = (onReply, onData)
    }

    var isCancelled: Bool { cancellation.isCancelled }

    /// Another address of the same host may do: the transfer fails with this problem only when none did.
    func mayConnect(to bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let connection else { return true }
        guard let address = NetworkAddress(bytes: Array(bytes)) else {
            problem = .refusedAddress("something that is no address of the internet")
            return false
        }
        if connection.allows(address) { return true }
        problem = .refusedAddress(address.description)
        return false
    }

    /// One line of the head. An interim answer (100) and a redirect have heads of their own, which the next one replaces.
    func takeHead(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        headBytes += bytes.count
        guard headBytes <= Self.headLimit else {
            problem = .tooLarge
            return false
        }
        // Latin-1, as the field values of old servers: every byte means something.
        let line = String(
            String.UnicodeScalarView(bytes.lazy.filter { $0 != 10 && $0 != 13 }.map { Unicode.Scalar($0) }))
        if line.hasPrefix("HTTP/") {
            (headers, isHeadWhole) = ([], false)
            status = Int(line.split(separator: " ").dropFirst().first ?? "") ?? 0
        } else if line.isEmpty {
            isHeadWhole = true
        } else if let colon = line.firstIndex(of: ":") {
            let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            headers.append((String(line[..<colon]), String(value)))
        }
        return true
    }

    /// A piece of the body: to the consumer when there is one and the server said yes, else kept.
    func takeBody(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        if let onData, 200..<300 ~= status {
            do {
                if !hasToldReply { try onReply?(HTTPReply(status: status, headers: headers, body: [])) }
                hasToldReply = true
                try onData(Array(bytes))
                return true
            } catch {
                problem = .consumer(error)
                return false
            }
        }
        guard body.count + bytes.count <= limitBytes else {
            problem = .tooLarge
            return false
        }
        body.append(contentsOf: bytes)
        return true
    }
}
