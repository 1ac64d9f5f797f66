import ArgumentParser
import Foundation
import Stack

extension DataCommand {
    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take a dataset into the home, where its name finds it, or send feedback as it comes.",
            discussion: """
                With --follow, feedback events come over standard input, one JSON object a line, as \
                POST /api/v1/feedback takes them: {"user":"1","item":"2","rating":4}. Each is sent to the running server \
                until it is stored there. Lines that are no events are told of and put aside in the home.
                """)
        @Argument(help: "A MovieLens file or folder, a .zip of one, or a ratings file as .gz.") var path: String?
        @Flag(help: "Send feedback events from standard input to the running server, until their end.")
        var follow = false
        @Option(help: "The name; default: the file's or folder's.") var name: String?
        @OptionGroup var server: ServerOptions

        func validate() throws {
            if follow, path != nil || name != nil {
                throw ValidationError("--follow reads standard input; leave out the path and --name.")
            }
            if !follow, path == nil { throw ValidationError("Give the path of a dataset, or --follow.") }
        }

        func run() async throws {
            if let path { try await take(path) } else { try await followInput() }
        }

        private func take(_ path: String) async throws {
            let bar = TransferBar(path)
            defer { bar.end() }
            let name = try await DatasetWork().importDataset(path, name: name, home: server.home.place) {
                bar.show(unpacked: $0)
            }
            bar.end()
            Terminal.say("imported; start with `mlstack up --dataset \(name)`")
        }

        private func followInput() async throws {
            let rejected = RejectedLines(home: server.home.place)
            let follower = FeedbackFollower(client: try server.client) { rejection in
                Terminal.say("line \(rejection.line): \(rejection.reason)")
                try await rejected.add(rejection.text)
            }
            let summary = try await follower.followStandardInput()
            if server.json {
                print(
                    "{\"acknowledged\":\(summary.acknowledged),\"duplicates\":\(summary.duplicates),\"rejected\":\(summary.rejected)}"
                )
            } else {
                let known = summary.duplicates > 0 ? ", \(summary.duplicates) of them had been sent before" : ""
                print("\(summary.acknowledged) events stored\(known)")
            }
            if summary.rejected > 0 {
                Terminal.say("lines put aside: \(summary.rejected), in \(rejected.path)")
                throw ExitCode(1)
            }
        }
    }
}
