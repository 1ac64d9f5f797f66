import Testing

@testable import Scheduling

struct SmallTextTests {
    @Test(arguments: [
        ("10m", 600_000), ("1h30m", 5_400_000), ("90s", 90_000), ("500ms", 500), ("2d", 172_800_000), ("0s", 0),
        ("1d2h3m4s5ms", 93_784_005),
        ("1m500ms", 60_500),
    ])
    func `a duration is numbers with units, larger first`(text: String, milliseconds: Int) {
        #expect(DurationText.parse(text) == .milliseconds(milliseconds))
    }

    @Test(arguments: [
        "", "10", "m", "ten minutes", "30m1h", "1m1m", "-5m", "1.5h", "5 m", "5M", "99999999999999999d", "400000000d",
        "٥m",
    ])
    func `anything else is no duration`(text: String) {
        #expect(DurationText.parse(text) == nil)
    }

    @Test(arguments: ["1h30m", "2d", "500ms", "0s", "1m500ms", "1d2h3m4s5ms"])
    func `a duration is written as it is read`(text: String) throws {
        #expect(DurationText.text(try #require(DurationText.parse(text))) == text)
    }

    @Test(arguments: [("20%", 0.2), ("0%", 0), ("100%", 1), ("12.5%", 0.125)])
    func `a percentage is a share`(text: String, share: Double) {
        #expect(DurationText.parsePercent(text) == share)
    }

    @Test(arguments: ["20", "101%", "-1%", "%", "nan%"])
    func `anything else is no percentage`(text: String) {
        #expect(DurationText.parsePercent(text) == nil)
    }

    @Test(arguments: [
        ("use", ["run", "uses"], "uses"), ("ingst", ["matrix", "ingest"], "ingest"),
        ("all_succes", ["all_done", "all_success"], "all_success"),
        ("RUN", ["run"], "run"), ("teh", ["the"], "the"),
    ])
    func `the nearest name is found`(word: String, candidates: [String], nearest: String) {
        #expect(Spelling.nearest(to: word, among: candidates) == nearest)
    }

    @Test func `a name that is far from all is none of them`() {
        #expect(Spelling.nearest(to: "colour", among: ["run", "uses", "needs"]) == nil)
        #expect(Spelling.nearest(to: "", among: ["a"]) == nil)
        #expect(Spelling.nearest(to: String(repeating: "x", count: 5000), among: ["x"]) == nil)
    }

    @Test(arguments: [
        ("", "", 0), ("a", "", 1), ("ca", "abc", 3), ("kitten", "sitting", 3), ("ab", "ba", 1), ("abcd", "badc", 2),
    ])
    func `distance counts a swap of neighbours as one`(left: String, right: String, distance: Int) {
        #expect(Spelling.distance(Array(left), Array(right)) == distance)
        #expect(Spelling.distance(Array(right), Array(left)) == distance)
    }

    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func `the hash has the published values`(text: String, hash: String) {
        #expect(ContentHash.sha256(text) == hash)
    }

    @Test func `every length around a block is hashed whole`() {
        #expect(Set((0...130).map { ContentHash.sha256(String(repeating: "a", count: $0)) }).count == 131)
        #expect(
            ContentHash.sha256(String(repeating: "a", count: 1_000))
                == "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3")
    }
}
