import ArgumentParser
import Foundation
import Stack

/// A whole local MLOps stack in one program.
@main
struct MLStack: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mlstack",
        abstract: "A whole local MLOps stack in one program: scheduler, trainer, registry, recommendations, pages.",
        discussion: """
            Start with `mlstack up`, then open the address it prints. Ratings are replayed day by day; each day a \
            pipeline tests the model in production on them, trains a new one, promotes it and swaps it into the live API.
            """,
        version: Version.current,
        subcommands: [
            UpCommand.self, InitCommand.self, StatusCommand.self, DoctorCommand.self, ReplayCommand.self,
            DataCommand.self,
            PipelineCommand.self, CronCommand.self, ExperimentCommand.self, ModelCommand.self, TrainCommand.self,
            SweepCommand.self,
            EvaluateCommand.self, RecommendCommand.self, BenchmarkCommand.self, BackupCommand.self, ExportCommand.self,
            OpenAPICommand.self,
        ])

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let code as ExitCode {
            Foundation.exit(code.rawValue)
        } catch {
            let parserCode = exitCode(for: error)
            // The parser's own errors and requests (help, version) know how to present themselves.
            if !(error is CleanExit), parserCode == .failure {
                Terminal.report(error)
                Foundation.exit(1)
            }
            if parserCode == .validationFailure { Terminal.usage(fullMessage(for: error)) }
            exit(withError: error)
        }
    }
}
