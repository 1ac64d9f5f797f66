import Foundation
import Training

/// Datasets without a server, for `mlstack data`.
package struct DatasetWork: Sendable {
    private let threads = TrainingThreads()

    package init() {}

    package func generate(
        ratings: Int, days: Int, seed: UInt64, output: String, progress: @escaping @Sendable (Double) -> Void
    ) async throws {
        try await Queues.files.perform {
            try SyntheticDataset(ratings: ratings, days: days, seed: seed).write(to: output, progress: progress)
        }
    }

    /// Every dataset that a name finds, with its path.
    package func list(home: Home) throws -> [(name: String, path: String)] {
        let locator = DatasetLocator(home: home)
        return locator.names().map { name in
            let folders = [locator.workingFolder + "/datasets", home.datasets]
            let path = folders.map { "\($0)/\(name)" }.first { FileManager.default.fileExists(atPath: $0) }
            return (name, path ?? "generated when first used")
        }
    }

    /// Reads a dataset through and reports on it.
    package func report(_ nameOrPath: String, home: Home, maxProblems: Int) async throws -> DatasetFindings {
        try await threads.perform { workers in
            let found = try DatasetLocator(home: home).locate(nameOrPath)
            let source = try DatasetSource(recognising: found.path)
            return DatasetFindings(
                path: found.path,
                report: try DatasetReport(validating: source, maxProblems: maxProblems, workers: workers))
        }
    }

    /// Copies a dataset into the home, where its name alone finds it.
    /// - Returns: the name.
    package func importDataset(_ path: String, name: String?, home: Home) async throws -> String {
        let name = name ?? URL(filePath: path).deletingPathExtension().lastPathComponent
        guard !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || "-_.".contains($0) }), !name.hasPrefix(".")
        else {
            throw StackError.usage(
                "\"\(name)\" cannot be a dataset's name.", remedy: "give one of letters, digits, - and _ with --name.")
        }
        try home.prepare()
        return try await threads.perform { workers in
            let source = try DatasetSource(recognising: path)
            // A file with bad lines should be known before it is replayed.
            let report = try DatasetReport(validating: source, maxProblems: 1, workers: workers)
            if let problem = report.problems.first {
                throw StackError.usage(
                    "\(problem)", remedy: "mend it, or see all of them with `mlstack data validate \(path)`.")
            }
            let target = "\(home.datasets)/\(name)"
            if FileManager.default.fileExists(atPath: target) {
                throw StackError.usage(
                    "there is a dataset called \(name) already.",
                    remedy: "choose another with --name, or remove \(target).")
            }
            let partial = "\(home.datasets)/.\(name).partial"
            try? FileManager.default.removeItem(atPath: partial)
            try FileManager.default.createDirectory(atPath: partial, withIntermediateDirectories: true)
            try FileManager.default.copyItem(atPath: source.ratingsPath, toPath: "\(partial)/\(source.ratingsName)")
            if let films = source.moviesPath {
                let name = URL(filePath: films).lastPathComponent
                try FileManager.default.copyItem(atPath: films, toPath: "\(partial)/\(name)")
            }
            try FileManager.default.moveItem(atPath: partial, toPath: target)
            return name
        }
    }
}
