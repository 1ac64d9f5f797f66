import Foundation

/// A shell command with everything put in, ready to run.
package struct ShellCommand: Sendable, Equatable {
    package var text: String
    /// Complete: nothing is inherited.
    package var environment: [String: String]
    /// Must exist.
    package var workingDirectory: String
    /// The file that `MLSTACK_OUTPUT` names; made empty before the command begins.
    package var outputFile: String

    package init(text: String, environment: [String: String], workingDirectory: String, outputFile: String) {
        (self.text, self.environment) = (text, environment)
        (self.workingDirectory, self.outputFile) = (workingDirectory, outputFile)
    }
}

/// How a shell command failed.
package enum ShellFailure: Error, Sendable, Equatable {
    case exit(code: Int32)
    case signal(Int32)
    case notStarted(reason: String)
    case noWorkingDirectory(String)
}

extension ShellFailure: LocalizedError {
    package var errorDescription: String? {
        switch self {
        case .exit(let code): "exit code \(code)"
        case .signal(let number): "killed by signal \(number)"
        case .notStarted(let reason): "the shell could not be started: \(reason)."
        case .noWorkingDirectory(let path): "the working directory \(path) does not exist."
        }
    }

    package var recoverySuggestion: String? {
        switch self {
        case .exit(126): "126: a file of the command is not executable."
        case .exit(127): "127: a program of the command was not found; see PATH in the task's `env:`."
        case .exit: nil
        case .signal(9): "somebody sent it, or the system ran out of memory."
        case .signal: nil
        case .notStarted: "see whether the machine is out of processes or descriptors (`ulimit -u`, `ulimit -n`)."
        case .noWorkingDirectory: "create it, or mend the task's `workdir`."
        }
    }
}

/// What shell tasks find in their environment besides what they are given.
enum ShellEnvironment {
    /// - Parameters:
    ///   - base: what the stack gives to every task of the run.
    ///   - task: the task's own `env:`, which wins over all but the names that the stack itself relies on.
    static func make(
        base: [String: String], task: [String: String], context: TaskContext, pipeline: Pipeline, zone: ZoneRules,
        outputFile: String
    ) -> [String: String] {
        // Libraries that a course's machines load daily should not phone home about it, unless somebody wants that.
        var environment = ["MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true", "PATH": defaultPath]
        environment.merge(base) { $1 }
        environment.merge(task) { $1 }
        let run = context.run
        environment["MLSTACK_RUN_ID"] = run.id
        environment["MLSTACK_TASK_ID"] = context.taskID
        environment["MLSTACK_ATTEMPT"] = String(context.attempt)
        environment["MLSTACK_PIPELINE"] = pipeline.id
        environment["MLSTACK_LOGICAL_DATE"] = run.logicalDate.rfc3339(in: zone)
        environment["MLSTACK_DATA_INTERVAL_START"] = run.dataInterval.start.rfc3339(in: zone)
        environment["MLSTACK_DATA_INTERVAL_END"] = run.dataInterval.end.rfc3339(in: zone)
        environment["MLSTACK_OUTPUT"] = outputFile
        return environment
    }

    private static let defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
}
