/// What `model.json` says about a model, for people and programs.
package struct ModelDescription: Codable, Sendable, Equatable {
    /// The version of the folder's layout that this program writes and reads.
    static let currentFormat = 1

    /// What training saw.
    package struct Counts: Codable, Sendable, Equatable {
        package var users: Int
        package var items: Int
        package var interactions: Int
    }

    package var formatVersion: Int
    package var algorithm: String
    /// All settings, defaults filled in.
    package var parameters: [String: HyperparameterValue]
    /// The parameter of that name once more; nil where the algorithm draws no random numbers.
    package var seed: Int?
    package var counts: Counts
    /// By key, e.g. `ndcg_at_10`; as they stood when the model was written.
    package var metrics: [String: Double]
    /// Where it comes from, e.g. `dataset`, `matrix`, `code`. What changes from run to run (an id, a time) would make
    /// the bytes differ.
    package var lineage: [String: String]

    private enum CodingKeys: String, CodingKey {
        case formatVersion = "format_version"
        case algorithm, parameters, seed, counts, metrics, lineage
    }
}

/// What the one who writes a model knows about it besides.
package struct ModelFacts: Sendable, Equatable {
    package var metrics: [String: Double]
    package var lineage: [String: String]
    package init(metrics: [String: Double] = [:], lineage: [String: String] = [:]) {
        (self.metrics, self.lineage) = (metrics, lineage)
    }
}
