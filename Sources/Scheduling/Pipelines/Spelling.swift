/// "Did you mean …?"
package enum Spelling {
    /// The candidate that a person most likely meant, or nil when none is near enough to be worth saying.
    ///
    /// Near enough is a third of the letters, at least one and at most three; case costs nothing. The first of
    /// equals wins.
    package static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
        let typed = Array(word.lowercased().unicodeScalars)
        // Nobody means a name by a text of this length, and the comparison is quadratic.
        guard !typed.isEmpty, typed.count <= 100 else { return nil }
        let limit = max(1, min(3, typed.count / 3))
        var best: (name: String, distance: Int)?
        for candidate in candidates {
            let letters = Array(candidate.lowercased().unicodeScalars)
            guard abs(letters.count - typed.count) <= limit else { continue }
            let distance = distance(typed, letters)
            guard distance <= limit else { continue }
            if let found = best, found.distance <= distance { continue }
            best = (candidate, distance)
        }
        return best?.name
    }

    /// " Did you mean x?" or nothing.
    static func question(_ nearest: String?) -> String { nearest.map { " Did you mean \($0)?" } ?? "" }

    /// The least number of insertions, deletions, substitutions and swaps of neighbours that make one the other.
    ///
    /// - Source: Damerau (1964), in its restricted form: no part is edited twice ("optimal string alignment").
    package static func distance<Element: Equatable>(_ left: [Element], _ right: [Element]) -> Int {
        if left.isEmpty || right.isEmpty { return max(left.count, right.count) }
        var twoAbove = [Int](repeating: 0, count: right.count + 1)
        var above = Array(0...right.count)
        var row = above
        for i in 1...left.count {
            row[0] = i
            for j in 1...right.count {
                let substituted = above[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1)
                var least = min(substituted, above[j] + 1, row[j - 1] + 1)
                if i > 1, j > 1, left[i - 1] == right[j - 2], left[i - 2] == right[j - 1] {
                    least = min(least, twoAbove[j - 2] + 1)
                }
                row[j] = least
            }
            (twoAbove, above, row) = (above, row, twoAbove)
        }
        return above[right.count]
    }
}
