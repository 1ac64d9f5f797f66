import CPlatform
import Foundation
import Training

/// A dataset on its way into a home: put together in a folder of another name, then given its own, whole or not at all.
struct DatasetStaging: Sendable {
    let name: String
    let home: Home

    var target: String { "\(home.datasets)/\(name)" }
    /// Hidden, so that no listing takes it for a dataset.
    private var folder: String { "\(home.datasets)/.\(name).partial" }

    var isTaken: Bool { FileManager.default.fileExists(atPath: target) }

    /// Runs `body` with an empty folder, then publishes the folder that `body` answers, which is it or one inside it.
    ///
    /// Blocks. When `body` throws, nothing of it is left.
    func fill(_ body: (_ folder: String) throws -> String) throws {
        let files = FileManager.default
        let lock = open(home.datasets, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        // The folder itself is locked, so that nothing is left behind; the lock goes with the process.
        guard lock >= 0 else { throw unwritable(String(cString: strerror(errno))) }
        defer { close(lock) }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            throw StackError.usage(
                "another dataset is just being put into \(home.path).", remedy: "wait until that has ended.")
        }
        try? files.removeItem(atPath: folder)
        defer { try? files.removeItem(atPath: folder) }
        do {
            try files.createDirectory(atPath: folder, withIntermediateDirectories: false)
            try publish(try body(folder))
        } catch let error as CocoaError {
            switch error.code {
            case .fileWriteOutOfSpace: throw ArchiveError.diskFull(path: target)
            case .fileWriteNoPermission, .fileWriteVolumeReadOnly: throw unwritable("its datasets folder is read only")
            default: throw error
            }
        }
    }

    private func unwritable(_ reason: String) -> StackError { .unwritableHome(path: home.path, reason: reason) }

    /// What was there before under this name changes places with the new one, so that no moment is without either.
    private func publish(_ made: String) throws {
        // The former one then lies in the folder, and goes with it.
        if isTaken, mls_exchange(made, target) == 0 { return }
        if isTaken { try FileManager.default.removeItem(atPath: target) }
        guard rename(made, target) == 0 else {
            throw unwritable(String(cString: strerror(errno)))
        }
    }

    /// The folder that holds the ratings: the one that was unpacked, or the only one that does inside it.
    ///
    /// - Throws: `FetchError.noRatings`, `FetchError.severalRatings`.
    static func root(in folder: String, archive: String) throws -> String {
        var places: [String] = []
        var files: [String] = []
        for name in [""] + (try FileManager.default.contentsOfDirectory(atPath: folder).sorted())
        where name != "__MACOSX" {
            let place = name.isEmpty ? folder : "\(folder)/\(name)"
            let found = DatasetSource.ratings(inFolder: place)
            if !found.isEmpty { places.append(place) }
            files += found.map { name.isEmpty ? $0 : "\(name)/\($0)" }
        }
        // The first would do, and somebody would wonder for long where the rest of their ratings is.
        if files.count > 1 { throw FetchError.severalRatings(name: archive, files: files) }
        guard let place = places.first else { throw FetchError.noRatings(name: archive) }
        return place
    }
}
