/// How long a request may be on its way, for every connection: a client that begins one and stops holds nothing for long.
package struct RequestPatience: Sendable {
    /// From the first byte of a head to its last, however they trickle.
    package var head: Duration
    /// Without one more byte of a body that is waited for; of no use below `head`, after which a connection is first looked at.
    package var body: Duration

    package init(head: Duration = .seconds(20), body: Duration = .seconds(30)) { (self.head, self.body) = (head, body) }
}

/// What a connection's client still owes of its request, and until when.
struct RequestArrival {
    private enum Phase {
        case between
        case head(since: ContinuousClock.Instant)
        /// - Parameter since: when it was last waited for in vain; nil while nobody asks for more.
        case body(since: ContinuousClock.Instant?)
    }

    enum Verdict: Equatable {
        /// Nothing is owed.
        case rest
        /// Look again then.
        case wait(until: ContinuousClock.Instant)
        /// It took too long. `answer`: nothing has been said to this request yet.
        case end(answer: Bool, phase: String, after: Duration)
    }

    private let patience: RequestPatience
    private var phase = Phase.between
    /// Requests whose head is here, and whose answer has not ended.
    private var unanswered = 0
    /// Of the latest request.
    private var isAnswerBegun = false

    init(_ patience: RequestPatience) { self.patience = patience }

    /// - Returns: whether a request begins with them.
    mutating func bytesArrived(at now: ContinuousClock.Instant) -> Bool {
        switch phase {
        case .between:
            phase = .head(since: now)
            return true
        case .head: return false
        case .body:
            phase = .body(since: nil)
            return false
        }
    }

    /// The connection asks for more bytes. What is not asked for, because what came before waits to be worked on, nobody owes.
    mutating func bytesWanted(at now: ContinuousClock.Instant) {
        if case .body(nil) = phase { phase = .body(since: now) }
    }

    mutating func headEnded() {
        (phase, isAnswerBegun) = (.body(since: nil), false)
        unanswered += 1
    }

    mutating func requestEnded() { phase = .between }

    mutating func answerBegan() { isAnswerBegun = true }

    mutating func answerEnded() { unanswered -= 1 }

    func verdict(at now: ContinuousClock.Instant) -> Verdict {
        switch phase {
        case .between: return .rest
        case .head(let since):
            if now < since + patience.head { return .wait(until: since + patience.head) }
            // The answers to the requests before it go first.
            if unanswered > 0 { return .wait(until: now + patience.head) }
            return .end(answer: true, phase: "head", after: patience.head)
        case .body(let since):
            guard let since else { return .wait(until: now + patience.body) }
            if now < since + patience.body { return .wait(until: since + patience.body) }
            if unanswered > 1 { return .wait(until: now + patience.body) }
            return .end(answer: unanswered == 1 && !isAnswerBegun, phase: "body", after: patience.body)
        }
    }
}
