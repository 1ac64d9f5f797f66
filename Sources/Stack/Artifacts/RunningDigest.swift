import Synchronization
import Training

/// SHA-256 of what comes piece by piece, computed on a queue while a task waits.
final class RunningDigest: Sendable {
    private let digest = Mutex(SHA256())

    func update(_ piece: [UInt8]) { digest.withLock { digest in piece.withUnsafeBytes { digest.update($0) } } }

    /// Of all that came.
    func hex() -> String { digest.withLock { $0.hex() } }
}
