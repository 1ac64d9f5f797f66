/// "Did you mean": the known name that is nearest to one that is not known.
enum Spelling {
    /// - Returns: nil when nothing is near enough to be meant.
    static func nearest(to name: String, among known: [String]) -> String? {
        let wanted = Array(name.lowercased().map { $0 == "-" ? "_" : $0 })
        let tolerance = max(2, wanted.count / 3)
        var best: (name: String, distance: Int)?
        for candidate in known.sorted() {
            let letters = Array(candidate.lowercased().map { $0 == "-" ? "_" : $0 })
            var apart = distance(wanted, letters)
            // A name that was cut short or carried too far is a near miss, whatever its length.
            if wanted.count >= 3, letters.starts(with: wanted) || wanted.starts(with: letters) { apart = min(apart, 2) }
            if apart <= tolerance, apart < best?.distance ?? .max { best = (candidate, apart) }
        }
        return best?.name
    }

    /// Edits between two words, a swap of neighbours counting as one (optimal string alignment).
    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var older: [Int] = []
        var previous = Array(0...right.count)
        for (i, a) in left.enumerated() {
            var row = [i + 1]
            for (j, b) in right.enumerated() {
                var edits = min(row[j] + 1, previous[j + 1] + 1, previous[j] + (a == b ? 0 : 1))
                if i > 0, j > 0, a == right[j - 1], left[i - 1] == b { edits = min(edits, older[j - 1] + 1) }
                row.append(edits)
            }
            (older, previous) = (previous, row)
        }
        return previous[right.count]
    }
}
