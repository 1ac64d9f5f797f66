import CPlatform
import Foundation

/// Reads one output of a process as it is written. Everything happens on the loop.
///
/// A line goes to the log when it ends; what stands after the last line end for a while (a prompt, a progress bar) is shown before.
/// While the log is behind nothing is read, so that the process waits and the memory does not fill.
final class OutputPipe {
    private let descriptor: Int32
    private let stream: Int
    private let loop: ProcessLoop
    private let log: any TaskLog
    private(set) var lines: LineSplitter
    private var isFinished = false
    private var isShowing = false

    private static let showAfterMilliseconds = 200
    private static let backlogLimitBytes = 4 << 20
    private static let backlogPauseMilliseconds = 5
    /// More than any pipe holds: a stranger that still writes to it when the task has ended must not keep it from ending.
    private static let lastReads = 32

    /// - Parameter stream: 1 or 2.
    init(descriptor: Int32, stream: Int, loop: ProcessLoop, log: any TaskLog) {
        (self.descriptor, self.stream, self.loop, self.log) = (descriptor, stream, loop, log)
        lines = LineSplitter(masks: log.masks)
        mls_set_nonblocking(descriptor)
        watch()
    }

    /// Takes what is still in the pipe, and closes it.
    func finish() {
        for _ in 0..<Self.lastReads where !read() { break }
        close()
    }

    private func watch() {
        loop.watch(descriptor) { [weak self] in
            guard let self else { return }
            read()
            waitForLog()
            showSoon()
        }
    }

    /// - Returns: whether there may be more right now.
    @discardableResult
    private func read() -> Bool {
        if isFinished { return false }
        let (log, stream) = (log, stream)
        let count = withUnsafeTemporaryAllocation(byteCount: 64 << 10, alignment: 1) { buffer in
            let count = mls_read(descriptor, buffer.baseAddress, Int64(buffer.count))
            if count > 0 {
                let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<Int(count)])
                lines.append(bytes) { log.output($0, of: stream, endsLine: $1) }
            }
            return count
        }
        if count > 0 { return true }
        if count != -Int64(EAGAIN) { close() }
        return false
    }

    private func waitForLog() {
        if isFinished || log.backlogBytes <= Self.backlogLimitBytes { return }
        loop.unwatch(descriptor)
        loop.after(Self.backlogPauseMilliseconds) { [weak self] in
            guard let self, !isFinished else { return }
            watch()
            waitForLog()
        }
    }

    private func showSoon() {
        if isShowing || isFinished || !lines.hasOpenText { return }
        isShowing = true
        loop.after(Self.showAfterMilliseconds) { [weak self] in
            guard let self else { return }
            isShowing = false
            if !isFinished { lines.show { log.output($0, of: stream, endsLine: $1) } }
        }
    }

    private func close() {
        if isFinished { return }
        isFinished = true
        lines.finish { log.output($0, of: stream, endsLine: $1) }
        loop.unwatch(descriptor)
        mls_close(descriptor)
    }
}
