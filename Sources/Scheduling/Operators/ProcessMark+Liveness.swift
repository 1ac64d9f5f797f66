import CPlatform

extension ProcessMark {
    /// The mark of a living process.
    /// - Returns: nil when there is no such process.
    init?(of processID: Int32) {
        var ticks: UInt64 = 0
        guard let boot = Self.currentBootID, mls_process_start(processID, &ticks) == 0 else { return nil }
        self.init(processID: processID, startTicks: ticks, bootID: boot)
    }

    /// nil where the system gives its boots no name.
    static let currentBootID: String? = {
        var text = [CChar](repeating: 0, count: 128)
        let length = mls_boot_id(&text, 128)
        guard length > 0 else { return nil }
        return String(decoding: text.prefix(Int(length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }()

    /// Whether the process or anything in its group still runs. Looks at the system: not on Swift's pool.
    ///
    /// While the leader lives, its number and start are proof. Without it a group of that number is ours only if a member was
    /// started with this task's variables: the number may belong to someone else by now.
    func isAlive(runID: String, taskID: String) -> Bool {
        guard bootID == Self.currentBootID else { return false }
        var ticks: UInt64 = 0
        if mls_process_start(processID, &ticks) == 0 { return ticks == startTicks }
        var members = [Int32](repeating: 0, count: 256)
        let count = mls_group_members(processID, &members, 256)
        return members.prefix(max(0, Int(count))).contains { member in
            mls_process_has_variable(member, "MLSTACK_RUN_ID=\(runID)")
                && mls_process_has_variable(member, "MLSTACK_TASK_ID=\(taskID)")
        }
    }
}
