import ArgumentParser
import Stack

struct CronCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cron", abstract: "Cron expressions.", subcommands: [Next.self])

    struct Next: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "When an expression fires next, one time a line.")
        @Argument(help: "The expression, in quotes.") var expression: String?
        @Option(help: "An IANA time zone.") var timezone = "UTC"
        @Option(help: "Strictly after this moment; default: now.") var from: String?
        @Option(help: "How many times.") var count = 5
        @Flag(help: "Read JSON lines {\"expr\",\"tz\",\"start\",\"count\"} and answer each.") var batch = false
        func run() throws {
            if batch {
                while let line = readLine() {
                    if !line.isEmpty { print(CronQuestions.answer(line)) }
                }
                return
            }
            guard let expression else {
                throw ValidationError("Give an expression, such as \"@daily\" or \"0 6 * * 1-5\".")
            }
            for time in try CronQuestions.next(expression, zone: timezone, from: from, count: count) { print(time) }
        }
    }
}
