import CTransfer
package import Dispatch

/// HTTP requests over libcurl.
///
/// Every transfer occupies its queue from beginning to end, so requests of one `HTTPTransfer` follow each other; whoever
/// listens to an answer without an end gives it a queue of its own. Only `http` and `https` are spoken. A proxy that the
/// environment names is used, except for this machine's own loopback.
package struct HTTPTransfer: Sendable {
    private let queue: DispatchQueue
    /// Between requests to the same host; nil: each has a connection of its own.
    let session: TransferSession?

    /// - Parameters:
    ///   - queue: serial; all waiting happens there.
    ///   - keepsConnection: for many requests to one host that is the operator's own choice.
    package init(queue: DispatchQueue, keepsConnection: Bool = false) {
        self.queue = queue
        session = keepsConnection ? TransferSession() : nil
    }

    /// The whole answer, whatever its status.
    ///
    /// - Parameters:
    ///   - headers: a name may be given several times.
    ///   - timeout: of everything; nil is without end.
    ///   - maxResponseBytes: of the body.
    ///   - addresses: which may be connected to, where the URL is somebody else's; nil: all.
    /// - Throws: `TransferError`; `CancellationError` up to a second after the task's cancellation.
    package func request(
        _ method: String = "GET", _ url: String, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil,
        timeout: Duration? = .seconds(30), connectTimeout: Duration = .seconds(10), maxResponseBytes: Int = 16 << 20,
        followsRedirects: Bool = false, addresses: AddressGuard? = nil
    ) async throws -> HTTPReply {
        let order = try Order(
            method: method, url: url, headers: headers, body: body, timeout: timeout, connectTimeout: connectTimeout,
            maxResponseBytes: maxResponseBytes, followsRedirects: followsRedirects, addresses: addresses)
        return try await perform(order)
    }

    /// Hands on the body of a successful answer (2xx) piece by piece as it comes; of any other status the body is kept in the
    /// reply, as from `request`.
    ///
    /// - Parameters:
    ///   - timeout: of everything; nil, the default, is without end.
    ///   - maxResponseBytes: of a body that is kept.
    ///   - onData: called on the queue. What it throws ends the transfer and is thrown on.
    /// - Returns: the reply, without a body when the status was of success.
    /// - Throws: as `request`, and what `onData` throws.
    package func stream(
        _ method: String = "GET", _ url: String, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil,
        timeout: Duration? = nil, connectTimeout: Duration = .seconds(10), maxResponseBytes: Int = 1 << 20,
        followsRedirects: Bool = false, onData: @escaping @Sendable ([UInt8]) throws -> Void
    ) async throws -> HTTPReply {
        let order = try Order(
            method: method, url: url, headers: headers, body: body, timeout: timeout, connectTimeout: connectTimeout,
            // What is handed on may be of any length.
            maxResponseBytes: maxResponseBytes, declaredLimit: 0, followsRedirects: followsRedirects)
        return try await perform(order, onData: onData)
    }

    func perform(_ order: Order, onData: (@Sendable ([UInt8]) throws -> Void)? = nil) async throws -> HTTPReply {
        try await run { [session] in try order.perform(cancellation: $0, session: session, onData: onData) }
    }

    /// Runs blocking work on the queue, which is told when the task that waits for it is cancelled.
    func run<Value: Sendable>(_ body: @escaping @Sendable (Cancellation) throws -> Value) async throws -> Value {
        try Task.checkCancellation()
        let cancellation = Cancellation()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                queue.async { continuation.resume(with: Result { try body(cancellation) }) }
            }
        } onCancel: {
            cancellation.cancel()
        }
    }
}
