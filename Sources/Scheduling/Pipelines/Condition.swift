/// A `when`: an expression over what a task can see.
package struct Condition: Sendable, Equatable {
    package struct Verdict: Sendable, Equatable {
        package var holds: Bool
        /// The expression with its values, for the message of a task that is skipped.
        package var shown: String
    }
    /// As it was written.
    package var text: String
}
