import Foundation
import Registry
import Scheduling
import Storage
import Training

extension Workshop {
    /// What came in an interval, by user in the order of their first rating of it: rows of the log by their time, feedback by
    /// the day it was given to.
    func fresh(in interval: DataInterval) async throws -> [(user: String, ratings: [Rating])] {
        let log = arrivals.log
        let rows = log.rowCount(before: interval.start.seconds)..<log.rowCount(before: interval.end.seconds)
        var ratings = rows.map { index in
            let row = log.row(at: index)
            return Rating(
                user: log.users[row.user], item: log.items[row.item], stars: row.stars.isNaN ? nil : row.stars,
                timestampSeconds: row.timestampSeconds)
        }
        let former = try await store.feedback(assignedUpTo: interval.start).count
        ratings += try await store.feedback(assignedUpTo: interval.end).dropFirst(former).map(Rating.init)
        var order: [String] = []
        var byUser: [String: [Rating]] = [:]
        for rating in ratings {
            if byUser[rating.user] == nil { order.append(rating.user) }
            byUser[rating.user, default: []].append(rating)
        }
        return order.map { ($0, byUser[$0] ?? []) }
    }

    /// nil when the model or the alias does not exist.
    func version(alias: String, of name: String) async throws -> ModelVersion? {
        do {
            return try await registry.version(alias: alias, of: name)
        } catch RegistryError.notFound, RegistryError.invalid {
            return nil
        }
    }

    func hasProduction() async throws -> Bool {
        try await !registry.registeredModels(maxResults: 100, pageToken: nil).items
            .filter { $0.aliases["production"] != nil }.isEmpty
    }

    /// The folder on this machine with the files of a version.
    func folder(of version: ModelVersion) async throws -> String {
        let path = try ArtifactPath(artifactURI: version.artifactURI)
        let folder = try await artifacts.localFolder(of: path)
        guard FileManager.default.fileExists(atPath: "\(folder)/\(ArtifactFile.description)") else {
            throw StackError.notANativeModel(name: version.name, version: version.version)
        }
        return folder
    }
}
