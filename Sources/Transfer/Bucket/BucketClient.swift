package import Dispatch
import CTransfer
import Foundation
import Synchronization

/// Requests to one bucket of an S3-compatible object store.
///
/// Each is signed by libcurl and answered whole, so nothing larger than a piece of a file is ever in memory; what fails in
/// passing (a cut connection, a status of 429 or 5xx) is tried again after growing pauses. The endpoint is the operator's
/// own word and may well be on a private network: `AddressGuard` is for URLs that come from pipelines.
/// - Source: Amazon S3 API reference, version 2006-03-01.
package struct BucketClient: Sendable {
    package let place: BucketPlace
    let credentials: BucketCredentials
    /// 64 lower-case hexadecimal digits of SHA-256, which the signature covers: the store refuses what was damaged on its way.
    let digest: @Sendable ([UInt8]) -> String
    private let lanes: Lanes
    package var patience = Patience()

    /// How long a failing store is borne with.
    package struct Patience: Sendable {
        /// Before each further attempt; a store that asks for more by `Retry-After` gets it, up to `longestPause`.
        package var pauses: [Duration]
        /// Without a byte, until an attempt is given up.
        package var stallSeconds: Int
        package var connectTimeout: Duration
        static let longestPause = Duration.seconds(20)

        package init(
            pauses: [Duration] = [.milliseconds(200), .seconds(1), .seconds(4)], stallSeconds: Int = 20,
            connectTimeout: Duration = .seconds(10)
        ) {
            (self.pauses, self.stallSeconds, self.connectTimeout) = (pauses, stallSeconds, connectTimeout)
        }

        /// While a person waits for the answer.
        package static let short = Patience(
            pauses: [.milliseconds(200)], stallSeconds: 8, connectTimeout: .seconds(5))
    }

    /// - Parameters:
    ///   - queues: serial; as many requests are under way at a time, each on a connection that is kept.
    ///   - digest: SHA-256 in hexadecimal digits.
    /// - Throws: `BucketError.oldLibrary`.
    package init(
        place: BucketPlace, credentials: BucketCredentials, queues: [DispatchQueue],
        digest: @escaping @Sendable ([UInt8]) -> String
    ) throws(BucketError) {
        guard mls_transfer_can_sign() else { throw .oldLibrary(version: String(cString: mls_transfer_version())) }
        (self.place, self.credentials, self.digest) = (place, credentials, digest)
        lanes = Lanes(queues)
    }

    /// One request, as often as it takes.
    /// - Parameters:
    ///   - action: for messages: what the key may not do, if it may not.
    ///   - limit: of the answer's body.
    func send(
        _ method: String, key: String, query: [(name: String, value: String)] = [],
        headers: [(name: String, value: String)] = [], body: [UInt8]? = nil, action: String, limit: Int = 1 << 20
    ) async throws -> HTTPReply {
        var headers = headers
        headers.append((name: "x-amz-content-sha256", value: await contentDigest(body ?? [])))
        if let token = credentials.sessionToken { headers.append((name: "x-amz-security-token", value: token)) }
        let order = try Order(
            method: method, url: place.url(key: key, query: query), headers: headers, body: body, timeout: nil,
            connectTimeout: patience.connectTimeout, maxResponseBytes: limit,
            // It declares the length of what would come otherwise.
            declaredLimit: method == "HEAD" ? 0 : limit,
            stallTimeoutSeconds: patience.stallSeconds, followsRedirects: false,
            signature: RequestSignature(
                region: place.region, keyID: credentials.keyID, secret: credentials.secret))
        var pauses = patience.pauses[...]
        while true {
            let failure: BucketError
            var asked: Duration?
            do {
                let reply = try await lanes.perform(order)
                if reply.isSuccess { return reply }
                failure = BucketError(reply, at: place, by: credentials.keyID, action: action, key: key)
                asked = reply.header("Retry-After").flatMap { Int($0) }.map { .seconds($0) }
            } catch let error as TransferError {
                failure = .unreachable(server: place.server, error)
            }
            guard failure.isPassing, let pause = pauses.popFirst() else { throw failure }
            // Not all who were turned away come back at once.
            let spread = pause * Double.random(in: 0.75...1.25)
            try await Task.sleep(for: max(spread, min(asked ?? .zero, Patience.longestPause)))
        }
    }

    /// Computed where requests wait: a piece of a file takes too long for a task.
    private func contentDigest(_ body: [UInt8]) async -> String {
        if body.isEmpty { return Self.emptyDigest }
        return await lanes.compute { [digest] in digest(body) }
    }

    /// Of no bytes.
    private static let emptyDigest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    /// The transfers that run beside each other; a request goes to the one with the least to do.
    private final class Lanes: Sendable {
        private let queues: [DispatchQueue]
        private let transfers: [HTTPTransfer]
        private let loads: Mutex<[Int]>

        init(_ queues: [DispatchQueue]) {
            self.queues = queues
            transfers = queues.map { HTTPTransfer(queue: $0, keepsConnection: true) }
            loads = Mutex(Array(repeating: 0, count: queues.count))
        }

        func perform(_ order: Order) async throws -> HTTPReply {
            let lane = take()
            defer { loads.withLock { $0[lane] -= 1 } }
            return try await transfers[lane].perform(order)
        }

        func compute<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
            let lane = take()
            defer { loads.withLock { $0[lane] -= 1 } }
            return await withCheckedContinuation { done in queues[lane].async { done.resume(returning: body()) } }
        }

        /// The lane with the least to do, which has one thing more from now on.
        private func take() -> Int {
            loads.withLock { loads in
                let lane = loads.indices.min { loads[$0] < loads[$1] } ?? 0
                loads[lane] += 1
                return lane
            }
        }
    }
}
