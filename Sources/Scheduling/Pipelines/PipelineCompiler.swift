/// Turns the text of a pipeline file into a `Pipeline`, or says everything that is wrong with it.
///
/// Pure: the same texts, operators and zone give the same result. It reads no clock, and files only by the function
/// that it is given.
package struct PipelineCompiler: Sendable {
    let operators: [String: any Operator]
    let operatorNames: [String]
    let machineZone: ZoneRules

    /// - Parameters:
    ///   - operators: what `uses:` may name.
    ///   - machineZone: the zone of a pipeline that names none.
    package init(operators: [any Operator], machineZone: ZoneRules) {
        self.operators = Dictionary(operators.map { ($0.name, $0) }) { first, _ in first }
        operatorNames = operators.map(\.name)
        self.machineZone = machineZone
    }

    /// - Parameters:
    ///   - file: where the text was read; for messages.
    ///   - now: lets the compiler warn of what depends on the date (this year's clock changes, missed firings); nil:
    ///     it does not.
    ///   - includes: gives the files that it includes.
    package func compile(
        source: String, file: String, now: Instant? = nil, includes: IncludeReader = .none
    ) -> Compilation {
        var reading = PipelineReading(compiler: self, source: source, file: file, now: now, includes: includes)
        let pipeline = reading.pipeline()
        let diagnostics = Set(reading.diagnostics).sorted()
        let hasErrors = diagnostics.contains { $0.severity == .error }
        return Compilation(
            pipeline: hasErrors ? nil : pipeline, diagnostics: diagnostics, includes: reading.includedTexts)
    }
}

/// What became of a pipeline file.
package struct Compilation: Sendable, Equatable {
    /// nil when there is an error.
    package var pipeline: Pipeline?
    /// Errors and warnings by place.
    package var diagnostics: [Diagnostic]
    /// The texts of the files that it includes and that could be read, by the path it names them with.
    package var includes: [String: String] = [:]

    package var errors: [Diagnostic] { diagnostics.filter { $0.severity == .error } }
    package var warnings: [Diagnostic] { diagnostics.filter { $0.severity == .warning } }
}
