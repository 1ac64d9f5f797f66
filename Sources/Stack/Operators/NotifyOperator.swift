import Foundation
import Scheduling

/// `notify`: puts a message into the outbox and goes on; whether and when it arrives is no business of the run.
struct NotifyOperator: Operator {
    let place: Later<Workshop>
    private var workshop: Workshop { place.value }

    let name = "notify"
    let summary = "Sends a message to a webhook, in Slack's form where the host is Slack's; without one, to the log."
    let settings = [
        SettingSpec("message", .string, help: "what to say"),
        SettingSpec(
            "webhook", .string, isOptional: true, keepsSecrets: true, help: "where to; default: the program's own log"),
    ]

    func run(_ settings: Settings, _ context: TaskContext) async throws -> TaskOutputs {
        // Only an attempt that succeeds tells anything; one that was cleared and succeeds again tells it again.
        let id = "\(context.run.id)/\(context.taskID)/message/\(context.attempt)"
        let webhook = settings.optionalString("webhook").flatMap { $0.isEmpty ? nil : $0 }
        context.messages.add(
            Notification(
                id: id, event: nil, webhook: webhook, pipelineID: context.run.pipelineID,
                environment: context.environment, runID: context.run.id, state: context.run.state,
                logicalDate: context.run.logicalDate, taskID: context.taskID, attempt: nil,
                message: settings.string("message"), logLines: 0, createdAt: workshop.clock.now))
        context.log.info("the message goes into the outbox as \(id), together with this task's success")
        return ["notification": id]
    }
}
