/// A ratings set that GroupLens publishes, as far as it must be known before it is fetched.
package struct PublicDataset: Sendable, Equatable {
    package let name: String
    package let ratings: Int
    /// Of the archive, roughly; what comes may be of another length.
    package let megabytes: Int
    /// What the set's own README adds to the terms that all share.
    private let terms: String

    /// Where `<name>.zip` and `<name>.zip.md5` are.
    package static let source = "https://files.grouplens.org/datasets/movielens"

    package static let all = [
        PublicDataset(name: "ml-latest-small", ratings: 100_836, megabytes: 1, terms: changing),
        PublicDataset(name: "ml-100k", ratings: 100_000, megabytes: 5, terms: stable),
        PublicDataset(name: "ml-1m", ratings: 1_000_209, megabytes: 6, terms: stable),
        PublicDataset(name: "ml-25m", ratings: 25_000_095, megabytes: 262, terms: shareable),
        PublicDataset(name: "ml-32m", ratings: 32_000_204, megabytes: 239, terms: shareable),
    ]

    private static let stable =
        "You may not redistribute the data without separate permission, nor use it commercially without permission."
    private static let shareable =
        "You may redistribute the data, changed or not, under these same terms; commercial use needs permission."
    private static let changing = "\(shareable) The set changes over time and is not for research results."

    /// A sentence for each of its terms.
    var conditions: [String] {
        [
            "You may not state or imply any endorsement by the University of Minnesota or the GroupLens Research Group.",
            """
            You acknowledge the data set in publications that result from it: F. Maxwell Harper and Joseph A. Konstan. \
            2015. The MovieLens Datasets: History and Context. ACM TiiS 5, 4: 19:1-19:19.
            """, terms, "It comes without any guarantee, and nobody is liable for damages from its use.",
        ]
    }

    /// In short words; the whole text is the README that comes with the set.
    package var licence: String {
        """
        \(name): \(ratings) ratings, about \(megabytes) MB, from GroupLens Research, University of Minnesota.
        Its terms, in short (in full in the README that comes with it, and at https://grouplens.org/datasets/movielens/):
        \(conditions.map { "  - \($0)" }.joined(separator: "\n"))
        """
    }
}
