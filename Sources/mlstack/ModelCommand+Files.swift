import ArgumentParser
import Foundation
import Stack

extension ModelCommand {
    struct Store: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Store a file or a folder as a new version of a model.",
            discussion: """
                The file and the version appear together or not at all. A folder becomes one file. `mlstack model fetch` gives it \
                back; it is not served.
                """)
        @Argument(help: "A file or a folder.") var path: String
        @Argument(help: "The model's name; made when there is none.") var name: String
        @Option(help: "A number, by which `fetch --best` finds the best.") var score: Double?
        @Option(help: "What the score is of; of an error or a loss, less is better.") var metric: String?
        @Option(help: ArgumentHelp("A tag of the version; repeat it for more.", valueName: "key=value"))
        var tag: [String] = []
        @Flag(help: "Compress it with gzip.") var compress = false
        @OptionGroup var server: ServerOptions

        func run() async throws {
            let facts = StackClient.FileFacts(
                score: score, metric: metric, tags: try KeyValues.read(tag, option: "--tag"))
            let text = try await server.client.store(path, as: name, facts, compresses: compress)
            try server.show(text, as: Answers.StoredFile.self) { stored in
                print(
                    "stored \(Terminal.plain(stored.file)) as version \(stored.version) of \(Terminal.plain(stored.name)), "
                        + "\(stored.bytes) bytes, sha256 \(stored.sha256.prefix(12))")
            }
        }
    }

    struct Fetch: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Fetch the newest or the best file that was stored for a model.",
            discussion: "It comes unpacked, and its checksum is proven before it gets its name.")
        @Argument(help: "The model's name.") var name: String
        @Option(help: ArgumentHelp("Only versions with this tag; repeat it for more.", valueName: "key=value"))
        var tag: [String] = []
        @Flag(help: "The one with the best score; of equal ones the newest.") var best = false
        @Flag(help: "The newest, which is the default.") var newest = false
        @Option(help: ArgumentHelp("The folder to write it to.", valueName: "dir")) var output = "."
        @Flag(help: "Replace what is there.") var force = false
        @OptionGroup var server: ServerOptions

        func validate() throws {
            if best, newest { throw ValidationError("Give --best or --newest.") }
        }

        func run() async throws {
            let fetched = try await server.client.fetch(
                name, choice: best ? "best" : "newest", tags: try KeyValues.read(tag, option: "--tag"), into: output,
                replaces: force)
            if server.json { return print(try fetched.json()) }
            print(
                "\(fetched.path): version \(fetched.version) of \(Terminal.plain(name)), sha256 \(fetched.sha256.prefix(12))"
            )
        }
    }
}
