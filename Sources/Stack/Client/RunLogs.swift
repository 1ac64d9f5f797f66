import Foundation
import Scheduling
import Transfer

/// The logs of a run's tasks as they grow: of one task, or of all, those that begin later among them.
///
/// It asks again and again for what came since, so that a server that is started again meanwhile costs nothing but time.
package struct RunLogs: Sendable {
    /// Lines of one attempt of one task.
    package struct Piece: Sendable, Equatable {
        package let task: String
        package let attempt: Int
        /// Whole lines, except at the end of a log that ends without one.
        package let text: String
    }

    /// How often a run that goes on is looked at.
    static let interval = Duration.milliseconds(250)

    /// How many bytes of a log are asked for at once: many lines, and less than an answer may have.
    static let pageLength = 4 << 20

    private let client: StackClient
    private let runID: String
    private let task: String?
    private let attempt: Int?

    /// - Parameters:
    ///   - task: nil: all.
    ///   - attempt: nil: of one task the latest, and those that follow it.
    package init(client: StackClient, runID: String, task: String? = nil, attempt: Int? = nil) {
        (self.client, self.runID, self.task, self.attempt) = (client, runID, task, attempt)
    }

    /// What has been read of one attempt.
    private struct Position {
        var attempt: Int
        /// Long logs go on in further files, and those in the middle do not stay.
        var part = 0
        /// In that part.
        var offset = 0
    }

    /// What is there now.
    /// - Throws: `StackError`: an unknown run or task, and a task that has not begun, when it was asked for by name.
    package func print(_ show: (Piece) -> Void) async throws {
        let run = try await client.run(runID)
        var positions: [String: Position] = [:]
        let tasks = try chosen(run)
        if let first = tasks.first, task != nil, first.attempt == 0 {
            throw StackError.usage(
                "task \(first.id) of \(runID) has not begun, so it has no log.",
                remedy: first.message.map { "it says: \($0)" } ?? "wait for it with --follow.")
        }
        try checkAttempt(tasks)
        for task in tasks { try await read(task, of: run, &positions, show) }
    }

    /// What is there now and what comes, until the task (or the run) has ended.
    /// - Returns: the run as it was then.
    package func follow(_ show: (Piece) -> Void) async throws -> Answers.Run {
        var positions: [String: Position] = [:]
        while true {
            // Looked at before reading: whatever was written before the end is then in the file.
            let run = try await client.run(runID)
            let tasks = try chosen(run)
            for task in tasks { try await read(task, of: run, &positions, show) }
            let isDone = task == nil ? run.hasEnded : tasks.allSatisfy(isOver)
            if isDone || run.hasEnded {
                try checkAttempt(tasks)
                return run
            }
            try await WallClock().sleep(for: RunLogs.interval)
        }
    }

    /// - Throws: `StackError` when no task has made the attempt that was asked for.
    private func checkAttempt(_ tasks: [Answers.Task]) throws {
        let most = tasks.map(\.attempt).max() ?? 0
        guard let attempt, attempt < 1 || attempt > most, most > 0 else { return }
        let subject = task.map { "task \($0) of \(runID) has" } ?? "the tasks of \(runID) have"
        throw StackError.usage(
            "\(subject) no attempt \(attempt).",
            remedy: (most == 1 ? "there is only attempt 1" : "there are attempts 1 to \(most)")
                + "; without --attempt the latest is shown.")
    }

    private func isOver(_ task: Answers.Task) -> Bool {
        if let attempt, attempt < task.attempt { return true }
        return TaskState(rawValue: task.state)?.isTerminal ?? true
    }

    /// A task that `foreach` has multiplied stands for those that were made of it.
    private func chosen(_ run: Answers.Run) throws -> [Answers.Task] {
        let tasks = run.tasks ?? []
        guard let task else { return tasks }
        let chosen = tasks.filter { $0.id == task || $0.mappedFrom == task }
        if !chosen.isEmpty { return chosen }
        throw StackError.usage(
            "the run \(runID) has no task \(task).",
            remedy: "it has: \(tasks.map(\.id).joined(separator: ", ")).")
    }

    private func read(
        _ task: Answers.Task, of run: Answers.Run, _ positions: inout [String: Position], _ show: (Piece) -> Void
    ) async throws {
        guard task.attempt > 0 else { return }
        let last = attempt ?? task.attempt
        if last > task.attempt { return }
        var position = positions[task.id] ?? Position(attempt: last)
        while true {
            let isGrowing = position.attempt == task.attempt && !isOver(task)
            let reply = try await client.reply(
                "\(StackClient.path(of: run))/tasks/\(StackClient.escaped(task.id))/logs"
                    + "?attempt=\(position.attempt)&part=\(position.part)&offset=\(position.offset)"
                    + "&limit=\(RunLogs.pageLength)")
            let part = reply.header("Mlstack-Log-Part").flatMap(Int.init) ?? position.part
            if part != position.part {
                let gap = TaskLogFiles.gap(after: position.part, before: part)
                if let gap { show(Piece(task: task.id, attempt: position.attempt, text: gap)) }
                (position.part, position.offset) = (part, 0)
            }
            let isFull = reply.body.count >= RunLogs.pageLength
            // The rest of a line comes with the next page, or with the next look.
            let end = isGrowing || isFull ? reply.body.lastIndex(of: 0x0a).map { $0 + 1 } ?? 0 : reply.body.count
            if end > 0 {
                position.offset += end
                show(
                    Piece(
                        task: task.id, attempt: position.attempt,
                        text: String(decoding: reply.body[..<end], as: UTF8.self)))
                continue
            }
            if position.attempt >= last { break }
            position = Position(attempt: position.attempt + 1)
        }
        positions[task.id] = position
    }
}

extension RunLogs.Piece {
    /// One line of JSON.
    package var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(["task": task, "attempt": "\(attempt)", "text": text]) else { return "{}" }
        return String(decoding: data, as: UTF8.self)
    }
}
