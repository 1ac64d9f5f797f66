import Registry
import Scheduling
import Serving
import Storage

/// What a whole replay came to.
package struct Summary: Sendable {
    package var days = 0
    package var secondsPerDay = 0.0
    package var versions = 0
    package var production: Double?
    package var popularity: Double?
    package var decayedPopularity: Double?
    package var peakResidentBytes: Int64?
    package var seconds = 0.0
    /// Of the version that `production` names, which need not be the newest.
    package var contentHash: String?
    package var productionVersion: Int?
    /// Why the replay is no success although it has come to its end.
    package var problems: [StackError] = []

    init(parts: StackParts, began: Instant) async throws {
        let pace = await parts.replay.pace
        days = pace.days
        secondsPerDay = pace.days == 0 ? 0 : pace.total.seconds / Double(pace.days)
        seconds = (parts.clock.now - began).seconds
        peakResidentBytes = Memory.peakResidentBytes
        let name = StackParts.defaultModel
        // The newest comes first; its number counts those that were never promoted too.
        versions =
            try await parts.store.versions(of: name, runID: nil, maxResults: 1, pageToken: nil).items.first?.version
            ?? 0
        do {
            let version = try await parts.store.version(alias: "production", of: name)
            productionVersion = version.version
            contentHash = version.tags["mlstack.content_hash"]
        } catch RegistryError.notFound, RegistryError.invalid {
            // No day has brought a model.
        }
        problems = try await ReplayOutcome(orchestrator: parts.orchestrator, began: began).problems
        let points = try await parts.quality.quality(model: name)
        func mean(_ ranking: QualityKey.Ranking) -> Double? {
            let key = QualityKey(ranking, .everybody, QualityKey.curve).text
            return RunningMean.of(points.compactMap { $0.values[key] })?.mean
        }
        (production, popularity) = (mean(.production), mean(.popularity))
        decayedPopularity = mean(.decayedPopularity)
    }
}
