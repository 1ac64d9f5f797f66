import Dispatch
import Foundation
import Scheduling

/// The ends of task logs, as notifications carry them. What is secret in a log was masked when it was written.
struct LogExcerpts: Sendable {
    /// Serial: the disk is waited for there.
    var queue: DispatchQueue
    var path: @Sendable (_ runID: String, _ taskID: String, _ attempt: Int?) async throws -> String

    static let longestBytes = 64 << 10
    static let mostLines = 200

    /// Empty when no lines are asked for, or there are none.
    func lines(for notification: Notification) async -> [String] {
        guard notification.logLines > 0, let task = notification.taskID else { return [] }
        return await lines(
            notification.logLines, runID: notification.runID, taskID: task, attempt: notification.attempt)
    }

    func lines(_ count: Int, runID: String, taskID: String, attempt: Int?) async -> [String] {
        do {
            let path = try await path(runID, taskID, attempt)
            return try await queue.perform { try Self.end(of: path, lines: min(count, Self.mostLines)) }
        } catch {
            // A notification without its log is worth more than none.
            return ["(the log could not be read: \(ErrorText(error).what))"]
        }
    }

    static func end(of path: String, lines count: Int) throws -> [String] {
        // Of a long log, the part that was written last.
        let last = TaskLogFiles.path(ofPart: TaskLogFiles.parts(of: path).last ?? 0, of: path)
        let file = try FileHandle(forReadingFrom: URL(filePath: last))
        defer { try? file.close() }
        let size = try file.seekToEnd()
        let start = size > UInt64(longestBytes) ? size - UInt64(longestBytes) : 0
        try file.seek(toOffset: start)
        let bytes = try file.read(upToCount: longestBytes) ?? Data()
        var lines = String(decoding: bytes, as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false
        ).map(String.init)
        if lines.last == "" { lines.removeLast() }
        // The first is only a line's end.
        if start > 0, lines.count > 1 { lines.removeFirst() }
        return lines.suffix(count)
    }
}
