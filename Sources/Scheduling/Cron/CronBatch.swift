import Foundation

/// `mlstack cron next --batch`: one JSON object a line in, one a line out.
package enum CronBatch {
    private struct Question: Decodable {
        var expr: String
        /// IANA name; UTC when it is not given.
        var tz: String?
        /// RFC 3339 with offset: the firings strictly after it.
        var start: String
        /// How many; 1 when it is not given.
        var count: Int?
    }

    private struct Answer: Encodable { var next: [String] }
    private struct Refusal: Encodable { var error: String }

    /// So that one line can't keep the program busy for long.
    private static let countLimit = 10_000

    /// Answers `{"expr","tz","start","count"}` with `{"next":[…]}`, or with `{"error":"…"}`; other keys are not
    /// looked at.
    package static func answer(line: String) -> String {
        do {
            let question = try decode(line)
            let zone = try ZoneRules(identifier: question.tz ?? "UTC")
            let schedule = try CronSchedule(parsing: question.expr)
            let count = question.count ?? 1
            guard (0...countLimit).contains(count) else { throw Problem("count \(count) is outside 0-\(countLimit)") }
            var moment = try Instant(rfc3339: question.start)
            var times: [String] = []
            while times.count < count, let next = schedule.next(after: moment, in: zone) {
                times.append(next.rfc3339(in: zone))
                moment = next
            }
            return try encode(Answer(next: times))
        } catch {
            let sentence = (error as? any LocalizedError)?.errorDescription ?? "\(error)"
            return (try? encode(Refusal(error: sentence))) ?? "{\"error\":\"the answer could not be written as JSON\"}"
        }
    }

    private static func decode(_ line: String) throws -> Question {
        do {
            return try JSONDecoder().decode(Question.self, from: Data(line.utf8))
        } catch DecodingError.keyNotFound(let key, _) {
            throw Problem("the line has no \"\(key.stringValue)\"")
        } catch DecodingError.typeMismatch(_, let context) {
            throw Problem("\"\(context.codingPath.map(\.stringValue).joined(separator: "."))\" has the wrong type")
        } catch {
            throw Problem("the line is not a JSON object with \"expr\", \"tz\", \"start\" and \"count\"")
        }
    }

    private static func encode(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    private struct Problem: LocalizedError {
        var errorDescription: String?
        init(_ sentence: String) { errorDescription = sentence }
    }
}
