import Foundation

/// The dates of object stores.
enum BucketDate {
    /// Of `2026-11-21T14:19:54.000Z`; nil for anything else.
    static func seconds(_ text: String) -> Int? {
        // Some stores write fractions, some don't; the second is enough.
        let whole = text.prefix(19) + "Z"
        return (try? Date(String(whole), strategy: .iso8601)).map { Int($0.timeIntervalSince1970) }
    }
}
