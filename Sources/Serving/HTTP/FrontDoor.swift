import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import Registry
import Scheduling
import Synchronization

/// What every request passes through: who may come in, which route answers, how errors are told, and what is measured.
final class FrontDoor: Sendable {
    let surroundings: Surroundings

    private let host: String
    private let routes: RouteTable
    private let research: ResearchFace
    private let authentication: Authentication
    private let guards: Mutex<RequestGuards>
    private let dates: DateHeader
    private let logger: Logger
    /// Of requests that no route answered, files of the pages among them.
    private let otherMeasure = RouteMeasure()

    /// Asked by the MLflow client and by load balancers under any name; they tell nothing of what is stored.
    private static let openPaths: Set<Substring> = ["/health", "/version"]
    /// Asked by a service from outside, under whatever name it was told; the route itself checks who signed the request.
    private static let signedPaths: Set<Substring> = [Substring(ChatRoutes.slackPath)]
    private static let longestTarget = 8 << 10

    init(host: String, surroundings: Surroundings, families: [any RouteFamily], logger: Logger) {
        (self.host, self.surroundings, self.logger) = (host, surroundings, logger)
        var table = RouteTable()
        for family in BuiltInRoutes.families(surroundings) + families { family.register(in: &table) }
        routes = table
        surroundings.routes = table
        research = ResearchFace(surroundings, families: families)
        authentication = Authentication(token: surroundings.ports.facts.token)
        guards = Mutex(RequestGuards(host: host, port: 0, hasToken: authentication.isRequired))
        dates = DateHeader(clock: surroundings.clock)
    }

    /// Called when the port is known, before the first connection is accepted.
    func begin(at address: HTTPServer.Address) {
        surroundings.address = address
        guards.withLock { $0 = RequestGuards(host: host, port: address.port, hasToken: authentication.isRequired) }
    }

    /// What was answered since the start, by family of routes.
    var totals: [String: LatencyHistogram] {
        var totals = ["pages": otherMeasure.snapshot().total]
        for route in routes.routes {
            let family = route.documentation?.tag ?? (route.pattern.contains("mlflow") ? "mlflow" : "other")
            totals[family, default: LatencyHistogram()].add(route.measure.snapshot().total)
        }
        return totals
    }

    func answer(_ request: Request, _ writer: consuming ResponseWriter) async throws {
        if request.headers.value(of: .expect)?.lowercased() == "100-continue", isBodyWelcome(request) {
            try await writer.writeInformationalHead(HTTPResponse(status: .continue))
        }
        var response = try await response(to: request)
        if AnswerCompression.isMeant(response, request) {
            response = try await AnswerCompression.compressed(response, to: request, queue: surroundings.files)
        }
        response.headers[.date] = dates.value
        // It would be read to its end before the next request, however long: there may be no end.
        let mustClose = isEndless(request, response.status)
        if mustClose { response.headers[.connection] = "close" }
        if request.method == .head { response = response.createHeadResponse() }
        do {
            try await writer.write(response: response.head, body: response.body)
        } catch let error as HTTPParserError {
            // Hummingbird answers a parser's error with a head of its own, but one has been sent already.
            throw BrokenWhileAnswering(cause: error)
        } catch {
            // The connection ends here; whoever asked sees no more than that.
            if error is any PrivateError { note(FailureResponse.failure(of: error), request) }
            throw error
        }
        if mustClose { throw RefusedBody() }
    }

    private struct BrokenWhileAnswering: Error { var cause: HTTPParserError }
    private struct RefusedBody: Error {}

    private func response(to request: Request) async throws -> Response {
        let start = ContinuousClock.now
        let target = request.head.path ?? ""
        let question = target.utf8.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex
        let given = target[..<question]
        let marked = ResearchFace.path(of: given)
        let path = marked ?? given
        let query = question < target.endIndex ? target[target.index(after: question)...] : ""
        var measure = otherMeasure
        var response: Response
        do {
            try check(target)
            if let login = try admit(request, path, query) {
                response = login
            } else {
                switch try routes.match(request.method, path) {
                case .found(let index, let values):
                    // Both tables are made by the same families in the same order.
                    measure = routes.routes[index].measure
                    let route = marked == nil ? routes.routes[index] : research.routes.routes[index]
                    if marked != nil { try await research.check(request.method, route, values) }
                    let call = HTTPCall(
                        request: request, path: path, rawQuery: query, names: route.parameterNames, values: values)
                    response = try await route.handler(call)
                case .wrongMethod(let allowed):
                    response = refusal(FrontDoor.wrongMethod(request, allowed), request, path)
                    response.headers[.allow] = allowed.map(\.rawValue).joined(separator: ", ")
                case .none:
                    response = try await PageFiles.response(to: request, path, queue: surroundings.files)
                }
            }
        } catch let error as HTTPParserError {
            throw error
        } catch {
            let failure = FailureResponse.failure(of: error)
            note(failure, request)
            response = refusal(failure, request, path)
        }
        SecurityFields.add(to: &response.headers)
        measure.record(status: response.status.code, since: start)
        return response
    }

    /// Writes down what the answer does not say.
    private func note(_ failure: ServingFailure, _ request: Request) {
        guard let detail = failure.detail else { return }
        let path = request.head.path?.prefix { $0 != "?" }.prefix(200) ?? ""
        logger.error("\(detail)", metadata: ["asked": "\(request.method.rawValue) \(path)"])
    }

    private func check(_ target: String) throws {
        guard target.hasPrefix("/") else {
            throw ServingFailure(
                status: 400, code: "bad_path", message: "the request's target is not a path.",
                remedy: "begin it with a slash.")
        }
        guard target.utf8.count <= FrontDoor.longestTarget else {
            throw ServingFailure(
                status: 414, code: "path_too_long",
                message: "the path is longer than \(FrontDoor.longestTarget) bytes.",
                remedy: "send long values in a body.")
        }
    }

    /// - Returns: an answer that gives a browser its cookie, or nil to go on.
    private func admit(_ request: Request, _ path: Substring, _ query: Substring) throws -> Response? {
        if FrontDoor.openPaths.contains(path) || FrontDoor.signedPaths.contains(path) { return nil }
        try guards.withLock { $0 }.check(request)
        guard authentication.isRequired else { return nil }
        if request.method == .get, let login = authentication.login(path, query: query) { return login }
        if !authentication.admits(request) { throw Authentication.refusal }
        return nil
    }

    private func refusal(_ failure: ServingFailure, _ request: Request, _ path: Substring) -> Response {
        var response = FailureResponse.response(
            for: failure, path: path, acceptsHTML: request.headers[.accept]?.contains("text/html") ?? false)
        if failure.status == 401 {
            response.headers[.wwwAuthenticate] = "Bearer realm=\"mlstack\", Basic realm=\"mlstack\""
        }
        if failure.status == 503 || failure.status == 429 { response.headers[.retryAfter] = "1" }
        return response
    }

    private static func wrongMethod(_ request: Request, _ allowed: [HTTPRequest.Method]) -> ServingFailure {
        ServingFailure(
            status: 405, code: "method_not_allowed", message: "\(request.method.rawValue) is not possible here.",
            remedy: "use \(allowed.map(\.rawValue).joined(separator: " or ")).")
    }

    /// Whether more of the body may still come than anybody will read.
    private func isEndless(_ request: Request, _ status: HTTPResponse.Status) -> Bool {
        let isUnread = status.kind == .clientError || request.method == .get || request.method == .head
        guard isUnread else { return false }
        if request.headers[.transferEncoding] != nil { return true }
        return request.headers[.contentLength].map { (Int($0) ?? .max) > 4 << 20 } ?? false
    }

    /// Whether a client that asks before it sends is to go on: only files are longer than a batch of feedback.
    private func isBodyWelcome(_ request: Request) -> Bool {
        let length = request.headers[.contentLength].flatMap { Int($0) } ?? 0
        if length <= FeedbackRoutes.batchLimit { return true }
        let given = (request.head.path ?? "").prefix { $0 != "?" }
        let path = ResearchFace.path(of: given) ?? given
        guard case .found(let index, _)? = try? routes.match(request.method, path) else { return false }
        return routes.routes[index].takesFiles
    }
}

/// The fields that every answer carries.
enum SecurityFields {
    private static let pagePolicy = [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'",
        "connect-src 'self'", "manifest-src 'self'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
    ].joined(separator: "; ")

    static func add(to fields: inout HTTPFields) {
        if fields[.contentSecurityPolicy] == nil {
            fields.append(HTTPField(name: .contentSecurityPolicy, value: pagePolicy))
        }
        fields.append(HTTPField(name: .xContentTypeOptions, value: "nosniff"))
        fields.append(HTTPField(name: .referrerPolicy, value: "no-referrer"))
    }
}

/// The Date field, written anew once a second.
final class DateHeader: Sendable {
    private struct Content {
        var second: Int64 = .min
        var text = ""
    }
    private let clock: any Clock
    private let content = Mutex(Content())

    init(clock: any Clock) { self.clock = clock }

    var value: String {
        let second = clock.now.seconds
        return content.withLock { content in
            if content.second != second { content = Content(second: second, text: Instant(seconds: second).httpDate) }
            return content.text
        }
    }
}
