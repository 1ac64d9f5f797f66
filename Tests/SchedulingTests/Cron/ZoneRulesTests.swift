import Foundation
import Testing

@testable import Scheduling

struct ZoneRulesTests {
    @Test(arguments: ["Asia/Seoul", "UTC", "Etc/GMT+12", "Asia/Kolkata", "America/Argentina/Buenos_Aires", "EST5EDT"])
    func `names of IANA are zones`(name: String) throws {
        #expect(try ZoneRules(identifier: name).identifier == name)
    }

    @Test(arguments: ["", "GMT+9", "UTC+9", "+09:00", "PST", "asia/seoul", "Asia/", "SystemV/PST8", "Foo/Bar"])
    func `anything else is refused`(name: String) {
        #expect(throws: ZoneError.self) { try ZoneRules(identifier: name) }
    }

    @Test func `a slip of the pen is told the nearest zone`() {
        #expect(throws: ZoneError.unknown("Asia/Soul", nearest: "Asia/Seoul")) {
            try ZoneRules(identifier: "Asia/Soul")
        }
        #expect(throws: ZoneError.unknown("asia/seoul", nearest: "Asia/Seoul")) {
            try ZoneRules(identifier: "asia/seoul")
        }
        #expect(
            ZoneError.unknown("Asia/Soul", nearest: "Asia/Seoul").errorDescription
                == "unknown time zone \"Asia/Soul\". Did you mean Asia/Seoul?")
    }

    @Test func `offsets follow the clock changes of past and future`() throws {
        let newYork = try ZoneRules(identifier: "America/New_York")
        let moments = ["1900-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "2026-07-01T00:00:00Z", "2101-07-01T00:00:00Z"]
        #expect(
            try moments.map { newYork.offsetSeconds(at: try Instant(rfc3339: $0)) } == [
                -18_000, -18_000, -14_400, -14_400,
            ])
    }

    @Test func `a machine's zone without a place keeps its offset`() throws {
        let zones = try [9, -5, 0].map { try #require(TimeZone(secondsFromGMT: $0 * 3600)) }
        #expect(zones.map { ZoneRules.named($0).offsetSeconds(at: Instant(seconds: 0)) } == [32_400, -18_000, 0])
        #expect(ZoneRules.named(try #require(TimeZone(identifier: "Asia/Seoul"))).identifier == "Asia/Seoul")
    }

    @Test func `stretches lie side by side`() throws {
        let zone = try ZoneRules(identifier: "Africa/Casablanca")
        let stretches = zone.stretches(in: 0..<4_000_000_000)
        #expect(stretches.count > 150)
        for (left, right) in zip(stretches, stretches.dropFirst()) {
            #expect(left.end == right.start || right.start < left.end && right.previousOffset == right.offset)
        }
    }

    @Test func `a reading in a gap is the moment of the change, a reading that comes twice its first`() throws {
        let newYork = try ZoneRules(identifier: "America/New_York")
        let gap = LocalTime(date: CivilDate(year: 2026, month: 3, day: 8), hour: 2, minute: 30)
        #expect(newYork.instant(of: gap).rfc3339(in: newYork) == "2026-03-08T03:00:00-04:00")
        let twice = LocalTime(date: CivilDate(year: 2026, month: 11, day: 1), hour: 1, minute: 30)
        #expect(newYork.instant(of: twice).rfc3339(in: newYork) == "2026-11-01T01:30:00-04:00")
        let plain = LocalTime(date: CivilDate(year: 2026, month: 11, day: 1), hour: 12)
        #expect(newYork.instant(of: plain).rfc3339(in: newYork) == "2026-11-01T12:00:00-05:00")
    }
}
