import Logging
import Scheduling
import Synchronization

@testable import Serving

/// A program with one busy pool, one setting and a log that tests write to.
final class FakeSystem: SystemSource {
    let log = LogRing { 1_727_913_600_000 }
    let gauge = Mutex(SystemGauges())

    func gauges() async -> SystemGauges { gauge.withLock { $0 } }

    func report() async throws -> SystemReport {
        SystemReport(
            versions: .init(
                swift: "6.3", sqlite: "3.40", platform: "test", build: "debug", cores: 2, processID: 7),
            subsystems: [
                Subsystem(
                    .scheduler, .running, queues: [.init(.pool, name: "<b>", used: 1, limit: 2, waiting: 3)])
            ], peakResidentBytes: nil, disk: nil,
            settings: [SettingFacts(name: "port", value: "0", origin: .commandLine, spelling: "--port")],
            examination: nil)
    }

    func examine() async throws -> Examination {
        Examination(
            at: Instant(seconds: 0),
            findings: [.init(subject: "disk", isWell: false, text: "1 MiB free", remedy: "make room.")])
    }
}
