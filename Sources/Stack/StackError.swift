package import Foundation

/// What stops the program or one of its commands: a fact and what to do about it.
package enum StackError: Error, Equatable, Sendable {
    case unwritableHome(path: String, reason: String)
    case unknownDataset(name: String, known: [String])
    case homeHoldsOtherDataset(home: String, had: String, wanted: String)
    case badDate(option: String, text: String)
    case badHistory(text: String)
    case startOutsideData(date: String, first: String, last: String)
    case badDayLength(text: String)
    case tokenRequired(host: String)
    case serverNotFound(home: String)
    case serverRefused(url: String, reason: String)
    case serverAnswered(status: Int, message: String, remedy: String)
    case unreadable(path: String, reason: String)
    case missingInput(task: String, input: String)
    case noVersion(model: String, alias: String)
    case notANativeModel(name: String, version: Int)
    case unknownUser(String)
    case replayStopped(day: String, reason: String, remedy: String?)
    /// - Parameter log: of the task that failed first; nil when none had begun.
    case daysFailed(count: Int, first: String, reason: String, log: String?)
    /// - Parameter problems: of each file the first one.
    case brokenPipelines(problems: [String])
    /// - Parameter key: of the object that says so.
    case placeOfAnotherHome(place: String, key: String)
    case usage(String, remedy: String)
}

extension StackError: LocalizedError {
    package var errorDescription: String? {
        switch self {
        case .unwritableHome(let path, let reason): "the home \(path) cannot be written to: \(reason)."
        case .unknownDataset(let name, _): "there is no dataset called \(name), and no file or folder of that name."
        case .homeHoldsOtherDataset(let home, let had, let wanted):
            "the home \(home) is in the middle of a replay of \(had), but \(wanted) was asked for."
        case .badDate(let option, let text): "\(option) is \"\(text)\", which is not a date."
        case .badHistory(let text):
            "--history is \(text); it is the share of the ratings that is there from the beginning."
        case .startOutsideData(let date, let first, let last):
            "\(date) is outside the data, which goes from \(first) to \(last)."
        case .badDayLength(let text): "\"\(text)\" is not the length of a day."
        case .tokenRequired(let host): "--host \(host) lets other machines in, and no --token protects it."
        case .serverNotFound(let home): "no running mlstack was found for the home \(home)."
        case .serverRefused(let url, let reason): "no answer from \(url): \(reason)."
        case .serverAnswered(_, let message, _): message
        case .unreadable(let path, let reason): "cannot read \(path): \(reason)."
        case .missingInput(let task, let input): "task \(task) found no output `\(input)` in the tasks before it."
        case .noVersion(let model, let alias): "model \(model) has no version with the alias \(alias)."
        case .notANativeModel(let name, let version):
            "version \(version) of \(name) has neither model.json nor mlstack.json, so this server cannot serve it."
        case .unknownUser(let user): "the model does not know the user \(user)."
        case .replayStopped(let day, let reason, _):
            "the replay stopped on \(day): \(reason.hasSuffix(".") ? reason : reason + ".")"
        case .daysFailed(let count, let first, let reason, _):
            "\(count) simulated \(count == 1 ? "day has" : "days have") failed, the first on \(first): \(reason)"
        case .brokenPipelines(let problems):
            "\(problems.count) pipeline \(problems.count == 1 ? "file is" : "files are") broken: "
                + problems.joined(separator: "; ")
        case .placeOfAnotherHome(let place, _): "the artefacts at \(place) are those of another home."
        case .usage(let message, _): message
        }
    }

    package var recoverySuggestion: String? {
        switch self {
        case .unwritableHome: "choose another folder with --home, or mend its permissions."
        case .unknownDataset(let name, _) where PublicDataset.all.contains { $0.name == name }:
            "fetch it with `mlstack data fetch \(name)`, or import it with `mlstack data import PATH`."
        case .unknownDataset(_, let known):
            "give the path of a MovieLens file or folder, or one of: \(known.joined(separator: ", "))."
        case .homeHoldsOtherDataset(let home, let had, _):
            "use another --home, or start again from nothing with `rm -r \(home)`; to go on, say --dataset \(had)."
        case .badDate: "write it as 2015-12-31."
        case .badHistory: "give a number from 0 to 1, such as 0.5."
        case .startOutsideData: "choose a date inside."
        case .badDayLength: "write 10s, 500ms, 1m, or 0 for as fast as the work allows."
        case .tokenRequired: "give one with --token (a long random word), or listen on 127.0.0.1."
        case .serverNotFound: "start one with `mlstack up`, or name it with --url or --home."
        case .serverRefused: "see whether `mlstack up` is still running, and whether --url is right."
        case .serverAnswered(_, _, let remedy): remedy
        case .unreadable: "check the path and its permissions."
        case .missingInput(_, let input): "add the task that makes `\(input)` to its `needs`."
        case .noVersion(let model, let alias): "promote one: `mlstack model promote \(model) VERSION --alias \(alias)`."
        case .notANativeModel:
            "promote a version that mlstack trained, or log factors with an mlstack.json (see README, Your own model)."
        case .unknownUser: "choose a user that is in the ratings it was trained on."
        case .replayStopped(_, _, let remedy):
            (remedy.map { ($0.hasSuffix(".") ? String($0.dropLast()) : $0) + ", then " } ?? "")
                + "start again: it goes on from that day."
        case .daysFailed(_, _, _, let log):
            (log.map { "read \($0), mend" } ?? "mend") + " the cause, and replay the days in a new --home."
        case .brokenPipelines: "mend it until `mlstack pipeline validate FILE` finds nothing, then start again."
        case .placeOfAnotherHome(_, let key):
            "name another prefix in mlstack.yaml; if that home is gone, remove its objects there, \(key) among them "
                + "(to go on with them in a copy of it, \(key) alone)."
        case .usage(_, let remedy): remedy
        }
    }
}
