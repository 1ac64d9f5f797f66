/// A file that was stored as a version of a model: one file, its facts in the version's tags.
package struct StoredFile: Sendable, Equatable {
    package static let tag = "mlstack.file"
    /// Marks the logged model that holds the file; one that is not ready was never finished.
    package static let markerTag = "mlstack.stored"
    private static let prefix = "mlstack.file."

    package var version: ModelVersion
    package var name: String
    /// Of the bytes as they are kept.
    package var sha256: String
    package var bytes: Int64
    /// `gzip`; `tar.gz`, when it is a folder; nil: kept as it was.
    package var compression: String?
    package var score: Double?
    /// What the score is of.
    package var metric: String?

    /// nil for a version that came otherwise.
    package init?(_ version: ModelVersion) {
        let tags = version.tags
        guard let name = tags[Self.tag], let sum = tags[Self.prefix + "sha256"],
            let bytes = tags[Self.prefix + "bytes"].flatMap(Int64.init)
        else { return nil }
        (self.version, self.name, sha256, self.bytes) = (version, name, sum, bytes)
        compression = tags[Self.prefix + "compression"]
        score = tags[Self.prefix + "score"].flatMap(Double.init)
        metric = tags[Self.prefix + "metric"]
    }

    /// The tags that say all this.
    package static func tags(
        name: String, sha256: String, bytes: Int, compression: String?, score: Double?, metric: String?
    ) -> [String: String] {
        var tags = [tag: name, prefix + "sha256": sha256, prefix + "bytes": "\(bytes)"]
        tags[prefix + "compression"] = compression
        tags[prefix + "score"] = score.map { "\($0)" }
        tags[prefix + "metric"] = metric
        return tags
    }

    /// For tags that a client gives a logged model or takes from it: what holds stored files decides about files, and only
    /// the server knows. Tags of versions decide nothing of that kind, and come along when a version is copied.
    /// - Throws: `RegistryError.invalid`.
    package static func checkLoggedModelTag(_ key: String) throws(RegistryError) {
        if key == markerTag {
            throw .invalid(
                "Invalid value '\(key)' for parameter 'key' supplied: this tag is the server's own. Use another.")
        }
    }

    /// Whether a tag is one of ours, which nobody else may set.
    package static func isReserved(_ key: String) -> Bool { key == tag || key.hasPrefix(prefix) }

    /// Where the bytes are.
    package var path: ArtifactPath {
        get throws { try ArtifactPath(artifactURI: version.artifactURI).appending(name) }
    }

    package enum Choice: String, Sendable, CaseIterable { case newest, best }

    /// Best is the highest score, or the lowest of a metric of which less is better; of equal ones the newest. Only scores of
    /// one metric are compared: that of the newest that has one.
    /// - Returns: nil when there is none.
    package static func choose(_ choice: Choice, among files: [StoredFile]) -> StoredFile? {
        let newestFirst = files.sorted { $0.version.version > $1.version.version }
        guard choice == .best else { return newestFirst.first }
        let scored = newestFirst.filter { $0.score.map(\.isFinite) ?? false }
        guard let first = scored.first else { return nil }
        let lessIsBetter = first.metric.map { MetricDirection(of: $0) == .lessIsBetter } ?? false
        return scored.dropFirst().filter { $0.metric == first.metric }.reduce(first) { best, next in
            guard let value = next.score, let record = best.score else { return best }
            return (lessIsBetter ? value < record : value > record) ? next : best
        }
    }
}
