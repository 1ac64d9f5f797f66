import CPlatform
import Foundation
import Synchronization
import UnixSignals

extension FeedbackFollower {
    /// Follows standard input. SIGINT or SIGTERM end it: what has been read by then is sent first.
    /// - Throws: `StackError`.
    package func followStandardInput() async throws -> Summary {
        var ends: [Int32] = [-1, -1]
        let code = mls_pipe(&ends)
        guard code == 0 else {
            throw StackError.unreadable(path: "standard input", reason: String(cString: strerror(-code)))
        }
        let (wake, waker) = (ends[0], ends[1])
        defer {
            mls_close(wake)
            mls_close(waker)
        }
        let stopping = Stopping()
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        let listener = Task {
            for await _ in signals {
                stopping.begin()
                // One byte in an empty pipe never waits.
                _ = mls_write_all(waker, [UInt8(1)], 1)
            }
        }
        defer { listener.cancel() }
        return try await run(0, wake: wake) { stopping.hasBegun }
    }
}

/// Whether somebody asked for the end.
private final class Stopping: Sendable {
    private let flag = Atomic(false)
    var hasBegun: Bool { flag.load(ordering: .relaxed) }
    func begin() { flag.store(true, ordering: .relaxed) }
}

/// Lines that were no events, put aside as they came in a file that can be mended and sent again.
package struct RejectedLines: Sendable {
    package let path: String

    package init(home: Home) { path = home.path + "/rejected-feedback.ndjson" }

    /// - Throws: `StackError.unwritableHome`.
    package func add(_ line: [UInt8]) async throws {
        try await Queues.files.perform {
            let folder = URL(filePath: path).deletingLastPathComponent().path
            try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let descriptor = mls_open_to_append(path)
            var code = descriptor
            if descriptor >= 0 {
                let bytes = line + [10]
                code = mls_write_all(descriptor, bytes, Int64(bytes.count))
                mls_close(descriptor)
            }
            if code < 0 { throw StackError.unwritableHome(path: folder, reason: String(cString: strerror(-code))) }
        }
    }
}
