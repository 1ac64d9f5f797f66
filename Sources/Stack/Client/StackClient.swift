import Foundation
import Registry
import Storage
import Transfer

/// Speaks to a running stack over its HTTP API, for the commands that ask or order something.
package struct StackClient: Sendable {
    package let url: String
    private let token: String?
    /// Proof that the home can be read, where there is such a word.
    private let homeKey: String?
    let transfer = HTTPTransfer(queue: Queues.transfer)

    /// Finds the server: the address given, else `MLSTACK_URL`, else the one that a running `up` left in its home.
    /// - Throws: `StackError.serverNotFound`.
    package init(url: String?, home: Home, token: String?) throws {
        let environment = ProcessInfo.processInfo.environment
        guard let found = try url ?? environment["MLSTACK_URL"] ?? HomeLock.read(home: home.path)?.url else {
            throw StackError.serverNotFound(home: home.path)
        }
        self.url = found.hasSuffix("/") ? String(found.dropLast()) : found
        self.token = token ?? environment["MLSTACK_TOKEN"]
        // For that home's own server alone.
        let isOwn = try HomeLock.read(home: home.path)?.url == self.url
        homeKey = isOwn ? try? String(contentsOfFile: home.key, encoding: .utf8) : nil
    }

    /// nil where no server is named and none runs on the home.
    package static func running(url: String?, home: Home, token: String?) throws -> StackClient? {
        do {
            return try StackClient(url: url, home: home, token: token)
        } catch StackError.serverNotFound {
            return nil
        }
    }

    /// - Returns: the answer's body.
    /// - Throws: `StackError.serverRefused` when nobody answers, `.serverAnswered` when the answer is a refusal.
    package func get(_ path: String) async throws -> String { try await call("GET", path, body: nil).text }

    /// As `get`, with the answer's headers and its bytes as they are.
    func reply(_ path: String) async throws -> HTTPReply { try await call("GET", path, body: nil) }

    /// - Parameters:
    ///   - body: JSON.
    ///   - timeout: for orders that take as long as a training, more than the usual two minutes.
    package func post(
        _ path: String, _ body: [String: any Sendable] = [:], timeout: Duration = .seconds(120)
    ) async throws -> String {
        let data = try JSONSerialization.data(withJSONObject: body, options: .sortedKeys)
        return try await call("POST", path, body: [UInt8](data), timeout: timeout).text
    }

    package func get<Answer: Decodable>(_ path: String, as type: Answer.Type) async throws -> Answer {
        try StackClient.decode(try await get(path))
    }

    package static func decode<Answer: Decodable>(_ text: String) throws -> Answer {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            return try decoder.decode(Answer.self, from: Data(text.utf8))
        } catch {
            throw StackError.usage(
                "the answer is none that this version of mlstack knows.",
                remedy: "see whether it is mlstack that listens there, in the version that `mlstack --version` names.")
        }
    }

    /// One part of a path or of a query, escaped.
    package static func escaped(_ text: String) -> String {
        text.addingPercentEncoding(
            withAllowedCharacters: .init(
                charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")) ?? text
    }

    /// - Throws: `StackError.usage` for no name: it would be another path.
    package static func path(ofModel name: String) throws -> String {
        if name.isEmpty {
            throw StackError.usage(
                "the model's name is empty.", remedy: "`mlstack model list` names the models there are.")
        }
        return "/api/v1/models/\(escaped(name))"
    }

    /// How orders of the command line are told apart in the audit list.
    static let actor = "cli:\(NSUserName())"

    var headers: [(name: String, value: String)] {
        var headers = [
            (name: "Accept", value: "application/json"), (name: "X-Mlstack-Actor", value: StackClient.actor),
        ]
        if let homeKey { headers.append((name: "X-Mlstack-Home-Key", value: homeKey)) }
        if let token { headers.append((name: "Authorization", value: "Bearer \(token)")) }
        return headers
    }

    private func call(
        _ method: String, _ path: String, body: [UInt8]?, timeout: Duration = .seconds(120)
    ) async throws -> HTTPReply {
        var headers = headers
        if body != nil { headers.append((name: "Content-Type", value: "application/json")) }
        do {
            // Starting again waits for running tasks to stop.
            let reply = try await transfer.request(
                method, url + path, headers: headers, body: body, timeout: timeout)
            if !reply.isSuccess { throw refusal(reply.status, reply.text) }
            return reply
        } catch let error as TransferError {
            throw StackError.serverRefused(url: url, reason: reason(error))
        }
    }

    /// As part of a sentence, which brings its own full stop.
    func reason(_ error: TransferError) -> String {
        let what = ErrorText(error).what
        return what.hasSuffix(".") ? String(what.dropLast()) : what
    }

    private struct Refusal: Decodable {
        struct Content: Decodable {
            let message: String
            let remedy: String?
        }
        let error: Content
    }

    private struct MLflowRefusal: Decodable {
        let errorCode, message: String

        /// MLflow's form has no room for one.
        var remedy: String {
            switch errorCode {
            case "RESOURCE_DOES_NOT_EXIST": RegistryError.notFound(message).recoverySuggestion ?? ""
            case "RESOURCE_ALREADY_EXISTS": RegistryError.alreadyExists(message).recoverySuggestion ?? ""
            case "INVALID_PARAMETER_VALUE"
            where message.hasPrefix("Invalid clause") || message.hasPrefix("Invalid order_by"):
                "write it as `mlstack experiment search --help` shows."
            case "INVALID_PARAMETER_VALUE", "BAD_REQUEST": RegistryError.invalid(message).recoverySuggestion ?? ""
            case "UNAUTHENTICATED": "give the server's token with --token, or in MLSTACK_TOKEN."
            case "PERMISSION_DENIED": RegistryError.researchRemedy
            default: "`mlstack doctor` says what stands in the server's way."
            }
        }
    }

    func refusal(_ status: Int, _ text: String) -> StackError {
        if let refusal: Refusal = try? StackClient.decode(text) {
            return .serverAnswered(status: status, message: refusal.error.message, remedy: refusal.error.remedy ?? "")
        }
        if let refusal: MLflowRefusal = try? StackClient.decode(text) {
            return .serverAnswered(status: status, message: refusal.message, remedy: refusal.remedy)
        }
        return .serverAnswered(
            status: status, message: "\(url) answered with status \(status).",
            remedy: "see whether it is mlstack that listens there.")
    }
}
