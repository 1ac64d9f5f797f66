import Foundation

/// Who listens on a port, for the message of the one who came second.
enum PortOwner {
    /// - Returns: `name (process 4711)`; nil when the system does not say, as for processes of other users. Reads `/proc`: not for
    ///   the path of a request.
    static func describe(port: Int) -> String? {
        let inodes = ["/proc/net/tcp", "/proc/net/tcp6"].flatMap { listeningInodes(port: port, table: $0) }
        guard !inodes.isEmpty else { return nil }
        let wanted = Set(inodes.map { "socket:[\($0)]" })
        let files = FileManager.default
        let processes = (try? files.contentsOfDirectory(atPath: "/proc")) ?? []
        for process in processes.compactMap(Int.init).sorted() {
            let folder = "/proc/\(process)/fd"
            guard let descriptors = try? files.contentsOfDirectory(atPath: folder) else { continue }
            let owns = descriptors.contains { descriptor in
                (try? files.destinationOfSymbolicLink(atPath: "\(folder)/\(descriptor)")).map(wanted.contains) ?? false
            }
            guard owns else { continue }
            let name = KernelFile.text("/proc/\(process)/comm")
            return "\(name?.trimmingCharacters(in: .whitespacesAndNewlines) ?? "a program") (process \(process))"
        }
        return nil
    }

    /// Lines look like `0: 0100007F:1F90 00000000:0000 0A … inode …`: local address, remote address, state (0A listens).
    private static func listeningInodes(port: Int, table: String) -> [Substring] {
        guard let text = KernelFile.text(table) else { return [] }
        return text.split(separator: "\n").dropFirst().compactMap { line in
            let fields = line.split(separator: " ")
            guard fields.count > 9, fields[3] == "0A", let local = fields[1].split(separator: ":").last else {
                return nil
            }
            return Int(local, radix: 16) == port ? fields[9] : nil
        }
    }
}
