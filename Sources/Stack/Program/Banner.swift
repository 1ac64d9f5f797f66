import Scheduling

/// What a start prints: what a person needs next.
package struct Banner: Sendable {
    package var url: String
    package var home: String
    package var dayLengthSeconds: Double
    package var isPaused: Bool
    package var nextDay: String
    /// Somebody with ratings, to ask recommendations for.
    package var user: String

    init(configuration: Configuration, url: String, state: ReplayState, user: String?) {
        self.user = user ?? "1"
        (self.url, home) = (url, configuration.home.path)
        dayLengthSeconds = Double(state.dayLengthMilliseconds) / 1000
        isPaused = !state.isPlaying
        nextDay = Day(containing: state.now).description
    }
}
