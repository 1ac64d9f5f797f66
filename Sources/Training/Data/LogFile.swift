import Foundation

/// The names of a log's files, and how its id tables are written.
enum LogFile {
    static let manifest = "manifest.json"
    static let timestamps = "timestamps.u32"
    static let users = "users.u32"
    static let items = "items.u32"
    static let stars = "stars.f32"
    static let days = "days.u64"
    static let userRows = "user_rows.u32"
    static let userOffsets = "user_offsets.u64"
    /// One id a line: ids hold no control characters.
    static let userIDs = "user_ids.txt"
    static let itemIDs = "item_ids.txt"

    /// Every file of a log, the columns of rows first.
    static let all = [
        timestamps, users, items, stars, userRows, userOffsets, days, userIDs, itemIDs, manifest,
    ]

    static func readIDs(_ path: String) throws(DataError) -> [String] {
        try MappedFile.read(path) { $0.split(separator: 10).map { String(decoding: $0, as: UTF8.self) } }
    }

    /// Writes a file and waits until it is on the disk.
    static func write(_ bytes: UnsafeRawBufferPointer, to path: String) throws(DataError) {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        if file < 0 { throw .unwritable(path: path, reason: String(cString: strerror(errno))) }
        defer { close(file) }
        var written = 0
        while written < bytes.count {
            guard let start = bytes.baseAddress else { break }
            let count = Foundation.write(file, start + written, bytes.count - written)
            if count < 0, errno == EINTR { continue }
            if count <= 0 { throw .unwritable(path: path, reason: String(cString: strerror(errno))) }
            written += count
        }
        if fsync(file) != 0 { throw .unwritable(path: path, reason: String(cString: strerror(errno))) }
    }

    static func write<Value: BitwiseCopyable>(_ values: [Value], to path: String) throws(DataError) {
        let result: Result<Void, DataError> = values.withUnsafeBytes { bytes in
            do throws(DataError) { return .success(try write(bytes, to: path)) } catch { return .failure(error) }
        }
        try result.get()
    }

    static func write<Value: BitwiseCopyable>(
        _ values: SharedBuffer<Value>, _ count: Int, to path: String
    ) throws(DataError) {
        defer { withExtendedLifetime(values) {} }
        try write(UnsafeRawBufferPointer(start: values.start, count: count * MemoryLayout<Value>.stride), to: path)
    }

    /// Gives a finished folder or file its name, and makes the name durable.
    static func publish(_ partial: String, as path: String) throws(DataError) {
        guard rename(partial, path) == 0 else {
            throw .unwritable(path: path, reason: String(cString: strerror(errno)))
        }
        let parent = open(URL(fileURLWithPath: path).deletingLastPathComponent().path, O_RDONLY | O_CLOEXEC)
        if parent >= 0 {
            fsync(parent)
            close(parent)
        }
    }
}

/// What a log says of itself; written last, so that a folder without it is no log.
struct LogManifest: Codable {
    static let currentFormat = 1
    var format = LogManifest.currentFormat
    var contentHash: String
    var ratings: Int
    var users: Int
    var items: Int
    /// Days since 1970 of the first row.
    var firstDay: Int64
    var days: Int
    var badLines: Int

    init(contentHash: String, ratings: Int, users: Int, items: Int, firstDay: Int64, days: Int, badLines: Int) {
        (self.contentHash, self.ratings, self.users, self.items) = (contentHash, ratings, users, items)
        (self.firstDay, self.days, self.badLines) = (firstDay, days, badLines)
    }

    init(reading folder: String) throws(DataError) {
        let path = "\(folder)/\(LogFile.manifest)"
        let data = try MappedFile.read(path) { Data($0) }
        do {
            self = try JSONDecoder().decode(LogManifest.self, from: data)
        } catch {
            throw .damaged(path: path, reason: "it is not a manifest")
        }
        if format != LogManifest.currentFormat {
            throw .damaged(
                path: path, reason: "its format is \(format), this program reads \(LogManifest.currentFormat)")
        }
    }
}
