import Foundation
import Logging

/// One line for each message on standard error: prose, then the data.
struct LineLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .notice

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let data = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { left, right in
            (left.key == "run" ? 0 : 1, left.key) < (right.key == "run" ? 0 : 1, right.key)
        }
        let facts = data.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
        let prefix = event.level > .notice ? "\(event.level): " : ""
        let line = "\(LineLogHandler.time())  \(prefix)\(event.message)" + (facts.isEmpty ? "" : "  (\(facts))")
        FileHandle.standardError.write(Data("\(line)\n".utf8))
    }

    /// The wall's `HH:MM:SS`, in the zone of the person who reads it.
    private static func time() -> String {
        var (now, parts) = (time_t(Date().timeIntervalSince1970), tm())
        localtime_r(&now, &parts)
        return [parts.tm_hour, parts.tm_min, parts.tm_sec].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
    }
}
