import Testing

@testable import Scheduling

struct CronBatchTests {
    @Test(arguments: [
        (
            #"{"expr":"@daily","tz":"Asia/Seoul","start":"2026-01-01T00:00:00+09:00","count":2}"#,
            #"{"next":["2026-01-02T00:00:00+09:00","2026-01-03T00:00:00+09:00"]}"#
        ),
        (#"{"expr":"@daily","start":"2026-01-01T00:00:00Z"}"#, #"{"next":["2026-01-02T00:00:00+00:00"]}"#),
        (#"{"expr":"@daily","start":"2026-01-01T00:00:00Z","count":0}"#, #"{"next":[]}"#),
        (
            #"{"expr":"0 0 30 2 *","start":"2026-01-01T00:00:00Z"}"#,
            #"{"error":"cron \"0 0 30 2 *\": it never fires: no month it names has such a day (field 3)"}"#
        ),
        (
            #"{"expr":"@daily","tz":"Asia/Soul","start":"2026-01-01T00:00:00Z"}"#,
            #"{"error":"unknown time zone \"Asia/Soul\". Did you mean Asia/Seoul?"}"#
        ),
        (
            #"{"expr":"@daily","start":"yesterday"}"#,
            #"{"error":"\"yesterday\" is not a time: a year of four digits is expected"}"#
        ),
        (#"{"expr":"@daily"}"#, #"{"error":"the line has no \"start\""}"#),
        (#"{"expr":5,"start":"2026-01-01T00:00:00Z"}"#, #"{"error":"\"expr\" has the wrong type"}"#),
        (#"{"expr":"@daily","start":"2026-01-01T00:00:00Z","count":-1}"#, #"{"error":"count -1 is outside 0-10000"}"#),
        ("nonsense", #"{"error":"the line is not a JSON object with \"expr\", \"tz\", \"start\" and \"count\""}"#),
    ])
    func `each line has one answer`(line: String, answer: String) {
        #expect(CronBatch.answer(line: line) == answer)
    }
}
