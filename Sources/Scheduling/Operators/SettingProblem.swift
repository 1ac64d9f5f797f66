import Foundation

/// What an operator has against one of its settings, beyond what the kind and the range of a `SettingSpec` can say.
///
/// A value: a diagnostic when the file is read, and the error of the task when the value is known only then.
package struct SettingProblem: Error, Sendable, Equatable {
    /// What of the setting is wrong, for the place of the message.
    package enum Place: Sendable, Equatable {
        /// It should not be there at all.
        case name
        case value
        /// One element of a list, from 0.
        case element(Int)
    }

    package var setting: String
    package var place: Place
    /// Without a full stop.
    package var what: String
    package var remedy: String?
    /// What was likely meant; said instead of the remedy.
    package var nearest: String?

    package init(
        _ setting: String, at place: Place = .value, _ what: String, remedy: String? = nil, nearest: String? = nil
    ) {
        (self.setting, self.place, self.what) = (setting, place, what)
        (self.remedy, self.nearest) = (remedy, nearest)
    }

    /// As one line of a diagnostic.
    var sentence: String {
        let what = errorDescription ?? what
        guard let remedy = recoverySuggestion else { return what }
        return "\(what); \(remedy.hasSuffix(".") ? String(remedy.dropLast()) : remedy)"
    }

    var code: DiagnosticCode { place == .name ? .unknownSetting : .settingOutOfRange }
}

extension SettingProblem: LocalizedError {
    package var errorDescription: String? {
        let sentence = place == .name ? what : "with.\(setting): \(what)"
        return nearest == nil ? sentence : "\(sentence).\(Spelling.question(nearest))"
    }

    package var recoverySuggestion: String? { nearest == nil ? remedy : nil }
}

extension SettingProblem: PermanentError {
    package var isPermanent: Bool { true }
}
