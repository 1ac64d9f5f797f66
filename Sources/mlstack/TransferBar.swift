import Foundation
import Stack
import Synchronization

/// One line on the terminal that tells how far a download, an unpacking or the like is; nothing where there is no terminal.
final class TransferBar: Sendable {
    private let name: String
    /// The line as it stands, so that only what changed is written, ten times a second at most.
    private let shown = Mutex<(line: String, at: ContinuousClock.Instant)?>(nil)

    init(_ name: String) { self.name = name }

    func show(bytes: Int, total: Int?) {
        let size = TransferBar.megabytes(bytes)
        guard let total, total > 0 else { return write("downloading \(name)  \(size) MB", isLast: false) }
        let share = min(1, Double(bytes) / Double(total))
        write("downloading \(name)  \(Terminal.bar(share)) of \(TransferBar.megabytes(total)) MB", isLast: share >= 1)
    }

    func show(unpacked share: Double) { show("unpacking", share) }

    /// - Parameter verb: what is done to it.
    func show(_ verb: String, _ share: Double) { write("\(verb) \(name)  \(Terminal.bar(share))", isLast: share >= 1) }

    /// Leaves the last line standing; a second call does nothing.
    func end() {
        let isStanding = shown.withLock { shown in
            defer { shown = nil }
            return shown != nil
        }
        if isStanding { Terminal.say("") }
    }

    private func write(_ line: String, isLast: Bool) {
        guard Terminal.isInteractive else { return }
        let isDue = shown.withLock { shown in
            let now = ContinuousClock.now
            if let former = shown, former.line == line || !isLast && now - former.at < .milliseconds(100) {
                return false
            }
            shown = (line, now)
            return true
        }
        // Cursor to the beginning, the line, and the rest of the former one away.
        if isDue { FileHandle.standardError.write(Data("\r\(line)\u{1B}[K".utf8)) }
    }

    private static func megabytes(_ bytes: Int) -> String { String(format: "%.1f", Double(bytes) / 1e6) }
}
