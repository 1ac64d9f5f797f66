import Registry
import Testing

struct ModelRulesTests {
    @Test(arguments: [
        "production", "Champion", "a", "v", "vNext", "1", "v1a", "a_b-c", String(repeating: "a", count: 255),
    ])
    func `an alias of letters, digits, dashes and underscores is allowed`(_ alias: String) throws {
        try AliasName.check(alias)
    }

    @Test(arguments: [
        "", "latest", "LATEST", "Latest", "v1", "V99", "a b", "a.b", "a/b", "é", "a@b",
        String(repeating: "a", count: 256),
    ])
    func `a reserved or misspelt alias is refused`(_ alias: String) {
        #expect(throws: RegistryError.self) { try AliasName.check(alias) }
    }

    @Test(arguments: [
        ("production", Stage.production), ("PRODUCTION", .production), ("none", .none), ("Staging", .staging),
    ])
    func `a stage is understood in any letter case`(_ text: String, _ stage: Stage) throws {
        #expect(try Stage(parsing: text) == stage)
    }

    @Test func `an unknown stage is refused`() {
        #expect(throws: RegistryError.self) { try Stage(parsing: "Live") }
    }

    @Test(arguments: ["", "a/b", "a:b", "a\nb", "a/\u{301}", String(repeating: "a", count: 257)])
    func `a model's name that could not stand in a URI is refused`(_ name: String) {
        #expect(throws: RegistryError.self) { try RegisteredModel.checkName(name) }
    }

    @Test func `sources are told apart`() throws {
        #expect(try ModelSource(parsing: "models:/m-0a") == .loggedModel(id: "m-0a"))
        #expect(try ModelSource(parsing: "models:/movies/3") == .version(name: "movies", version: 3))
        #expect(try ModelSource(parsing: "models:/movies@production") == .alias(name: "movies", alias: "production"))
        #expect(try ModelSource(parsing: "runs:/r1/a/b") == .run(id: "r1", path: ArtifactPath("a/b")))
        #expect(
            try ModelSource(parsing: "mlflow-artifacts:/1/r/artifacts/m") == .artifact(ArtifactPath("1/r/artifacts/m")))
        #expect(try ModelSource(parsing: "s3://bucket/m") == .opaque("s3://bucket/m"))
    }

    @Test(arguments: [
        "", "model", "/tmp/model", "file:///tmp/model", "C:/model", "s3://b/../m", "s3://b/%2e%2e/m",
        "s3://b/%252e%252e/m",
        "s3://b/m%00", "https://h/m?p=/../x", "runs:/r1", "runs:r1/a", "runs://r1/a", "models:/", "models:/a/b",
        "models:/a/0",
        "models:/a/-1", "models:/@x", "models:/a@", "mlflow-artifacts://h/1/r/artifacts/m", "mlflow-artifacts:/a/../b",
        "s3://" + String(repeating: "%25", count: 3000),
    ])
    func `a source that names nothing, or a place of this machine, is refused`(_ source: String) {
        #expect(throws: RegistryError.self) { try ModelSource(parsing: source) }
    }
}
