import Registry
import Storage
import TestKit
import Testing

/// Every store on which the registry's promises are tested.
enum StoreUnderTest: String, CaseIterable, CustomTestStringConvertible {
    case sqlite

    var testDescription: String { rawValue }

    @discardableResult
    func with<Value>(
        isolation: isolated (any Actor)? = #isolation,
        _ body: (any TrackingStore & ModelRegistry & LoggedModelStore) async throws -> Value
    ) async throws -> Value {
        switch self {
        case .sqlite: try await StorageFixture.withStore { try await body($0) }
        }
    }
}

extension TrackingStore {
    func makeRun(id: String? = nil, start: Int64 = 0, tags: [String: String] = [:]) async throws -> Run {
        try await createRun(RunRequest(id: id, experimentID: "0", startTimeMilliseconds: start, tags: tags))
    }

    func log(_ key: String, _ value: Double, time: Int64 = 0, step: Int64 = 0, to id: String) async throws {
        try await log(
            RunBatch(metrics: [Metric(key: key, value: value, timestampMilliseconds: time, step: step)]), to: id)
    }
}

extension ModelRegistry {
    /// A version of `movies` somewhere else, so that it needs no run.
    @discardableResult
    func makeVersion(key: String? = nil) async throws -> ModelVersion {
        try await createVersion(
            ModelVersionRequest(name: "movies", source: "s3://bucket/model", createModel: true, key: key))
    }
}
