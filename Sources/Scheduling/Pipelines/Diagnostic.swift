/// Something that is wrong with a pipeline file, or that its writer should know.
package struct Diagnostic: Sendable, Hashable, Codable {
    package enum Severity: String, Sendable, Codable { case error, warning }

    /// As it was given to the compiler.
    package var file: String
    /// From 1.
    package var line: Int
    /// From 1, in Unicode scalars.
    package var column: Int
    package var code: DiagnosticCode
    /// What is wrong, what was expected and the nearest name, in one line.
    package var message: String
    /// What to write instead, alone, for editors.
    package var suggestion: String?
    package var severity: Severity

    package init(
        file: String, line: Int, column: Int, code: DiagnosticCode, message: String, suggestion: String? = nil
    ) {
        (self.file, self.line, self.column) = (file, line, column)
        (self.code, self.message, self.suggestion) = (code, message, suggestion)
        severity = code.isWarning ? .warning : .error
    }
}

/// What kind of problem it is: a name that stays the same when the wording changes.
package enum DiagnosticCode: String, Sendable, Codable, CaseIterable {
    // The file as YAML.
    case syntax = "E001"
    case tooLarge = "E002"
    case tooDeep = "E003"
    /// More tasks, variables or the like than a pipeline may have.
    case tooMany = "E005"
    case unsupportedYAML = "E004"
    /// A mapping was expected and a list found, and the like.
    case wrongType = "E010"
    case missingKey = "E011"
    case duplicateKey = "E012"

    // The pipeline as a whole.
    case pipelineID = "E101"
    case name = "E102"
    case timeZone = "E110"
    case variableCycle = "E121"
    case variableReference = "E122"
    case paramType = "E130"
    case paramValue = "E131"
    case paramRange = "E132"

    // Files that are included.
    case includePath = "E140"
    case includeArgument = "E141"

    // Triggers.
    case cron = "E201"
    case triggerKind = "E202"
    case time = "E203"
    case choice = "E204"
    case triggerParam = "E205"

    // Tasks.
    case unknownKey = "E301"
    case duplicateTask = "E302"
    case action = "E303"
    case unknownOperator = "E304"
    case unknownTask = "E310"
    case cycle = "E311"
    case triggerRule = "E320"
    case duration = "E330"
    case number = "E331"
    case percent = "E332"
    case unknownSetting = "E340"
    case settingType = "E341"
    case settingOutOfRange = "E342"
    case missingSetting = "E343"
    /// A foreach over too many things, or over what is no list.
    case items = "E344"
    case notification = "E350"

    // What stands in ${…}.
    case unknownReference = "E401"
    case notUpstream = "E402"
    case malformedReference = "E403"
    case unsafePlace = "E404"
    /// A `when` that can't be read.
    case condition = "E410"

    // Warnings.
    case starStepBesideDay = "W201"
    case daylightSavingGap = "W202"
    case manyCatchupRuns = "W203"
    case lastTaskAllDone = "W320"
    case doubtfulReference = "W401"
    case unusedParam = "W410"

    package var isWarning: Bool { rawValue.hasPrefix("W") }
}

extension Diagnostic: Comparable {
    /// By file and place, then by code.
    package static func < (left: Self, right: Self) -> Bool {
        (left.file, left.line, left.column, left.code.rawValue, left.message)
            < (right.file, right.line, right.column, right.code.rawValue, right.message)
    }
}
