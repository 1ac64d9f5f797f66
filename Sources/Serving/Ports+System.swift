package import Scheduling

/// What is known of the program itself.
package protocol SystemSource: Sendable {
    /// Asked every few seconds for as long as the program runs: takes no lock for long and touches no disk.
    func gauges() async -> SystemGauges
    func report() async throws -> SystemReport
    /// Looks for what would stop the stack. May take seconds; one at a time.
    func examine() async throws -> Examination
    var log: LogRing { get }
}

/// How much of everything is under way.
package struct SystemGauges: Sendable, Equatable {
    package var waitingWrites = 0
    package var activeRuns = 0
    package var queuedRuns = 0
    package var runningTasks = 0
    /// For a slot.
    package var waitingTasks = 0
    package var feedbackArriving = 0
    /// Since the start of the program.
    package var feedbackAccepted = 0
    /// Computations that run or wait for the training threads.
    package var trainingJobs = 0
    package init() {}
}

/// A part of the program, and what stands before it.
package struct Subsystem: Sendable, Equatable {
    package enum Name: String, Sendable, CaseIterable {
        case http, replay, scheduler, trainer, serving, store, feedback, notifications
    }
    package enum State: String, Sendable, CaseIterable { case running, idle, paused, finished, failing, off }

    /// Something of which only so much can be at once.
    package struct Queue: Sendable, Equatable {
        package enum Kind: String, Sendable, CaseIterable {
            case pool, runs, writes, fits, events, listeners, notifications
            case dayEvents = "day_events"
        }
        package var kind: Kind
        /// Of a pool; nil: there is only one of the kind.
        package var name: String?
        package var used: Int
        /// nil: no limit.
        package var limit: Int?
        package var waiting: Int
        package init(_ kind: Kind, name: String? = nil, used: Int, limit: Int? = nil, waiting: Int = 0) {
            (self.kind, self.name, self.used, self.limit, self.waiting) = (kind, name, used, limit, waiting)
        }
    }

    package var name: Name
    package var state: State
    /// What it works on, or what is wrong, as data: a date, a version, an address, a message.
    package var detail: String?
    package var queues: [Queue]
    package init(_ name: Name, _ state: State, detail: String? = nil, queues: [Queue] = []) {
        (self.name, self.state, self.detail, self.queues) = (name, state, detail, queues)
    }
}

/// Everything of the program that is no measurement over time.
package struct SystemReport: Sendable, Equatable {
    package var versions: Versions
    package var subsystems: [Subsystem]
    package var peakResidentBytes: Int64?
    /// nil: nobody has measured it yet.
    package var disk: DiskUse?
    package var settings: [SettingFacts]
    package var examination: Examination?
    package init(
        versions: Versions, subsystems: [Subsystem], peakResidentBytes: Int64?, disk: DiskUse?,
        settings: [SettingFacts], examination: Examination?
    ) {
        (self.versions, self.subsystems, self.peakResidentBytes) = (versions, subsystems, peakResidentBytes)
        (self.disk, self.settings, self.examination) = (disk, settings, examination)
    }

    /// What the program is made of and runs on.
    package struct Versions: Sendable, Equatable {
        package var swift: String
        package var sqlite: String
        package var platform: String
        /// `debug` or `release`.
        package var build: String
        package var cores: Int
        package var processID: Int32
        package init(
            swift: String, sqlite: String, platform: String, build: String, cores: Int, processID: Int32
        ) {
            (self.swift, self.sqlite, self.platform) = (swift, sqlite, platform)
            (self.build, self.cores, self.processID) = (build, cores, processID)
        }
    }
}

/// How much room the home takes.
package struct DiskUse: Sendable, Equatable {
    package struct Place: Sendable, Equatable {
        /// `database`, `ratings`, `artifacts`, `logs`, `work`, `datasets` or `pipelines`.
        package var name: String
        package var path: String
        package var bytes: Int
        package var files: Int
        package init(name: String, path: String, bytes: Int, files: Int) {
            (self.name, self.path, self.bytes, self.files) = (name, path, bytes, files)
        }
    }
    package var measuredAt: Instant
    package var places: [Place]
    /// Of the file system that the home is on.
    package var freeBytes: Int?
    package var capacityBytes: Int?
    package init(measuredAt: Instant, places: [Place], freeBytes: Int?, capacityBytes: Int?) {
        (self.measuredAt, self.places) = (measuredAt, places)
        (self.freeBytes, self.capacityBytes) = (freeBytes, capacityBytes)
    }
}

/// A setting as it holds now, and who said so.
package struct SettingFacts: Sendable, Equatable {
    package enum Origin: String, Sendable, CaseIterable {
        case builtIn = "default"
        /// What the home remembers of an earlier start.
        case home
        /// `mlstack.yaml`
        case file
        case environment
        case commandLine = "command_line"
    }
    package var name: String
    /// nil: it is not set. Secrets are never told.
    package var value: String?
    package var origin: Origin
    /// How it is said: an option, a variable or a key of the file.
    package var spelling: String
    package init(name: String, value: String?, origin: Origin, spelling: String) {
        (self.name, self.value, self.origin, self.spelling) = (name, value, origin, spelling)
    }
}

/// What a look for everything that would stop the stack has found.
package struct Examination: Sendable, Equatable {
    package struct Finding: Sendable, Equatable {
        package var subject: String
        package var isWell: Bool
        package var text: String
        package var remedy: String?
        package init(subject: String, isWell: Bool, text: String, remedy: String?) {
            (self.subject, self.isWell, self.text, self.remedy) = (subject, isWell, text, remedy)
        }
    }
    package var at: Instant
    package var findings: [Finding]
    package init(at: Instant, findings: [Finding]) { (self.at, self.findings) = (at, findings) }
}
