import Foundation
import HTTPTypes
import Hummingbird
package import Registry
package import Scheduling

/// How an error that ends a request is told: the right status, what is wrong, and what to do about it.
enum FailureResponse {
    /// Everything under it is answered in MLflow's own form, because its client branches on `error_code`.
    private static let mlflowPrefixes = [
        "/api/2.0/", "/api/2.1/", "/api/3.0/", "/api/4.0/", "/ajax-api/", "/invocations", "/v1/traces", "/graphql",
        "/get-artifact",
    ]

    static func failure(of error: any Error) -> ServingFailure {
        if let answer = (error as? any PrivateError)?.publicAnswer {
            var failure = ServingFailure(
                status: answer.isPassing ? 503 : 500, code: answer.isPassing ? "storage_away" : "storage_failed",
                message: answer.message, remedy: answer.remedy)
            failure.detail = ErrorSentence.of(error)
            return failure
        }
        return switch error {
        case let failure as ServingFailure: failure
        case let refusal as ReplayRefusal:
            .conflict("replay_refused", refusal.message, remedy: refusal.remedy)
        case let error as RegistryError: registry(error)
        case let error as SchedulingError: scheduling(error)
        case let error as ParamError:
            told(error, status: 422, code: "invalid_params")
        case is CancellationError:
            ServingFailure(
                status: 503, code: "shutting_down", message: "the server is about to stop.",
                remedy: "ask again once it is back.")
        case let error as any LocalizedError: told(error, status: 500, code: "internal_error")
        default: .internalFailure(String(describing: error))
        }
    }

    /// Why a version could not be loaded. The server is well, whatever it is: what is asked for does not go with how things stand.
    static func ofLoading(_ error: any Error) -> ServingFailure {
        let failure = failure(of: error)
        if failure.status < 500 { return failure }
        var conflict = ServingFailure.conflict("not_loaded", failure.message, remedy: failure.remedy)
        conflict.detail = failure.detail
        return conflict
    }

    /// In the error's own sentences.
    static func told(_ error: any LocalizedError, status: Int, code: String) -> ServingFailure {
        ServingFailure(
            status: status, code: code, message: error.errorDescription ?? String(describing: error),
            remedy: error.recoverySuggestion ?? "look at the server's log.")
    }

    private static func scheduling(_ error: SchedulingError) -> ServingFailure {
        switch error {
        case .unknownPipeline, .unknownRun, .unknownTask, .unknownOperator, .noLog, .unknownHook:
            told(error, status: 404, code: "not_found")
        case .badRunID, .hookRefused, .noSchedule, .badBackfill: told(error, status: 422, code: "invalid_value")
        case .runHasEnded: told(error, status: 409, code: "run_has_ended")
        case .taskIsRunning: told(error, status: 409, code: "task_is_running")
        case .runIsBeingCancelled: told(error, status: 409, code: "run_is_being_cancelled")
        case .replayHasNotBegun: told(error, status: 409, code: "replay_has_not_begun")
        case .stopping: told(error, status: 503, code: "shutting_down")
        // Told before, because their words are for the log.
        case .storeFailed, .noFolder, .unreadablePipeline: .internalFailure(ErrorSentence.of(error))
        }
    }

    private static func registry(_ error: RegistryError) -> ServingFailure {
        switch error {
        case .invalid(let text):
            ServingFailure(
                status: 422, code: "invalid_value", message: text, remedy: "correct the value and ask again.")
        case .alreadyExists(let text): .conflict("already_exists", text, remedy: "choose another name.")
        case .notFound(let text): .notFound(text, remedy: error.recoverySuggestion ?? "")
        case .forbidden(let text):
            ServingFailure(
                status: 403, code: "research_only", message: text, remedy: RegistryError.researchRemedy)
        case .tooHeavy(let text):
            ServingFailure(
                status: 422, code: "search_too_heavy", message: text, remedy: RegistryError.heavyRemedy)
        // Told before, because their words are for the log.
        case .storage(let text), .unavailable(let text), .full(let text): .internalFailure(text)
        }
    }

    /// - Parameters:
    ///   - path: decides the form: MLflow's, a small page, or ours in JSON.
    ///   - acceptsHTML: whether a person's browser asks.
    static func response(for failure: ServingFailure, path: Substring, acceptsHTML: Bool) -> Response {
        let status = HTTPResponse.Status(code: failure.status)
        if acceptsHTML, !path.hasPrefix("/api/"), !isMLflow(path) {
            return Response.html(ErrorPage.text(failure), status: status)
        }
        return Response.json(json(of: failure, path: path), status: status)
    }

    private static func isMLflow(_ path: Substring) -> Bool { mlflowPrefixes.contains { path.hasPrefix($0) } }

    /// - Parameter path: decides the form: MLflow's or ours.
    static func json(of failure: ServingFailure, path: Substring) -> JSONWriter {
        var json = JSONWriter(capacity: 256)
        if isMLflow(path) {
            json.object { json in
                json.member("error_code", mlflowCode(failure.status, path))
                json.member("message", "\(failure.message) \(failure.remedy)")
            }
        } else {
            json.object { json in
                json.member(
                    "error",
                    object: { json in
                        json.member("code", failure.code)
                        json.member("message", failure.message)
                        json.member("remedy", failure.remedy)
                    })
            }
        }
        return json
    }

    private static func mlflowCode(_ status: Int, _ path: Substring) -> String {
        switch status {
        // Its scoring server has a word of its own.
        case 400 where path == "/invocations": "BAD_REQUEST"
        case 401: "UNAUTHENTICATED"
        case 403: "PERMISSION_DENIED"
        case 404: "ENDPOINT_NOT_FOUND"
        case 408: "DEADLINE_EXCEEDED"
        case 409: "RESOURCE_CONFLICT"
        case 429: "REQUEST_LIMIT_EXCEEDED"
        // Whatever else was wrong was the client's doing: it is not to ask again.
        case 400..<500: "INVALID_PARAMETER_VALUE"
        case 503: "TEMPORARILY_UNAVAILABLE"
        default: "INTERNAL_ERROR"
        }
    }
}

/// The state of a run is in the database, whose failure it names; pipelines are files of the home.
extension SchedulingError: PrivateError {
    package var publicAnswer: PublicAnswer? {
        switch self {
        case .storeFailed: .storageFailed
        case .noFolder, .unreadablePipeline:
            PublicAnswer(
                "the server could not read a pipeline's file or folder.",
                remedy: "look at the server's log, and mend what it names.")
        default: nil
        }
    }
}

/// The page that a browser shows for an error.
enum ErrorPage {
    static func text(_ failure: ServingFailure) -> String {
        let login =
            failure.status == 401
            ? """
            <form method="get" action="/"><label>Token <input type="password" name="\(Authentication.queryName)" required></label>
            <button>Log in</button></form>
            """ : "<p><a href=\"/\">Back to the start</a></p>"
        // Who has not logged in yet gets no style sheet either.
        let styles =
            failure.status == 401
            ? ""
            : """
            <link rel="stylesheet" href="/css/base.css"><link rel="stylesheet" href="/css/shell.css">
            <script src="/js/theme.js"></script>
            """
        return """
            <!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(failure.status) · mlstack</title>\(styles)
            <main><div class="page-head"><h1>\(failure.status)</h1></div>
            <div class="problem"><strong>\(HTMLText.escape(failure.message))</strong><p>\(HTMLText.escape(failure.remedy))</p></div>\(login)</main>
            """
    }
}

enum HTMLText {
    /// Text made safe between tags and in quoted attributes.
    static func escape(_ text: String) -> String {
        var escaped = ""
        for character in text {
            switch character {
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "&": escaped += "&amp;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.append(character)
            }
        }
        return escaped
    }
}
