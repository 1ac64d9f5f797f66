import Foundation
import Registry
import Storage

/// Where runs are tracked from outside the server: by one that runs, else in the home's own database.
protocol RunRecorder: Sendable {
    /// For the person, and to find the runs again: an address or a home.
    var place: String { get }
    /// The experiment's id; it is made when there is none.
    func experimentID(named name: String) async throws -> String
    func isActive(runID: String) async throws -> Bool
    func createRun(_ request: RunRequest) async throws -> String
    func log(_ batch: RunBatch, to runID: String) async throws
    func setStatus(_ status: RunStatus, endTimeMilliseconds: Int64?, of runID: String) async throws
    /// Blocks nobody else any longer.
    func close() async throws
}

/// The home's database, held with the home's lock: no server can start on it meanwhile.
struct HomeRecorder: RunRecorder {
    private let store: SQLiteStore
    private let lock: HomeLock
    let place: String

    /// - Throws: `StackError.unwritableHome`, `StorageError`.
    init(home: Home) async throws {
        (store, lock) = try await Queues.files.perform {
            try home.prepare()
            let lock = try HomeLock.acquire(home: home.path)
            let clock = WallClock()
            return (try SQLiteStore(path: home.database, now: { clock.now }), lock)
        }
        place = home.path
    }

    private var tracking: any TrackingStore { store }

    func experimentID(named name: String) async throws -> String {
        do {
            return try await tracking.experiment(named: name).id
        } catch RegistryError.notFound {
            return try await tracking.createExperiment(name: name, tags: [:])
        }
    }

    func isActive(runID: String) async throws -> Bool {
        do {
            return try await tracking.run(id: runID).lifecycleStage == .active
        } catch RegistryError.notFound {
            return false
        }
    }

    func createRun(_ request: RunRequest) async throws -> String { try await tracking.createRun(request).id }
    func log(_ batch: RunBatch, to runID: String) async throws { try await tracking.log(batch, to: runID) }

    func setStatus(_ status: RunStatus, endTimeMilliseconds: Int64?, of runID: String) async throws {
        _ = try await tracking.updateRun(
            id: runID, status: status, endTimeMilliseconds: endTimeMilliseconds, name: nil)
    }

    func close() async throws {
        try await Queues.files.perform {
            try store.close()
            lock.release()
        }
    }
}

/// A running server, over MLflow's REST API.
struct ServerRecorder: RunRecorder {
    let client: StackClient
    var place: String { client.url }

    private static let path = "/api/2.0/mlflow/"
    private struct Created: Decodable {
        struct Run: Decodable { let info: Info }
        struct Info: Decodable { let runId: String, lifecycleStage: String }
        struct Experiment: Decodable { let experimentId: String }
        let run: Run?
        let experiment: Experiment?
        let experimentId: String?
    }

    private func get(_ path: String) async throws -> Created? {
        do {
            return try await client.get(Self.path + path, as: Created.self)
        } catch StackError.serverAnswered(status: 404, _, _) {
            return nil
        }
    }

    private func post(_ path: String, _ body: [String: any Sendable]) async throws -> Created {
        try StackClient.decode(try await client.post(Self.path + path, body))
    }

    private func required<Value>(_ value: Value?) throws -> Value {
        if let value { return value }
        throw StackError.serverRefused(url: client.url, reason: "its answer is not that of an MLflow server")
    }

    func experimentID(named name: String) async throws -> String {
        let query = "experiments/get-by-name?experiment_name=\(StackClient.escaped(name))"
        if let found = try await get(query) { return try required(found.experiment?.experimentId) }
        return try required(try await post("experiments/create", ["name": name]).experimentId)
    }

    func isActive(runID: String) async throws -> Bool {
        try await get("runs/get?run_id=\(StackClient.escaped(runID))")?.run?.info.lifecycleStage == "active"
    }

    func createRun(_ request: RunRequest) async throws -> String {
        var body: [String: any Sendable] = [
            "experiment_id": request.experimentID, "user_id": request.userID,
            "start_time": request.startTimeMilliseconds, "tags": Self.pairs(request.tags),
        ]
        body["run_name"] = request.name
        return try required(try await post("runs/create", body).run?.info.runId)
    }

    func log(_ batch: RunBatch, to runID: String) async throws {
        let metrics: [[String: any Sendable]] = batch.metrics.map {
            ["key": $0.key, "value": $0.value, "timestamp": $0.timestampMilliseconds, "step": $0.step]
        }
        let params = batch.params.map { ["key": $0.key, "value": $0.value] }
        _ = try await post(
            "runs/log-batch",
            ["run_id": runID, "metrics": metrics, "params": params, "tags": Self.pairs(batch.tags)])
    }

    func setStatus(_ status: RunStatus, endTimeMilliseconds: Int64?, of runID: String) async throws {
        var body: [String: any Sendable] = ["run_id": runID, "status": status.rawValue]
        body["end_time"] = endTimeMilliseconds
        _ = try await post("runs/update", body)
    }

    func close() async throws {}

    private static func pairs(_ tags: [String: String]) -> [[String: String]] {
        tags.sorted { $0.key < $1.key }.map { ["key": $0.key, "value": $0.value] }
    }
}
