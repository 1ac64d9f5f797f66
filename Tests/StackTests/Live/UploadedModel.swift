import Foundation
import TestKit

@testable import Stack

/// A model version that comes the way MLflow's client brings one: files of a run over HTTP, a version, an alias.
struct UploadedModel {
    let stack: RunningStack
    private let http: HTTPClient

    init(_ stack: RunningStack) {
        self.stack = stack
        http = HTTPClient(port: URL(string: stack.url)?.port ?? 0)
    }

    private struct RunAnswer: Decodable {
        struct Run: Decodable { let info: Info }
        struct Info: Decodable { let runId: String }
        let run: Run
    }
    private struct VersionAnswer: Decodable {
        struct Version: Decodable { let version: String }
        let modelVersion: Version
    }
    struct Refusal: Decodable { let errorCode, message: String }

    /// - Parameter sparse: files of so many zeros that take no room, put beside the others.
    /// - Returns: the version's number.
    func register(_ files: [String: [UInt8]], sparse: [String: Int] = [:], model: String = "movies") async throws -> Int
    {
        let text = try await stack.client.post("/api/2.0/mlflow/runs/create", ["experiment_id": "0"])
        let run = (try StackClient.decode(text) as RunAnswer).run.info.runId
        for (name, bytes) in files {
            let answer = try await http.send(
                "PUT", "/api/2.0/mlflow-artifacts/artifacts/0/\(run)/artifacts/model/\(name)",
                headers: [("Content-Type", "application/octet-stream")], body: bytes)
            guard answer.status == 200 else { throw HTTPClient.Failure(description: answer.text) }
        }
        for (name, size) in sparse {
            let path = "\(stack.home.artifacts)/0/\(run)/artifacts/model/\(name)"
            _ = FileManager.default.createFile(atPath: path, contents: nil)
            try FileHandle(forWritingTo: URL(filePath: path)).truncate(atOffset: UInt64(size))
        }
        _ = try? await stack.client.post("/api/2.0/mlflow/registered-models/create", ["name": model])
        let version = try await stack.client.post(
            "/api/2.0/mlflow/model-versions/create",
            ["name": model, "source": "runs:/\(run)/model", "run_id": run])
        return Int((try StackClient.decode(version) as VersionAnswer).modelVersion.version) ?? 0
    }

    /// Moves `production` as MLflow's client does.
    /// - Returns: the refusal, if it was one.
    func promote(_ version: Int) async throws -> (status: Int, refusal: Refusal?) {
        let body = "{\"name\":\"movies\",\"alias\":\"production\",\"version\":\"\(version)\"}"
        let answer = try await http.send(
            "POST", "/api/2.0/mlflow/registered-models/alias", headers: [("Content-Type", "application/json")],
            body: Array(body.utf8))
        return (answer.status, answer.status == 200 ? nil : try StackClient.decode(answer.text) as Refusal)
    }

    /// - Returns: the status.
    func delete(_ path: String, _ body: String) async throws -> Int {
        try await http.send(
            "DELETE", "/api/2.0/mlflow/\(path)", headers: [("Content-Type", "application/json")], body: Array(body.utf8)
        ).status
    }
}

/// Arrays as `numpy.save` writes them.
enum NumPyFixture {
    static func file(_ type: String = "<f4", fortran: Bool = false, shape: String, _ data: [UInt8]) -> [UInt8] {
        var header = "{'descr': '\(type)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': (\(shape)), }"
        while (10 + header.utf8.count + 1) % 64 != 0 { header += " " }
        header += "\n"
        let length = header.utf8.count
        return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 255), UInt8(length >> 8)] + Array(header.utf8)
            + data
    }

    static func floats(_ values: [Float], shape: String, fortran: Bool = false) -> [UInt8] {
        file(fortran: fortran, shape: shape, values.withUnsafeBytes { Array($0) })
    }

    static func doubles(_ values: [Double], shape: String, fortran: Bool = false) -> [UInt8] {
        file("<f8", fortran: fortran, shape: shape, values.withUnsafeBytes { Array($0) })
    }
}
