import Foundation

@testable import Training

/// A folder with the files of a dataset.
struct RatingsFixture {
    let folder = TemporaryFolder()

    /// - Parameter files: contents by name.
    init(_ files: [String: String] = [:]) throws {
        for (name, text) in files { try write(name, Array(text.utf8)) }
    }

    var path: String { folder.root }

    func write(_ name: String, _ bytes: [UInt8]) throws {
        try Data(bytes).write(to: URL(filePath: folder.path(name)))
    }

    /// What is read, as `user item stars time`, in the order of the file.
    func lines(_ name: String? = nil, bytesPerChunk: Int = 1 << 20, workers: any Workers = BackwardWorkers(count: 1))
        throws -> [String]
    {
        let source = try DatasetSource(recognising: name.map(folder.path) ?? path)
        let columns = try RatingsColumns(reading: source, bytesPerChunk: bytesPerChunk, workers: workers)
        return (0..<columns.count).map { row in
            let (user, item) = (columns.users[Int(columns.userIndex[row])], columns.items[Int(columns.itemIndex[row])])
            return "\(user) \(item) \(columns.stars[row]) \(columns.timestampSeconds[row])"
        }
    }

    /// The log of what is there.
    func log(_ options: ReadOptions = ReadOptions(), into name: String = "log") throws -> RatingsLog {
        let source = try DatasetSource(recognising: path)
        try RatingsLog.build(
            from: source, into: folder.path(name), options: options, workers: BackwardWorkers(count: 2))
        return try RatingsLog(opening: folder.path(name))
    }
}

/// The error that a body throws, as a person reads it.
func message(_ body: () throws -> Void) -> String {
    do {
        try body()
        return "no error"
    } catch let error as any LocalizedError {
        return "\(error.errorDescription ?? "") | \(error.recoverySuggestion ?? "")"
    } catch {
        return "\(error)"
    }
}
