import Testing

@testable import Scheduling

struct ProjectFileTests {
    private static func read(_ source: String) -> (file: ProjectFile?, lines: [String]) {
        let (file, diagnostics) = ProjectFile.read(source: source, file: "mlstack.yaml") { $0.contains("/") }
        return (file, diagnostics.map(\.message))
    }

    @Test func `pools and private webhooks are read`() throws {
        let file = try #require(
            Self.read("allow_private_webhooks: [mattermost.internal, 10.0.0.0/8]\npools: {training: 1, shell: 4}\n")
                .file)
        #expect(file.pools == ["training": 1, "shell": 4])
        #expect(file.privateWebhooks == .only(["mattermost.internal", "10.0.0.0/8"]))
        #expect(Self.read("allow_private_webhooks: true").file?.privateWebhooks == .all)
    }

    @Test func `a commit waits for the disk where the file says so`() {
        #expect(Self.read("durability: full").file?.durability == .full)
        #expect(Self.read("pools: {a: 1}").file?.durability == .normal)
    }

    @Test func `a bucket is a place alone, or with how it is reached`() throws {
        #expect(Self.read("artifacts: s3://models/p").file?.artifacts == .init(place: "s3://models/p"))
        let whole = "artifacts:\n  place: s3://models/p\n  endpoint: http://127.0.0.1:9000\n  region: eu-west-1\n"
        #expect(
            Self.read(whole).file?.artifacts
                == .init(place: "s3://models/p", endpoint: "http://127.0.0.1:9000", region: "eu-west-1"))
        let (file, diagnostics) = ProjectFile.read(
            source: "pools: {a: 1}\nartifacts: models\n", file: "mlstack.yaml", isNetwork: { _ in false },
            artifactsProblem: { "\($0.place) is no place" })
        #expect(file == nil)
        #expect(diagnostics.map(\.message) == ["models is no place"] && diagnostics.first?.line == 2)
    }

    @Test(arguments: ["", "# nothing yet\n", "{}"])
    func `a file that says nothing allows nothing`(_ source: String) {
        #expect(Self.read(source).file == ProjectFile())
    }

    @Test(arguments: [
        ("allow_private_webhook: true", "Did you mean allow_private_webhooks?"),
        ("allow_private_webhooks: yes", "true, false or a list"),
        ("allow_private_webhooks: [\"http://mattermost.internal:8065\"]", "neither a host nor a network"),
        ("durability: ful", "Did you mean full?"), ("durabilty: full", "Did you mean durability?"),
        ("pools: {training: 0}", "1 or more expected"), ("pools: {training: many}", "a whole number"),
        ("artifacts: {endpoint: \"http://h\"}", "no place"), ("artifacts: {palce: x}", "Did you mean place?"),
        ("artifacts: [a]", "a mapping"), ("pools: {a b: 1}", "not usable"), ("pools: {a: 1, a: 2}", "stands twice"),
        ("pools: [a]", "a mapping"),
    ])
    func `a slip is told and nothing is taken`(_ source: String, _ expected: String) {
        var (file, lines) = Self.read(source)
        if expected.contains("neither") { (file, lines) = Self.readStrictly(source) }
        #expect(file == nil)
        #expect(lines.contains { $0.contains(expected) }, "\(lines)")
    }

    private static func readStrictly(_ source: String) -> (file: ProjectFile?, lines: [String]) {
        let (file, diagnostics) = ProjectFile.read(source: source, file: "mlstack.yaml") { _ in false }
        return (file, diagnostics.map(\.message))
    }
}
