/// Runs that have not ended, by their ids, and who of each pipeline is running or next: with thousands in the queue neither can be
/// found by looking at all of them.
struct ActiveRuns: Sequence {
    /// The runs of one pipeline.
    private struct Line {
        /// By logical date, then by id.
        var queued: [Place] = []
        var running: Set<String> = []

        /// Where it stands in the queue, or would.
        func index(of place: Place) -> Int {
            var (low, high) = (0, queued.count)
            while low < high {
                let middle = (low + high) / 2
                if queued[middle] < place { low = middle + 1 } else { high = middle }
            }
            return low
        }

        mutating func insert(_ place: Place) { queued.insert(place, at: index(of: place)) }

        mutating func remove(_ place: Place) {
            let index = index(of: place)
            if index < queued.count, queued[index] == place { queued.remove(at: index) }
        }
    }

    private struct Place: Comparable {
        var date: Instant
        var id: String
        static func < (one: Place, other: Place) -> Bool { (one.date, one.id) < (other.date, other.id) }
    }

    /// What the lines are made of.
    private struct Facts: Equatable {
        var pipelineID: String
        var state: DAGRunState
        var clock: ClockName
        var date: Instant
    }

    private var runs: [String: ActiveRun] = [:]
    private var lines: [String: Line] = [:]
    private var counts: [ClockName: Int] = [:]

    var keys: Dictionary<String, ActiveRun>.Keys { runs.keys }
    var values: Dictionary<String, ActiveRun>.Values { runs.values }
    var count: Int { runs.count }
    func makeIterator() -> Dictionary<String, ActiveRun>.Iterator { runs.makeIterator() }

    subscript(id: String) -> ActiveRun? {
        get { runs[id] }
        _modify {
            let before = facts(of: id)
            yield &runs[id]
            let after = facts(of: id)
            if before == after { return }
            if let before { take(id, before) }
            if let after { put(id, after) }
        }
    }

    /// The one of a pipeline that is to begin next: the oldest logical date that is queued.
    func firstQueued(of pipelineID: String) -> (id: String, date: Instant)? {
        lines[pipelineID]?.queued.first.map { ($0.id, $0.date) }
    }

    func running(of pipelineID: String) -> Set<String> { lines[pipelineID]?.running ?? [] }

    /// Whether a run on that clock has not ended.
    func contains(_ clock: ClockName) -> Bool { counts[clock] ?? 0 > 0 }

    private func facts(of id: String) -> Facts? {
        guard let run = runs[id]?.machine.run else { return nil }
        return Facts(pipelineID: run.pipelineID, state: run.state, clock: run.clock, date: run.logicalDate)
    }

    private mutating func put(_ id: String, _ facts: Facts) {
        counts[facts.clock, default: 0] += 1
        switch facts.state {
        case .queued:
            lines[facts.pipelineID, default: Line()].insert(Place(date: facts.date, id: id))
        case .running: lines[facts.pipelineID, default: Line()].running.insert(id)
        case .success, .failed, .cancelled: break
        }
    }

    private mutating func take(_ id: String, _ facts: Facts) {
        counts[facts.clock, default: 0] -= 1
        switch facts.state {
        case .queued:
            lines[facts.pipelineID]?.remove(Place(date: facts.date, id: id))
        case .running: lines[facts.pipelineID]?.running.remove(id)
        case .success, .failed, .cancelled: break
        }
        if let line = lines[facts.pipelineID], line.queued.isEmpty, line.running.isEmpty {
            lines[facts.pipelineID] = nil
        }
    }
}
