/// What makes runs of a pipeline without a person.
package struct Trigger: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        case time(Timetable)
        case dataset(DatasetCondition)
        case after(PipelineCondition)
        /// `POST /api/v1/hooks/{name}`
        case webhook(name: String)
    }

    package var kind: Kind
    /// The clock of a timetable; of other kinds, the clock of the runs that cause it.
    package var clock: ClockName
    /// No firing before this moment.
    package var start: Instant?
    package var end: Instant?
    package var catchup: Catchup
    /// Given to the runs this trigger starts; `${event.…}` is filled in when it fires.
    package var params: [String: Template]
    /// Names the trigger in the store: by what it says, so that it stays the same when others are added to the file.
    package var key: String

    package init(
        kind: Kind, clock: ClockName = .wall, start: Instant? = nil, end: Instant? = nil, catchup: Catchup = .none,
        params: [String: Template] = [:], key: String? = nil
    ) {
        (self.kind, self.clock, self.start, self.end) = (kind, clock, start, end)
        (self.catchup, self.params) = (catchup, params)
        self.key = key ?? "\(kind.words)/\(clock.rawValue)"
    }

    package var timetable: Timetable? { if case .time(let timetable) = kind { timetable } else { nil } }

    /// For people, e.g. `@daily on the replay clock`.
    package var words: String {
        timetable == nil ? kind.words : "\(kind.words) on the \(clock.rawValue) clock"
    }

    package var summary: TriggerSummary {
        guard let timetable else { return TriggerSummary(words: kind.words, clock: nil) }
        if case .cron(let schedule) = timetable { return TriggerSummary(words: schedule.inWords, clock: clock) }
        return TriggerSummary(words: kind.words, clock: clock)
    }
}

/// When a trigger fires by the clock alone.
package enum Timetable: Sendable, Equatable {
    case cron(CronSchedule)
    /// Counted from the trigger's `start`, else from 1970-01-01T00:00:00Z.
    case every(Duration)
}

/// Which new versions of datasets make a run.
package struct DatasetCondition: Sendable, Equatable {
    package enum Mode: String, Sendable { case all, any }
    package var names: [String]
    /// Whether each of them must have a new version since the last run, or one is enough.
    package var mode: Mode
    /// New rows, since the last run and of all names together, below which nothing is made.
    package var minNewRows: Int
    /// Nothing is made until this long has passed without a further version.
    package var debounce: Duration
    package init(names: [String], mode: Mode = .all, minNewRows: Int = 0, debounce: Duration = .zero) {
        (self.names, self.mode, self.minNewRows, self.debounce) = (names, mode, minNewRows, debounce)
    }
}

/// Which ends of another pipeline's runs make a run.
package struct PipelineCondition: Sendable, Equatable {
    package var pipelineID: String
    package var states: [DAGRunState]
    package init(pipelineID: String, states: [DAGRunState] = [.success]) {
        (self.pipelineID, self.states) = (pipelineID, states)
    }
}

extension Trigger.Kind {
    var words: String {
        switch self {
        case .time(.cron(let schedule)): schedule.text
        case .time(.every(let duration)): "every \(DurationText.text(duration))"
        case .dataset(let condition):
            "dataset \(condition.names.joined(separator: condition.mode == .all ? " and " : " or "))"
        case .after(let condition): "after \(condition.pipelineID)"
        case .webhook(let name): "webhook \(name)"
        }
    }
}

/// What becomes of firings that were missed while nothing ran. On the replay clock none can be missed.
package enum Catchup: String, Sendable, CaseIterable {
    case none, latest, all
}
