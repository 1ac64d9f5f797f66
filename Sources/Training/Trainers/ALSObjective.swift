import Foundation

/// What alternating least squares minimises. Both forms come down to the same equations for a row x, the other side's
/// rows f fixed:
///
///     (gramScale * sum of f f' over all + sum of s f f' over the positives + ridge * I) x = sum of (base + s) f
///
/// with a strength s for each positive, so one solver serves both.
/// - Source: `implicit`: Hu, Koren, Volinsky (2008), "Collaborative Filtering for Implicit Feedback Datasets".
///   `ials`: Rendle, Krichene, Zhang, Koren (2022), "Revisiting the Performance of iALS on Item Recommendation
///   Benchmarks".
enum ALSObjective: Sendable, Equatable {
    /// Sum over positives of (x.y - 1)^2, plus `unobservedWeight` times the sum over all pairs of (x.y)^2.
    case ials(unobservedWeight: Double, regularization: Double, nu: Double)
    /// Sum over all pairs of c (x.y - p)^2, with p = 1 and c = 1 + alpha * r for positives, and p = 0 and c = 1 for
    /// the rest.
    case implicit(alpha: Double, regularization: Double)

    var regularization: Double {
        switch self {
        case .ials(_, let regularization, _), .implicit(_, let regularization): regularization
        }
    }

    var gramScale: Float {
        switch self {
        case .ials(let unobservedWeight, _, _): Float(unobservedWeight)
        case .implicit: 1
        }
    }

    var base: Float {
        switch self {
        case .ials: 0
        case .implicit: 1
        }
    }

    /// - Parameter stars: r; NaN (no rating) counts as 1.
    /// - Parameter weight: by age, 0 ... 1.
    func strength(stars: Float, weight: Float) -> Float {
        switch self {
        case .ials: weight
        case .implicit(let alpha, _): Float(alpha) * (stars.isNaN ? 1 : stars) * weight
        }
    }

    /// Whether every strength is 1 when no weight says otherwise.
    var hasUnitStrengths: Bool {
        if case .ials = self { true } else { false }
    }

    /// The ridge of a row with `strength` (the sum of its strengths; without weights the number of its positives), of
    /// which the other side has `others` rows.
    func ridge(strength: Double, others: Int) -> Float {
        switch self {
        case .ials(let unobservedWeight, let regularization, let nu):
            Float(regularization * pow(strength + unobservedWeight * Double(others), nu))
        case .implicit(_, let regularization): Float(regularization)
        }
    }
}
