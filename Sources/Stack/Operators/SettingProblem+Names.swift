import Foundation
import Registry
import Scheduling
import Serving
import Training

/// Names in settings, judged by the rules of whoever is given them when the task runs.
extension SettingProblem {
    /// nil for what may be the name of a registered model, and for what is not known yet.
    static func model(_ setting: String, in settings: Settings) -> SettingProblem? {
        guard let name = settings.optionalString(setting) else { return nil }
        do {
            try RegisteredModel.checkName(name)
            return nil
        } catch {
            return SettingProblem(setting, ErrorText(error).what.withoutFullStop)
        }
    }

    /// nil for what may be an alias, and for what is not known yet.
    static func alias(_ setting: String, in settings: Settings) -> SettingProblem? {
        guard let alias = settings.optionalString(setting) else { return nil }
        if let nearest = AliasSpelling.meant(by: alias, among: AliasSpelling.ours) {
            return SettingProblem(setting, "`\(alias)` looks like a slip of the pen", nearest: nearest)
        }
        do {
            try AliasName.check(alias)
            return nil
        } catch {
            return SettingProblem(setting, ErrorText(error).what.withoutFullStop)
        }
    }

    /// nil for an alias or the number of a version.
    static func aliasOrVersion(_ setting: String, in settings: Settings) -> SettingProblem? {
        guard let text = settings.optionalString(setting) else { return nil }
        if let number = Int(text) {
            return number > 0 ? nil : SettingProblem(setting, "there is no version \(number); they count from 1")
        }
        // As some write a version.
        if text.first == "v", let number = Int(text.dropFirst()) {
            return SettingProblem(setting, "`\(text)` is no alias", nearest: "\(number)")
        }
        return alias(setting, in: settings)
    }

    /// A name that training or evaluation refuses.
    init(_ setting: String, at place: Place = .value, _ error: TrainingError) {
        let text = ErrorText(error)
        self.init(setting, at: place, text.what, remedy: text.remedy, nearest: error.nearest)
    }

    /// A hyper-parameter that the algorithm refuses; `setting` for what is wrong with the algorithm itself.
    init(hyperparameter error: TrainingError, otherwise setting: String) {
        switch error {
        case .unknownHyperparameter(let name, _, _, _): self.init(name, at: .name, error)
        case .badHyperparameter(let name, _, let value, let expected):
            self.init(name, "it is \(value); \(expected) expected")
        default: self.init(setting, error)
        }
    }
}

/// Slips of the pen in the name of an alias.
enum AliasSpelling {
    /// The aliases that mlstack itself moves and follows.
    static let ours = [AliasName.production, ShadowTraffic.alias]

    /// nil for an alias that is there, and for one that is unlike all of them. `production-eu` is somebody's own alias.
    static func meant(by word: String, among aliases: [String]) -> String? {
        if aliases.contains(where: { word.contains($0) }) { return nil }
        return Spelling.nearest(to: word, among: aliases)
    }
}

extension TrainingError {
    fileprivate var nearest: String? {
        switch self {
        case .unknownAlgorithm(_, let nearest, _), .unknownHyperparameter(_, _, let nearest, _),
            .unknownMetric(_, let nearest):
            nearest
        default: nil
        }
    }
}

extension String {
    fileprivate var withoutFullStop: String { hasSuffix(".") ? String(dropLast()) : self }
}
