import Scheduling

/// What a start prints: what a person needs next.
package struct Banner: Sendable {
    /// A file of the home, and whether it is right.
    package struct PipelineFile: Sendable, Equatable {
        package let path: String
        package let isBroken: Bool
    }

    package var url: String
    package var home: String
    package var dayLengthSeconds: Double
    package var isPaused: Bool
    package var nextDay: String
    /// Somebody with ratings, to ask recommendations for.
    package var user: String
    /// The pipeline of the day, then whatever else is broken.
    package var pipelines: [PipelineFile]

    /// - Parameter pipelines: all that the home has.
    init(
        configuration: Configuration, url: String, state: ReplayState, user: String?, pipelines: [PipelineSummary]
    ) {
        self.user = user ?? "1"
        (self.url, home) = (url, configuration.home.path)
        dayLengthSeconds = Double(state.dayLengthMilliseconds) / 1000
        isPaused = !state.isPlaying
        nextDay = Day(containing: state.now).description
        let main = pipelines.first { $0.id == "daily" } ?? pipelines.first
        let others = pipelines.filter { $0.file != main?.file && !$0.problems.isEmpty }
        self.pipelines = ([main].compactMap { $0 } + others).map {
            PipelineFile(path: $0.file, isBroken: !$0.problems.isEmpty)
        }
    }
}
