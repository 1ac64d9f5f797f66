import Foundation

/// Who interacted with each item in a model's training data, from which follows how surprising an item is, and how alike two
/// are.
///
/// Likeness is taken from users in common and not from genres: every dataset has users, and what people choose together
/// says more than a label that half of all films share.
/// - Shapes: the users of item `i` are `users[offsets[i] ..< offsets[i + 1]]`, ascending; `offsets` items + 1.
struct ItemAudiences: Sendable {
    private let offsets: [Int]
    private let users: [Int32]
    private let userCount: Int

    /// - Returns: nil when the model carries no training interactions.
    init?(of model: any Recommender) {
        var rows: [[Int]] = []
        for user in 0..<model.users.count {
            guard let items = model.trainingItems(of: user) else { return nil }
            rows.append(items)
        }
        self.init(rows: rows, itemCount: model.items.count)
    }

    init(rows: [[Int]], itemCount: Int) {
        var next = [Int](repeating: 0, count: itemCount + 1)
        for row in rows { for item in row { next[item + 1] += 1 } }
        for item in 0..<itemCount { next[item + 1] += next[item] }
        offsets = next
        var users = [Int32](repeating: 0, count: next[itemCount])
        for (user, row) in rows.enumerated() {
            for item in row {
                users[next[item]] = Int32(user)
                next[item] += 1
            }
        }
        (self.users, userCount) = (users, rows.count)
    }

    private func audience(_ item: Int32) -> ArraySlice<Int32> { users[offsets[Int(item)]..<offsets[Int(item) + 1]] }

    /// -log2(share of the users who interacted with it), in bits: 0 for what everybody had, 1 for what half of them had. An
    /// item without a user counts as if it had one, for nothing is rarer in these data.
    /// - Source: Zhou et al. (2010), "Solving the Apparent Diversity-Accuracy Dilemma of Recommender Systems".
    func selfInformation(_ item: Int32) -> Double {
        log2(Double(max(1, userCount)) / Double(max(1, audience(item).count)))
    }

    /// The cosine of two items' sets of users: users in common over the root of the product of the sets' sizes, in 0 ... 1.
    func likeness(_ left: Int32, _ right: Int32) -> Double {
        let (a, b) = (audience(left), audience(right))
        if a.isEmpty || b.isEmpty { return 0 }
        var (i, j, common) = (a.startIndex, b.startIndex, 0)
        while i < a.endIndex, j < b.endIndex {
            if a[i] == b[j] { common += 1 }
            let (x, y) = (a[i], b[j])
            if x <= y { i += 1 }
            if y <= x { j += 1 }
        }
        return Double(common) / (Double(a.count) * Double(b.count)).squareRoot()
    }

    /// Mean self-information of a list; 0 for an empty one.
    func novelty(of list: some Collection<Int32>) -> Double {
        if list.isEmpty { return 0 }
        return list.reduce(0) { $0 + selfInformation($1) } / Double(list.count)
    }

    /// Mean likeness of a list's pairs; 0 for a list without a pair. Less is more diverse.
    /// - Source: Ziegler et al. (2005), "Improving Recommendation Lists Through Topic Diversification", section 3.3; the
    ///   mean instead of the sum, so that lists of different lengths compare.
    func intraListSimilarity(of list: some RandomAccessCollection<Int32>) -> Double {
        let items = Array(list)
        if items.count < 2 { return 0 }
        var sum = 0.0
        for second in 1..<items.count {
            for first in 0..<second { sum += likeness(items[first], items[second]) }
        }
        return sum / Double(items.count * (items.count - 1) / 2)
    }
}
