import HTTPTypes
import Hummingbird

/// Pipeline files on their way into the home.
struct InstallationRoutes: RouteFamily {
    let surroundings: Surroundings

    /// Proves that somebody can read the home, where no token proves who asks: a pipeline file is a program, and other
    /// people of this machine reach the port too.
    static let keyField = "X-Mlstack-Home-Key"

    func register(in table: inout RouteTable) {
        table.post(
            "/api/v1/pipelines",
            RouteDocumentation(
                "Installs a pipeline file, or says what that would change", tag: "pipelines",
                body: .init("InstallationRequest"), answers: "Installation", failures: [403, 409, 413, 415, 422]),
            handler: install)
    }

    private func install(_ call: HTTPCall) async throws -> Response {
        guard let installer = surroundings.ports.installer else {
            throw ServingFailure.notInstallable
        }
        var fields = try await call.fields()
        let order = InstallationOrder(
            source: try fields.requiredString("source"), file: try fields.requiredString("file"),
            replaces: try fields.string("replaces"), isDryRun: try fields.bool("dry_run") ?? false, actor: call.actor)
        try fields.finish()
        try checkRight(call)
        let report = try await installer.install(order)
        return .json(capacity: 512 + report.diff.utf8.count) { json in
            json.member("pipeline", report.pipelineID)
            json.member("file", report.file)
            json.member("change", report.change)
            json.member("diff", report.diff)
            json.member("replaces", report.replaces)
            json.member("removes", report.removes)
            json.member("warnings", report.warnings)
        }
    }

    private func checkRight(_ call: HTTPCall) throws {
        // With a token the door has asked for it.
        if let token = surroundings.ports.facts.token, !token.isEmpty { return }
        let given = HTTPField.Name(InstallationRoutes.keyField).flatMap { call.request.headers[$0] }
        if let key = surroundings.ports.facts.homeKey, given == key { return }
        throw ServingFailure(
            status: 403, code: "home_key_required",
            message: "only who can read the server's home may install a pipeline, which may run any command.",
            remedy: "name the home with --home, or start the server with a --token and give that.")
    }
}

extension ServingFailure {
    static var notInstallable: ServingFailure {
        .conflict(
            "not_installable", "this server's pipelines come from elsewhere.",
            remedy: "put the file into the folder that it reads.")
    }
}

/// What somebody wants installed.
package struct InstallationOrder: Sendable, Equatable {
    package var source: String
    /// The name of the file, without a folder.
    package var file: String
    /// Content hash of the file that is to be replaced, empty when there should be none; nil: whatever is there.
    package var replaces: String?
    package var isDryRun: Bool
    package var actor: String
    package init(source: String, file: String, replaces: String?, isDryRun: Bool, actor: String) {
        (self.source, self.file, self.replaces) = (source, file, replaces)
        (self.isDryRun, self.actor) = (isDryRun, actor)
    }
}

/// What it changes, or would.
package struct InstallationReport: Sendable, Equatable {
    package var pipelineID: String
    package var file: String
    /// `new`, `changed` or `none`.
    package var change: String
    /// In the unified form.
    package var diff: String
    package var replaces: String?
    /// Ids of pipelines that go.
    package var removes: [String]
    package var warnings: [String]
    package init(
        pipelineID: String, file: String, change: String, diff: String, replaces: String?, removes: [String],
        warnings: [String]
    ) {
        (self.pipelineID, self.file, self.change, self.diff) = (pipelineID, file, change, diff)
        (self.replaces, self.removes, self.warnings) = (replaces, removes, warnings)
    }
}

/// Puts pipeline files where the scheduler finds them.
package protocol PipelineInstaller: Sendable {
    /// - Throws: `ServingFailure`: 422 for a file with errors, 409 when another file holds the id or when another version
    ///   of the file is there than was expected.
    func install(_ order: InstallationOrder) async throws -> InstallationReport
}
