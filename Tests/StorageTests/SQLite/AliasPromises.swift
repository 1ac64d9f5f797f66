import Registry
import Testing

@Suite struct AliasPromises {
    @Test(arguments: StoreUnderTest.allCases)
    func `promotion moves the alias, the stages and the history together`(_ kind: StoreUnderTest) async throws {
        try await kind.with { store in
            for _ in 0..<2 { try await store.makeVersion() }
            try await store.setAlias("production", to: 1, of: "movies", actor: "pipeline:a", reason: "first")
            try await store.setAlias("production", to: 2, of: "movies", actor: "cli", reason: "better")
            #expect(try await store.version(alias: "production", of: "movies").version == 2)
            #expect(try await store.version(1, of: "movies").stage == "Archived")
            let promoted = try await store.version(2, of: "movies")
            #expect(promoted.stage == "Production" && promoted.aliases == ["production"])
            #expect(try await store.registeredModel(named: "movies").aliases == ["production": 2])
            let history = try await store.aliasHistory(of: "movies", alias: "production", limit: 10)
            #expect(history.map(\.version) == [2, 1] && history.map(\.previousVersion) == [1, nil])
            #expect(history.map(\.actor) == ["cli", "pipeline:a"] && history[0].reason == "better")
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `setting an alias where it is changes nothing`(_ kind: StoreUnderTest) async throws {
        try await kind.with { store in
            try await store.makeVersion()
            try await store.setAlias("production", to: 1, of: "movies", actor: "cli", reason: "")
            let before = try await store.version(1, of: "movies")
            try await store.setAlias("production", to: 1, of: "movies", actor: "api", reason: "again")
            #expect(try await store.version(1, of: "movies") == before)
            #expect(try await store.aliasHistory(of: "movies", alias: "production", limit: 10).count == 1)
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `another alias leaves the stages alone`(_ kind: StoreUnderTest) async throws {
        try await kind.with { store in
            try await store.makeVersion()
            try await store.setAlias("champion", to: 1, of: "movies", actor: "cli", reason: "")
            try await store.setAlias("best", to: 1, of: "movies", actor: "cli", reason: "")
            let version = try await store.version(alias: "best", of: "movies")
            #expect(version.stage == "None" && version.aliases == ["best", "champion"])
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `an alias of nothing is refused, and an unknown one is an invalid value`(_ kind: StoreUnderTest) async throws {
        try await kind.with { store in
            try await store.makeVersion()
            await #expect(throws: RegistryError.notFound("Model Version (name=movies, version=9) not found")) {
                try await store.setAlias("a", to: 9, of: "movies", actor: "", reason: "")
            }
            await #expect(throws: RegistryError.invalid("Registered model alias a not found.")) {
                try await store.version(alias: "a", of: "movies")
            }
            await #expect(throws: RegistryError.notFound("Registered Model with name=x not found")) {
                try await store.version(alias: "a", of: "x")
            }
            await #expect(throws: RegistryError.self) {
                try await store.setAlias("latest", to: 1, of: "movies", actor: "", reason: "")
            }
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `removing the alias production archives its version; removing nothing is fine`(_ kind: StoreUnderTest)
        async throws
    {
        try await kind.with { store in
            try await store.makeVersion()
            try await store.setAlias("production", to: 1, of: "movies", actor: "cli", reason: "")
            for _ in 0..<2 { try await store.deleteAlias("production", of: "movies", actor: "api") }
            let version = try await store.version(1, of: "movies")
            #expect(version.stage == "Archived" && version.aliases.isEmpty)
            let history = try await store.aliasHistory(of: "movies", alias: "production", limit: 10)
            #expect(history.map(\.version) == [nil, 1])
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `deleting a version removes its aliases and says so in the history`(_ kind: StoreUnderTest) async throws {
        try await kind.with { store in
            for _ in 0..<2 { try await store.makeVersion() }
            try await store.setAlias("production", to: 2, of: "movies", actor: "cli", reason: "")
            try await store.setAlias("best", to: 2, of: "movies", actor: "cli", reason: "")
            try await store.deleteVersion(2, of: "movies", actor: "api")
            #expect(try await store.registeredModel(named: "movies").aliases.isEmpty)
            #expect(try await store.aliasHistory(of: "movies", alias: "best", limit: 1).map(\.version) == [nil])
            try await store.setAlias("production", to: 1, of: "movies", actor: "cli", reason: "back")
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `the stage Production takes the alias along, there and back`(_ kind: StoreUnderTest) async throws {
        try await kind.with { store in
            for _ in 0..<3 { try await store.makeVersion() }
            _ = try await store.transition(1, of: "movies", to: "Production", archiveExisting: false, actor: "api")
            _ = try await store.transition(2, of: "movies", to: "production", archiveExisting: false, actor: "api")
            #expect(try await store.version(alias: "production", of: "movies").version == 2)
            #expect(try await store.version(1, of: "movies").stage == "Archived")
            _ = try await store.transition(3, of: "movies", to: "Production", archiveExisting: true, actor: "api")
            var stages: [String] = []
            for number in 1...3 { stages.append(try await store.version(number, of: "movies").stage) }
            #expect(stages == ["Archived", "Archived", "Production"])
            let left = try await store.transition(3, of: "movies", to: "None", archiveExisting: false, actor: "api")
            #expect(left.aliases.isEmpty && left.stage == "None")
            await #expect(throws: RegistryError.self) {
                try await store.transition(3, of: "movies", to: "Archived", archiveExisting: true, actor: "api")
            }
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a version that leaves Production or is deleted takes the alias away`(_ kind: StoreUnderTest) async throws {
        try await kind.with { store in
            for _ in 0..<3 { try await store.makeVersion() }
            for number in [1, 3] {
                _ = try await store.transition(
                    number, of: "movies", to: "Production", archiveExisting: false, actor: "ann")
            }
            _ = try await store.transition(3, of: "movies", to: "Staging", archiveExisting: false, actor: "ann")
            #expect(try await store.registeredModel(named: "movies").aliases.isEmpty)
            try await store.setAlias("production", to: 2, of: "movies", actor: "ann", reason: "")
            try await store.deleteVersion(2, of: "movies", actor: "ann")
            #expect(try await store.registeredModel(named: "movies").aliases.isEmpty)
            var stages: [String] = []
            for number in [1, 3] { stages.append(try await store.version(number, of: "movies").stage) }
            #expect(stages == ["Archived", "Staging"])
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `the history tells of every change of alias, stage and name, and outlives the model`(_ kind: StoreUnderTest)
        async throws
    {
        try await kind.with { store in
            for _ in 0..<2 { try await store.makeVersion() }
            try await store.setAlias("production", to: 1, of: "movies", actor: "cli:ann", reason: "first")
            _ = try await store.transition(
                2, of: "movies", to: "Production", archiveExisting: true, actor: "pipeline:daily-1")
            try await store.setAlias("best", to: 2, of: "movies", actor: "ann", reason: "")
            try await store.setAlias("best", to: 2, of: "movies", actor: "ann", reason: "again")
            try await store.deleteAlias("best", of: "movies", actor: "api")
            _ = try await store.renameRegisteredModel(named: "movies", to: "films", actor: "bob")
            try await store.deleteVersion(2, of: "films", actor: "bob")
            try await store.deleteRegisteredModel(named: "films", actor: "bob")
            let lines = try await store.history(of: "films", limit: 100).reversed().map { change in
                let values = [
                    change.alias, change.previousVersion.map { "\($0)" }, change.version.map { "\($0)" }, change.former,
                    change.present,
                ]
                return ([change.kind.rawValue] + values.map { $0 ?? "-" } + [change.actor]).joined(separator: " ")
            }
            #expect(
                lines == [
                    "alias production - 1 - - cli:ann", "stage - - 1 None Production cli:ann",
                    "stage - - 1 Production Archived pipeline:daily-1", "stage - - 2 None Production pipeline:daily-1",
                    "alias production 1 2 - - pipeline:daily-1", "alias best - 2 - - ann", "alias best 2 - - - api",
                    "renamed - - - movies films bob", "version_deleted - - 2 - - bob", "alias production 2 - - - bob",
                    "model_deleted - - - - - bob",
                ])
            await #expect(throws: RegistryError.self) { try await store.history(of: "movies", limit: 1) }
            // One of that name that is made later can't be rolled back to versions of the former.
            _ = try await store.createRegisteredModel(name: "films", description: "", tags: [:])
            #expect(try await store.aliasHistory(of: "films", alias: "production", limit: 9).isEmpty)
            #expect(try await store.history(of: "films", limit: 1).map(\.kind) == [.modelDeleted])
        }
    }
}
