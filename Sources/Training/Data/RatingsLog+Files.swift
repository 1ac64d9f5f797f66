import Foundation

extension RatingsLog {
    /// A file of the log as it lies on the disk.
    package struct File: Sendable, Equatable {
        package var name: String
        package var bytes: Int
        package init(name: String, bytes: Int) { (self.name, self.bytes) = (name, bytes) }
    }

    /// What the log is made of, and how much room it takes. Asks the disk.
    /// - Throws: `DataError.missing` for a file that is gone.
    package func files() throws(DataError) -> [File] {
        var files: [File] = []
        for name in LogFile.all {
            let path = "\(folder)/\(name)"
            guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
                let size = attributes[.size] as? NSNumber
            else { throw .missing(path: path) }
            files.append(File(name: name, bytes: size.intValue))
        }
        return files
    }
}
