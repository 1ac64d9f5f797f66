import ArgumentParser
import Foundation
import Stack

struct ModelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model", abstract: "Registered models and their versions.",
        subcommands: [
            List.self, Show.self, History.self, Promote.self, Rollback.self, Archive.self, Reproduce.self, Export.self,
            Store.self, Fetch.self,
        ])

    fileprivate static func show(_ model: Answers.Model) {
        Terminal.table(
            ["version", "aliases", "stage", "algorithm", "trained up to", "ndcg@10", "created"],
            model.versions.map { version in
                let quality = (version.metrics["ndcg_at_10"] ?? nil).map { String(format: "%.4f", $0) } ?? "-"
                return [
                    "\(version.version)", version.aliases.joined(separator: ","), version.stage,
                    version.algorithm ?? "-",
                    version.simulatedDate ?? "-", quality, version.createdAt,
                ]
            })
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Every registered model.")
        @OptionGroup var server: ServerOptions
        func run() async throws {
            try server.show(try await server.client.get("/api/v1/models"), as: Answers.Models.self) { answer in
                Terminal.table(
                    ["model", "versions", "aliases"],
                    answer.models.map { model in
                        let aliases = model.aliases.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
                        return [model.name, "\(model.versions)", aliases.joined(separator: " ")]
                    })
            }
        }
    }
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The versions of a model, newest first.")
        @Argument(help: "The model's name.") var name: String
        @OptionGroup var server: ServerOptions
        func run() async throws {
            let text = try await server.client.get(StackClient.path(ofModel: name))
            try server.show(text, as: Answers.Model.self, ModelCommand.show)
        }
    }
    struct Promote: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give a version an alias; serving follows `production`.")
        @Argument(help: "The model's name.") var name: String
        @Argument(help: "The version's number.") var version: Int
        @Option(help: "The alias to move.") var alias = "production"
        @Option(help: "Why, for the history.") var reason = "promoted from the command line"
        @OptionGroup var server: ServerOptions
        func run() async throws {
            let text = try await server.client.post(
                StackClient.path(ofModel: name) + "/promote",
                ["version": version, "alias": alias, "reason": reason])
            try server.show(text, as: Answers.Model.self, ModelCommand.show)
        }
    }
    struct Rollback: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give the alias back to the version that had it before.")
        @Argument(help: "The model's name.") var name: String
        @Option(help: "The alias.") var alias = "production"
        @OptionGroup var server: ServerOptions
        func run() async throws {
            let text = try await server.client.post(
                StackClient.path(ofModel: name) + "/rollback", ["alias": alias])
            try server.show(text, as: Answers.Model.self, ModelCommand.show)
        }
    }
    struct Reproduce: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Train a version again as it was, and say whether the bytes are equal.",
            discussion: """
                The server trains it from the data, the code version, the parameters and the former model that its lineage names, \
                and answers when that has ended. Exits with 1 when a byte differs, and when it cannot be trained as it was.
                """)
        @Argument(help: "The model's name.") var name: String
        @Argument(help: "The version's number.") var version: Int
        @OptionGroup var server: ServerOptions
        func run() async throws {
            // No training takes longer than a day.
            let text = try await server.client.post(
                StackClient.path(ofModel: name) + "/versions/\(version)/reproduce", timeout: .seconds(86_400))
            let answer: Answers.Reproduction = try StackClient.decode(text)
            try server.show(text, as: Answers.Reproduction.self) { answer in
                let took = "trained again in \(String(format: "%.2f", answer.seconds)) s"
                if answer.equal {
                    return print(
                        "version \(answer.version) of \(answer.name): the bytes are equal (\(answer.contentHash.prefix(12))), \(took)"
                    )
                }
                print(
                    "version \(answer.version) of \(answer.name): the bytes differ in \(answer.differingFiles.joined(separator: ", ")) "
                        + "(\(answer.contentHash.prefix(12)), now \(answer.reproducedHash.prefix(12))), \(took)")
            }
            if !answer.equal { throw ExitCode(1) }
        }
    }
}
