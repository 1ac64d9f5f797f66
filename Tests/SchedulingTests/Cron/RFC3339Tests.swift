import Testing

@testable import Scheduling

struct RFC3339Tests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("1970-01-01T09:00:00+09:00", 0), ("1969-12-31T23:59:59.500Z", -500),
        ("2015-01-09t22:30:00.123456-03:30", 1_420_855_200_123), ("2015-01-09 22:30:00z", 1_420_842_600_000),
    ])
    func `a time with an offset is a moment`(text: String, milliseconds: Int64) throws {
        #expect(try Instant(rfc3339: text).milliseconds == milliseconds)
    }

    @Test(arguments: [
        "", "2015-01-09", "2015-01-09T22:30:00", "2015-13-01T00:00:00Z", "2015-02-29T00:00:00Z", "2015-01-09T24:00:00Z",
        "2015-01-09T22:60:00Z", "2015-01-09T22:30:00.Z", "2015-01-09T22:30:00+0900", "2015-01-09T22:30:00Zx",
        "٢٠١٥-01-09T00:00:00Z",
        "2015-01-09T22:30:00+24:00", "-015-01-09T00:00:00Z",
    ])
    func `anything else is refused`(text: String) {
        #expect(throws: TimeTextError.self) { try Instant(rfc3339: text) }
    }

    @Test func `a moment is written in any zone, with milliseconds only when it has them`() throws {
        let moment = Instant(milliseconds: 1_420_756_200_000)
        #expect(moment.rfc3339 == "2015-01-08T22:30:00Z")
        #expect(moment.rfc3339(in: .utc) == "2015-01-08T22:30:00+00:00")
        #expect(moment.rfc3339(in: try ZoneRules(identifier: "Asia/Seoul")) == "2015-01-09T07:30:00+09:00")
        #expect(moment.rfc3339(in: try ZoneRules(identifier: "America/St_Johns")) == "2015-01-08T19:00:00-03:30")
        #expect(Instant(milliseconds: -1).rfc3339 == "1969-12-31T23:59:59.999Z")
    }

    @Test func `an offset with seconds is rounded and still names the moment`() throws {
        let zone = try ZoneRules(identifier: "America/New_York")
        let moment = try Instant(rfc3339: "1880-01-01T00:00:00Z")
        #expect(moment.rfc3339(in: zone) == "1879-12-31T19:04:00-04:56")
        #expect(try Instant(rfc3339: moment.rfc3339(in: zone)) == moment)
    }

    @Test func `a date alone and a reading without offset are the zone's`() throws {
        let seoul = try ZoneRules(identifier: "Asia/Seoul")
        #expect(try Instant(text: "2015-01-01", in: seoul).rfc3339 == "2014-12-31T15:00:00Z")
        #expect(try Instant(text: "2015-01-01T22:30", in: seoul).rfc3339 == "2015-01-01T13:30:00Z")
        #expect(try Instant(text: "2015-01-01T22:30:00.250", in: seoul).rfc3339 == "2015-01-01T13:30:00.250Z")
        #expect(try Instant(text: "2015-01-01T22:30:00-01:00", in: seoul).rfc3339 == "2015-01-01T23:30:00Z")
        #expect(throws: TimeTextError.self) { try Instant(text: "tomorrow", in: seoul) }
    }
}
