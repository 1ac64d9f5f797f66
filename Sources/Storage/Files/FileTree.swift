import Foundation

/// Work on whole folders, each file and folder reached from the one above it and no symbolic link followed.
enum FileTree {
    static let pieceSize = 1 << 18

    static func folder(_ name: String, in parent: Descriptor) throws -> Descriptor {
        try Descriptor(opening: name, in: parent, O_RDONLY | O_DIRECTORY)
    }

    /// Opens the folder, making it (and its place in `parent` durable) when it is not there.
    static func folder(making name: String, in parent: Descriptor) throws -> Descriptor {
        if mkdirat(parent.number, name, 0o755) == 0 {
            try parent.sync()
        } else if errno != EEXIST {
            throw SystemFailure("make", parent.path + "/" + name)
        }
        return try folder(name, in: parent)
    }

    /// Puts everything below on the disk.
    /// - Throws: `StorageError.invalid` for a link, a device or a socket: it could not be kept as it is.
    static func sync(_ folder: Descriptor) throws {
        for name in try folder.names() {
            guard let status = try folder.status(of: name) else { continue }
            if status.isFolder {
                try sync(try self.folder(name, in: folder))
            } else if status.isFile {
                try Descriptor(opening: name, in: folder, O_RDONLY).sync()
            } else {
                throw StorageError.invalid("\(folder.path)/\(name) is neither a file nor a folder.")
            }
        }
        try folder.sync()
    }

    /// Copies everything below, for moves between file systems. The copy is not yet on the disk.
    static func copy(_ source: Descriptor, to target: Descriptor) throws {
        for name in try source.names() {
            guard let status = try source.status(of: name) else { continue }
            if status.isFolder {
                try copy(try folder(name, in: source), to: try folder(making: name, in: target))
            } else {
                let input = try Descriptor(opening: name, in: source, O_RDONLY)
                let output = try Descriptor(opening: name, in: target, O_WRONLY | O_CREAT | O_EXCL)
                while case let piece = try input.read(upTo: pieceSize), !piece.isEmpty { try output.write(piece) }
            }
        }
    }

    /// Whether two folders hold the same names with the same bytes.
    static func equal(_ left: Descriptor, _ right: Descriptor) throws -> Bool {
        let names = try left.names()
        guard try names == right.names() else { return false }
        for name in names {
            guard let one = try left.status(of: name), let other = try right.status(of: name) else { return false }
            if one.isFolder, other.isFolder {
                guard try equal(try folder(name, in: left), try folder(name, in: right)) else { return false }
            } else if one.isFile, other.isFile, one.st_size == other.st_size {
                guard try equalFiles(name, left, right) else { return false }
            } else {
                return false
            }
        }
        return true
    }

    private static func equalFiles(_ name: String, _ left: Descriptor, _ right: Descriptor) throws -> Bool {
        let one = try Descriptor(opening: name, in: left, O_RDONLY)
        let other = try Descriptor(opening: name, in: right, O_RDONLY)
        while true {
            let piece = try one.read(upTo: pieceSize)
            // Regular files give as much as is asked for, except at their end.
            guard piece == (try other.read(upTo: pieceSize)) else { return false }
            if piece.isEmpty { return true }
        }
    }

    /// Removes what has that name, with everything below; nothing when there is nothing.
    static func remove(_ name: String, in parent: Descriptor) throws {
        guard let status = try parent.status(of: name) else { return }
        if status.isFolder {
            let folder = try folder(name, in: parent)
            for below in try folder.names() { try remove(below, in: folder) }
        }
        guard unlinkat(parent.number, name, status.isFolder ? AT_REMOVEDIR : 0) == 0 || errno == ENOENT else {
            throw SystemFailure("remove", parent.path + "/" + name)
        }
    }
}
