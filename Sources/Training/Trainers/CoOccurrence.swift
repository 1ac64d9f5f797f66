import Foundation

/// Who likes two things at once.
enum CoOccurrence {
    /// What a person's vote for a pair counts when those who like a lot are to count less: their row of the matrix is
    /// scaled by 1 / ln(e + positives), and a pair takes the scale twice.
    static func damping(positives: Int) -> Double {
        let scale = 1 / log(M_E + Double(positives))
        return scale * scale
    }

    /// Adds up, for every item liked together with one, the weights of the people who like both.
    /// - Parameter together: zero throughout; the caller zeroes again what was met.
    /// - Returns: the items met, the item itself among them, in the order of the first meeting.
    static func count(
        with item: Int, _ byItem: WeightedRows, _ byUser: WeightedRows, _ weights: [Double],
        into together: UnsafeMutableBufferPointer<Double>
    ) -> [Int32] {
        var met: [Int32] = []
        for user in byItem.columns[byItem.entries(of: item)] {
            let weight = weights[Int(user)]
            for other in byUser.columns[byUser.entries(of: Int(user))] {
                if together[Int(other)] == 0 { met.append(other) }
                together[Int(other)] += weight
            }
        }
        return met
    }
}
