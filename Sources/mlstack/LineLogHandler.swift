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
        let data = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }.map {
            " \($0.key)=\($0.value)"
        }
        let prefix = event.level > .notice ? "\(event.level): " : ""
        FileHandle.standardError.write(Data("\(prefix)\(event.message)\(data.joined())\n".utf8))
    }
}
