import CPlatform

/// The processes of one shell task, and what they use.
///
/// To it belong the leader, all that is in the leader's session, all that descends from these, and what has left the session and lost
/// its parents but carries the task's mark in its environment. Everything happens on the loop.
final class ProcessTree {
    let leader: Int32
    /// `MLSTACK_OUTPUT=…`: in the environment of this attempt's processes and of nobody else's, not even of another stack's.
    let variable: String
    /// Alive at the last look.
    private(set) var members: [mls_process_facts] = []
    /// Outside of the session, by their start.
    private var escaped: [Int32: UInt64] = [:]

    /// What this program held when the leader was forked: a peak that the kernel tells counts only above it.
    private let inheritedPeakBytes: Int64
    private var reapedCPUSeconds = 0.0
    private var seenCPUSeconds = 0.0
    private var peakBytes: Int64
    private var readBytes: Int64?
    private var writtenBytes: Int64?

    /// Below this, what processes share is not worth the time to find out.
    private static let worthSharingBytes: Int64 = 16 << 20

    /// - Parameters:
    ///   - leader: just started.
    ///   - outputFile: what `MLSTACK_OUTPUT` names.
    init(leader: mls_process_facts, outputFile: String) {
        self.leader = leader.process
        variable = "MLSTACK_OUTPUT=\(outputFile)"
        peakBytes = leader.resident_bytes
        var own = mls_own_use()
        mls_measure_own_use(&own)
        inheritedPeakBytes = own.peak_memory_bytes
    }

    /// The leader, and what it does not vouch for.
    var claims: some Sequence<Int32> { [leader] + escaped.keys }

    func adopt(_ process: mls_process_facts) { escaped[process.process] = process.start_ticks }

    func hasAdopted(_ process: mls_process_facts) -> Bool { escaped[process.process] == process.start_ticks }

    /// A look found these alive.
    func take(_ members: [mls_process_facts]) {
        self.members = members
        seenCPUSeconds = max(seenCPUSeconds, reapedCPUSeconds + members.reduce(0) { $0 + $1.cpu_seconds })
        let resident = members.reduce(0) { $0 + $1.resident_bytes }
        guard resident > peakBytes else { return }
        peakBytes = max(peakBytes, members.count == 1 ? resident : Self.shared(members))
    }

    /// What forked workers have in common is counted once, where the system tells.
    private static func shared(_ members: [mls_process_facts]) -> Int64 {
        members.reduce(0) { sum, member in
            guard member.resident_bytes > worthSharingBytes else { return sum + member.resident_bytes }
            let own = mls_proportional_memory(member.process)
            return sum + (own < 0 ? member.resident_bytes : own)
        }
    }

    /// Between two looks, and much cheaper.
    func sampleLeader() {
        var facts = mls_process_facts()
        if mls_look_at_process(leader, &facts) == 0, facts.start_ticks != 0 {
            peakBytes = max(peakBytes, facts.resident_bytes)
        }
    }

    /// One of the processes has been reaped.
    func add(_ ending: mls_ending) {
        reapedCPUSeconds += ending.cpu_seconds
        if ending.read_bytes >= 0 { readBytes = (readBytes ?? 0) + ending.read_bytes }
        if ending.written_bytes >= 0 { writtenBytes = (writtenBytes ?? 0) + ending.written_bytes }
        if ending.peak_memory_bytes > inheritedPeakBytes { peakBytes = max(peakBytes, ending.peak_memory_bytes) }
    }

    /// - Parameter ending: the leader's.
    func measures(_ ending: mls_ending) -> TaskMeasures {
        // What is reaped is exact; children that their parent never waited for are in what was seen alone.
        TaskMeasures(
            scope: .processTree, cpuSeconds: max(reapedCPUSeconds, seenCPUSeconds),
            // One that ended before anybody could look.
            peakMemoryBytes: peakBytes > 0 ? peakBytes : nil,
            readBytes: readBytes, writtenBytes: writtenBytes,
            exitCode: ending.signal == 0 ? ending.exit_code : nil, signal: ending.signal == 0 ? nil : ending.signal)
    }
}
