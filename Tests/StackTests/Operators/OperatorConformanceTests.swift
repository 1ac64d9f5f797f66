import Foundation
import Scheduling
import Testing

@testable import Stack

/// What every task type promises, found in the catalogue and not named here.
struct OperatorConformanceTests {
    /// After a crash a task runs again with the same context, maybe after everything it does had been done.
    @Test func `every built-in task that runs twice does what it does once`() async throws {
        try await RunningStack.withDataset { folder in
            let (once, twice) = (
                RunningStack.configuration(folder, home: "once"), RunningStack.configuration(folder, home: "twice")
            )
            let plain = try await RunningStack.replay(once, until: "2024-07-19")
            let doubled = try await RunningStack.replay(twice, until: "2024-07-19", operators: RunTwice.catalogue)
            #expect(doubled.versions == plain.versions)
            #expect(doubled.contentHash == plain.contentHash)
            #expect(doubled.production == plain.production)
        }
    }

    /// As when a first attempt fails and the day's model is promoted before the second.
    @Test func `a day is never tested on a model that has learned it, however late the test comes`() async throws {
        try await RunningStack.withDataset { folder in
            let (early, late) = (
                RunningStack.configuration(folder, home: "early"), RunningStack.configuration(folder, home: "late")
            )
            let expected = try await RunningStack.replay(early, until: "2024-07-19")
            let file = try #require(DefaultPipelines.files.first { $0.name == "daily.yaml" })
            let moved = file.text.replacing(
                "test_production:  {needs: [ingest],", with: "test_production:  {needs: [deploy],")
            #expect(moved != file.text)
            try FileManager.default.createDirectory(atPath: late.home.pipelines, withIntermediateDirectories: true)
            try moved.write(toFile: late.home.pipelines + "/daily.yaml", atomically: true, encoding: .utf8)
            let actual = try await RunningStack.replay(late, until: "2024-07-19")
            #expect(actual.production != nil)
            #expect(actual.production == expected.production)
        }
    }

    @Test(arguments: OperatorList.descriptions.map(\.name))
    func `a task type and each of its settings say what they are for`(name: String) throws {
        let described = try #require(OperatorList.descriptions.first { $0.name == name })
        #expect(name.contains("/") || name == "notify")
        #expect(described.summary.hasSuffix("."))
        #expect(described.settings.allSatisfy { !$0.help.isEmpty })
    }
}

/// Does what another operator does, two times.
struct RunTwice: Operator {
    let inner: any Operator

    /// Every built-in task, so.
    static let catalogue: OperatorList.Making = { workshop, orchestrator in
        OperatorCatalogue(OperatorList.catalogue(workshop, orchestrator).all.map { RunTwice(inner: $0) })
    }

    var name: String { inner.name }
    var summary: String { inner.summary }
    var settings: [SettingSpec] { inner.settings }

    func run(_ settings: Settings, _ context: TaskContext) async throws -> TaskOutputs {
        let first = try await inner.run(settings, context)
        let second = try await inner.run(settings, context)
        let differing = Set(first.keys).union(second.keys).filter { first[$0] != second[$0] && !$0.contains("seconds") }
        #expect(differing.isEmpty, "\(name) put out \(first), then \(second)")
        return second
    }
}
