import Dispatch
import Scheduling

/// Does what a chat command says, and answers in Slack's text.
struct ChatReply: Sendable {
    let orchestrator: any Orchestrator
    let files: DispatchQueue

    /// - Parameters:
    ///   - user: their name in the chat.
    ///   - key: names this request and no other.
    /// - Returns: the answer, and whether everybody in the channel sees it.
    func answer(_ command: ChatCommand, user: String, key: String) async throws -> (text: String, isPublic: Bool) {
        switch command {
        case .help(let problem):
            return (
                [problem.map(ChatText.escaped), "I know \(ChatCommand.usage)."].compactMap { $0 }.joined(
                    separator: " "), false
            )
        case .run(let pipeline, let params):
            // A request that is repeated when this process no longer remembers it asks for the run that is there.
            let id = "\(pipeline)-chat-\(ContentHash.sha256(key).prefix(16))"
            let run = try await orchestrator.start(
                RunStart(pipelineID: pipeline, params: params, id: id, actor: "chat:\(user)"))
            return ("\(ChatText.escaped(user)) started `\(run.id)`.", true)
        case .status(let pipeline): return (try await status(pipeline), false)
        case .logs(let run, let task): return (try await logs(run, task), false)
        }
    }

    private func status(_ id: String?) async throws -> String {
        if let id {
            let summary = try await orchestrator.pipeline(id: id).summary
            let runs = try await orchestrator.runs(of: id, limit: 5, before: nil)
            let lines = runs.map { "\(ChatText.sign($0.state)) `\($0.id)` \($0.state.rawValue)" }
            let head = "*\(ChatText.escaped(id))*\(summary.isPaused ? " (paused)" : "")"
            return ([head] + (lines.isEmpty ? ["no runs yet"] : lines)).joined(separator: "\n")
        }
        var lines: [String] = []
        for pipeline in try await orchestrator.pipelines().prefix(30) {
            let last = try await orchestrator.runs(of: pipeline.id, limit: 1, before: nil).first
            let state = last.map { "\(ChatText.sign($0.state)) \($0.state.rawValue)" } ?? "no runs yet"
            lines.append("*\(ChatText.escaped(pipeline.id))* \(state)\(pipeline.isPaused ? " (paused)" : "")")
        }
        return lines.isEmpty ? "There are no pipelines." : lines.joined(separator: "\n")
    }

    private func logs(_ runID: String, _ taskID: String?) async throws -> String {
        let stored = try await orchestrator.run(id: runID)
        let ran = stored.tasks.filter { $0.attempt > 0 }
        guard let task = taskID ?? (ran.first { $0.state == .failed } ?? ran.last)?.taskID else {
            return "No task of `\(ChatText.escaped(runID))` has begun."
        }
        let path = try await orchestrator.logPath(runID: runID, taskID: task, attempt: nil)
        let text = try await FileTail.end(of: path, upTo: ChatText.longestLog, queue: files)
        return "`\(ChatText.escaped(runID))` / `\(ChatText.escaped(task))`\n```\n\(ChatText.code(text))\n```"
    }
}

/// Text as Slack takes it.
enum ChatText {
    static let longestLog = 2500
    private static let longest = 2800

    static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }

    /// The end of it, fit to stand between fences.
    static func code(_ text: String) -> String {
        var lines: [String] = []
        var length = 0
        for line in text.split(separator: "\n").reversed() {
            let line = escaped(String(line).replacing("```", with: "'''"))
            length += line.count + 1
            if length > longest { break }
            lines.append(line)
        }
        return lines.reversed().joined(separator: "\n")
    }

    static func sign(_ state: DAGRunState) -> String {
        switch state {
        case .queued: "⏳"
        case .running: "▶️"
        case .success: "✅"
        case .failed: "❌"
        case .cancelled: "🚫"
        }
    }
}
