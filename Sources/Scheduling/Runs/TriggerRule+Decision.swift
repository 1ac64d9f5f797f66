/// What a trigger rule says about a task that has not started.
package enum TriggerDecision: String, Sendable, CaseIterable {
    case run, wait
    case skip = "skipped"
    case upstreamFailed = "upstream_failed"
}

extension TriggerRule {
    /// Decides as soon as the tasks upstream leave no doubt, even while some of them still run.
    ///
    /// A task that needs nothing runs, whatever its rule. `cancelled` occurs only in a run that starts nothing any more.
    /// - Parameter upstream: the state of every task that is needed directly.
    /// - Source: `TriggerRuleDep` of Apache Airflow 3, down to its peculiarities: `all_done_min_one_success` is skipped by one
    ///   skipped task, and for `one_done` neither a skipped nor an `upstream_failed` task counts as done.
    package func decision(upstream: some Collection<TaskState>) -> TriggerDecision {
        if upstream.isEmpty || self == .always { return .run }
        let tally = Tally(upstream)
        return ruledOut(tally) ?? (isMet(tally) ? .run : .wait)
    }

    /// What becomes of the task when the rule can no longer be met; nil while it can.
    private func ruledOut(_ tally: Tally) -> TriggerDecision? {
        let broken = tally.failed + tally.upstreamFailed > 0
        switch self {
        case .allSuccess:
            if broken { return .upstreamFailed }
            return tally.skipped > 0 ? .skip : nil
        case .allFailed:
            return tally.success + tally.skipped > 0 ? .skip : nil
        case .oneSuccess:
            guard tally.isComplete, tally.success == 0 else { return nil }
            return tally.skipped == tally.count ? .skip : .upstreamFailed
        case .oneFailed:
            return tally.isComplete && !broken ? .skip : nil
        case .oneDone:
            return tally.isComplete && tally.success + tally.failed == 0 ? .skip : nil
        case .noneFailed:
            return broken ? .upstreamFailed : nil
        case .noneFailedMinOneSuccess:
            if broken { return .upstreamFailed }
            return tally.skipped == tally.count ? .skip : nil
        case .noneSkipped:
            return tally.skipped > 0 ? .skip : nil
        case .allSkipped:
            return broken || tally.success > 0 ? .skip : nil
        case .allDoneMinOneSuccess:
            if tally.skipped > 0 { return .skip }
            return tally.isComplete && tally.success == 0 ? .upstreamFailed : nil
        case .allDone, .always:
            return nil
        }
    }

    private func isMet(_ tally: Tally) -> Bool {
        switch self {
        case .oneSuccess: tally.success > 0
        case .oneFailed: tally.failed + tally.upstreamFailed > 0
        case .oneDone: tally.success + tally.failed > 0
        case .always: true
        // What would forbid these once everything has ended was ruled out above.
        case .allSuccess, .allFailed, .noneFailed, .noneFailedMinOneSuccess, .noneSkipped, .allSkipped, .allDone,
            .allDoneMinOneSuccess:
            tally.isComplete
        }
    }
}

/// How many tasks upstream have come to what.
private struct Tally {
    var count = 0
    var success = 0
    var failed = 0
    var upstreamFailed = 0
    var skipped = 0
    var done = 0
    var isComplete: Bool { done == count }

    init(_ states: some Collection<TaskState>) {
        for state in states {
            count += 1
            if state.isTerminal { done += 1 }
            switch state {
            case .success: success += 1
            case .failed: failed += 1
            case .upstreamFailed: upstreamFailed += 1
            case .skipped: skipped += 1
            case .none, .scheduled, .queued, .running, .upForRetry, .removed, .cancelled: break
            }
        }
    }
}
