import Registry
import Testing

struct TrackingRulesTests {
    @Test func `infinities are clamped and NaN stays`() throws {
        let batch = RunBatch(
            metrics: [.infinity, -.infinity, .nan, 1].map {
                Metric(key: "m", value: $0, timestampMilliseconds: 0, step: 0)
            })
        let values = try batch.checked().metrics.map(\.value)
        #expect(values[0] == .greatestFiniteMagnitude && values[1] == -.greatestFiniteMagnitude)
        #expect(values[2].isNaN && values[3] == 1)
    }

    @Test func `long values are shortened by scalars, as Python counts`() throws {
        let batch = RunBatch(
            params: [Param(key: "p", value: String(repeating: "e\u{301}", count: 4000))],
            tags: ["t": String(repeating: "é", count: 9000)])
        let checked = try batch.checked()
        #expect(checked.params[0].value.unicodeScalars.count == 6000)
        #expect(checked.tags["t"]?.unicodeScalars.count == 8000)
    }

    @Test func `a param given twice is refused`() {
        let batch = RunBatch(params: [Param(key: "a", value: "1"), Param(key: "a", value: "1")])
        #expect(throws: RegistryError.self) { try batch.checked() }
    }

    @Test(arguments: [(1001, 0, 0), (0, 101, 0), (0, 0, 101), (950, 51, 0)])
    func `a batch that is too large is refused`(_ counts: (metrics: Int, params: Int, tags: Int)) {
        #expect(throws: RegistryError.self) { try Self.batch(counts.metrics, counts.params, counts.tags).checked() }
    }

    @Test(arguments: [(1000, 0, 0), (800, 100, 100)])
    func `a batch at the limit is allowed`(_ counts: (metrics: Int, params: Int, tags: Int)) throws {
        _ = try Self.batch(counts.metrics, counts.params, counts.tags).checked()
    }

    private static func batch(_ metrics: Int, _ params: Int, _ tags: Int) -> RunBatch {
        RunBatch(
            params: (0..<params).map { Param(key: "p\($0)", value: "") },
            metrics: (0..<metrics).map { Metric(key: "m", value: 0, timestampMilliseconds: 0, step: Int64($0)) },
            tags: Dictionary(uniqueKeysWithValues: (0..<tags).map { ("t\($0)", "") }))
    }

    @Test func `a run's name and its tag must agree`() throws {
        var request = RunRequest(experimentID: "0", name: "a", startTimeMilliseconds: 0, tags: [RunName.tag: "b"])
        #expect(throws: RegistryError.self) { try request.checkedName() }
        request.tags[RunName.tag] = "a"
        #expect(try request.checkedName() == "a")
        (request.name, request.tags) = ("", [RunName.tag: "c"])
        #expect(try request.checkedName() == "c")
        request.tags = [:]
        #expect(try request.checkedName() == nil)
    }

    @Test func `a made-up name is an adjective, a noun and a number`() {
        var bits: UInt64 = 0
        for _ in 0..<500 {
            let parts = RunName.make {
                bits = bits &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return bits >> 20
            }.split(separator: "-")
            #expect(parts.count == 3 && Int(parts[2]).map { 0..<1000 ~= $0 } == true)
        }
    }

    @Test func `an id is 32 hexadecimal digits even of small numbers`() {
        #expect(Identifiers.hexadecimal { 7 } == "00000000000000070000000000000007")
        #expect(Identifiers.loggedModelID { .max } == "m-" + String(repeating: "f", count: 32))
    }

    @Test(arguments: ["", "-a", "a/b", "a b", "..", "é", String(repeating: "a", count: 257)])
    func `what is no run id is refused`(_ id: String) {
        #expect(throws: RegistryError.self) { try Identifiers.checkRunID(id) }
    }

    @Test(arguments: ["", "abc", "-1", "01", "+1", "1.0", "99999999999999999999", " 1"])
    func `what is no experiment id is refused`(_ id: String) {
        #expect(throws: RegistryError.self) { try Identifiers.experimentNumber(id) }
    }

    @Test func `a page token is base64 of an offset and comes back as it went`() throws {
        #expect(PageToken.encode(offset: 1000) == "eyJvZmZzZXQiOiAxMDAwfQ==")
        #expect(try PageToken.offset(of: PageToken.encode(offset: 1000)) == 1000)
        #expect(try PageToken.offset(of: nil) == 0)
        #expect(try PageToken.offset(of: "") == 0)
    }

    @Test(arguments: ["garbage", "eyJvZmZzZXQiOiAtMX0=", "e30=", "eyJvZmZzZXQiOiAiMSJ9", "====", "🤷"])
    func `a token that nobody gave out is refused`(_ token: String) {
        #expect(throws: RegistryError.self) { try PageToken.offset(of: token) }
    }
}
