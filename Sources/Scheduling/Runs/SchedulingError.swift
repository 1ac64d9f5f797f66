import Foundation

/// What the scheduler refuses, or could not do.
package enum SchedulingError: Error, Sendable, Equatable {
    case unknownPipeline(id: String, nearest: String?)
    case unknownRun(id: String)
    case badRunID(String)
    case unknownTask(id: String, runID: String, nearest: String?)
    case unknownOperator(name: String, nearest: String?)
    case taskIsRunning(id: String, runID: String)
    case runIsBeingCancelled(id: String)
    case noLog(runID: String, taskID: String)
    case runHasEnded(id: String, state: DAGRunState)
    case replayHasNotBegun(pipelineID: String)
    case unknownHook(name: String, nearest: String?)
    case hookRefused(pipelineID: String, reason: String)
    case noSchedule(pipelineID: String)
    case badBackfill(reason: String)
    case stopping
    case storeFailed(reason: String)
    case noFolder(path: String, reason: String)
    case unreadablePipeline(file: String, reason: String)
}

extension SchedulingError: LocalizedError {
    package var errorDescription: String? {
        switch self {
        case .unknownPipeline(let id, let nearest): "there is no pipeline \(id).\(Spelling.question(nearest))"
        case .unknownRun(let id): "there is no run \(id)."
        case .badRunID(let id): "\"\(id)\" cannot be the id of a run."
        case .unknownTask(let id, let runID, let nearest):
            "the run \(runID) has no task \(id).\(Spelling.question(nearest))"
        case .unknownOperator(let name, let nearest):
            "there is no task type \(name).\(Spelling.question(nearest))"
        case .taskIsRunning(let id, let runID): "task \(id) of the run \(runID) is running."
        case .runIsBeingCancelled(let id): "the run \(id) is being cancelled."
        case .noLog(let runID, let taskID): "task \(taskID) of the run \(runID) has not begun, so it has no log."
        case .runHasEnded(let id, let state): "the run \(id) has ended already: \(state.rawValue)."
        case .replayHasNotBegun(let id): "\(id) reads the replay clock, which has not begun."
        case .unknownHook(let name, let nearest):
            "no pipeline waits for the webhook \(name).\(Spelling.question(nearest))"
        case .hookRefused(let id, let reason): "\(id) was not run: \(reason)"
        case .noSchedule(let id): "\(id) has no trigger with cron or every, so there is nothing to fill in."
        case .badBackfill(let reason): "\(reason)."
        case .stopping: "the scheduler is stopping."
        case .storeFailed(let reason): "the state of the run could not be stored: \(reason)"
        case .noFolder(let path, let reason): "the folder \(path) cannot be used: \(reason)."
        case .unreadablePipeline(let file, let reason): "\(file) cannot be read: \(reason)."
        }
    }

    package var recoverySuggestion: String? {
        switch self {
        case .unknownPipeline: "see `mlstack pipeline list`."
        case .badRunID: "use letters, digits and . _ : - (at most 200, no dot in front)."
        case .unknownRun: "see `mlstack pipeline runs`."
        case .unknownTask: "see `mlstack pipeline show`."
        case .unknownOperator: "the list of task types stands in the documentation of the pipeline file."
        case .taskIsRunning: "cancel the run first, or wait until the task has ended."
        case .runIsBeingCancelled: "wait until it has ended, then clear its tasks."
        case .noLog: "wait until it has begun."
        case .runHasEnded: "run its tasks again with `mlstack pipeline clear RUN`, or start another run."
        case .replayHasNotBegun: "let the clock play, or step it: `mlstack replay step`."
        case .unknownHook: "give a pipeline the trigger `{webhook: NAME}`, or mend the name in the address."
        case .hookRefused: "send what the trigger's params ask for, or mend the pipeline file."
        case .noSchedule: "start single runs with `mlstack pipeline run`."
        case .badBackfill: "give --from the earlier time and --to the later, and no more than 10000 firings at once."
        case .stopping: "start it again with `mlstack up`."
        case .storeFailed: "see whether the disk is full and the home can be written to."
        case .noFolder: "put it back, or mend its permissions."
        case .unreadablePipeline: "put a file in its place, or mend its permissions."
        }
    }
}

extension SchedulingError: PermanentError {
    package var isPermanent: Bool {
        switch self {
        case .unknownPipeline, .unknownRun, .badRunID, .unknownTask, .unknownOperator, .noLog, .runHasEnded,
            .unknownHook, .hookRefused, .noSchedule, .badBackfill:
            true
        case .replayHasNotBegun, .taskIsRunning, .runIsBeingCancelled, .stopping, .storeFailed, .noFolder,
            .unreadablePipeline:
            false
        }
    }
}

/// An error in one or two sentences, for records and logs.
package enum ErrorSentence {
    package static func of(_ error: any Error) -> String {
        if let error = error as? any LocalizedError, let what = error.errorDescription {
            return joined(what, error.recoverySuggestion)
        }
        return "\(error)"
    }

    /// What is wrong, with a full stop, and what to do about it.
    package static func joined(_ what: String, _ remedy: String?) -> String {
        remedy.map { what.hasSuffix(".") ? "\(what) \($0)" : "\(what). \($0)" } ?? what
    }
}
