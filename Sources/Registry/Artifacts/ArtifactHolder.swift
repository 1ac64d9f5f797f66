/// The folder of a run or of a logged model in MLflow's layout: `<experiment>/<run>` or `<experiment>/models/<model>`.
package struct ArtifactHolder: Sendable, Hashable {
    package let path: ArtifactPath
    /// Of the run or the logged model.
    package let id: String

    /// nil for what is no such folder, or has an id that no server makes: that is somebody's own, such as the folders of
    /// traces.
    package init?(_ path: ArtifactPath) {
        let parts = path.components
        guard let experiment = parts.first, Self.isExperiment(experiment), let id = parts.last else { return nil }
        switch parts.count {
        case 2 where Self.isRun(id): break
        case 3 where parts[1] == Self.models && Self.isModel(id): break
        default: return nil
        }
        (self.path, self.id) = (path, id)
    }

    /// Between an experiment and its logged models.
    package static let models = "models"

    package static func isExperiment(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    }

    private static func isRun(_ name: some StringProtocol) -> Bool {
        name.utf8.count == 32
            && name.utf8.allSatisfy {
                UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || UInt8(ascii: "a")...UInt8(ascii: "f") ~= $0
            }
    }

    private static func isModel(_ name: String) -> Bool { name.hasPrefix("m-") && isRun(name.dropFirst(2)) }
}

/// A store of artefacts that can be looked through for folders that nobody needs any more.
package protocol SearchableArtifactStore: ArtifactStore {
    /// Those that are there.
    func holders() async throws -> [ArtifactHolder]
    /// Seconds since 1970 when something in it was last changed, as far as the store knows; nil when nothing is there.
    func lastChangeSeconds(of holder: ArtifactHolder) async throws -> Int64?
}

extension SearchableArtifactStore {
    /// Looks through the experiments, level by level.
    package func holders() async throws -> [ArtifactHolder] {
        var holders: [ArtifactHolder] = []
        for experiment in try await list(.root) where experiment.isDirectory {
            guard ArtifactHolder.isExperiment(experiment.name) else { continue }
            let folder = try ArtifactPath(experiment.name)
            for place in [folder, try folder.appending(ArtifactHolder.models)] {
                for entry in try await list(place) where entry.isDirectory {
                    // Others may have put names there that no path can have.
                    guard let path = try? place.appending(entry.name) else { continue }
                    if let holder = ArtifactHolder(path) { holders.append(holder) }
                }
            }
        }
        return holders
    }
}
