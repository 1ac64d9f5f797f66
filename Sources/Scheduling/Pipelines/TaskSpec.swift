/// One task as its file means it.
package struct TaskSpec: Sendable, Equatable {
    package enum Action: Sendable, Equatable {
        /// A shell command; `${…}` not yet put in.
        case shell(Template)
        /// A built-in operator and its `with:`, checked against the operator's settings.
        case uses(operator: String, with: [String: SettingTemplate])
    }
    package var id: String
    package var action: Action
    package var needs: [String]
    package var triggerRule: TriggerRule
    package var retry: RetryPolicy
    /// Of one attempt; nil: none.
    package var timeout: Duration?
    package var environment: [String: Template]
    package var workingDirectory: Template?
    /// Where the task stands in the file, for messages: `file:line:column`.
    package var position: SourcePosition
    /// The task is skipped when this does not hold.
    package var when: Condition? = nil
    /// The pool whose slots it takes while it runs; one slot each.
    package var pool: String = TaskSpec.defaultPool
    /// Of the tasks that wait for a slot, the highest begins first.
    package var priority: Int = 0
    /// Makes the task as many as there are items, each seeing its own as `${item}`.
    package var forEach: ForEach? = nil
    /// Its failure does not fail the run.
    package var allowFailure: Bool = false
    /// Waits until the same task of the scheduled run before has ended as success or skipped.
    package var dependsOnPast: Bool = false
    /// Datasets of which the task's success is a new version.
    package var produces: [String] = []

    package static let defaultPool = "default"
}
