/// Who comes before whom among tasks that may still be wrong: also when their needs go round in a circle.
struct NeedGraph {
    private let positions: [String: Int]
    private let needs: [[Int]]
    /// Tasks that some other needs.
    private let needed: Set<Int>
    /// Of the tasks that were asked about.
    private var upstream: [Int: [Bool]] = [:]

    init(tasks: [String], needs: [String: [String]]) {
        let positions = Dictionary(zip(tasks, tasks.indices)) { first, _ in first }
        self.positions = positions
        self.needs = tasks.map { task in (needs[task] ?? []).compactMap { positions[$0] } }
        needed = Set(self.needs.joined())
    }

    func contains(_ task: String) -> Bool { positions[task] != nil }

    func isLast(_ task: String) -> Bool { positions[task].map { !needed.contains($0) } ?? true }

    /// Whether one task ends before another starts, by its needs or theirs.
    mutating func isUpstream(_ task: String, of other: String) -> Bool {
        guard let task = positions[task], let other = positions[other] else { return false }
        if needs[other].contains(task) { return task != other }
        if upstream[other] == nil {
            var seen = [Bool](repeating: false, count: needs.count)
            var left = [other]
            while let next = left.popLast() {
                for need in needs[next] where !seen[need] {
                    seen[need] = true
                    left.append(need)
                }
            }
            // What was found of one task is seldom asked again after the next.
            upstream = [other: seen]
        }
        return task != other && upstream[other]?[task] == true
    }
}
