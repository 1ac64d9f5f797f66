import Foundation

/// Numbers for people.
enum Decimals {
    /// A number with so many places after the point; `nan` when it is none.
    static func text(_ value: Double, _ places: Int) -> String {
        value.isFinite ? String(format: "%.\(places)f", value) : "nan"
    }
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
