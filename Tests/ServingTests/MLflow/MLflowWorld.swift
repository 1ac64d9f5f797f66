import Dispatch
import Foundation
import Logging
import NIOCore
import Storage
import TestKit

@testable package import Serving

/// A real server over a real store and real files, asked as the MLflow client asks.
struct MLflowWorld: Sendable {
    let port: Int
    /// The folder of the artefacts.
    let folder: String
    let store: SQLiteStore
    let events: EventHub
    private let client: HTTPClient

    struct Reply {
        var status: Int
        var body: JSONValue
        /// `200 {…}` or `404 RESOURCE_DOES_NOT_EXIST`
        var summary: String { "\(status)" + (body["error_code"].map { " \($0.plain)" } ?? "") }
        var message: String { body["message"]?.plain ?? "" }
    }

    static func run<Value: Sendable>(
        searchLimit: Duration = SQLiteStore.searchLimit, _ body: @Sendable (MLflowWorld) async throws -> Value
    ) async throws -> Value {
        try await StorageFixture.withFolder { folder in
            try await StorageFixture.withStore(searchLimit: searchLimit) { store in
                let world = World()
                let artifacts = FileArtifactStore(root: folder, queue: DispatchQueue(label: "test.artifacts"))
                try await artifacts.prepare()
                var ports = world.ports
                (ports.tracking, ports.registry, ports.loggedModels) = (store, store, store)
                ports.artifacts = artifacts
                // The alias of another model than that which is served has nothing to load.
                ports.facts.defaultModel = "served"
                let server = try HTTPServer(
                    listening: .init(port: 0), ports: ports, clock: world.clock,
                    files: DispatchQueue(label: "test.files"),
                    logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
                let events = ports.events
                return try await world.run(server) { port in
                    let client = HTTPClient(port: port)
                    return try await body(
                        MLflowWorld(port: port, folder: folder, store: store, events: events, client: client))
                }
            }
        }
    }

    func get(_ path: String) async throws -> Reply { try await send("GET", path) }

    func post(_ path: String, _ body: JSONValue) async throws -> Reply { try await send("POST", path, body) }

    func send(_ method: String, _ path: String, _ body: JSONValue? = nil) async throws -> Reply {
        try await send(method, path, text: body?.text, type: body == nil ? nil : "application/json")
    }

    func send(_ method: String, _ path: String, text: String?, type: String?) async throws -> Reply {
        let answer = try await raw(
            method, "/api/2.0/mlflow/" + path, [("Content-Type", type)], text.map { Array($0.utf8) })
        return Reply(status: answer.status, body: try JSONParser.parse(answer.text))
    }

    func raw(
        _ method: String, _ path: String, _ headers: [(String, String?)] = [], _ body: [UInt8]? = nil
    ) async throws -> HTTPClient.Answer {
        try await client.send(method, path, headers: headers, body: body)
    }

    /// A new run's id.
    func newRun(in experiment: String = "0") async throws -> String {
        let reply = try await post("runs/create", ["experiment_id": .string(experiment)])
        return reply.body.at("run.info.run_id")?.string ?? ""
    }
}

extension JSONMembers {
    init(_ members: [String: JSONValue]) {
        self.init()
        for (name, value) in members { append(name, value) }
    }
}

extension JSONValue: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(JSONMembers(Dictionary(uniqueKeysWithValues: elements)))
    }

    /// As JSON.
    var text: String {
        switch self {
        case .null: "null"
        case .bool(let flag): "\(flag)"
        case .integer(let number): "\(number)"
        case .number(let number): "\(number)"
        case .string(let text): Self.quoted(text)
        case .array(let elements): "[\(elements.map(\.text).joined(separator: ","))]"
        case .object(let members):
            "{\(members.map { "\(Self.quoted($0.key)):\($0.value.text)" }.joined(separator: ","))}"
        }
    }

    private static func quoted(_ text: String) -> String {
        var json = JSONWriter()
        json.string(text)
        return String(buffer: json.buffer)
    }
}
