import Foundation
import Transfer

/// `mlstack data fetch`: a public dataset from the net into the home.
///
/// What comes lies in the home's `datasets/` under a hidden name until it is whole, and is gone on with by the next call.
/// The archive is compared with the checksum that is published beside it, each file inside with the archive's own.
package struct DatasetFetch: Sendable {
    package let dataset: PublicDataset
    private let home: Home
    private let source: String
    private let transfer = HTTPTransfer(queue: Queues.transfer)
    /// Before each further attempt of a download that was cut; nil: as `FileDownload` has it.
    var pauses: [Duration]?

    package enum Outcome: Sendable, Equatable {
        /// Nothing was asked of the net.
        case wasThere(path: String)
        /// `isChecked`: a checksum was published beside it.
        case fetched(path: String, isChecked: Bool)
    }

    package enum Step: Sendable, Equatable {
        /// No total when the server does not say.
        case downloading(bytes: Int, total: Int?)
        case unpacking(share: Double)
    }

    /// The largest set has 240 MB; what declares far more is something else.
    private static let mostBytes = 2 << 30
    private static let longestChecksum = 4 << 10

    /// - Parameter from: where `<name>.zip` is; nil: GroupLens.
    /// - Throws: `FetchError.unknown`, `TransferError.badURL`.
    package init(_ name: String, home: Home, from: String? = nil) throws {
        guard let dataset = PublicDataset.all.first(where: { $0.name == name }) else {
            throw FetchError.unknown(name: name, known: PublicDataset.all.map(\.name))
        }
        let source = from ?? PublicDataset.source
        // libcurl would take any word for a host, and look for it in the net.
        guard ["http://", "https://"].contains(where: source.lowercased().hasPrefix),
            let host = URL(string: source)?.host(), !host.isEmpty
        else { throw TransferError.badURL(url: source, reason: "it names no host after http:// or https://") }
        (self.dataset, self.home) = (dataset, home)
        self.source = source.hasSuffix("/") ? String(source.dropLast()) : source
    }

    private var staging: DatasetStaging { DatasetStaging(name: dataset.name, home: home) }
    private var archive: String { "\(home.datasets)/.\(dataset.name).zip.part" }
    private var url: String { "\(source)/\(dataset.name).zip" }

    /// Where the dataset is already; nil when it has to come.
    package var present: String? { staging.isTaken ? staging.target : nil }

    /// - Parameters:
    ///   - isAccepted: whether the person has accepted `dataset.licence`.
    ///   - replaces: to fetch again what is there, which stays until the new one is whole.
    ///   - onStep: called from queues.
    /// - Throws: `FetchError`, `DownloadError`, `TransferError`, `ArchiveError`, `StackError`; what came stays for the next call.
    package func run(
        isAccepted: Bool, replaces: Bool = false, onStep: @escaping @Sendable (Step) -> Void = { _ in }
    ) async throws -> Outcome {
        if !replaces, let present { return .wasThere(path: present) }
        guard isAccepted else { throw FetchError.licenceNotAccepted(name: dataset.name) }
        try home.prepare()
        do {
            let published = try await checksum()
            try await download(published, onStep)
            try await Queues.files.perform { try unpack(onStep) }
            return .fetched(path: staging.target, isChecked: published != nil)
        } catch let error as TransferError {
            let environment = ProcessInfo.processInfo.environment
            throw FetchError.telling(error, name: dataset.name, url: url, environment: environment)
        }
    }

    /// The published MD5; nil when there is none, as at a mirror that keeps the archives alone.
    private func checksum() async throws -> String? {
        let url = self.url + ".md5"
        let reply = try await transfer.request(
            "GET", url, maxResponseBytes: DatasetFetch.longestChecksum, followsRedirects: true)
        if reply.status == 404 { return nil }
        guard reply.isSuccess else { throw DownloadError.refused(url: url, status: reply.status) }
        // `<digits>  ml-25m.zip` or `MD5 (ml-1m.zip) = <digits>`.
        guard let match = reply.text.firstMatch(of: #/\b[0-9a-fA-F]{32}\b/#) else {
            throw FetchError.noChecksum(url: url)
        }
        return match.0.lowercased()
    }

    private func download(_ published: String?, _ onStep: @escaping @Sendable (Step) -> Void) async throws {
        var download = FileDownload(url: url, path: archive, maxBytes: DatasetFetch.mostBytes)
        if let pauses { download.pauses = pauses }
        while true {
            let outcome = try await download.run(over: transfer) { onStep(.downloading(bytes: $0, total: $1)) }
            guard let published else { return }
            let found = try await Queues.files.perform { try MD5.hex(ofFile: archive) }
            if found == published { return }
            try await Queues.files.perform { removeArchive() }
            // A part that was begun in another run may be of a file that changed since; once more, from nothing.
            guard outcome.isContinued else {
                throw FetchError.wrongChecksum(name: dataset.name + ".zip", published: published, found: found)
            }
        }
    }

    private func unpack(_ onStep: (Step) -> Void) throws {
        do {
            try staging.fill { folder in
                try ZipArchive(path: archive).unpack(into: folder) { onStep(.unpacking(share: $0)) }
                return try DatasetStaging.root(in: folder, archive: dataset.name + ".zip")
            }
        } catch let error as ArchiveError where error.isOfContent {
            // Nothing that could be gone on with.
            removeArchive()
            throw error
        }
        removeArchive()
    }

    private func removeArchive() {
        for path in [archive, archive + ".json"] { try? FileManager.default.removeItem(atPath: path) }
    }
}
