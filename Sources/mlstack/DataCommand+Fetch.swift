import ArgumentParser
import Foundation
import Stack

extension DataCommand {
    struct Fetch: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Download a public MovieLens dataset into the home.",
            discussion: """
                Known are \(PublicDataset.all.map(\.name).joined(separator: ", ")). A download that was cut goes on where it \
                was. The proxy is the one that https_proxy, http_proxy or all_proxy names.
                """)
        @Argument(help: "The dataset's name, such as ml-1m.") var name: String
        @Flag(
            name: [.long, .customLong("accept-license", withSingleDash: false)],
            help: "Accept the dataset's licence, which is shown.")
        var acceptLicence = false
        @Option(help: ArgumentHelp("Another place that has NAME.zip and NAME.zip.md5.", valueName: "url"))
        var from: String?
        @Flag(help: "Fetch it again when it is there; the old one stays until the new one is whole.") var force = false
        @OptionGroup var home: HomeOption

        func run() async throws {
            let fetch = try DatasetFetch(name, home: home.place, from: from)
            if let path = fetch.present, !force {
                return Terminal.say("\(name) is there already, in \(path); --force fetches it again")
            }
            Terminal.say(fetch.dataset.licence)
            let isAccepted = acceptLicence || Terminal.asks("Do you accept these terms? [yes/no] ")
            let bar = TransferBar(name)
            // A failure is told below the bar.
            defer { bar.end() }
            let outcome = try await fetch.run(isAccepted: isAccepted, replaces: force) { step in
                switch step {
                case .downloading(let bytes, let total): bar.show(bytes: bytes, total: total)
                case .unpacking(let share): bar.show(unpacked: share)
                }
            }
            bar.end()
            guard case .fetched(let path, let isChecked) = outcome else { return }
            if !isChecked {
                Terminal.say("no checksum is published beside it; only the archive's own were checked")
            }
            Terminal.say("fetched into \(path); start with `mlstack up --dataset \(name)`")
        }
    }
}
