extension LocalOrchestrator {
    /// How much is under way at a moment.
    package struct Occupancy: Sendable, Equatable {
        /// A pool's slots, and the tasks that wait for one.
        package struct Pool: Sendable, Equatable {
            package var name: String
            package var slots: Int
            package var used: Int
            package var waiting: Int
        }
        package var activeRuns: Int
        /// For the run of their pipeline that is before them.
        package var queuedRuns: Int
        /// Every pool that is configured or in use, by name.
        package var pools: [Pool]
    }

    package func occupancy() -> Occupancy {
        let queued = active.values.count { $0.run.state == .queued }
        return Occupancy(
            activeRuns: active.count - queued, queuedRuns: queued,
            pools: slots.usage.map { .init(name: $0.pool, slots: $0.slots, used: $0.used, waiting: $0.waiting) })
    }
}
