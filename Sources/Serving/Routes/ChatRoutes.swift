import Hummingbird
import NIOCore
import Scheduling

/// Commands from a chat. Slack shows only answers with status 200 that come within three seconds.
struct ChatRoutes: RouteFamily {
    let surroundings: Surroundings
    private let signature: SlackSignature?

    static let slackPath = "/api/v1/chat/slack"
    private static let bodyLimit = 64 << 10
    /// Of the three seconds; the rest is the way there and back.
    private static let patience = Duration.milliseconds(2300)

    init(surroundings: Surroundings) {
        self.surroundings = surroundings
        signature = surroundings.ports.facts.slackSigningSecret.map(SlackSignature.init)
    }

    func register(in table: inout RouteTable) {
        table.post(
            Self.slackPath,
            RouteDocumentation(
                "A slash command of Slack's: run, status, logs", tag: "pipelines",
                body: .init("SlackCommand", mediaTypes: ["application/x-www-form-urlencoded"]), answers: "SlackAnswer",
                failures: [400, 401, 413, 415]),
            handler: slack)
    }

    private func slack(_ call: HTTPCall) async throws -> Response {
        guard let signature else {
            throw Self.refusal("this server takes no commands from Slack: it has no SLACK_SIGNING_SECRET.")
        }
        // Before anything is understood: the signature is of the bytes.
        let body = try await call.body(upTo: Self.bodyLimit)
        let bytes = Array(body.readableBytesView)
        let key: String
        do throws(SlackSignature.Refusal) {
            key = try signature.check(
                timestamp: call.header("x-slack-request-timestamp"), signature: call.header("x-slack-signature"),
                body: bytes, now: surroundings.clock.now)
        } catch {
            throw Self.refusal(Self.sentence(error))
        }
        guard call.contentType == "application/x-www-form-urlencoded" else {
            throw ServingFailure.unsupportedMediaType(
                call.contentType, expected: "application/x-www-form-urlencoded")
        }
        let form = try HTTPCall.formFields(String(decoding: bytes, as: UTF8.self)[...])
        let user = form["user_name"] ?? form["user_id"] ?? "somebody"
        let reply = ChatReply(orchestrator: surroundings.ports.orchestrator, files: surroundings.files)
        let command = ChatCommand(form["text"] ?? "")
        let clock = surroundings.clock
        let (text, isPublic) = await FirstAnswer.of {
            do {
                return try await reply.answer(command, user: String(user.prefix(80)), key: key)
            } catch {
                let failure = FailureResponse.failure(of: error)
                return (ChatText.escaped("\(failure.message) \(failure.remedy)"), false)
            }
        } orElse: {
            // Nobody cancels this sleep but the end of the program.
            try? await clock.sleep(for: Self.patience)
            return ("It takes longer than Slack waits, and goes on; ask for `status` in a moment.", false)
        }
        return .json(capacity: 512) { json in
            json.member("response_type", isPublic ? "in_channel" : "ephemeral")
            json.member("text", text)
        }
    }

    private static func sentence(_ refusal: SlackSignature.Refusal) -> String {
        switch refusal {
        case .missing: "the request is not signed."
        case .old: "the request's time is more than five minutes from this server's."
        case .wrong: "the request's signature is not Slack's."
        case .replayed: "the request has been taken already."
        }
    }

    private static func refusal(_ message: String) -> ServingFailure {
        ServingFailure(
            status: 401, code: "bad_signature", message: message,
            remedy:
                "give the app's signing secret to the server as SLACK_SIGNING_SECRET, and see that both clocks are right."
        )
    }
}

/// The first of two answers; the other is let go on by itself.
enum FirstAnswer {
    static func of<Value: Sendable>(
        _ work: @escaping @Sendable () async -> Value, orElse late: @escaping @Sendable () async -> Value
    ) async -> Value {
        let (answers, arrived) = AsyncStream<Value>.makeStream()
        Task { arrived.yield(await work()) }
        let patience = Task { arrived.yield(await late()) }
        defer { patience.cancel() }
        for await answer in answers { return answer }
        return await late()
    }
}
