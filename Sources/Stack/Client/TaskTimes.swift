import Scheduling

extension Answers.Task {
    /// How long it waited for a place; nil when it has not begun.
    package var queuedSeconds: Double? { seconds(from: queuedAt ?? scheduledAt, to: startedAt) }

    /// Of its latest attempt; nil when that has not ended.
    package var runningSeconds: Double? { seconds(from: startedAt, to: endedAt) }

    /// How its process ended; nil when nothing is known of one.
    package var exit: String? {
        measures?.signal.map { "signal \($0)" } ?? measures?.exitCode.map { "exit \($0)" }
    }

    private func seconds(from start: String?, to end: String?) -> Double? {
        guard let start = start.flatMap(Answers.moment), let end = end.flatMap(Answers.moment) else { return nil }
        return Double(max(0, end.milliseconds - start.milliseconds)) / 1000
    }
}

extension Answers {
    /// A time of an answer; nil for what is none.
    static func moment(_ text: String) -> Instant? { try? Instant(text: text, in: .utc) }
}
