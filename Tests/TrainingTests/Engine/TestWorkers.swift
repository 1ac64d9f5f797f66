import Dispatch
import Synchronization
import Training

/// Chunks in backward order, shared out among pretended workers: shows a result that depends on order or on worker,
/// without any thread.
struct BackwardWorkers: Workers {
    let count: Int
    func run(chunks: Int, _ body: @Sendable (_ worker: Int, _ chunk: Int) -> Void) {
        for chunk in (0..<chunks).reversed() { body(chunk % count, chunk) }
    }
}

/// Real threads, one for each serial queue.
struct QueueWorkers: Workers {
    let queues: [DispatchQueue]
    var count: Int { queues.count }

    init(count: Int) { queues = (0..<count).map { DispatchQueue(label: "test.worker.\($0)") } }

    func run(chunks: Int, _ body: @Sendable (_ worker: Int, _ chunk: Int) -> Void) {
        let next = Atomic<Int>(0)
        withoutActuallyEscaping(body) { body in
            let group = DispatchGroup()
            for (worker, queue) in queues.enumerated() {
                queue.async(group: group) {
                    while true {
                        let chunk = next.add(1, ordering: .relaxed).oldValue
                        if chunk >= chunks { return }
                        body(worker, chunk)
                    }
                }
            }
            group.wait()
        }
    }
}
