package import Registry
package import Scheduling
package import Training

/// Everything that the routes ask of the rest of the program; Stack fills it in.
package struct ServingPorts: Sendable {
    package var facts: StackFacts
    package var slot: ModelSlot
    package var shadow: ShadowTraffic
    package var people: any PeopleSource
    package var feedback: any FeedbackSink
    package var deployer: any Deployer
    package var reproducer: any Reproducer
    package var replay: any ReplayControl
    package var orchestrator: any Orchestrator
    package var quality: any QualitySource
    package var drift: any DriftSource
    package var datasets: any DatasetSourceList
    package var tracking: any TrackingStore
    package var registry: any ModelRegistry
    package var loggedModels: any LoggedModelStore
    package var artifacts: any ArtifactStore
    package var events: EventHub
    /// nil: pipelines come from elsewhere than a folder of this server.
    package var installer: (any PipelineInstaller)?
    package var examples: [ExampleFiles] = []
    /// nil: nobody is told anything.
    package var outbox: (any NotificationOutbox)?
    /// What is wrong with the home at this moment, though the program runs on.
    package var problems: @Sendable () async -> [HomeProblem] = { [] }
    /// nil: experiments are kept elsewhere.
    package var purger: (any Purger)?
    /// nil: runs are kept elsewhere, one at a time.
    package var history: (any RunHistory)?
    /// nil: nothing is told of the ratings themselves.
    package var data: (any DataSource)?
    /// nil: nothing is told of the program itself.
    package var system: (any SystemSource)?

    package init(
        facts: StackFacts, slot: ModelSlot, shadow: ShadowTraffic, people: any PeopleSource, feedback: any FeedbackSink,
        deployer: any Deployer, reproducer: any Reproducer, replay: any ReplayControl,
        orchestrator: any Orchestrator, quality: any QualitySource, drift: any DriftSource,
        datasets: any DatasetSourceList, tracking: any TrackingStore, registry: any ModelRegistry,
        loggedModels: any LoggedModelStore, artifacts: any ArtifactStore, events: EventHub
    ) {
        (self.facts, self.slot, self.people, self.feedback) = (facts, slot, people, feedback)
        (self.shadow, self.drift) = (shadow, drift)
        (self.deployer, self.reproducer) = (deployer, reproducer)
        (self.replay, self.orchestrator) = (replay, orchestrator)
        (self.quality, self.datasets, self.tracking, self.registry) = (quality, datasets, tracking, registry)
        (self.loggedModels, self.artifacts, self.events) = (loggedModels, artifacts, events)
    }
}

/// Something that somebody has to put right.
package struct HomeProblem: Sendable, Equatable {
    /// What it is about, in a word.
    package var subject: String
    package var message: String
    package var remedy: String
    package init(subject: String, message: String, remedy: String) {
        (self.subject, self.message, self.remedy) = (subject, message, remedy)
    }
}

/// What does not change while the program runs.
package struct StackFacts: Sendable {
    package var programVersion: String
    package var home: String
    /// The registered model that `/api/v1/recommendations` answers with when none is named.
    package var defaultModel: String
    package var startedAtMilliseconds: Int64
    /// Required of every request when the server listens beyond loopback.
    package var token: String?
    /// The JSON Schema of a pipeline file, with the operators that this program has.
    package var pipelineSchema: String
    /// Slack signs its requests with it; nil: commands from a chat are refused.
    package var slackSigningSecret: String?
    /// What only those know who can read the home; nil: nobody does.
    package var homeKey: String?
    package init(
        programVersion: String, home: String, defaultModel: String, startedAtMilliseconds: Int64, token: String?,
        pipelineSchema: String = "{}", slackSigningSecret: String? = nil, homeKey: String? = nil
    ) {
        (self.slackSigningSecret, self.homeKey) = (slackSigningSecret, homeKey)
        (self.programVersion, self.home, self.defaultModel) = (programVersion, home, defaultModel)
        self.pipelineSchema = pipelineSchema
        (self.startedAtMilliseconds, self.token) = (startedAtMilliseconds, token)
    }
}

/// What is known of people and items up to the simulated moment, feedback included.
///
/// Calls take no lock for long, and none waits for a disk on the caller's thread.
package protocol PeopleSource: Sendable {
    var catalogue: ItemCatalogue { get }
    /// Oldest first, the latest rating of an item only; nil for somebody who never rated.
    func history(of user: String) async throws -> [Rating]?
    /// Different whenever `history(of:)` is; found without making the history.
    func historyVersion(of user: String) -> HistoryVersion
    /// Most recently active first; `query` narrows to ids that begin with it.
    func people(limit: Int, query: String) async throws -> [PersonSummary]
    func itemFacts(_ item: String) async throws -> (ratings: Int, mean: Double?)
}

/// Which state a person's history is in.
package struct HistoryVersion: Sendable, Hashable {
    /// Counts what may take a history back, such as a replay that starts again.
    package var generation: Int
    /// Grow with the entries from the data and from feedback, between two generations.
    package var rows: Int
    package var feedback: Int
    package init(generation: Int, rows: Int, feedback: Int) {
        (self.generation, self.rows, self.feedback) = (generation, rows, feedback)
    }
}

/// Somebody and how much they have rated, for lists of people.
package struct PersonSummary: Sendable, Equatable {
    package var user: String
    package var ratings: Int
    package init(user: String, ratings: Int) { (self.user, self.ratings) = (user, ratings) }
}

/// What somebody did with an item, as it was sent.
package struct FeedbackEvent: Sendable, Equatable {
    /// Makes it idempotent.
    package var id: String?
    package var user: String
    package var item: String
    package var rating: Double?
    package var timestampSeconds: Int64?
    package var type: String?
    package init(id: String?, user: String, item: String, rating: Double?, timestampSeconds: Int64?, type: String?) {
        (self.id, self.user, self.item) = (id, user, item)
        (self.rating, self.timestampSeconds, self.type) = (rating, timestampSeconds, type)
    }
}

/// What became of the events of one request.
package struct FeedbackReceipt: Sendable, Equatable {
    package var accepted: Int
    package var duplicates: Int
    package init(accepted: Int, duplicates: Int) { (self.accepted, self.duplicates) = (accepted, duplicates) }
}

/// Where feedback goes.
package protocol FeedbackSink: Sendable {
    /// Returns once the events are on disk, all of them or none.
    func append(_ events: [FeedbackEvent]) async throws -> FeedbackReceipt
}

/// Loads what an alias names into the slot.
package protocol Deployer: Sendable {
    /// - Returns: the model that answers now. The former one keeps answering when this throws.
    func reload(model: String, alias: String) async throws -> LiveModel
    /// Loads the version with the alias `challenger` beside it, or unloads the former one. What goes wrong is told by
    /// `ShadowTraffic`: production does not depend on it.
    func reloadShadow(model: String) async
    /// A version to look at, which answers nobody else: the last one that was asked for is kept, and no second.
    func version(_ version: Int, of model: String) async throws -> LiveModel
}

/// Trains versions again as they were.
package protocol Reproducer: Sendable {
    /// Takes as long as the training takes.
    /// - Throws: `ServingFailure` (409) when it cannot be trained as it was.
    func reproduce(model: String, version: Int) async throws -> ReproductionReport
}

/// What came of training a version again.
package struct ReproductionReport: Sendable, Equatable {
    package var name: String
    package var version: Int
    package var algorithm: String
    /// SHA-256 of what is registered, and of what came of it now.
    package var contentHash: String
    package var reproducedHash: String
    /// By name; none when the bytes are equal.
    package var differingFiles: [String]
    package var seconds: Double
    package init(
        name: String, version: Int, algorithm: String, contentHash: String, reproducedHash: String,
        differingFiles: [String], seconds: Double
    ) {
        (self.name, self.version, self.algorithm) = (name, version, algorithm)
        (self.contentHash, self.reproducedHash) = (contentHash, reproducedHash)
        (self.differingFiles, self.seconds) = (differingFiles, seconds)
    }
}

/// What the replay's clock can be told.
package enum ReplayAction: Sendable, Equatable {
    case play(dayLengthSeconds: Double?)
    case pause
    case step(days: Int)
    /// `YYYY-MM-DD`
    case goto(date: String)
    case reset
    case speed(dayLengthSeconds: Double)
}

/// Where the replay stands.
package struct ReplayStatus: Sendable, Equatable {
    /// What the clock is doing; `working`: a day's runs are under way, and time stands still for them.
    package enum State: String, Sendable { case playing, paused, working, finished }
    package var dataset: String
    package var now: Instant
    package var firstDay: Instant
    package var lastDay: Instant
    /// The first simulated day: what came before was there from the beginning.
    package var start: Instant
    package var until: Instant?
    package var state: State
    /// 0: as fast as the work allows.
    package var dayLengthSeconds: Double
    package var day: Int
    package var daysTotal: Int
    package var ratingsArrived: Int
    package var ratingsTotal: Int
    /// Wall time.
    package var nextDayAt: Instant?
    /// 0 ... 1 of the current day's wall length.
    package var dayProgress: Double
    package var problem: String?
    package init(
        dataset: String, now: Instant, firstDay: Instant, lastDay: Instant, start: Instant, until: Instant?,
        state: State,
        dayLengthSeconds: Double, day: Int, daysTotal: Int, ratingsArrived: Int, ratingsTotal: Int,
        nextDayAt: Instant?, dayProgress: Double, problem: String?
    ) {
        (self.dataset, self.now, self.firstDay, self.lastDay) = (dataset, now, firstDay, lastDay)
        (self.start, self.until, self.state, self.dayLengthSeconds) = (start, until, state, dayLengthSeconds)
        (self.day, self.daysTotal, self.ratingsArrived, self.ratingsTotal) = (
            day, daysTotal, ratingsArrived, ratingsTotal
        )
        (self.nextDayAt, self.dayProgress, self.problem) = (nextDayAt, dayProgress, problem)
    }
}

/// The replay's clock.
package protocol ReplayControl: Sendable {
    func status() async -> ReplayStatus
    /// Returns once the order is on disk; the days themselves go by afterwards.
    /// - Throws: `ReplayRefusal`.
    func perform(_ action: ReplayAction) async throws -> ReplayStatus
}

/// Why the clock would not do as it was told; answered with 409.
package struct ReplayRefusal: Error, Sendable, Equatable {
    package var message: String
    package var remedy: String
    package init(message: String, remedy: String) { (self.message, self.remedy) = (message, remedy) }
}

/// Where the quality curves are kept.
package protocol QualitySource: Sendable {
    /// Oldest first.
    func quality(model: String) async throws -> [QualityPoint]
}

/// A dataset that the stack has replayed or can.
package struct DatasetFacts: Sendable, Equatable {
    package var name: String
    package var isActive: Bool
    package var ratings: Int
    package var users: Int
    package var items: Int
    package var firstDay: Instant
    package var lastDay: Instant
    package var contentHash: String
    package var source: String
    package init(
        name: String, isActive: Bool, ratings: Int, users: Int, items: Int, firstDay: Instant, lastDay: Instant,
        contentHash: String, source: String
    ) {
        (self.name, self.isActive, self.ratings, self.users, self.items) = (name, isActive, ratings, users, items)
        (self.firstDay, self.lastDay, self.contentHash, self.source) = (firstDay, lastDay, contentHash, source)
    }
}

/// Where the list of datasets comes from.
package protocol DatasetSourceList: Sendable {
    func datasets() async throws -> [DatasetFacts]
}

/// Facts with a remedy that any port may throw; the routes turn them into `{"error":{…}}` with the status.
package struct ServingFailure: Error, Sendable, Equatable {
    package var status: Int
    /// snake_case
    package var code: String
    package var message: String
    package var remedy: String
    /// What is for the server's log alone, because it may name places of its machine; nil when the answer says everything.
    var detail: String?
    package init(status: Int, code: String, message: String, remedy: String) {
        (self.status, self.code, self.message, self.remedy) = (status, code, message, remedy)
    }
}
