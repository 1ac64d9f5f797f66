import Foundation

/// How bad lines are dealt with.
package struct ReadOptions: Sendable, Equatable {
    /// False: the first bad line is an error.
    package var skipBadLines: Bool
    /// Where skipped lines go, with their numbers; nil: they are only counted.
    package var quarantinePath: String?

    package init(skipBadLines: Bool = false, quarantinePath: String? = nil) {
        (self.skipBadLines, self.quarantinePath) = (skipBadLines, quarantinePath)
    }
}

/// A MovieLens-style dataset on disk, recognised by what is there.
///
/// - Source: the README files of ml-latest (`ratings.csv`), ml-1m and ml-10m (`ratings.dat`) and ml-100k (`u.data`).
package struct DatasetSource: Sendable, Equatable {
    /// How the fields of a line are told apart.
    package enum Form: String, Sendable, Equatable {
        case csv, doubleColon, tabs

        var separator: UInt8 {
            switch self {
            case .csv: 44
            case .doubleColon: 58
            case .tabs: 9
            }
        }
        var separatorWidth: Int { self == .doubleColon ? 2 : 1 }
    }

    package let ratingsPath: String
    package let moviesPath: String?
    package let form: Form

    /// What a file of ratings of this form is called in a folder, so that the folder is recognised by it.
    package var ratingsName: String {
        DatasetSource.ratingsNames.first { $0.form == form }?.name ?? "ratings.csv"
    }

    /// The ratings, then the films if there are any.
    package var files: [String] { [ratingsPath] + (moviesPath.map { [$0] } ?? []) }

    private static let ratingsNames: [(name: String, form: Form)] = [
        ("ratings.csv", .csv), ("ratings.dat", .doubleColon), ("u.data", .tabs),
    ]
    private static let moviesNames = ["movies.csv", "movies.dat", "u.item"]

    /// The names of the files in a folder that hold ratings by their names; empty for what is no folder.
    package static func ratings(inFolder path: String) -> [String] {
        ratingsNames.map(\.name).filter { FileManager.default.fileExists(atPath: "\(path)/\($0)") }
    }

    /// - Parameter path: a folder, or the ratings file itself (films are then looked for beside it).
    /// - Throws: `DataError`.
    package init(recognising path: String) throws(DataError) {
        var isFolder: ObjCBool = false
        let files = FileManager.default
        guard files.fileExists(atPath: path, isDirectory: &isFolder) else { throw .missing(path: path) }
        if isFolder.boolValue {
            let present = DatasetSource.ratings(inFolder: path)
            guard let found = DatasetSource.ratingsNames.first(where: { $0.name == present.first }) else {
                throw .noRatings(folder: path)
            }
            if present.count > 1 { throw .severalForms(folder: path, files: present) }
            ratingsPath = "\(path)/\(found.name)"
            form = found.form
            moviesPath = DatasetSource.movies(in: path)
        } else {
            ratingsPath = path
            form = try DatasetSource.form(of: path)
            let url = URL(fileURLWithPath: path)
            let isNamedLikeOne = DatasetSource.ratingsNames.contains { $0.name == url.lastPathComponent }
            moviesPath = isNamedLikeOne ? DatasetSource.movies(in: url.deletingLastPathComponent().path) : nil
        }
    }

    private static func movies(in folder: String) -> String? {
        moviesNames.map { "\(folder)/\($0)" }.first { FileManager.default.fileExists(atPath: $0) }
    }

    /// From the first line: whichever separator it has.
    private static func form(of path: String) throws(DataError) -> Form {
        let line = try MappedFile.read(path) { Array($0.prefix { $0 != 10 }) }
        if line.contains(9) { return .tabs }
        let hasDoubleColon = zip(line, line.dropFirst()).contains { $0 == 58 && $1 == 58 }
        return hasDoubleColon ? .doubleColon : .csv
    }
}
