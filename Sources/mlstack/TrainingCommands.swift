import ArgumentParser
import Foundation
import Stack

struct TrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Train one model without a server; prints one JSON object.")
    @Option(help: "als, als-explicit, bpr, ease, item-knn, popularity, recvae.") var algorithm: String
    @Option(help: ArgumentHelp("Any MovieLens form, or CSV userId,movieId[,rating[,timestamp]].", valueName: "path"))
    var ratings: String
    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("A setting; may be repeated. warm_start=DIR starts from a model.", valueName: "k=v"))
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
    @OptionGroup var folds: FoldOptions
    @Option(help: "Lengths of the lists.") var k = "10,20,100"
    @Option(help: ArgumentHelp("Resamples of the users for 95 % intervals, such as 2000.", valueName: "n"))
    var bootstrap: Int?
    @Option(help: ArgumentHelp("Compare user by user with another model or algorithm.", valueName: "dir|algorithm"))
    var against: String?
    @Option(help: ArgumentHelp("A setting of the algorithm that --against names; may be repeated.", valueName: "k=v"))
    var againstSet: [String] = []

    func validate() throws {
        guard (model == nil) != (algorithm == nil) else {
            throw ValidationError("Give --model or --algorithm, one of them.")
        }
        if algorithm == nil, !settings.isEmpty {
            throw ValidationError("--set is for --algorithm; a model in a folder is trained already.")
        }
        if against == nil, !againstSet.isEmpty { throw ValidationError("--against-set is for --against.") }
        _ = try lengths()
        if let bootstrap, !(100...100_000).contains(bootstrap) {
            throw ValidationError("--bootstrap \(bootstrap) is not a number from 100 to 100000.")
        }
    }

    private func lengths() throws -> [Int] {
        let given = k.split(separator: ",").map { Int($0) }
        let valid = given.compactMap { $0 }.filter { (1...1000).contains($0) }
        guard valid.count == given.count, !valid.isEmpty else {
            throw ValidationError("--k \(k) is not a list of lengths from 1 to 1000, such as 10,20,100.")
        }
        return valid
    }

    func run() async throws {
        var evaluation = try OfflineEvaluation(
            model: model, algorithm: algorithm, settings: settings, train: folds.train, test: folds.test,
            history: folds.history)
        (evaluation.k, evaluation.bootstrap) = (try lengths(), bootstrap)
        if let against { try evaluation.compare(with: against, settings: againstSet) }
        print(try await evaluation.run())
    }
}

/// The splits that models are judged on.
struct FoldOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The training interactions; once for each fold.", valueName: "path"))
    var train: [String]
    @Option(help: ArgumentHelp("The interactions to be guessed; once for each fold.", valueName: "path"))
    var test: [String]
    @Option(
        help: ArgumentHelp("Interactions of test users that training never saw; once for each fold.", valueName: "path")
    )
    var history: [String] = []
}

struct RecommendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recommend",
        abstract: "Recommendations for a user, from a running server or from a model's folder.")
    @Option(help: ArgumentHelp("A model's folder; default: ask the server.", valueName: "dir")) var model: String?
    @Option(help: "The user's id.") var user: String
    @Option(name: .customShort("k"), help: "How many.") var count = 10
    @OptionGroup var server: ServerOptions

    func validate() throws {
        guard (1...1000).contains(count) else { throw ValidationError("-k \(count) is not a number from 1 to 1000.") }
    }

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
