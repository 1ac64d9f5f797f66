import Foundation
import Scheduling
import Transfer

/// Why a webhook was not taken.
struct WebhookFailure: Error, Equatable {
    /// Without the address, which is a secret.
    var reason: String
    /// Whether trying again can change nothing.
    var isFinal = false
    /// What the receiver asked for.
    var retryAfter: Duration?
}

/// Sends one notification to one webhook.
struct WebhookSender: Sendable {
    var transfer: HTTPTransfer
    var addresses: AddressGuard
    var excerpts: LogExcerpts
    /// Where the pages are; nil before the server listens.
    var pages: @Sendable () -> String?
    /// What `${secrets.NAME}` in an address stands for.
    var secrets: @Sendable () async throws -> [String: String] = { [:] }
    /// What `${env.NAME}` in one stands for.
    var environment = ProcessInfo.processInfo.environment
    var timeout = Duration.seconds(10)

    private static let longestAnswer = 64 << 10
    private static let longestRetryAfter = 3600

    /// - Throws: `WebhookFailure`, `CancellationError`.
    func send(_ notification: Notification, to address: String) async throws {
        let webhook = try await filled(address)
        let body = try await body(of: notification, to: webhook)
        let reply: HTTPReply
        do {
            reply = try await transfer.request(
                "POST", webhook,
                headers: [
                    ("Content-Type", "application/json"), ("Idempotency-Key", notification.id),
                    ("User-Agent", "mlstack/\(Version.current)"),
                ], body: body, timeout: timeout, connectTimeout: min(timeout, .seconds(5)),
                maxResponseBytes: Self.longestAnswer, addresses: addresses)
        } catch let error as TransferError {
            throw WebhookFailure(
                reason: Self.withoutAddress(ErrorText(error).oneLine, webhook), isFinal: error.isFinal)
        }
        if reply.isSuccess { return }
        if (300..<400).contains(reply.status) {
            throw WebhookFailure(
                reason: "the receiver answered with status \(reply.status), a redirect, which is not followed.")
        }
        let asked = reply.header("retry-after").flatMap { Int($0) }.map { min(max(0, $0), Self.longestRetryAfter) }
        // 410: "likely to be permanent", and meant to be told to whoever keeps the address.
        throw WebhookFailure(
            reason: "the receiver answered with status \(reply.status)\(Self.excerpt(reply)).",
            isFinal: reply.status == 410, retryAfter: asked.map { .seconds($0) })
    }

    /// The outbox keeps the names of secrets, never their values.
    private func filled(_ address: String) async throws -> String {
        do {
            let template = try Template(parsing: address)
            if let constant = template.constant { return constant }
            let scope = RenderScope(environment: environment, secrets: try await secrets())
            return try template.render(scope, quoting: .plain)
        } catch {
            throw WebhookFailure(reason: "the webhook's address: \(ErrorText(error).oneLine)")
        }
    }

    /// Slack's own form for Slack's own host, JSON for everybody else.
    private func body(of notification: Notification, to webhook: String) async throws -> [UInt8] {
        let log = await excerpts.lines(for: notification)
        let page = pages().map { "\($0)/#run=\(notification.runID)" }
        return Self.isSlack(webhook)
            ? try SlackMessage(notification, log: log, page: page).json
            : try NotificationMessage(notification, log: log, page: page).json
    }

    static func isSlack(_ webhook: String) -> Bool {
        URL(string: webhook)?.host()?.lowercased() == "hooks.slack.com"
    }

    private static func excerpt(_ reply: HTTPReply) -> String {
        let text = reply.text.prefix(120).map { $0.isNewline || $0 == "\t" ? " " : $0 }.filter { !$0.isNewline }
        return text.isEmpty ? "" : ": \(String(text))"
    }

    /// Whoever knows the path of a webhook may write to it.
    static func withoutAddress(_ text: String, _ webhook: String) -> String {
        let url = URL(string: webhook)
        let shown = url.flatMap { url in url.host().map { "\(url.scheme ?? "https")://\($0)/…" } } ?? "the webhook"
        var result = text.replacingOccurrences(of: webhook, with: shown)
        if let at = webhook.lastIndex(of: "@"), let scheme = webhook.range(of: "://") {
            result = result.replacingOccurrences(
                of: webhook[..<scheme.upperBound] + webhook[webhook.index(after: at)...], with: shown)
        }
        return result
    }
}

extension TransferError {
    /// Whether the same request can only fail again.
    fileprivate var isFinal: Bool {
        switch self {
        case .badURL, .badRequest, .addressRefused: true
        default: false
        }
    }
}
