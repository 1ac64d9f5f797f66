import Scheduling
import Synchronization

/// Whether a request comes from Slack, and comes for the first time.
/// - Source: api.slack.com, "Verifying requests from Slack", version `v0`.
final class SlackSignature: Sendable {
    enum Refusal: Error, Equatable { case missing, old, wrong, replayed }

    /// Either way: the two clocks may differ.
    static let windowSeconds: Int64 = 300

    private let key: [UInt8]
    /// Signatures that were right, with the second until which they would be again.
    private let seen = Mutex<[String: Int64]>([:])

    init(secret: String) { key = Array(secret.utf8) }

    /// - Returns: what names this request and no other, also in another process.
    func check(timestamp: String?, signature: String?, body: [UInt8], now: Instant) throws(Refusal) -> String {
        guard let timestamp, let signature else { throw .missing }
        guard timestamp.utf8.count <= 12, let second = Int64(timestamp) else { throw .wrong }
        guard abs(now.seconds - second) <= Self.windowSeconds else { throw .old }
        let code = MessageAuthentication.code(of: Array("v0:\(timestamp):".utf8) + body, key: key)
        let expected = "v0=" + ContentHash.hex(code)
        guard Authentication.equal(Array(signature.utf8), Array(expected.utf8)) else { throw .wrong }
        let isNew = seen.withLock { seen in
            seen = seen.filter { $0.value >= now.seconds }
            return seen.updateValue(second + Self.windowSeconds, forKey: expected) == nil
        }
        guard isNew else { throw .replayed }
        return expected
    }
}
