import ArgumentParser
import Foundation
import Stack

struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "The whole home in one file, also while the stack runs.",
        discussion: """
            A backup is a .tar.gz with a list of checksums in it: `tar xzf` unpacks it, and `sha256sum -c SHA256SUMS` \
            checks it, on a machine that never heard of mlstack.
            """,
        subcommands: [Create.self, Restore.self, Verify.self])

    struct Output: ParsableArguments {
        @Flag(help: "Print JSON.") var json = false

        /// - Parameter done: what has happened, as a sentence without its end.
        func show(_ summary: BackupSummary, done: String) throws {
            for warning in summary.warnings { Terminal.say("note: \(warning)") }
            if json { return print(try summary.json()) }
            let size = String(format: "%.1f", Double(summary.bytes) / 1e6)
            print("\(done): \(summary.files) files, \(size) MB, \(summary.versions) model versions")
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the whole home into one file.",
            discussion: """
                Needs no server, and disturbs none that runs: the database is copied as it is at one moment. Passwords \
                (secrets.yaml) stay out unless asked for. The file can be read by its owner alone.
                """)
        @Argument(help: "The file to write, such as ../mlstack.tar.gz; outside the home.") var file: String
        @Flag(help: "Take in secrets.yaml.") var withSecrets = false
        @Flag(help: "Replace a file that is there.") var force = false
        @OptionGroup var home: HomeOption
        @OptionGroup var output: Output

        func run() async throws {
            let creation = BackupCreation(home: home.place, file: file, withSecrets: withSecrets, replaces: force)
            let bar = TransferBar(file)
            defer { bar.end() }
            let summary = try await Interruption.listening { isStopped in
                try await creation.run(onProgress: { bar.show("writing", $0) }, isStopped: isStopped)
            }
            bar.end()
            try output.show(summary, done: "\(file) holds \(home.place.path)")
        }
    }

    struct Restore: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a home of a backup.",
            discussion: """
                Everything is unpacked and checked beside the home, then takes its place in one step: stopped at any moment, \
                the home is the old one or the new one. No server may run on it.
                """)
        @Argument(help: "The backup.") var file: String
        @Flag(help: "Replace all that is in the home.") var force = false
        @OptionGroup var home: HomeOption
        @OptionGroup var output: Output

        func run() async throws {
            let restoration = BackupRestoration(file: file, home: home.place, replaces: force)
            let bar = TransferBar(file)
            defer { bar.end() }
            let summary = try await Interruption.listening { isStopped in
                try await restoration.run(onProgress: { bar.show("restoring", $0) }, isStopped: isStopped)
            }
            bar.end()
            try output.show(summary, done: "\(home.place.path) is as it was on \(summary.manifest.createdAt)")
        }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read a backup through: every checksum, the database, the files that it names.",
            discussion: "Changes nothing. Needs room for the database in the folder for temporary files (TMPDIR).")
        @Argument(help: "The backup.") var file: String
        @OptionGroup var output: Output

        func run() async throws {
            let verification = BackupVerification(file: file)
            let bar = TransferBar(file)
            defer { bar.end() }
            let summary = try await Interruption.listening { isStopped in
                try await verification.run(onProgress: { bar.show("reading", $0) }, isStopped: isStopped)
            }
            bar.end()
            try output.show(
                summary, done: "\(file) is whole, made on \(summary.manifest.createdAt) of \(summary.manifest.home)")
        }
    }
}
