import Foundation
import Training

/// Finds the ratings that a name or a path means.
///
/// `demo` is `datasets/demo` beside the program's working folder when that is there (a checkout), and is otherwise generated
/// into the home: the program carries the generator, not the file.
struct DatasetLocator: Sendable {
    let home: Home
    /// Where `datasets/` is looked for besides the home.
    var workingFolder = FileManager.default.currentDirectoryPath

    init(home: Home) { self.home = home }

    /// What the bundled dataset is made of; the same figures made the committed one.
    static let demo = (ratings: 60_000, days: 180, seed: UInt64(7))

    /// - Returns: the name to show and the path of a file or folder that exists.
    /// - Throws: `StackError.unknownDataset`, `DataError`.
    func locate(_ nameOrPath: String) throws -> (name: String, path: String) {
        let folders = [workingFolder + "/datasets", home.datasets]
        if !nameOrPath.contains("/") {
            for folder in folders where exists("\(folder)/\(nameOrPath)") {
                return (nameOrPath, "\(folder)/\(nameOrPath)")
            }
            if nameOrPath == "demo" {
                let path = home.datasets + "/demo"
                try generateDemo(into: path)
                return (nameOrPath, path)
            }
        }
        guard exists(nameOrPath) else { throw StackError.unknownDataset(name: nameOrPath, known: names()) }
        let url = URL(filePath: nameOrPath).standardizedFileURL
        return (url.lastPathComponent, url.path(percentEncoded: false))
    }

    /// Whether a name means the same in every home, whatever is in it.
    func comesWithProgram(_ name: String) -> Bool { name == "demo" || exists("\(workingFolder)/datasets/\(name)") }

    /// Every dataset that a name alone would find.
    func names() -> [String] {
        let found = [workingFolder + "/datasets", home.datasets].flatMap { folder in
            ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { name in
                var isFolder: ObjCBool = false
                return FileManager.default.fileExists(atPath: "\(folder)/\(name)", isDirectory: &isFolder)
                    && isFolder.boolValue && !name.hasPrefix(".")
            }
        }
        return Set(found + ["demo"]).sorted()
    }

    /// The same with where they are; nil: generated when first used.
    func found() -> [(name: String, path: String?)] {
        names().map { name in
            let places = [workingFolder + "/datasets", home.datasets].map { "\($0)/\(name)" }
            return (name, places.first(where: exists))
        }
    }

    private func generateDemo(into path: String) throws {
        let demo = DatasetLocator.demo
        let partial = path + ".partial"
        try? FileManager.default.removeItem(atPath: partial)
        try SyntheticDataset(ratings: demo.ratings, days: demo.days, seed: demo.seed).write(to: partial)
        try FileManager.default.moveItem(atPath: partial, toPath: path)
    }

    private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
}
