import ArgumentParser
import Foundation
import Stack

extension ModelCommand {
    struct Archive: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take a version out of use: its stage becomes Archived.",
            discussion:
                "When it is in production, the alias goes, and serving keeps what it has loaded until another is promoted."
        )
        @Argument(help: "The model's name.") var name: String
        @Argument(help: "The version's number.") var version: Int
        @OptionGroup var server: ServerOptions

        func run() async throws {
            let text = try await server.client.archive(name, version: version)
            if server.json { return print(text) }
            print("version \(version) of \(Terminal.plain(name)) is archived")
        }
    }

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the files of a version into a folder, as `mlflow.pyfunc.load_model` opens it.")
        @Argument(help: "The model's name.") var name: String
        @Argument(help: "The version's number.") var version: Int
        @Option(help: ArgumentHelp("A new folder; default: NAME-VERSION.", valueName: "dir")) var output: String?
        @OptionGroup var server: ServerOptions

        func run() async throws {
            let folder = output ?? "\(name)-\(version)"
            let count = try await server.client.export(name, version: version, to: folder)
            if server.json {
                let data = try JSONSerialization.data(
                    withJSONObject: ["name": name, "version": version, "path": folder, "files": count],
                    options: [.sortedKeys, .withoutEscapingSlashes])
                return print(String(decoding: data, as: UTF8.self))
            }
            print("\(Terminal.plain(folder)): \(count) files of version \(version) of \(Terminal.plain(name))")
        }
    }
}
