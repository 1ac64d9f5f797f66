import ArgumentParser
import Foundation
import Stack

extension ExperimentCommand {
    struct Purge: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove deleted experiments and runs for good, and free their names.",
            discussion: """
                What MLflow deletes it only hides. This removes it with its files; nothing brings it back but a backup. Deleted \
                logged models go too, and stored files whose version was deleted. Runs and logged models that versions of \
                registered models were made from stay.
                """)
        @Flag(help: "Only say what would be removed.") var dryRun = false
        @Flag(help: "Do not ask.") var yes = false
        @OptionGroup var server: ServerOptions

        /// More are not read by anybody.
        private static let mostKept = 10
        /// Every folder of files is looked through first, and in a bucket each takes a request or more.
        private static let patience = Duration.seconds(3600)
        private static let path = "/api/v1/experiments/purge"

        func run() async throws {
            let client = try server.client
            let preview = try await client.post(Purge.path, ["dry_run": true], timeout: Purge.patience)
            let plan: Answers.Purge = try StackClient.decode(preview)
            if dryRun || plan.isEmpty {
                try server.show(preview, as: Answers.Purge.self) { Purge.show($0, "would be removed") }
                return
            }
            if !yes { Purge.show(plan, "are to be removed for good", Terminal.say) }
            try Terminal.confirm("Remove them?", isGiven: yes)
            let done = try await client.post(Purge.path, ["dry_run": false], timeout: Purge.patience)
            try server.show(done, as: Answers.Purge.self) { Purge.show($0, "removed") }
        }

        private static func show(_ plan: Answers.Purge, _ what: String, _ say: (String) -> Void = { print($0) }) {
            for experiment in plan.experiments {
                say("experiment  \(Terminal.plain(experiment.name)) (\(experiment.id))")
            }
            for kept in plan.kept.prefix(Purge.mostKept) {
                say(
                    "kept        \(kept.kind.replacing("_", with: " ")) \(kept.id): version \(kept.version) of "
                        + "\(Terminal.plain(kept.model)) was made from it")
            }
            if plan.kept.count > Purge.mostKept {
                say("            and \(plan.kept.count - Purge.mostKept) more (--json)")
            }
            if let kept = plan.kept.first {
                say(
                    "            to remove it too, delete the version first: "
                        + "MlflowClient().delete_model_version(\"\(Terminal.plain(kept.model))\", \"\(kept.version)\")")
            }
            if plan.isEmpty { return say("nothing was deleted before, so there is nothing to remove") }
            let size = String(format: "%.1f", Double(plan.bytes) / 1e6)
            say(
                [(plan.experiments.count, "experiment"), (plan.runs, "run"), (plan.loggedModels, "logged model")].map {
                    "\($0) \($1)\($0 == 1 ? "" : "s")"
                }.joined(separator: ", ") + ", \(size) MB \(what)")
            if let count = plan.unremovedFolders, count > 0 {
                say(
                    "            the files of \(count) of them could not be removed yet; the server's log says why, and it tries "
                        + "again within a day")
            }
        }
    }
}
