import CPlatform
import Synchronization

/// Looks through the system's table of processes, once for all shell tasks that run.
///
/// This program adopts the orphans among its descendants, so that whatever a task leaves behind is a child of this program sooner or
/// later: it is found by that, and reaped here. As the first process of a container the program would have to do so anyway.
final class ProcessCensus: @unchecked Sendable {  // guarded by: `loop`, on which all but constants is touched
    private let loop: ProcessLoop
    private let adoptsOrphans = mls_adopt_orphans() == 0
    private let (program, session) = (mls_own_process(), mls_own_session())
    /// By leader.
    private var trees: [Int32: ProcessTree] = [:]
    private var afterLook: [() -> Void] = []
    private var isTicking = false

    /// Leaders, and adopted processes, of all loops of the program: none may reap what is another's.
    private static let claimed = Mutex<Set<Int32>>([])

    private static let firstMilliseconds = 50
    private static let intervalMilliseconds = 200
    /// A look takes at most this part of a core, unless the machine runs very many processes.
    private static let sparing = 20
    private static let longestMilliseconds = 1000

    init(loop: ProcessLoop) { self.loop = loop }

    func add(_ tree: ProcessTree) {
        trees[tree.leader] = tree
        Self.claimed.withLock { _ = $0.insert(tree.leader) }
        if !isTicking {
            isTicking = true
            loop.after(Self.firstMilliseconds) { [self] in tick() }
        }
    }

    func remove(_ tree: ProcessTree) {
        trees[tree.leader] = nil
        Self.claimed.withLock { $0.subtract(tree.claims) }
    }

    /// Whether nothing at all can be left of a tree whose leader has been reaped; a question of a microsecond.
    var isCertainlyAlone: Bool { adoptsOrphans && !mls_has_children() }

    /// Looks at what is alive now, and then does the job; one look serves all who ask in the same moment.
    func look(then job: @escaping () -> Void) {
        afterLook.append(job)
        if afterLook.count > 1 { return }
        loop.after(0) { [self] in
            look()
            let jobs = afterLook
            afterLook = []
            for job in jobs { job() }
        }
    }

    private func tick() {
        isTicking = !trees.isEmpty
        if trees.isEmpty { return }
        // Not the wall's: on a busy machine a look waits longer than it works, and is needed all the more.
        let began = mls_thread_cpu_seconds()
        look()
        let pause = Int((mls_thread_cpu_seconds() - began) * 1000) * Self.sparing
        loop.after(min(max(Self.intervalMilliseconds, pause), Self.longestMilliseconds)) { [self] in tick() }
    }

    private func look() {
        let processes = ProcessTable.read()
        var places: [Int32: Int] = [:]
        for (place, process) in processes.enumerated() { places[process.process] = place }
        var members: [Int32: [mls_process_facts]] = [:]
        for process in processes {
            let tree = owner(of: process, among: processes, places)
            if process.is_zombie {
                reapOrphan(process, of: tree)
            } else if let tree {
                if process.session != tree.leader, !tree.hasAdopted(process) {
                    tree.adopt(process)
                    Self.claimed.withLock { _ = $0.insert(process.process) }
                }
                members[tree.leader, default: []].append(process)
            }
        }
        for tree in trees.values { tree.take(members[tree.leader] ?? []) }
    }

    /// The tree of the process or of the nearest of its ancestors that has one.
    private func owner(
        of process: mls_process_facts, among processes: [mls_process_facts], _ places: [Int32: Int]
    ) -> ProcessTree? {
        var current = process
        // A table read while processes come and go may hold a circle.
        for _ in 0..<64 {
            if let tree = trees[current.session] { return tree }
            if let tree = trees.values.first(where: { $0.hasAdopted(current) }) { return tree }
            if current.parent == program { return marked(current) }
            guard let place = places[current.parent] else { return nil }
            current = processes[place]
        }
        return nil
    }

    /// The tree of a child of this program that no task's process is a parent of any more.
    private func marked(_ process: mls_process_facts) -> ProcessTree? {
        if process.session == session || process.is_zombie || Self.isClaimed(process) { return nil }
        return trees.values.first { mls_process_has_variable(process.process, $0.variable, false) }
    }

    private static func isClaimed(_ process: mls_process_facts) -> Bool {
        claimed.withLock { $0.contains(process.process) || $0.contains(process.session) }
    }

    /// Never a child of another part of this program: those are in its own session.
    private func reapOrphan(_ process: mls_process_facts, of tree: ProcessTree?) {
        guard process.parent == program, process.session != session, process.process != tree?.leader else { return }
        if tree == nil, Self.isClaimed(process) { return }
        var ending = mls_ending()
        if mls_reap(process.process, &ending) == 0, ending.ended { tree?.add(ending) }
    }
}
