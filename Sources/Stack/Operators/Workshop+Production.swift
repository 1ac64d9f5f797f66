import Foundation
import Registry
import Scheduling
import Serving
import Storage
import Training

extension Workshop {
    /// What came in an interval, by user in the order of their first rating of it: rows of the log by their time, feedback by
    /// the day it was given to. What was corrected on the same day counts as it was at the end of it.
    func fresh(in interval: DataInterval) async throws -> [(user: String, ratings: [Rating])] {
        let log = arrivals.log
        let rows = log.rowCount(before: interval.start.seconds)..<log.rowCount(before: interval.end.seconds)
        var fresh = FreshRatings()
        for index in rows {
            let row = log.row(at: index)
            fresh.add(
                Rating(
                    user: log.users[row.user], item: log.items[row.item], stars: row.stars.isNaN ? nil : row.stars,
                    timestampSeconds: row.timestampSeconds))
        }
        for rating in try await store.feedback(assignedUpTo: interval.end, after: interval.start, Rating.init) {
            fresh.replace(with: rating)
        }
        return fresh.byUser
    }

    /// nil when the model or the alias does not exist.
    func version(alias: String, of name: String) async throws -> ModelVersion? {
        do {
            return try await registry.version(alias: alias, of: name)
        } catch RegistryError.notFound, RegistryError.invalid {
            return nil
        }
    }

    /// Has what the served aliases name loaded, whether or not a task of the pipeline deploys it. That it cannot be is told, and
    /// kept with what answers; the alias stays where it is.
    func follow(_ alias: String, of name: String, _ log: any TaskLog) async {
        guard name == StackParts.defaultModel else { return }
        if alias == ShadowTraffic.alias { return await deployment.reloadShadow(model: name) }
        guard alias == AliasName.production else { return }
        do {
            _ = try await deployment.reload(model: name, alias: alias)
        } catch {
            log.warning(
                "\(alias) of \(name) could not be loaded, so what answered goes on: \(ErrorText(error).oneLine)")
        }
    }

    /// None for a model that does not exist yet.
    func aliases(of name: String) async throws -> [String] {
        do {
            return try await registry.registeredModel(named: name).aliases.keys.sorted()
        } catch RegistryError.notFound {
            return []
        }
    }

    func hasProduction() async throws -> Bool {
        try await !registry.registeredModels(maxResults: 100, pageToken: nil).items
            .filter { $0.aliases["production"] != nil }.isEmpty
    }

    /// The folder on this machine with the files of a version, for `StoredModel`.
    func folder(of version: ModelVersion) async throws -> String {
        let path = try ArtifactPath(artifactURI: version.artifactURI)
        let folder = try await artifacts.localFolder(of: path)
        guard StoredModel.isThere(folder) else {
            throw StackError.notANativeModel(name: version.name, version: version.version)
        }
        return folder
    }
}

/// The ratings of one day while they are gathered.
struct FreshRatings {
    private struct Person {
        /// nil: corrected or taken back later that day.
        var ratings: [Rating?] = []
        /// The last of each item.
        var places: [String: Int] = [:]
    }

    private var order: [String] = []
    private var people: [String: Person] = [:]

    /// People in the order of their first rating.
    var byUser: [(user: String, ratings: [Rating])] {
        order.compactMap { user in
            let ratings = (people[user]?.ratings ?? []).compactMap { $0 }
            return ratings.isEmpty ? nil : (user, ratings)
        }
    }

    mutating func add(_ rating: Rating) {
        if people[rating.user] == nil { order.append(rating.user) }
        let place = people[rating.user, default: Person()].ratings.count
        people[rating.user, default: Person()].ratings.append(rating)
        people[rating.user, default: Person()].places[rating.item] = place
    }

    /// Adds a rating that takes the place of an earlier one of the same item, if there is one.
    mutating func replace(with rating: Rating) {
        if let place = people[rating.user]?.places.removeValue(forKey: rating.item) {
            people[rating.user]?.ratings[place] = nil
        }
        if !rating.isRetracted { add(rating) }
    }
}
