import Testing

@testable import Scheduling

struct CronWordsTests {
    @Test(arguments: [
        ("@daily", "every day at 00:00"), ("* * * * *", "every minute"), ("*/15 * * * *", "every 15 minutes"),
        ("@hourly", "every hour"), ("5 * * * *", "every hour at minute 5"), ("0 */6 * * *", "every 6 hours"),
        ("30 9 * * MON-FRI", "at 09:30 on Monday to Friday"), ("0 9,17 * * *", "every day at 09:00 and 17:00"),
        ("@weekly", "at 00:00 on Sunday"), ("@monthly", "at 00:00 on day 1 of the month"),
        ("@yearly", "at 00:00 on day 1 of the month in January"),
        ("0 0 L * *", "at 00:00 on the last day of the month"),
        ("0 0 LW * *", "at 00:00 on the last working day of the month"),
        ("0 0 15W * *", "at 00:00 on the working day nearest to day 15"),
        ("0 0 13 * FRI", "at 00:00 on day 13 of the month or on Friday"),
        ("0 0 * * FRI#2", "at 00:00 on the second Friday of the month"),
        ("0 0 * * 5L", "at 00:00 on the last Friday of the month"), ("0 0 * * 0-6", "every day at 00:00"),
        ("*/5 9-17 * * *", "every 5 minutes of hours 9 to 17"),
        ("0 0 * JUN-AUG *", "at 00:00 every day in June to August"),
        ("0 0 * * SAT,SUN", "at 00:00 on Saturday and Sunday"),
        ("0 0 1 1 *", "at 00:00 on day 1 of the month in January"),
        ("1-20 3 * * *", "every day at minutes 1 to 20 of hour 3"),
    ])
    func `a schedule in words`(expression: String, words: String) throws {
        #expect(try CronSchedule(parsing: expression).inWords == words)
    }
}
