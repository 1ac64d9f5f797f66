import ArgumentParser
import Stack

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "What on this machine or in this home would stop the stack, and the remedy.")
    @OptionGroup var home: HomeOption
    @Option(help: "The port that `up` would take.") var port = 8080
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        let findings = await Doctor(home: home.place, port: port).examine()
        if json {
            print(try Doctor.json(findings))
        } else {
            for finding in findings {
                print("\(finding.isWell ? "ok  " : "BAD ")  \(finding.subject): \(finding.text)")
                if let remedy = finding.remedy { print("      fix: \(remedy)") }
            }
        }
        if findings.contains(where: { !$0.isWell }) { throw ExitCode(1) }
    }
}
