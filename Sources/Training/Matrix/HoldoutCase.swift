import Foundation

/// A user whose latest positives were kept back from the matrix.
package struct HoldoutCase: Sendable, Equatable, Codable {
    package var user: String
    /// Never in the matrix row of that user.
    package var targets: [String]
    /// What the matrix knows of the user.
    package var history: [Rating]

    package init(user: String, targets: [String], history: [Rating]) {
        (self.user, self.targets, self.history) = (user, targets, history)
    }

    /// One JSON object a line.
    /// - Throws: `DataError.unwritable`.
    package static func write(_ cases: [HoldoutCase], to path: String) throws(DataError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        var bytes: [UInt8] = []
        for holdout in cases {
            guard let line = try? encoder.encode(holdout) else {
                preconditionFailure("ids and finite numbers can always be encoded")
            }
            bytes += line + [10]
        }
        let partial = path + ".partial"
        try LogFile.write(bytes, to: partial)
        try LogFile.publish(partial, as: path)
    }

    /// - Throws: `DataError`.
    package static func read(from path: String) throws(DataError) -> [HoldoutCase] {
        let lines = try MappedFile.read(path) { $0.split(separator: 10).map { Data($0) } }
        let decoder = JSONDecoder()
        var cases: [HoldoutCase] = []
        for line in lines {
            guard let holdout = try? decoder.decode(HoldoutCase.self, from: line) else {
                throw .damaged(path: path, reason: "line \(cases.count + 1) is not a hold-out case")
            }
            cases.append(holdout)
        }
        return cases
    }
}
