/// A file's or a folder's place below the artefact root, proven unable to leave it.
///
/// Made only by `init(_:)`, which refuses absolute paths, `.` and `..` components, empty components, backslashes,
/// NUL and other control characters, and anything that still holds a percent escape of those.
package struct ArtifactPath: Sendable, Hashable, CustomStringConvertible {
    /// Slash-separated, relative; empty for the root itself.
    package let description: String
}

package struct ArtifactEntry: Sendable, Equatable {
    /// The last component only.
    package var name: String
    package var isDirectory: Bool
    /// nil for a directory.
    package var byteCount: Int64?
    package init(name: String, isDirectory: Bool, byteCount: Int64?) {
        (self.name, self.isDirectory, self.byteCount) = (name, isDirectory, byteCount)
    }
}

/// An upload in progress: nothing is to be seen at the path until `finish` has returned.
package protocol ArtifactUpload: Sendable {
    func append(_ bytes: [UInt8]) async throws
    func finish() async throws
    func cancel() async
}

/// Where artefact files are kept: whole or not at all.
package protocol ArtifactStore: Sendable {
    func upload(to path: ArtifactPath) async throws -> any ArtifactUpload
    /// Calls `consume` with successive pieces of the file, so that a large one is never held in memory.
    func read(_ path: ArtifactPath, _ consume: @Sendable ([UInt8]) async throws -> Void) async throws
    /// The same for the bytes from `range.lowerBound` on and before `range.upperBound`.
    func read(
        _ path: ArtifactPath, range: Range<Int64>, _ consume: @Sendable ([UInt8]) async throws -> Void) async throws
    /// nil when there is nothing, or a folder.
    func byteCount(of path: ArtifactPath) async throws -> Int64?
    /// Empty for a file or for nothing.
    func list(_ path: ArtifactPath) async throws -> [ArtifactEntry]
    /// Of everything in a folder; 0 for a file or for nothing.
    func byteCount(below path: ArtifactPath) async throws -> Int64
    func delete(_ path: ArtifactPath) async throws
    /// Moves a finished folder of this machine into the store in one step; a second call with the same content changes nothing.
    func adopt(folder: String, as path: ArtifactPath) async throws
    /// The folder on this machine that holds the path's files, for readers that map files into memory.
    func localFolder(of path: ArtifactPath) async throws -> String
}

extension ArtifactStore {
    /// Folder by folder.
    package func byteCount(below path: ArtifactPath) async throws -> Int64 {
        var (bytes, waiting): (Int64, [ArtifactPath]) = (0, [path])
        while let next = waiting.popLast() {
            for entry in try await list(next) {
                if entry.isDirectory {
                    waiting.append(try next.appending(entry.name))
                } else {
                    bytes += entry.byteCount ?? 0
                }
            }
        }
        return bytes
    }

    /// For stores that can't begin in the middle.
    package func read(
        _ path: ArtifactPath, range: Range<Int64>, _ consume: @Sendable ([UInt8]) async throws -> Void
    ) async throws {
        let cut = RangeCut(range)
        do {
            try await read(path) { piece in
                let part = await cut.part(of: piece)
                if !part.isEmpty { try await consume(Array(part)) }
                if await cut.isDone { throw RangeCut.Done() }
            }
        } catch is RangeCut.Done {}
    }
}

/// Takes a range of bytes out of successive pieces.
private actor RangeCut {
    struct Done: Error {}
    private let range: Range<Int64>
    private var position: Int64 = 0

    init(_ range: Range<Int64>) { self.range = range }

    var isDone: Bool { position >= range.upperBound }

    func part(of piece: [UInt8]) -> ArraySlice<UInt8> {
        let place = (position..<position + Int64(piece.count)).clamped(to: range)
        defer { position += Int64(piece.count) }
        if place.isEmpty { return [] }
        return piece[Int(place.lowerBound - position)..<Int(place.upperBound - position)]
    }
}
