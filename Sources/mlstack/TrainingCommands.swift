import ArgumentParser
import Foundation
import Stack

struct TrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Train one model without a server; prints one JSON object.")
    @Option(help: "als, popularity.") var algorithm: String
    @Option(help: ArgumentHelp("Any MovieLens form, or CSV userId,movieId[,rating[,timestamp]].", valueName: "path"))
    var ratings: String
    @Option(name: .customLong("set"), help: ArgumentHelp("A setting; may be repeated.", valueName: "k=v"))
    var settings: [String] = []
    @Option(help: ArgumentHelp("The folder to write the model to.", valueName: "dir")) var output: String

    func run() async throws {
        print(
            try await OfflineTraining().train(
                algorithm: algorithm, ratings: ratings, settings: settings, output: output,
                onSweep: { if Terminal.isInteractive { Terminal.say($0) } }))
    }
}

struct EvaluateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Rank the whole catalogue for every test user without a server; prints one JSON object of metrics.")
    @Option(help: ArgumentHelp("A model's folder.", valueName: "dir")) var model: String?
    @Option(help: "An algorithm to train on --train first.") var algorithm: String?
    @Option(
        name: .customLong("set"), help: ArgumentHelp("A setting of the algorithm; may be repeated.", valueName: "k=v"))
    var settings: [String] = []
    @Option(help: ArgumentHelp("The training interactions.", valueName: "path")) var train: String
    @Option(help: ArgumentHelp("The interactions to be guessed.", valueName: "path")) var test: String
    @Option(help: ArgumentHelp("Interactions of test users that training never saw.", valueName: "path"))
    var history: String?
    @Option(help: "Lengths of the lists.") var k = "10,20,100"

    func run() async throws {
        let lengths = k.split(separator: ",").map { Int($0) }
        guard (model == nil) != (algorithm == nil) else {
            throw ValidationError("Give --model or --algorithm, one of them.")
        }
        let valid = lengths.compactMap { $0 }.filter { $0 > 0 }
        guard valid.count == lengths.count, !valid.isEmpty else {
            throw ValidationError("--k \(k) is not a list of lengths such as 10,20,100.")
        }
        print(
            try await OfflineTraining().evaluate(
                model: model, algorithm: algorithm, settings: settings, train: train, test: test, history: history,
                k: valid))
    }
}

struct RecommendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recommend",
        abstract: "Recommendations for a user, from a running server or from a model's folder.")
    @Option(help: ArgumentHelp("A model's folder; default: ask the server.", valueName: "dir")) var model: String?
    @Option(help: "The user's id.") var user: String
    @Option(name: .customShort("k"), help: "How many.") var count = 10
    @OptionGroup var server: ServerOptions

    func run() async throws {
        if let model {
            let best = try await OfflineTraining().recommend(model: model, user: user, k: count)
            if server.json {
                let items = best.map { "{\"item\":\"\($0.item)\",\"score\":\($0.score)}" }
                return print("[\(items.joined(separator: ","))]")
            }
            return Terminal.table(["item", "score"], best.map { [$0.item, String(format: "%.4f", $0.score)] })
        }
        let text = try await server.client.get("/api/v1/recommendations/\(StackClient.escaped(user))?k=\(count)")
        try server.show(text, as: Answers.Recommendations.self) { answer in
            let who =
                answer.known
                ? "user \(answer.user)" : "user \(answer.user), whom the model does not know: the popular list"
            print("for \(who), by \(answer.model.name) version \(answer.model.version)")
            Terminal.table(
                ["item", "title", "genres", "score"],
                answer.items.map {
                    [
                        $0.item, $0.title ?? "-", ($0.genres ?? []).joined(separator: "|"),
                        String(format: "%.4f", $0.score),
                    ]
                })
        }
    }
}

struct DataCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data", abstract: "Datasets.",
        subcommands: [List.self, Describe.self, Validate.self, Generate.self, Import.self])

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
        @Option(help: "The same seed gives the same bytes.") var seed: UInt64 = 7
        @Option(help: ArgumentHelp("The folder to write.", valueName: "dir")) var output: String
        func run() async throws {
            try await DatasetWork().generate(ratings: ratings, days: days, seed: seed, output: output) {
                Terminal.progress("generating", $0)
            }
            Terminal.say("wrote \(ratings) ratings to \(output)")
        }
    }
    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Copy a dataset into the home, where its name finds it.")
        @Argument(help: "A MovieLens file or folder.") var path: String
        @Option(help: "The name; default: the file's or folder's.") var name: String?
        @OptionGroup var home: HomeOption
        func run() async throws {
            let name = try await DatasetWork().importDataset(path, name: name, home: home.place)
            Terminal.say("imported; start with `mlstack up --dataset \(name)`")
        }
    }
}

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
