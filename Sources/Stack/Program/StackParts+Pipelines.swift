import Foundation
import Logging
import Scheduling
import Storage

extension StackParts {
    /// Registers what stands in the home's folder, and says what is wrong with it.
    static func loadFiles(
        of home: Home, into orchestrator: LocalOrchestrator, store: SQLiteStore, _ logger: Logger
    ) async throws {
        try await DefaultPipelines.install(
            into: home.pipelines, isProject: FileManager.default.fileExists(atPath: home.projectFile), noting: store)
        do {
            let reload = try await orchestrator.reload(folder: home.pipelines)
            for problem in reload.problems { logger.warning("\(problem)") }
        } catch let error as SchedulingError {
            // What is there besides pipelines works on, and the folder is watched: once it can be read it is.
            logger.error("\(ErrorText(error).oneLine)")
        }
    }

    /// Registers pipelines as they are. Their runs are about the moment that the replay stands at, as if its clock had come
    /// there by itself.
    static func load(
        _ pipelines: [Pipeline], into orchestrator: LocalOrchestrator, store: SQLiteStore, at now: Instant
    ) async throws {
        try await orchestrator.load(pipelines)
        let triggers = pipelines.flatMap { pipeline in pipeline.triggers.map { (pipeline.id, $0) } }
        try await store.apply(
            triggers.filter { $1.clock == .replay }.map {
                .setCursor(pipelineID: $0, trigger: $1.key, now)
            })
    }

    /// A new word that only the home's owner can read.
    static func makeKey(of home: Home) throws -> String {
        let key = (0..<4).map { _ in String(UInt64.random(in: .min ... .max), radix: 16) }.joined()
        try AtomicFile.write(key, to: home.key, mode: 0o600)
        return key
    }

    /// Secrets that cannot be had stop what names one, and nothing else.
    static func slackSigningSecret(_ secrets: SecretStore, _ logger: Logger) async -> String? {
        do {
            return try await secrets.values()["SLACK_SIGNING_SECRET"]
        } catch {
            logger.error("\(ErrorText(error).oneLine)")
            return nil
        }
    }
}

extension SecretStore {
    /// Those of a home and of this program's environment.
    convenience init(_ home: Home) {
        self.init(file: home.secrets, environment: ProcessInfo.processInfo.environment, queue: Queues.files)
    }
}
