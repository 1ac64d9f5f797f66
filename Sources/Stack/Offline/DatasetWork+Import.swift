import Foundation
import Training

extension DatasetWork {
    /// Takes a dataset into the home, where its name alone finds it: a file or folder in any MovieLens form, a zip archive
    /// of one, or a ratings file compressed with gzip.
    ///
    /// - Parameter onProgress: of unpacking, 0 ... 1.
    /// - Returns: the name.
    /// - Throws: `StackError`, `DataError`, `ArchiveError`; then nothing has been taken.
    package func importDataset(
        _ path: String, name: String?, home: Home, onProgress: @escaping @Sendable (Double) -> Void = { _ in }
    ) async throws -> String {
        let name = name ?? DatasetWork.name(of: path)
        guard !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || "-_.".contains($0) }), !name.hasPrefix(".")
        else {
            throw StackError.usage(
                "\"\(name)\" cannot be a dataset's name.", remedy: "give one of letters, digits, - and _ with --name.")
        }
        guard !DatasetLocator(home: home).comesWithProgram(name) else {
            throw StackError.usage(
                "\(name) is the name of a dataset that comes with the program, which would be found in its place.",
                remedy: "choose another with --name.")
        }
        try home.prepare()
        let staging = DatasetStaging(name: name, home: home)
        guard !staging.isTaken else {
            throw StackError.usage(
                "there is a dataset called \(name) already.",
                remedy: "choose another with --name, or remove \(staging.target).")
        }
        try await threads.perform { workers in
            switch Packing(path) {
            case .none:
                let source = try DatasetSource(recognising: path)
                try DatasetWork.check(source, from: path, workers)
                try staging.fill { folder in
                    try DatasetWork.copy(source, into: folder)
                    return folder
                }
            case .zip:
                let archive = try ZipArchive(path: path)
                try staging.fill { folder in
                    try archive.unpack(into: folder, progress: onProgress)
                    if let root = try DatasetWork.onlyFile(of: archive, in: folder) {
                        let source = try DatasetSource(recognising: root)
                        // A file of any name may be a text as well.
                        let report = try DatasetReport(validating: source, maxProblems: 1, workers: workers)
                        if report.ratings == 0, report.badLines > 0 { throw FetchError.noRatings(name: path) }
                        try DatasetWork.check(report, from: path)
                        return root
                    }
                    let root = try DatasetStaging.root(in: folder, archive: path)
                    try DatasetWork.check(try DatasetSource(recognising: root), from: path, workers)
                    return root
                }
            case .gzip:
                try staging.fill { folder in
                    let file = "\(folder)/ratings"
                    try GzipFile(path: path).unpack(to: file, progress: onProgress)
                    try DatasetWork.rename(file, in: folder)
                    let films = URL(filePath: path).deletingLastPathComponent().appending(path: "movies.csv").path
                    if path.hasSuffix("/ratings.csv.gz") || path == "ratings.csv.gz",
                        FileManager.default.fileExists(atPath: films)
                    {
                        try FileManager.default.copyItem(atPath: films, toPath: folder + "/movies.csv")
                    }
                    try DatasetWork.check(try DatasetSource(recognising: folder), from: path, workers)
                    return folder
                }
            }
        }
        return name
    }

    /// How a file is compressed, by its name.
    private enum Packing {
        case none, zip, gzip
        init(_ path: String) {
            let name = path.lowercased()
            self = name.hasSuffix(".zip") ? .zip : name.hasSuffix(".gz") ? .gzip : .none
        }
    }

    /// `ml-1m.zip` is `ml-1m`, `mine.csv.gz` is `mine`.
    private static func name(of path: String) -> String {
        var url = URL(filePath: path)
        if Packing(path) == .gzip { url = url.deletingPathExtension() }
        return url.deletingPathExtension().lastPathComponent
    }

    /// A file with bad lines should be known before it is replayed.
    private static func check(_ source: DatasetSource, from path: String, _ workers: any Workers) throws {
        try check(try DatasetReport(validating: source, maxProblems: 1, workers: workers), from: path)
    }

    private static func check(_ report: DatasetReport, from path: String) throws {
        if report.ratings == 0, report.badLines == 0 { throw DataError.empty(path: path) }
        guard let problem = report.problems.first else { return }
        throw StackError.usage(
            Packing(path) == .none
                ? "\(problem)" : "\(path): line \(problem.line) of its ratings is wrong: \(problem.problem)",
            remedy: Packing(path) == .none
                ? "mend it, or see all of them with `mlstack data validate \(path)`."
                : "unpack it, mend it, and import the folder.")
    }

    private static func copy(_ source: DatasetSource, into folder: String) throws {
        try FileManager.default.copyItem(atPath: source.ratingsPath, toPath: "\(folder)/\(source.ratingsName)")
        if let films = source.moviesPath {
            let name = URL(filePath: films).lastPathComponent
            try FileManager.default.copyItem(atPath: films, toPath: "\(folder)/\(name)")
        }
    }

    /// An archive of one file holds the ratings, whatever it is called.
    private static func onlyFile(of archive: ZipArchive, in folder: String) throws -> String? {
        let files = archive.entries.filter { !$0.isFolder }
        guard files.count == 1, let file = files.first else { return nil }
        let place = URL(filePath: "\(folder)/\(file.path)")
        try rename(place.path, in: place.deletingLastPathComponent().path)
        return place.deletingLastPathComponent().path
    }

    /// Gives a file of ratings the name by which its form is known.
    private static func rename(_ file: String, in folder: String) throws {
        let name = try DatasetSource(recognising: file).ratingsName
        if file != "\(folder)/\(name)" { try FileManager.default.moveItem(atPath: file, toPath: "\(folder)/\(name)") }
    }
}
