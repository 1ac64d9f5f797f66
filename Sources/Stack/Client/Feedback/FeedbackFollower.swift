import Foundation
import Transfer

/// `mlstack data import --follow`: sends lines of feedback to a running server until their end, each until it is acknowledged.
///
/// An event that has no `id` gets one, so that a batch whose answer was lost can be sent again without being counted twice.
/// A batch that the server refuses is halved until the line that is wrong stands alone.
package struct FeedbackFollower: Sendable {
    package struct Summary: Sendable, Equatable {
        /// On the server's disk, those it had already among them.
        package var acknowledged = 0
        package var duplicates = 0
        package var rejected = 0
        /// The last line that was read.
        package var lastLine = 0
    }

    /// A line that is no event.
    package struct Rejection: Sendable, Equatable {
        package var line: Int
        package var reason: String
        package var text: [UInt8]
    }

    private let client: StackClient
    /// Sets the ids of this input apart from those of any other.
    private let session: String
    private let onRejected: @Sendable (Rejection) async throws -> Void
    var pause: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }

    private static let batchLines = 1000
    /// How long a line waits for others to go with.
    private static let gatherMilliseconds: Int32 = 200
    /// Tries in a row that find no server at all, a second apart: longer than a server takes to start again.
    private static let mostLostTries = 60
    /// Tries at a busy server once the end was asked for.
    private static let mostLastTries = 3
    private static let longestPause = 60

    package init(client: StackClient, onRejected: @escaping @Sendable (Rejection) async throws -> Void) {
        (self.client, self.onRejected) = (client, onRejected)
        session = String(UInt64.random(in: .min ... .max), radix: 36)
    }

    /// - Parameters:
    ///   - wake: becomes readable when no more is to be read.
    ///   - isStopping: whether somebody waits for the end: then a server that is away is not waited for.
    /// - Throws: `FeedbackUnsent`, `StackError` for input that cannot be read.
    func run(_ descriptor: Int32, wake: Int32, isStopping: @escaping @Sendable () -> Bool) async throws -> Summary {
        let input = LineInput(descriptor: descriptor, wake: wake)
        var summary = Summary()
        while true {
            let (lines, hasEnded) = try await Queues.input.perform {
                let lines = try input.next(most: Self.batchLines, within: Self.gatherMilliseconds)
                return (lines, input.hasEnded)
            }
            var rest = lines[...]
            while let first = rest.first {
                if first.isTooLong {
                    try await reject(first, "it is longer than \(LineInput.longestLine) bytes.", &summary)
                    rest = rest.dropFirst()
                } else {
                    let batch = rest.prefix { !$0.isTooLong }
                    try await send(batch, &summary, isStopping)
                    rest = rest.dropFirst(batch.count)
                }
            }
            summary.lastLine = lines.last?.number ?? summary.lastLine
            if hasEnded { return summary }
        }
    }

    private func send(
        _ lines: ArraySlice<InputLine>, _ summary: inout Summary, _ isStopping: @Sendable () -> Bool
    ) async throws {
        guard let first = lines.first else { return }
        do {
            switch try await post(lines, isStopping) {
            case .stored(let receipt):
                summary.acknowledged += receipt.accepted + receipt.duplicates
                summary.duplicates += receipt.duplicates
            case .refused(let reason) where lines.count == 1:
                try await reject(first, reason.replacing(#/\bline 1\b/#, with: "it"), &summary)
            case .refused:
                let middle = lines.startIndex + lines.count / 2
                try await send(lines[..<middle], &summary, isStopping)
                try await send(lines[middle...], &summary, isStopping)
            }
        } catch let error where !(error is FeedbackUnsent) {
            throw FeedbackUnsent(line: first.number, acknowledged: summary.acknowledged, cause: ErrorText(error))
        }
    }

    private func reject(_ line: InputLine, _ reason: String, _ summary: inout Summary) async throws {
        summary.rejected += 1
        try await onRejected(Rejection(line: line.number, reason: reason, text: line.bytes))
    }

    // MARK: The wire

    private struct Receipt: Decodable { let accepted, duplicates: Int }
    private enum Answer {
        case stored(Receipt)
        case refused(reason: String)
    }

    /// Comes back only with the server's decision.
    private func post(_ lines: ArraySlice<InputLine>, _ isStopping: @Sendable () -> Bool) async throws -> Answer {
        let body = Array(lines.map { identified($0) }.joined(separator: [10]))
        var (lostTries, lastTries) = (0, 0)
        while true {
            do {
                let reply = try await client.transfer.request(
                    "POST", client.url + "/api/v1/feedback",
                    headers: client.headers + [(name: "Content-Type", value: "application/x-ndjson")], body: body,
                    timeout: .seconds(120))
                switch reply.status {
                case 200: return .stored(try StackClient.decode(reply.text))
                case 400, 413, 422: return .refused(reason: ErrorText(client.refusal(reply.status, reply.text)).what)
                case 429, 503:
                    lastTries += isStopping() ? 1 : 0
                    if lastTries > Self.mostLastTries { throw client.refusal(reply.status, reply.text) }
                    let asked = reply.header("Retry-After").flatMap { Int($0) } ?? 1
                    try await pause(.seconds(min(max(asked, 1), Self.longestPause)))
                default: throw client.refusal(reply.status, reply.text)
                }
            } catch let error as TransferError {
                lostTries += 1
                guard lostTries < Self.mostLostTries, !isStopping(), FeedbackFollower.mayPass(error) else {
                    throw StackError.serverRefused(url: client.url, reason: client.reason(error))
                }
                try await pause(.seconds(1))
            }
        }
    }

    /// A server that is being started again is away for a while.
    private static func mayPass(_ error: TransferError) -> Bool {
        switch error {
        case .connectionRefused, .cutOff, .timedOut, .stalled, .cannotConnect: true
        default: false
        }
    }

    /// The line with an id, where it is an object without one; anything else goes as it is, and the server says what is wrong.
    private func identified(_ line: InputLine) -> [UInt8] {
        guard let object = try? JSONSerialization.jsonObject(with: Data(line.bytes)) as? [String: Any],
            !object.isEmpty, object["id"] == nil, let brace = line.bytes.firstIndex(of: UInt8(ascii: "{"))
        else { return line.bytes }
        var bytes = line.bytes
        bytes.insert(contentsOf: Array("\"id\":\"follow-\(session)-\(line.number)\",".utf8), at: brace + 1)
        return bytes
    }
}

/// The end came before all lines were acknowledged.
package struct FeedbackUnsent: Error, Equatable {
    /// The first that was not.
    package var line: Int
    package var acknowledged: Int
    var cause: ErrorText
}

extension FeedbackUnsent: LocalizedError {
    package var errorDescription: String? {
        "\(acknowledged) events are stored; line \(line) and those after it are not: \(cause.what)"
    }
    package var recoverySuggestion: String? {
        "\(cause.remedy.map { "\($0) Then " } ?? "")send the input again from line \(line) on: `tail -n +\(line)`."
    }
}
