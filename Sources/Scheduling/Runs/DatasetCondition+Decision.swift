/// What is to become of the new versions of datasets that a trigger waits for.
enum DatasetDecision: Equatable {
    case nothing
    /// Everything is there, but further versions may come before this moment of the events' clock.
    case wait(until: Instant)
    /// Make a run of them all.
    case fire
}

extension DatasetCondition {
    /// - Parameters:
    ///   - events: since the last run, oldest first.
    ///   - now: what the clock of the newest event reads.
    ///
    /// An event that does not say how many rows it brought is enough by itself: a trigger that never fires for want of a
    /// number would be a silent failure.
    func decision(_ events: [StoredDatasetEvent], now: Instant) -> DatasetDecision {
        guard let newest = events.last?.event else { return .nothing }
        if mode == .all, !Set(names).isSubset(of: Set(events.map(\.event.name))) { return .nothing }
        let counts = events.map(\.event.newRows)
        let isCounted = !counts.contains(nil)
        if isCounted, counts.compactMap(\.self).reduce(0, +) < minNewRows { return .nothing }
        let due = newest.at.advanced(by: debounce)
        return debounce > .zero && now < due ? .wait(until: due) : .fire
    }
}
