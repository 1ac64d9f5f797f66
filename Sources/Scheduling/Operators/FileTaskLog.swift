import CPlatform
package import Dispatch
import Foundation
import Synchronization

/// The log of one attempt in files of its own: `2015-01-09T00:00:12.345+09:00 INFO  text`, in the pipeline's zone.
///
/// Lines are handed to a serial queue and reach the file within moments, so that it can be followed while the task runs. A log that
/// grows beyond a quarter of its limit goes on in further files, of which only the last are kept: see `TaskLogFiles`.
package final class FileTaskLog: TaskLog {
    package static let defaultLimitBytes = 64 << 20

    package let path: String
    package let masks: SecretMasks
    private let clock: any Clock
    private let queue: DispatchQueue
    private let partBytes: Int
    private let state: Mutex<State>

    private struct State {
        var stamp: LogStamp
        /// Not yet on its way to the files: bytes, each with the part that they belong to.
        var chunks: [(part: Int, bytes: [UInt8])] = [(0, [])]
        var backlogBytes = 0
        /// Of the part that is being filled.
        var bytesInPart = 0
        /// Whose line has not ended.
        var openStream: Int?
        var isFlushing = false
        var failure: TaskLogFailure?
        var isClosed = false
    }
    /// On the queue alone.
    private let file = Mutex<(part: Int, descriptor: Int32)?>(nil)

    /// - Parameters:
    ///   - queue: serial; waits for the disk.
    ///   - masks: what no line shows.
    ///   - limitBytes: of all files together.
    package init(
        path: String, zone: ZoneRules, clock: any Clock, queue: DispatchQueue, masks: SecretMasks = SecretMasks(),
        limitBytes: Int = FileTaskLog.defaultLimitBytes
    ) {
        (self.path, self.clock, self.queue, self.masks) = (path, clock, queue, masks)
        partBytes = limitBytes / (TaskLogFiles.keptParts + 1)
        state = Mutex(State(stamp: LogStamp(zone: zone)))
    }

    package var backlogBytes: Int { state.withLock { $0.backlogBytes } }

    /// A text of several lines becomes as many lines of the log. After `close` nothing is kept.
    package func write(_ level: TaskLogLevel, _ line: String) {
        let text = masks.masked(line)
        accept { state, now in
            endOpenLine(&state)
            for part in text.split(separator: "\n", omittingEmptySubsequences: false) {
                append(head: now, level, to: &state)
                append(LogLine.escaped(part).utf8, to: &state)
                append(CollectionOfOne(0x0a), to: &state)
            }
        }
    }

    package func output(_ bytes: UnsafeRawBufferPointer, of stream: Int, endsLine: Bool) {
        let masked = masks.masked(bytes)
        let isPlain =
            masked == nil && mls_is_plain_text(bytes.bindMemory(to: UInt8.self).baseAddress, Int64(bytes.count))
        let escaped = isPlain ? "" : LogLine.escaped(String(decoding: masked ?? Array(bytes), as: UTF8.self))
        accept { state, now in
            if state.openStream != stream {
                endOpenLine(&state)
                append(head: now, .info, to: &state)
            }
            if isPlain { append(bytes, to: &state) } else { append(escaped.utf8, to: &state) }
            if endsLine { append(CollectionOfOne(0x0a), to: &state) }
            state.openStream = endsLine ? nil : stream
        }
    }

    private func accept(_ change: (inout State, Instant) -> Void) {
        let now = clock.now
        let mustFlush = state.withLock { state in
            if state.isClosed { return false }
            change(&state, now)
            defer { state.isFlushing = true }
            return !state.isFlushing
        }
        if mustFlush { queue.async { self.flush() } }
    }

    /// Lines are whole: one that comes between the pieces of another ends that one.
    private func endOpenLine(_ state: inout State) {
        if state.openStream != nil { append(CollectionOfOne(0x0a), to: &state) }
        state.openStream = nil
    }

    /// Where a line begins, a new part may.
    private func append(head now: Instant, _ level: TaskLogLevel, to state: inout State) {
        let stamp = state.stamp.text(now)
        if state.bytesInPart >= partBytes {
            let part = state.chunks[state.chunks.count - 1].part
            if part == 0 {
                append(stamp, to: &state)
                append(" WARN  \(TaskLogFiles.continuation(of: path))\n".utf8, to: &state)
            }
            state.chunks.append((part + 1, []))
            state.bytesInPart = 0
        }
        append(stamp, to: &state)
        append(LogLine.mark(of: level), to: &state)
    }

    private func append(_ bytes: some Collection<UInt8>, to state: inout State) {
        state.chunks[state.chunks.count - 1].bytes.append(contentsOf: bytes)
        state.bytesInPart += bytes.count
        state.backlogBytes += bytes.count
    }

    /// Returns once every line is in the file.
    /// - Returns: why lines are missing, when the file could not be written.
    package nonisolated(nonsending) func close() async -> TaskLogFailure? {
        await withCheckedContinuation { continuation in
            queue.async {
                self.state.withLock { state in
                    self.endOpenLine(&state)
                    state.isClosed = true
                }
                self.flush()
                self.closeFile()
                continuation.resume(returning: self.state.withLock(\.failure))
            }
        }
    }

    /// On the queue alone, which makes it the only one that touches the files.
    private func flush() {
        let (chunks, failed) = state.withLock { state in
            state.isFlushing = false
            defer { state.chunks = [(state.chunks[state.chunks.count - 1].part, [])] }
            return (state.chunks, state.failure != nil)
        }
        var count = 0
        for chunk in chunks where !chunk.bytes.isEmpty {
            count += chunk.bytes.count
            if !failed { write(chunk.bytes, toPart: chunk.part) }
        }
        state.withLock { $0.backlogBytes -= count }
    }

    private func write(_ bytes: [UInt8], toPart part: Int) {
        if file.withLock({ $0?.part }) != part { open(part) }
        var status: Int32 = 0
        file.withLock { file in
            guard let descriptor = file?.descriptor else { return }
            status =
                descriptor < 0
                ? descriptor : bytes.withUnsafeBytes { mls_write_all(descriptor, $0.baseAddress, Int64($0.count)) }
        }
        if status < 0 {
            state.withLock { $0.failure = TaskLogFailure(path: path, reason: SystemText.error(-status)) }
        }
    }

    private func open(_ part: Int) {
        closeFile()
        if part == 0 {
            // A folder that cannot be made shows in the opening of the file.
            if let end = path.lastIndex(of: "/") { _ = mls_make_folders(String(path[..<end])) }
        }
        let descriptor = mls_open_to_append(TaskLogFiles.path(ofPart: part, of: path))
        file.withLock { $0 = (part, descriptor) }
        TaskLogFiles.remove(upToPart: part - TaskLogFiles.keptParts, of: path)
    }

    private func closeFile() {
        file.withLock { file in
            if let file, file.descriptor >= 0 { mls_close(file.descriptor) }
            file = nil
        }
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
package enum SystemText {
    /// Why the file system refused something, without Foundation's codes and domains.
    package static func reason(of error: any Error) -> String {
        if let underlying = (error as? CocoaError)?.underlying as? POSIXError {
            return self.error(underlying.code.rawValue)
        }
        let text = error.localizedDescription
        return text.hasSuffix(".") ? String(text.dropLast()) : text
    }

    static func error(_ number: Int32) -> String { String(cString: strerror(number)) }
}
