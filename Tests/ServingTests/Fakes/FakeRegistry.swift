@testable import Registry
import Synchronization

/// One model `movies` with three versions, of which 3 has the alias `production`; enough for promotion and rollback.
final class FakeRegistry: ModelRegistry {
    struct State {
        var aliases = ["production": 3]
        var history: [AliasChange] = []
        var stages: [Int: String] = [:]
        var deleted: Set<Int> = []
    }
    let state = Mutex(State())

    init() {
        for version in 1...3 { record("production", version, previous: version == 1 ? nil : version - 1, "better") }
    }

    private func record(_ alias: String, _ version: Int, previous: Int?, _ reason: String) {
        state.withLock { state in
            let change = AliasChange(
                sequence: Int64(state.history.count + 1), name: "movies", alias: alias, version: version,
                previousVersion: previous, timeMilliseconds: 1_727_913_600_000, actor: "api", reason: reason)
            state.history.insert(change, at: 0)
        }
    }

    func registeredModel(named name: String) async throws -> RegisteredModel {
        guard name == "movies" else { throw RegistryError.notFound("there is no model \(name)") }
        return RegisteredModel(
            name: name, description: "", creationTimeMilliseconds: 0, lastUpdateTimeMilliseconds: 0, tags: [:],
            aliases: state.withLock { $0.aliases }, latestVersions: [])
    }

    func searchRegisteredModels(_ query: SearchQuery) async throws -> Page<RegisteredModel> {
        Page(items: [try await registeredModel(named: "movies")], nextPageToken: nil)
    }

    func version(_ version: Int, of name: String) async throws -> ModelVersion {
        guard name == "movies", 1...3 ~= version, !state.withLock({ $0.deleted.contains(version) }) else {
            throw RegistryError.notFound("\(name) has no version \(version)")
        }
        return Self.version(
            version, stage: state.withLock { $0.stages[version] } ?? "None",
            aliases: state.withLock { state in state.aliases.filter { $0.value == version }.map(\.key) })
    }

    /// A version of `movies`.
    static func version(_ number: Int, stage: String = "None", aliases: [String]) -> ModelVersion {
        ModelVersion(
            name: "movies", version: number, description: "", source: "",
            artifactURI: "mlflow-artifacts:/0/run\(number)/artifacts/model", runID: "run\(number)", modelID: nil,
            stage: stage, creationTimeMilliseconds: 1_727_913_600_000, lastUpdateTimeMilliseconds: 0,
            tags: ["simulated_date": "2024-10-0\(number)"], aliases: aliases)
    }

    func searchVersions(_ query: SearchQuery) async throws -> Page<ModelVersion> {
        let asked = query.filter?.comparisons.first { $0.field == SearchField(.attribute, "name") }
        let before = query.filter?.comparisons.first { $0.sign == .less }?.value
        let (pageToken, maxResults) = (query.pageToken, query.maxResults)
        // Two pages, so that whoever counts has to turn them.
        let newest = pageToken == nil ? 3 : 1
        var items: [ModelVersion] = []
        for number in stride(from: newest, through: pageToken == nil ? 2 : 1, by: -1) {
            if state.withLock({ $0.deleted.contains(number) }) { continue }
            if case .integer(let limit)? = before, number >= limit { continue }
            guard case .text(let name) = asked?.value ?? .text("movies") else { throw unused }
            items.append(try await version(number, of: name))
        }
        return Page(items: Array(items.prefix(maxResults)), nextPageToken: pageToken == nil ? "more" : nil)
    }

    func setAlias(_ alias: String, to version: Int, of name: String, actor: String, reason: String) async throws {
        let previous = state.withLock { $0.aliases.updateValue(version, forKey: alias) }
        record(alias, version, previous: previous, reason)
    }

    func deleteAlias(_ alias: String, of name: String, actor: String) async throws {
        state.withLock { _ = $0.aliases.removeValue(forKey: alias) }
    }

    func deleteVersion(_ number: Int, of name: String, actor: String) async throws {
        _ = try await version(number, of: name)
        state.withLock { state in
            state.deleted.insert(number)
            state.aliases = state.aliases.filter { $0.value != number }
        }
    }

    func transition(
        _ number: Int, of name: String, to stage: String, archiveExisting: Bool, actor: String
    ) async throws -> ModelVersion {
        state.withLock { state in
            state.stages[number] = stage
            if state.aliases["production"] == number { state.aliases["production"] = nil }
        }
        return try await version(number, of: name)
    }

    func aliasHistory(of name: String, alias: String, limit: Int) async throws -> [AliasChange] {
        Array(state.withLock { $0.history.filter { $0.alias == alias } }.prefix(limit))
    }

    func history(of name: String, limit: Int) async throws -> [ModelChange] {
        guard name == "movies" else { throw RegistryError.notFound("there is no model \(name)") }
        let stage = ModelChange(
            sequence: 0, kind: .stage, version: 1, former: "None", present: "Production",
            timeMilliseconds: 1_727_913_600_000, actor: "api", reason: "better")
        let aliases = state.withLock { state in
            state.history.map { change in
                ModelChange(
                    sequence: change.sequence, kind: .alias, alias: change.alias, version: change.version,
                    previousVersion: change.previousVersion, timeMilliseconds: change.timeMilliseconds,
                    actor: change.actor, reason: change.reason)
            }
        }
        return Array((aliases + [stage]).prefix(limit))
    }

    // MARK: Not asked for by these routes

    private var unused: RegistryError { .invalid("no route of this family asks for that") }

    func createRegisteredModel(name: String, description: String, tags: [String: String]) async throws
        -> RegisteredModel
    {
        throw unused
    }
    func updateRegisteredModel(named name: String, description: String) async throws -> RegisteredModel { throw unused }
    func deleteRegisteredModel(named name: String, actor: String) async throws { throw unused }
    func renameRegisteredModel(
        named name: String, to newName: String, actor: String
    ) async throws -> RegisteredModel { throw unused }
    func createVersion(_ request: ModelVersionRequest) async throws -> ModelVersion { throw unused }
    func updateVersion(_ version: Int, of name: String, description: String) async throws -> ModelVersion {
        throw unused
    }
    func setVersionTag(_ key: String, to value: String?, version: Int, of name: String) async throws { throw unused }
    func setModelTag(_ key: String, to value: String?, of name: String) async throws { throw unused }
    func version(alias: String, of name: String) async throws -> ModelVersion { throw unused }
}

/// Three runs, `run1` to `run3`; of `run2` nothing is left.
struct FakeTracking: TrackingStore {
    func run(id: String) async throws -> Run {
        guard id == "run1" || id == "run3" else { throw RegistryError.notFound("there is no run \(id)") }
        return Run(
            id: id, experimentID: "0", name: "train", userID: "", status: .finished, startTimeMilliseconds: 0,
            endTimeMilliseconds: 1, artifactURI: "", lifecycleStage: .active,
            metrics: [Metric(key: "ndcg_at_10", value: 0.125, timestampMilliseconds: 0, step: 0)],
            params: [Param(key: "algorithm", value: "als")],
            tags: ["mlstack.pipeline_run": "daily-1", "mlstack.pipeline": "daily", "mlstack.warm_start": "cd"])
    }

    private var unused: RegistryError { .invalid("no route of this family asks for that") }

    func createExperiment(name: String, tags: [String: String]) async throws -> String { throw unused }
    func experiment(id: String) async throws -> Experiment { throw unused }
    func experiment(named name: String) async throws -> Experiment { throw unused }
    func searchExperiments(_ query: ExperimentQuery) async throws -> Page<Experiment> { throw unused }
    func setExperimentTag(_ key: String, to value: String, on experimentID: String) async throws { throw unused }
    func deleteExperimentTag(_ key: String, from experimentID: String) async throws { throw unused }
    func logModel(_ json: String, to runID: String) async throws { throw unused }
    func sampledHistory(_ query: HistorySample) async throws -> [RunMetric] { throw unused }
    func datasetSummaries(experimentIDs: [String]) async throws -> [DatasetSummary] { throw unused }
    func experimentSummaries(_ view: ViewType, id: String?, limit: Int) async throws -> [ExperimentSummary] {
        [
            ExperimentSummary(
                id: "0", name: "Default", lifecycleStage: .active, creationTimeMilliseconds: 0, runs: 0, running: 0,
                failed: 0, lastRun: nil)
        ]
    }
    func setExperimentLifecycle(_ stage: LifecycleStage, id: String) async throws { throw unused }
    func renameExperiment(id: String, to name: String) async throws { throw unused }
    func createRun(_ request: RunRequest) async throws -> Run { throw unused }
    func updateRun(id: String, status: RunStatus?, endTimeMilliseconds: Int64?, name: String?) async throws -> Run {
        throw unused
    }
    func setRunLifecycle(_ stage: LifecycleStage, id: String) async throws { throw unused }
    func log(_ batch: RunBatch, to runID: String) async throws { throw unused }
    func deleteTag(_ key: String, from runID: String) async throws { throw unused }
    func metricHistory(runID: String, key: String, maxResults: Int, pageToken: String?) async throws -> Page<Metric> {
        throw unused
    }
    func searchRuns(_ query: RunQuery) async throws -> Page<Run> { throw unused }
    func logDatasetInputs(_ inputs: [DatasetInput], to runID: String) async throws { throw unused }
    func datasetInputs(of runID: String) async throws -> [DatasetInput] {
        [
            DatasetInput(
                name: "demo", digest: "ab", sourceType: "code", source: "", profile: #"{"num_rows":7}"#,
                tags: ["mlflow.data.context": "training"])
        ]
    }
    func datasetInputs(ofRuns ids: [String]) async throws -> [String: [DatasetInput]] { throw unused }
}

struct FakeLoggedModels: LoggedModelStore {
    private var unused: RegistryError { .invalid("no route of this family asks for that") }

    func createLoggedModel(
        experimentID: String, name: String, modelType: String, sourceRunID: String?, params: [Param],
        tags: [String: String]
    ) async throws -> LoggedModel { throw unused }
    func loggedModel(id: String) async throws -> LoggedModel { throw unused }
    func loggedModel(id: String, allowDeleted: Bool) async throws -> LoggedModel { throw unused }
    func deleteLoggedModel(id: String) async throws { throw unused }
    func deleteLoggedModelTag(_ key: String, id: String) async throws { throw unused }
    func addLoggedModelParams(_ params: [Param], id: String) async throws { throw unused }
    func finishLoggedModel(id: String, status: String) async throws -> LoggedModel { throw unused }
    func setLoggedModelTags(_ tags: [String: String], id: String) async throws { throw unused }
    func searchLoggedModels(_ query: LoggedModelQuery) async throws -> Page<LoggedModel> { throw unused }
    func addOutputs(modelIDs: [String], to runID: String) async throws { throw unused }
    func outputs(of runID: String) async throws -> [String] { throw unused }
    func outputs(ofRuns ids: [String]) async throws -> [String: [String]] { throw unused }
}

struct FakeArtifacts: ArtifactStore {
    private var unused: RegistryError { .invalid("no route of this family asks for that") }

    func upload(to path: ArtifactPath) async throws -> any ArtifactUpload { throw unused }
    func read(_ path: ArtifactPath, _ consume: @Sendable ([UInt8]) async throws -> Void) async throws { throw unused }
    func byteCount(of path: ArtifactPath) async throws -> Int64? { throw unused }
    /// Version 3 is a recommender of this server's own; of the others nothing is there.
    func list(_ path: ArtifactPath) async throws -> [ArtifactEntry] {
        switch path.description {
        case "0/run3/artifacts/model":
            [
                ArtifactEntry(name: "model.json", isDirectory: false, byteCount: 40),
                ArtifactEntry(name: "code", isDirectory: true, byteCount: nil),
            ]
        case "0/run3/artifacts/model/code": [ArtifactEntry(name: "a b.py", isDirectory: false, byteCount: 2)]
        default: []
        }
    }
    func delete(_ path: ArtifactPath) async throws { throw unused }
    func adopt(folder: String, as path: ArtifactPath) async throws { throw unused }
    func localFolder(of path: ArtifactPath) async throws -> String { throw unused }
}
