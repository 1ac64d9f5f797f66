/// The threads that a computation may use; given from outside, since this target creates none.
///
/// Conformers: `TrainingThreads` in Stack (threads of lowered priority); `InlineWorkers` here.
package protocol Workers: Sendable {
    /// How many bodies may run at once; at least 1.
    var count: Int { get }
    /// Calls `body(worker, chunk)` for every chunk in `0 ..< chunks`, each exactly once, in any order, and returns
    /// when all have. `worker` is in `0 ..< count`, and no two bodies with the same `worker` run at once: it may
    /// index scratch space. Must be called from a thread that may block (never from a Swift task).
    func run(chunks: Int, _ body: @Sendable (_ worker: Int, _ chunk: Int) -> Void)
}

/// Everything on the calling thread.
package struct InlineWorkers: Workers {
    package init() {}
    package var count: Int { 1 }
    package func run(chunks: Int, _ body: @Sendable (_ worker: Int, _ chunk: Int) -> Void) {
        for chunk in 0..<chunks { body(0, chunk) }
    }
}
