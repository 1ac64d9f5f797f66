import Training

/// A matrix from (user, item, stars, timestamp) in any order.
func matrix(_ rows: [(user: String, item: String, stars: Float?, time: Int64)]) -> InteractionMatrix {
    let users = IDTable(rows.map(\.user))
    let items = IDTable(rows.map(\.item))
    // swift-format-ignore: NeverForceUnwrap
    let indexed = rows.map { (users.index(of: $0.user)!, Int32(items.index(of: $0.item)!), $0.stars ?? .nan, $0.time) }
        .sorted { ($0.0, $0.1) < ($1.0, $1.1) }
    var offsets = [Int](repeating: 0, count: users.count + 1)
    for row in indexed { offsets[row.0 + 1] += 1 }
    for user in 0..<users.count { offsets[user + 1] += offsets[user] }
    return InteractionMatrix(
        users: users, items: items, rowOffsets: offsets, columns: indexed.map(\.1), values: indexed.map(\.2),
        timestampSeconds: indexed.map(\.3))
}

/// Black users like black items and white users white ones, but nobody has met all that they would like; some things
/// they disliked.
///
/// So there is a right answer: what somebody has not met yet and is of their colour.
enum Checkerboard {
    static let userCount = 40
    static let itemCount = 30

    static func sameColour(_ user: Int, _ item: Int) -> Bool { (user + item) % 2 == 0 }
    static func hasMet(_ user: Int, _ item: Int) -> Bool { (user * 7 + item * 3) % 5 != 0 }

    static let matrix = withoutLastUsers(0)

    /// - Parameter dislikingAll: whether everything met of the other colour was disliked, without which nobody who looks at
    ///   ratings alone could tell the colours apart.
    static func withoutLastUsers(_ count: Int, dislikingAll: Bool = false) -> InteractionMatrix {
        var rows: [(user: String, item: String, stars: Float?, time: Int64)] = []
        for user in 0..<userCount - count {
            for item in 0..<itemCount where hasMet(user, item) {
                let time = Int64(1_000_000_000 + user * 86_400 + item)
                if sameColour(user, item) {
                    rows.append(("\(user)", "\(item)", item % 3 == 0 && !dislikingAll ? nil : 4.5, time))
                } else if dislikingAll || (user + item) % 7 == 0 {
                    rows.append(("\(user)", "\(item)", 1, time))
                }
            }
        }
        return TrainingTests.matrix(rows)
    }
}

/// Settings that make every trainer quick on the board and leave its nature as it is.
func smallSettings(_ trainer: any Trainer.Type) -> [String: HyperparameterValue] {
    var all: [String: HyperparameterValue] = [
        "factors": .int(8), "iterations": .int(6), "seed": .int(5), "hidden": .int(16), "latent": .int(4),
        "batch_size": .int(10), "epochs": .int(40), "learning_rate": .float(0.01), "lambda": .float(2), "k": .int(10),
    ]
    if trainer.name == "bpr" { all.merge(["iterations": .int(60), "learning_rate": .float(0.1)]) { _, new in new } }
    let known = Set(trainer.hyperparameters.map(\.name))
    return all.filter { known.contains($0.key) }
}
