import CPlatform
package import Dispatch
import Foundation
import Synchronization

/// The log of one attempt in a file of its own: `2015-01-09T00:00:12.345+09:00 INFO  text`, in the pipeline's zone.
///
/// Lines are handed to a serial queue and reach the file within moments, so that it can be followed while the task runs. Past the
/// limit a line says so, and nothing more is kept.
package final class FileTaskLog: TaskLog {
    package static let defaultLimitBytes = 64 << 20

    package let path: String
    private let clock: any Clock
    private let queue: DispatchQueue
    private let limitBytes: Int
    private let state: Mutex<State>

    private struct State {
        var stamp: LogStamp
        /// Not yet on its way to the file.
        var buffer: [UInt8] = []
        var bytesAccepted = 0
        var isFull = false
        var isFlushing = false
        var descriptor: Int32?
        var failure: TaskLogFailure?
        var isClosed = false
    }

    /// - Parameters:
    ///   - queue: serial; waits for the disk.
    ///   - limitBytes: of the whole file.
    package init(
        path: String, zone: ZoneRules, clock: any Clock, queue: DispatchQueue,
        limitBytes: Int = FileTaskLog.defaultLimitBytes
    ) {
        (self.path, self.clock, self.queue, self.limitBytes) = (path, clock, queue, limitBytes)
        state = Mutex(State(stamp: LogStamp(zone: zone)))
    }

    /// A text of several lines becomes as many lines of the log. After `close` nothing is kept.
    package func write(_ level: TaskLogLevel, _ line: String) {
        let now = clock.now
        let mustFlush = state.withLock { state in
            if state.isClosed || state.isFull { return false }
            let head = state.stamp.text(now) + " "
            for part in line.split(separator: "\n", omittingEmptySubsequences: false) {
                append(head + LogLine.name(of: level) + " " + LogLine.escaped(part) + "\n", head, to: &state)
            }
            defer { state.isFlushing = true }
            return !state.isFlushing
        }
        if mustFlush { queue.async { self.flush() } }
    }

    private func append(_ text: String, _ head: String, to state: inout State) {
        if state.isFull { return }
        let count = text.utf8.count
        if state.bytesAccepted + count <= limitBytes {
            state.buffer.append(contentsOf: text.utf8)
            state.bytesAccepted += count
        } else {
            state.isFull = true
            let limit = limitBytes >= 1 << 20 ? "\(limitBytes >> 20) MiB" : "\(limitBytes) bytes"
            state.buffer.append(
                contentsOf: "\(head)WARN  this log has reached \(limit); what follows is not kept\n".utf8)
        }
    }

    /// Returns once every line is in the file.
    /// - Returns: why lines are missing, when the file could not be written.
    package func close() async -> TaskLogFailure? {
        await withCheckedContinuation { continuation in
            queue.async {
                self.flush()
                let (descriptor, failure) = self.state.withLock { state in
                    state.isClosed = true
                    defer { state.descriptor = nil }
                    return (state.descriptor, state.failure)
                }
                if let descriptor { mls_close(descriptor) }
                continuation.resume(returning: failure)
            }
        }
    }

    /// On the queue alone, which makes it the only one that touches the file.
    private func flush() {
        let (bytes, known, failed) = state.withLock { state in
            state.isFlushing = false
            defer { state.buffer = [] }
            return (state.buffer, state.descriptor, state.failure != nil)
        }
        if bytes.isEmpty || failed { return }
        let descriptor = known ?? open()
        let status =
            descriptor < 0
            ? descriptor : bytes.withUnsafeBytes { mls_write_all(descriptor, $0.baseAddress, Int64($0.count)) }
        state.withLock { state in
            if descriptor >= 0 { state.descriptor = descriptor }
            if status < 0 { state.failure = TaskLogFailure(path: path, reason: SystemText.error(-status)) }
        }
    }

    private func open() -> Int32 {
        let folder = (path as NSString).deletingLastPathComponent
        // A folder that cannot be made shows in the opening of the file.
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return mls_open_to_append(path)
    }
}

/// Lines of a log were lost because its file could not be written.
package struct TaskLogFailure: Error, Sendable, Equatable {
    package var path: String
    package var reason: String
}

extension TaskLogFailure: LocalizedError {
    package var errorDescription: String? { "lines of the log \(path) are missing: \(reason)." }
    package var recoverySuggestion: String? { "see whether the disk is full and the folder can be written to." }
}

/// The system's words for its error numbers.
enum SystemText {
    static func error(_ number: Int32) -> String { String(cString: strerror(number)) }
}
