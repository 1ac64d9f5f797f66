import CPlatform

extension ProcessMark {
    /// The mark of a living process.
    /// - Returns: nil when there is no such process.
    init?(of processID: Int32) {
        var facts = mls_process_facts()
        guard mls_look_at_process(processID, &facts) == 0, !facts.is_zombie else { return nil }
        self.init(of: facts)
    }

    /// - Returns: nil where the system gives its boots no name.
    init?(of facts: mls_process_facts) {
        guard let boot = Self.currentBootID else { return nil }
        self.init(processID: facts.process, startTicks: facts.start_ticks, bootID: boot)
    }

    /// nil where the system gives its boots no name.
    static let currentBootID: String? = {
        var text = [CChar](repeating: 0, count: 128)
        let length = mls_boot_id(&text, 128)
        guard length > 0 else { return nil }
        return String(decoding: text.prefix(Int(length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }()

    /// What still runs of the attempt: its leader, the leader's session, and what has left the session but was started with the
    /// attempt's variables. Looks at the system: not on Swift's pool.
    ///
    /// While the leader lives, its number and start are proof of the session. Without it a session of that number is ours only
    /// by the variables, since the number may belong to someone else by now.
    /// - Parameter outputFolder: in which the attempt's output file is; two stacks on one machine may have runs of the same name.
    ///   nil: nothing outside of the session is looked for.
    func survivors(runID: String, taskID: String, outputFolder: String?) -> [mls_process_facts] {
        guard bootID == Self.currentBootID else { return [] }
        let processes = ProcessTable.read().filter { !$0.is_zombie }
        let leader = processes.first { $0.process == processID }
        let session = mls_own_session()
        return processes.filter { process in
            if process.session == processID, let leader { return leader.start_ticks == startTicks }
            if process.session == session { return false }
            if process.session != processID, outputFolder == nil { return false }
            return mls_process_has_variable(process.process, "MLSTACK_RUN_ID=\(runID)", false)
                && mls_process_has_variable(process.process, "MLSTACK_TASK_ID=\(taskID)", false)
                && (outputFolder.map {
                    mls_process_has_variable(process.process, "MLSTACK_OUTPUT=\($0)/", true)
                } ?? true)
        }
    }
}

/// The system's table of processes.
enum ProcessTable {
    static func read() -> [mls_process_facts] {
        var capacity = 512
        while true {
            var table = [mls_process_facts](repeating: mls_process_facts(), count: capacity)
            let count = Int(mls_processes(&table, Int32(capacity)))
            if count < capacity {
                table.removeLast(capacity - max(0, count))
                return table
            }
            capacity *= 2
        }
    }
}
