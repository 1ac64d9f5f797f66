/// Names a trigger of a pipeline.
struct TriggerKey: Hashable, Comparable, Sendable {
    var pipelineID: String
    /// Its `key`.
    var trigger: String

    static func < (left: Self, right: Self) -> Bool {
        (left.pipelineID, left.trigger) < (right.pipelineID, right.trigger)
    }
}

/// What the wall's clock is waited for.
enum WallMoment: Hashable, Comparable, Sendable {
    case trigger(TriggerKey)
    /// The end of the pause after a new version of a dataset.
    case debounce(TriggerKey)
    case deadline(runID: String)
}

/// Every trigger of every pipeline, found by what it waits for, and how far those that go by a clock have come.
///
/// Nothing here asks all pipelines: what is due next, or waits for a dataset, is found among ten thousand as among ten.
struct TriggerTable {
    var wall = FiringQueue<WallMoment>()
    /// Triggers on the replay clock; those that have not been looked at yet stand at the beginning of time.
    var replay = FiringQueue<TriggerKey>()
    /// Up to where the firings of a trigger have been made into runs.
    var wallCursors: [TriggerKey: Instant] = [:]
    var replayCursors: [TriggerKey: Instant] = [:]
    /// Dataset triggers that wait for simulated time to pass.
    var replayDebounces: Set<TriggerKey> = []
    /// Why a trigger made no run the last time that it was to.
    var problems: [TriggerKey: String] = [:]
    /// Those that wait for other things than a clock, and of which the store may not know yet since when.
    var unknown: Set<TriggerKey> = []

    private var kinds: [String: [TriggerKey: Trigger.Kind]] = [:]
    private var byDataset: [String: Set<TriggerKey>] = [:]
    private var byPipeline: [String: Set<TriggerKey>] = [:]
    private var byWebhook: [String: Set<TriggerKey>] = [:]

    static let beginning = Instant(milliseconds: .min)

    /// Puts the triggers of a pipeline in place of those that it had. How far one has come stays known if it is still there.
    mutating func replace(_ triggers: [Trigger], of pipelineID: String) {
        let former = kinds[pipelineID] ?? [:]
        for (key, kind) in former { index(key, kind) { _ = $0.remove(key) } }
        var now: [TriggerKey: Trigger.Kind] = [:]
        for trigger in triggers {
            let key = TriggerKey(pipelineID: pipelineID, trigger: trigger.key)
            now[key] = trigger.kind
            index(key, trigger.kind) { _ = $0.insert(key) }
            switch trigger.kind {
            case .dataset where former[key] == nil, .after where former[key] == nil: unknown.insert(key)
            default: break
            }
            problems[key] = nil
        }
        kinds[pipelineID] = now.isEmpty ? nil : now
        for key in former.keys where now[key] == nil { forget(key) }
    }

    func waiting(forDatasets names: some Sequence<String>) -> Set<TriggerKey> {
        names.reduce(into: []) { $0.formUnion(byDataset[$1] ?? []) }
    }
    func waiting(forEndOf pipelineID: String) -> Set<TriggerKey> { byPipeline[pipelineID] ?? [] }
    func waiting(forWebhook name: String) -> Set<TriggerKey> { byWebhook[name] ?? [] }

    /// All that wait for a dataset.
    var ofDatasets: Set<TriggerKey> { waiting(forDatasets: byDataset.keys) }
    /// Those that wait for the end of a run, by the pipeline that they name.
    var ofPipelines: [String: Set<TriggerKey>] { byPipeline }
    var webhookNames: [String] { byWebhook.keys.sorted() }

    private mutating func index(_ key: TriggerKey, _ kind: Trigger.Kind, _ change: (inout Set<TriggerKey>) -> Void) {
        func apply(_ index: inout [String: Set<TriggerKey>], _ name: String) {
            change(&index[name, default: []])
            if index[name]?.isEmpty == true { index[name] = nil }
        }
        switch kind {
        case .time: break
        case .dataset(let condition): for name in condition.names { apply(&byDataset, name) }
        case .after(let condition): apply(&byPipeline, condition.pipelineID)
        case .webhook(let name): apply(&byWebhook, name)
        }
    }

    private mutating func forget(_ key: TriggerKey) {
        wall[.trigger(key)] = nil
        wall[.debounce(key)] = nil
        replay[key] = nil
        (wallCursors[key], replayCursors[key], problems[key]) = (nil, nil, nil)
        replayDebounces.remove(key)
        unknown.remove(key)
    }
}
