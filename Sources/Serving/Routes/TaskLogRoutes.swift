import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import Scheduling

/// The log of a task's attempt, as it is or as it grows.
struct TaskLogRoutes: RouteFamily {
    let surroundings: Surroundings

    /// How often a growing log is looked at.
    private static let interval = Duration.milliseconds(200)
    /// A piece is held in memory, whatever was asked for.
    private static let longestPiece = 16 << 20

    func register(in table: inout RouteTable) {
        table.get(
            "/api/v1/pipelines/{pipeline}/runs/{run}/tasks/{task}/logs",
            RouteDocumentation(
                "A task's log", tag: "pipelines",
                query: [
                    .init("attempt", .integer, "From 1; the latest when absent."),
                    .init("follow", .boolean, "Goes on until the task has ended."),
                    .init("offset", .integer, "How many bytes of it to leave out, because they are known."),
                    .init("limit", .integer, "How many bytes at most; all when absent."),
                    .init(
                        "part", .integer,
                        "From 0: no more than this part of a long log, `offset` counted in it; the next part that is "
                            + "kept when nothing is left of it. The header Mlstack-Log-Part says which it is."),
                    .init(
                        "tail", .integer,
                        "Only so many of its last bytes. The header X-Mlstack-Log-Offset says where the answer begins, "
                            + "X-Mlstack-Log-Line in which line (from 1)."),
                ], text: "text/plain", failures: [404, 422]),
            handler: log)
    }

    private func log(_ call: HTTPCall) async throws -> Response {
        var fields = try QueryFields(call)
        let attempt = try fields.int("attempt", in: 1...1_000_000)
        let follows = try fields.bool("follow") ?? false
        let offset = try fields.int("offset", in: 0...Int.max)
        let limit = try fields.int("limit", in: 1...Int.max)
        let part = try fields.int("part", in: 0...Int.max)
        let tail = try fields.int("tail", in: 0...Int.max)
        try fields.finish()
        if follows, limit != nil || part != nil || (attempt == nil && (offset != nil || tail != nil)) {
            throw ServingFailure.unprocessable(
                "`offset`, `tail`, `limit` and `part` belong to one attempt, and `follow` goes on with the next.",
                remedy: "leave out `follow`, or name the attempt; `limit` and `part` cannot be followed.")
        }
        if tail != nil, offset != nil || limit != nil || part != nil {
            throw ServingFailure.unprocessable(
                "`tail` says where to begin, and so do `offset` and `part`; `limit` would cut off its end.",
                remedy: "give `tail` alone.")
        }
        let subject = Subject(
            pipeline: call.parameter("pipeline"), run: call.parameter("run"), task: call.parameter("task"),
            attempt: attempt)
        let task = try await self.task(subject)
        if !follows || task.state.isTerminal, attempt ?? task.attempt > task.attempt || task.attempt == 0 {
            let count = "\(task.attempt) \(task.attempt == 1 ? "attempt" : "attempts")"
            throw ServingFailure.notFound(
                "the task \(subject.task.prefix(100)) has made \(count); it has no such log.",
                remedy: task.attempt > 0
                    ? "ask for an attempt from 1 to \(task.attempt), or leave `attempt` out for the latest."
                    : task.message.map { "it says: \($0)" } ?? "wait for it to begin.")
        }
        if follows, offset == nil, tail == nil {
            return TaskLogRoutes.response { writer in
                try await call.request.body.consumeWithCancellationOnInboundClose { _ in
                    try await follow(subject, &writer)
                }
            }
        }
        let path = try await surroundings.ports.orchestrator.logPath(
            runID: subject.run, taskID: subject.task, attempt: attempt)
        if let part { return try await piece(of: path, part: part, offset: offset ?? 0, limit: limit ?? Int.max) }
        let begin: Int
        if let tail {
            begin = max(0, await FileTail.length(of: path, queue: surroundings.files) - tail)
        } else {
            begin = offset ?? 0
        }
        var file = FileTail(path: path, queue: surroundings.files, offset: begin)
        try await file.skip()
        let opened = file
        return TaskLogRoutes.response(begin: begin, line: file.skippedLines + 1) { writer in
            if follows {
                try await call.request.body.consumeWithCancellationOnInboundClose { _ in
                    try await follow(subject, from: opened, &writer)
                }
            } else {
                var file = opened
                try await copy(&file, to: &writer, limit: limit ?? Int.max)
            }
        }
    }

    private static let partHeader = HTTPField.Name("Mlstack-Log-Part")

    private func piece(of path: String, part: Int, offset: Int, limit: Int) async throws -> Response {
        let piece = try await FileTail.piece(
            of: path, part: part, offset: offset, limit: min(limit, TaskLogRoutes.longestPiece),
            queue: surroundings.files)
        var response = TaskLogRoutes.response(begin: nil, line: nil) {
            try await $0.write(ByteBuffer(bytes: piece.bytes))
        }
        if let name = TaskLogRoutes.partHeader { response.headers[name] = String(piece.part) }
        return response
    }

    /// - Parameters:
    ///   - begin: how much of the log is left out before the answer; nil: nobody knows the part's place in all.
    ///   - line: the number of the line that the answer begins in.
    private static func response(
        begin: Int? = 0, line: Int? = 1,
        _ write: @escaping @Sendable (inout any ResponseBodyWriter) async throws -> Void
    ) -> Response {
        var headers: HTTPFields = [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"]
        for (name, value) in [("X-Mlstack-Log-Offset", begin), ("X-Mlstack-Log-Line", line)] {
            if let value, let name = HTTPField.Name(name) { headers[name] = String(value) }
        }
        let body = ResponseBody { writer in
            try await write(&writer)
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headers, body: body)
    }

    private struct Subject: Sendable {
        var pipeline: String
        var run: String
        var task: String
        /// nil: the latest, and those that follow it.
        var attempt: Int?
    }

    private func task(_ subject: Subject) async throws -> TaskInstance {
        let stored = try await surroundings.ports.orchestrator.run(id: subject.run, of: subject.pipeline)
        guard let task = stored.tasks.first(where: { $0.taskID == subject.task }) else {
            throw ServingFailure.notFound(
                "the run \(subject.run.prefix(100)) has no task \(subject.task.prefix(100)).",
                remedy: "it has: \(stored.tasks.map(\.taskID).joined(separator: ", ")).")
        }
        return task
    }

    /// Copies the log as it grows, attempt after attempt, until the task (or the attempt that was asked for) has ended.
    /// - Parameter opened: the log of the attempt that was asked for, where its reading begins.
    private func follow(
        _ subject: Subject, from opened: FileTail? = nil, _ writer: inout any ResponseBodyWriter
    ) async throws {
        var tail: (attempt: Int, file: FileTail)?
        if let opened, let attempt = subject.attempt { tail = (attempt, opened) }
        while !surroundings.areStreamsEnded {
            // Looked at before reading: whatever was written before the end is then in the file.
            let task = try await task(subject)
            let current = subject.attempt ?? task.attempt
            if task.attempt >= current, current > 0 {
                if var former = tail, former.attempt < current { try await copy(&former.file, to: &writer) }
                if tail?.attempt != current {
                    let path = try await surroundings.ports.orchestrator.logPath(
                        runID: subject.run, taskID: subject.task, attempt: current)
                    tail = (current, FileTail(path: path, queue: surroundings.files))
                }
                if var file = tail?.file {
                    try await copy(&file, to: &writer)
                    tail = (current, file)
                }
            }
            let hasEnded = task.state.isTerminal || (subject.attempt.map { $0 < task.attempt } ?? false)
            if hasEnded { return }
            try await surroundings.clock.sleep(for: TaskLogRoutes.interval)
        }
    }

    private func copy(
        _ tail: inout FileTail, to writer: inout any ResponseBodyWriter, limit: Int = Int.max
    ) async throws {
        var left = limit
        while left > 0, var piece = try await tail.next() {
            let slice = piece.readSlice(length: min(left, piece.readableBytes)) ?? piece
            left -= slice.readableBytes
            try await writer.write(slice)
        }
    }
}
