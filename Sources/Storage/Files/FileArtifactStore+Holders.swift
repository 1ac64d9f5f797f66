import Foundation
import Registry

extension FileArtifactStore {
    /// A folder of a run or of a logged model, by its place in MLflow's layout.
    struct Holder: Sendable, Equatable {
        var path: ArtifactPath
        var id: String
        /// When something was put into it or taken out of it, directly.
        var changedSeconds: Int64
    }

    /// Those whose ids the server has made. Anything else below the root is somebody's own, such as the folders of traces.
    func holders() async throws -> [Holder] {
        try await perform {
            guard let root = try openIfPresent(.root) else { return [] }
            var holders: [Holder] = []
            for experiment in try root.names() where !experiment.isEmpty && experiment.allSatisfy(\.isNumber) {
                guard let folder = try Self.folderIfPresent(experiment, in: root) else { continue }
                holders += try Self.holders(in: folder, below: experiment) { Self.isID($0) }
                guard let models = try Self.folderIfPresent("models", in: folder) else { continue }
                holders += try Self.holders(in: models, below: experiment + "/models") {
                    $0.hasPrefix("m-") && Self.isID($0.dropFirst(2))
                }
            }
            return holders
        }
    }

    private static func holders(
        in folder: Descriptor, below place: String, _ isHolder: (String) -> Bool
    ) throws -> [Holder] {
        try folder.names().filter(isHolder).compactMap { name in
            guard let status = try folder.status(of: name), status.isFolder else { return nil }
            return Holder(
                path: try ArtifactPath("\(place)/\(name)"), id: name, changedSeconds: Int64(status.st_mtim.tv_sec))
        }
    }

    private static func folderIfPresent(_ name: String, in parent: Descriptor) throws -> Descriptor? {
        guard let status = try parent.status(of: name), status.isFolder else { return nil }
        return try FileTree.folder(name, in: parent)
    }

    /// 32 hexadecimal digits.
    private static func isID(_ text: some StringProtocol) -> Bool {
        text.utf8.count == 32
            && text.utf8.allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
            }
    }
}
