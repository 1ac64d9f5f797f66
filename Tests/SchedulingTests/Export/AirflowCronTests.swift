import Testing

@testable import Scheduling

struct AirflowCronTests {
    @Test(arguments: [
        ("@daily", "0 0 * * *"), ("*/10 6 * * 1-5", "*/10 6 * * 1-5"), ("0 9 * * MON-FRI", "0 9 * * 1,2,3,4,5"),
        ("0 22-1 * * *", "0 0,1,22,23 * * *"), ("0 6 L * *", "0 6 L * *"), ("0 6 * * FRI#2", "0 6 * * 5#2"),
        ("0 6 * * 5L", "0 6 * * L5"), ("0 0 1 JAN ?", "0 0 1 1 *"),
    ])
    func `an expression is written as croniter reads it`(text: String, expected: String) throws {
        #expect(AirflowCron.text(try CronSchedule(parsing: text)) == expected)
    }

    @Test(arguments: ["0 0 15W * *", "0 0 LW * *", "0 6 * * MON,FRI#2"])
    func `what croniter cannot read is not given to it`(text: String) throws {
        #expect(AirflowCron.text(try CronSchedule(parsing: text)) == nil)
    }

    @Test(arguments: [("0 0 */2 * FRI", true), ("0 0 1 * FRI", false), ("0 0 * * FRI", false)])
    func `day fields that both have to match are noticed`(text: String, differs: Bool) throws {
        #expect(AirflowCron.differs(try CronSchedule(parsing: text)) == differs)
    }
}
