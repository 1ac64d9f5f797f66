import Foundation
import Testing

@testable import Training

struct BadLineTests {
    @Test(
        arguments: [
            ("1,2,six,4", "the rating is \"six\""), ("1,2,0,4", "the rating is \"0\""),
            ("1,2,5.5,4", "the rating is \"5.5\""),
            ("1,2,-3,4", "the rating is \"-3\""), ("1,2,nan,4", "the rating is \"nan\""),
            ("1,2,,4", "the rating is \"\""),
            ("1,2,3,", "the time is \"\""), ("1,2,3,-5", "the time is \"-5\""), ("1,2,3,1e9", "the time is \"1e9\""),
            ("1,2,3,99999999999", "the time is \"99999999999\""), ("1,2,3,4294967296", "the time is"),
            (",2,3,4", "id is empty"),
            ("1,,3,4", "id is empty"), ("1", "1 fields"), ("1,2,3,4,5", "5 fields"),
            ("1\u{1},2,3,4", "control character"),
            ("\(String(repeating: "9", count: 256)),2,3,4", "longer than 255 bytes"),
        ])
    func `a bad line is an error that names file, line, problem and remedy`(line: String, problem: String) throws {
        let fixture = try RatingsFixture(["ratings.csv": "userId,movieId,rating,timestamp\n1,2,3,4\n\(line)\n1,3,3,4\n"]
        )
        let text = message { _ = try fixture.log() }
        #expect(text.hasPrefix("\(fixture.path)/ratings.csv:3: "))
        #expect(text.contains(problem))
        #expect(text.contains("--skip-bad-lines"))
    }

    @Test(arguments: [1, 30, 1000])
    func `the first bad line is named whatever the stretches and workers`(bytesPerChunk: Int) throws {
        let text =
            "userId,movieId,rating,timestamp\n"
            + (2...50).map { $0 == 31 || $0 == 44 ? "x\n" : "1,\($0),3,4\n" }.joined()
        let fixture = try RatingsFixture(["ratings.csv": text])
        let columns = try RatingsColumns(
            reading: try DatasetSource(recognising: fixture.path), bytesPerChunk: bytesPerChunk,
            workers: QueueWorkers(count: 3))
        #expect(columns.problems.map(\.line) == [31, 44])
        #expect(columns.badLines == 2)
        #expect(columns.count == 47)
    }

    @Test func `skipped lines are put aside with their numbers, and counted`() throws {
        let fixture = try RatingsFixture(["ratings.csv": "1,2,3,4\nnonsense\n1,3,3,4\n1,4,9,4\n"])
        let quarantine = fixture.folder.path("rejected.txt")
        let report = try RatingsLog.build(
            from: DatasetSource(recognising: fixture.path), into: fixture.folder.path("log"),
            options: ReadOptions(skipBadLines: true, quarantinePath: quarantine), workers: BackwardWorkers(count: 1))
        #expect(report.badLines == 2)
        #expect(report.ratings == 2)
        let lines = try String(contentsOfFile: quarantine, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines[0].contains("ratings.csv:2: 1 fields") && lines[0].hasSuffix("\tnonsense"))
        #expect(lines[1].contains("ratings.csv:4: the rating is \"9\""))
    }

    @Test(arguments: ["", "\n\n", "userId,movieId,rating,timestamp\n", "\u{FEFF}"])
    func `a file without a rating is refused with an example of one`(text: String) throws {
        let fixture = try RatingsFixture(["ratings.csv": text])
        #expect(message { _ = try fixture.log() }.contains("holds no rating. | give a file with lines such as"))
    }

    @Test func `a file that is no text at all is refused at its first line`() throws {
        let fixture = try RatingsFixture()
        try fixture.write("ratings.csv", (0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 197 &+ 3) })
        #expect(message { _ = try fixture.log() }.contains("ratings.csv:1: "))
    }

    @Test func `a dataset is validated without being built, bad lines and all`() throws {
        let fixture = try RatingsFixture(["ratings.csv": "1,2,3,40\n1,2,4.5,50\nbad\n2,2,4.5,30\n"])
        let report = try DatasetReport(
            validating: DatasetSource(recognising: fixture.path), maxProblems: 10, workers: BackwardWorkers(count: 1))
        #expect((report.ratings, report.users, report.items) == (3, 2, 1))
        #expect((report.duplicates, report.badLines) == (1, 1))
        #expect(report.starCounts == [.init(stars: 3, count: 1), .init(stars: 4.5, count: 2)])
        #expect((report.firstTimestampSeconds, report.lastTimestampSeconds) == (30, 50))
        #expect(report.problems.map(\.line) == [3])
        #expect(report.density == 1)
    }
}
