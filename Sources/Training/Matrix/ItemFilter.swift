/// Which items may be in a matrix at all, asked by id before anything is held out or counted.
package struct ItemFilter: Sendable {
    /// Under which its counts are told.
    package var name: String
    package var keeps: @Sendable (String) -> Bool
    package init(_ name: String, keeps: @escaping @Sendable (String) -> Bool) {
        (self.name, self.keeps) = (name, keeps)
    }
}

/// What a filter took out of a matrix, after the filters before it.
package struct FilterCount: Sendable, Equatable {
    package var filter: String
    /// With at least one interaction.
    package var items: Int
    /// Of whom nothing is left.
    package var users: Int
    package var interactions: Int
    package init(filter: String, items: Int, users: Int, interactions: Int) {
        (self.filter, self.items, self.users, self.interactions) = (filter, items, users, interactions)
    }
}
