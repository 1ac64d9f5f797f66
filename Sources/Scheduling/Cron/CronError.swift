import Foundation

/// Why a text is no cron expression, and where in it.
package struct CronError: Error, Sendable, Equatable {
    package enum Problem: Sendable, Equatable {
        case fieldCount(Int)
        case unknownPreset(String, nearest: String?)
        /// `what` is the field's noun, e.g. hour.
        case outside(what: String, value: String, ClosedRange<Int>)
        case unknownName(what: String, String, nearest: String?)
        case unexpected(found: String, expected: String)
        case zeroStep
        /// Parts that can't stand together, in a sentence.
        case conflict(String)
        case neverFires
    }

    package var expression: String
    package var problem: Problem
    /// 1 ... 5: minute, hour, day of month, month, day of week.
    package var field: Int?
    /// 1 is the first character of the expression.
    package var character: Int?
}

extension CronError: LocalizedError {
    package var errorDescription: String? { "cron \"\(expression)\": \(sentence)\(place)" }

    private var sentence: String {
        switch problem {
        case .fieldCount(let count):
            "it has \(count) field\(count == 1 ? "" : "s"); 5 expected (minute hour day month weekday)"
        case .unknownPreset(let name, let nearest):
            "unknown preset \(name)." + Spelling.question(nearest)
        case .outside(let what, let value, let range):
            "\(what) \(value) is outside \(range.lowerBound)-\(range.upperBound)"
        case .unknownName(let what, let name, let nearest):
            "unknown \(what) \"\(name)\"." + Spelling.question(nearest)
        case .unexpected(let found, let expected): "\(found) found, \(expected) expected"
        case .zeroStep: "a step is 1 or more"
        case .conflict(let sentence): sentence
        case .neverFires: "it never fires: no month it names has such a day"
        }
    }

    private var place: String {
        switch (field, character) {
        case (let field?, let character?): " (field \(field), character \(character))"
        case (let field?, nil): " (field \(field))"
        case (nil, let character?): " (character \(character))"
        case (nil, nil): ""
        }
    }

    package var recoverySuggestion: String? {
        switch problem {
        case .fieldCount, .unexpected: "write five fields, e.g. \"30 2 * * MON-FRI\", or a preset such as @daily."
        case .unknownPreset: "the presets are \(CronSchedule.presets.map(\.name).joined(separator: " "))."
        case .outside(_, _, let range): "write a number from \(range.lowerBound) to \(range.upperBound)."
        case .unknownName: "write a number, or the first three letters of the English name."
        case .zeroStep: "leave the step out, or write how many to go on by, e.g. */5."
        case .conflict: "write two triggers instead."
        case .neverFires: "check the day of the month against the months."
        }
    }
}
