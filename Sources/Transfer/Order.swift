import CTransfer

/// One request, checked, in the form in which libcurl takes it.
struct Order: Sendable {
    private let method: String
    private let url: String
    /// Without user name and password, for messages.
    private let shownURL: String
    private let headerLines: [String]
    private let body: [UInt8]?
    private let timeoutMilliseconds: Int64
    private let connectTimeoutMilliseconds: Int64
    private let stallTimeoutSeconds: Int
    private let maxResponseBytes: Int
    private let declaredLimit: Int
    private let followsRedirects: Bool
    private let connection: GuardedConnection?
    /// In place of a body in memory.
    var file: BodyFile?
    private let signature: RequestSignature?

    /// - Parameters:
    ///   - declaredLimit: of the length that the answer declares; 0 is none, nil the same as `maxResponseBytes`.
    ///   - stallTimeoutSeconds: without a byte; 0 is without end.
    init(
        method: String, url: String, headers: [(name: String, value: String)], body: [UInt8]?, timeout: Duration?,
        connectTimeout: Duration, maxResponseBytes: Int, declaredLimit: Int? = nil, stallTimeoutSeconds: Int = 0,
        followsRedirects: Bool, addresses: AddressGuard? = nil, signature: RequestSignature? = nil
    ) throws(TransferError) {
        guard !method.isEmpty, method.utf8.allSatisfy(Self.isTokenByte) else {
            throw .badRequest(what: "the method \(method)")
        }
        // What a signed request asks for in its query helps nobody who reads of its failure.
        shownURL = String(Self.withoutCredentials(url).prefix { signature == nil || $0 != "?" })
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
            throw .badURL(url: shownURL, reason: "it holds a space or a control character")
        }
        var lines: [String] = []
        for (name, value) in headers {
            guard !name.isEmpty, name.utf8.allSatisfy(Self.isTokenByte),
                value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 })
            else { throw .badRequest(what: "the header \(name)") }
            lines.append(value.allSatisfy { $0 == " " } ? "\(name);" : "\(name): \(value)")
        }
        // libcurl would wait a second for a leave to send that most servers do not give. (And it would sign the line, though
        // it does not send it.)
        if body != nil, signature == nil, !headers.contains(where: { $0.name.lowercased() == "expect" }) {
            lines.append("Expect:")
        }
        (self.method, self.url, headerLines, self.body) = (method, url, lines, body)
        self.signature = signature
        (timeoutMilliseconds, connectTimeoutMilliseconds) = (
            timeout.map(Self.milliseconds) ?? 0, Self.milliseconds(connectTimeout)
        )
        (self.maxResponseBytes, self.followsRedirects) = (maxResponseBytes, followsRedirects)
        self.stallTimeoutSeconds = stallTimeoutSeconds
        self.declaredLimit = declaredLimit ?? maxResponseBytes
        if let addresses {
            connection = try GuardedConnection(url: url, shownURL: shownURL, addresses: addresses)
        } else {
            connection = nil
        }
    }

    /// Blocks until the answer is there.
    /// - Parameters:
    ///   - session: of the calling thread alone; nil: a connection of its own.
    ///   - onReply: called with status and headers before the first piece that `onData` gets.
    func perform(
        cancellation: Cancellation, session: TransferSession? = nil, onReply: ((HTTPReply) throws -> Void)? = nil,
        onData: (([UInt8]) throws -> Void)?
    ) throws -> HTTPReply {
        // It may have waited for its turn.
        if cancellation.isCancelled { throw CancellationError() }
        let exchange = Exchange(
            limitBytes: maxResponseBytes, cancellation: cancellation, connection: connection, onReply: onReply,
            onData: onData)
        try connection?.checkBeforeProxy(shownURL: shownURL)
        var result = mls_transfer_result()
        withExtendedLifetime((exchange, session)) { run(exchange, session, &result) }
        switch result.ending {
        case MLS_TRANSFER_DONE:
            guard exchange.isHeadWhole else {
                throw TransferError.cutOff(url: shownURL, reason: "its head is not whole")
            }
        case MLS_TRANSFER_CANCELLED: throw CancellationError()
        default: throw exchange.problem.map(error) ?? failure(result)
        }
        return HTTPReply(status: Int(result.status), headers: exchange.headers, body: exchange.body)
    }

    private func run(_ exchange: Exchange, _ session: TransferSession?, _ result: inout mls_transfer_result) {
        var request = mls_transfer_request()
        request.session = session?.pointer
        (request.timeout, request.connect_timeout) = (timeoutMilliseconds, connectTimeoutMilliseconds)
        (request.maximum_length, request.follows_redirects) = (Int64(declaredLimit), followsRedirects)
        request.stall_timeout = Int64(stallTimeoutSeconds)
        request.context = Unmanaged.passUnretained(exchange).toOpaque()
        request.on_head = { context, bytes, count in
            Order.exchange(context).takeHead(UnsafeBufferPointer(start: bytes, count: count))
        }
        request.on_body = { context, bytes, count in
            Order.exchange(context).takeBody(UnsafeBufferPointer(start: bytes, count: count))
        }
        request.is_cancelled = { Order.exchange($0).isCancelled }
        if let connection {
            if connection.proxy == nil {
                request.may_connect = { context, bytes, count in
                    Order.exchange(context).mayConnect(to: UnsafeBufferPointer(start: bytes, count: count))
                }
            }
            return (connection.proxy ?? "").withCString { proxy in
                request.proxy = proxy
                start(&request, &result)
            }
        }
        if let signature {
            return signature.lend(to: &request) { request in start(&request, &result) }
        }
        start(&request, &result)
    }

    private func start(_ request: inout mls_transfer_request, _ result: inout mls_transfer_result) {
        method.withCString { method in
            url.withCString { url in
                (request.method, request.url) = (method, url)
                Order.withCStrings(headerLines) { lines in
                    (request.headers, request.header_count) = (lines.baseAddress, lines.count)
                    // An empty body has no address of its own, and is still one.
                    ((body ?? []) + [0]).withUnsafeBufferPointer { bytes in
                        (request.body, request.body_length) = (body == nil ? nil : bytes.baseAddress, bytes.count - 1)
                        if let file {
                            (request.body, request.body_length) = (nil, file.length)
                            (request.reads_body, request.body_file) = (true, file.descriptor)
                        }
                        mls_transfer_perform(&request, &result)
                    }
                }
            }
        }
    }

    private static func exchange(_ context: UnsafeMutableRawPointer?) -> Exchange {
        guard let context else { preconditionFailure("libcurl called back without the context that it was given") }
        return Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
    }

    private static func withCStrings(_ texts: [String], _ body: (UnsafeBufferPointer<UnsafePointer<CChar>?>) -> Void) {
        func next(_ index: Int, _ pointers: [UnsafePointer<CChar>?]) {
            if index == texts.count { return pointers.withUnsafeBufferPointer(body) }
            texts[index].withCString { next(index + 1, pointers + [$0]) }
        }
        next(0, [])
    }

    // MARK: Failures

    private func error(_ problem: Exchange.Problem) -> any Error {
        switch problem {
        case .tooLarge: TransferError.tooLarge(url: shownURL, limitBytes: maxResponseBytes)
        case .consumer(let error): error
        case .refusedAddress(let address): TransferError.addressRefused(url: shownURL, address: address)
        }
    }

    private func failure(_ result: mls_transfer_result) -> TransferError {
        let reason = withUnsafeBytes(of: result.reason) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        return switch result.ending {
        case MLS_TRANSFER_BAD_URL: .badURL(url: shownURL, reason: reason)
        case MLS_TRANSFER_CANNOT_RESOLVE: .cannotResolve(url: shownURL)
        case MLS_TRANSFER_CANNOT_RESOLVE_PROXY: .cannotResolveProxy(url: shownURL)
        case MLS_TRANSFER_PROXY_REFUSED: .proxyRefused(url: shownURL, status: Int(result.status))
        case MLS_TRANSFER_CONNECTION_REFUSED: .connectionRefused(url: shownURL)
        case MLS_TRANSFER_CANNOT_CONNECT: .cannotConnect(url: shownURL, reason: reason)
        case MLS_TRANSFER_TIMED_OUT_CONNECTING:
            .timedOut(url: shownURL, seconds: Double(shorterTimeout) / 1000, isConnected: false)
        // Without a limit of the whole, only a standstill can have ended it.
        case MLS_TRANSFER_TIMED_OUT where timeoutMilliseconds == 0:
            .stalled(url: shownURL, seconds: stallTimeoutSeconds)
        case MLS_TRANSFER_TIMED_OUT:
            .timedOut(url: shownURL, seconds: Double(timeoutMilliseconds) / 1000, isConnected: true)
        case MLS_TRANSFER_TOO_LARGE: .tooLarge(url: shownURL, limitBytes: declaredLimit)
        case MLS_TRANSFER_CUT_OFF: .cutOff(url: shownURL, reason: reason)
        case MLS_TRANSFER_UNTRUSTED: .untrusted(url: shownURL, reason: reason)
        default: .failed(url: shownURL, reason: reason)
        }
    }

    private var shorterTimeout: Int64 {
        timeoutMilliseconds == 0 ? connectTimeoutMilliseconds : min(timeoutMilliseconds, connectTimeoutMilliseconds)
    }

    // MARK: Forms

    /// A byte of a token (RFC 9110, section 5.6.2).
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }

    /// At least one: libcurl takes 0 for no limit. At most as many as a 32-bit `long` holds.
    private static func milliseconds(_ duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        let limit = Int64(Int32.max)
        if seconds >= limit / 1000 { return limit }
        return max(1, seconds * 1000 + attoseconds / 1_000_000_000_000_000)
    }

    /// `https://user:secret@host/` becomes `https://host/`.
    static func withoutCredentials(_ url: String) -> String {
        guard let scheme = url.firstRange(of: "://") else { return url }
        let rest = url[scheme.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard let at = authority.lastIndex(of: "@") else { return url }
        return String(url[..<scheme.upperBound] + rest[rest.index(after: at)...])
    }
}
