import Scheduling

/// What a start prints: what a person needs next.
package struct Banner: Sendable {
    /// A file of the home, and whether it is right.
    package struct PipelineFile: Sendable, Equatable {
        package let path: String
        package let isBroken: Bool
        /// When it runs next by itself.
        package let next: Next

        package enum Next: Sendable, Equatable {
            /// With the simulated day.
            case replay
            case wall(String)
            case never
        }
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
        // The one that the clock's days run, whatever it is called.
        let main =
            pipelines.first { $0.id == "daily" } ?? pipelines.first { Banner.next($0) == .replay } ?? pipelines.first
        let others = pipelines.filter { $0.file != main?.file && !$0.problems.isEmpty }
        self.pipelines = ([main].compactMap { $0 } + others).map {
            PipelineFile(path: $0.file, isBroken: !$0.problems.isEmpty, next: Banner.next($0))
        }
    }

    private static func next(_ pipeline: PipelineSummary) -> PipelineFile.Next {
        // A replay that has not begun has no next moment yet.
        if pipeline.schedules.contains(where: { $0.hasSuffix("on the replay clock") }) { return .replay }
        return pipeline.nextFirings.first.map { .wall($0.at.rfc3339) } ?? .never
    }
}
