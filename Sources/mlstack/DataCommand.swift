import ArgumentParser
import Foundation
import Stack

struct DataCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data", abstract: "Datasets.",
        subcommands: [List.self, Describe.self, Validate.self, Generate.self, Fetch.self, Import.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Datasets that a name finds.")
        @OptionGroup var home: HomeOption
        @Flag(help: "Print JSON.") var json = false
        func run() async throws {
            let found = try DatasetWork().list(home: home.place)
            if json {
                let rows = found.map { "{\"name\":\"\($0.name)\",\"path\":\"\($0.path)\"}" }
                return print("[\(rows.joined(separator: ","))]")
            }
            Terminal.table(["dataset", "path"], found.map { [$0.name, $0.path] })
        }
    }
    struct Describe: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "What a dataset holds.")
        @Argument(help: "A name or a path.") var dataset = "demo"
        @OptionGroup var home: HomeOption
        @Flag(help: "Print JSON.") var json = false
        func run() async throws {
            let findings = try await DatasetWork().report(dataset, home: home.place, maxProblems: 5)
            print(json ? try findings.json() : findings.text)
        }
    }
    struct Validate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read a dataset through and name every bad line; exits with 1 when there is one.")
        @Argument(help: "A name or a path.") var dataset: String
        @Option(help: "How many bad lines to print.") var limit = 20
        @OptionGroup var home: HomeOption
        func run() async throws {
            let findings = try await DatasetWork().report(dataset, home: home.place, maxProblems: limit)
            for problem in findings.problems { print(problem) }
            if findings.badLines > 0 {
                Terminal.say("bad lines: \(findings.badLines) of \(findings.lines); `--skip-bad-lines` puts them aside")
                throw ExitCode(1)
            }
            Terminal.say("\(findings.lines) lines, all right")
        }
    }
    struct Generate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Write a synthetic dataset in MovieLens form.")
        @Option(help: "How many ratings, up to 25 million.") var ratings = 60_000
        @Option(help: "Over how many days.") var days = 180
        @Option(help: "A whole number from 0 to \(UInt64.max); the same gives the same bytes.") var seed: UInt64 = 7
        @Option(help: ArgumentHelp("The folder to write.", valueName: "dir")) var output: String
        func run() async throws {
            try await DatasetWork().generate(ratings: ratings, days: days, seed: seed, output: output) {
                Terminal.progress("generating", $0)
            }
            Terminal.say("wrote \(ratings) ratings to \(output)")
        }
    }
}
