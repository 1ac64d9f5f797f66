import Synchronization

/// A part that operators need and that is built after them: the orchestrator runs operators, and one of them asks the orchestrator.
///
/// Left empty where operators are only described, as when a pipeline file is checked without a server.
final class Later<Part: Sendable>: Sendable {
    private let cell = Mutex<Part?>(nil)

    func set(_ part: Part) { cell.withLock { $0 = part } }

    var value: Part {
        guard let part = cell.withLock({ $0 }) else {
            preconditionFailure("an operator ran before its parts were set: see the order in StackParts")
        }
        return part
    }
}
