/// The texts of pipelines, right or not.
extension LocalOrchestrator {
    /// - Throws: `SchedulingError.unknownPipeline`.
    package func file(of pipelineID: String) async throws -> PipelineFile {
        if shelf[pipelineID] == nil,
            let (path, broken) = shelf.broken.first(where: { Self.stem(of: $0.key) == pipelineID })
        {
            return try await described(path, broken.source, running: nil, problems: broken.problems)
        }
        let entry = try shelf.find(pipelineID)
        let pipeline = entry.pipeline
        return try await described(
            pipeline.file, entry.draft ?? pipeline.source, running: pipeline.text, problems: entry.problems)
    }

    /// Reads a text once more for what is to be said about it: what was found when it was registered is not kept.
    /// - Parameter problems: what the shelf says of the file; lines that the reading finds again are left out.
    private func described(
        _ path: String, _ source: String, running: PipelineText?, problems: [String]
    ) async throws -> PipelineFile {
        let (compiler, now) = (compiler, parts.clock.now)
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        let compilation = try await parts.fileQueue.run {
            compiler.compile(source: source, file: path, now: now, includes: .folder(folder))
        }
        let found = Set(Diagnostic.lines(compilation.errors))
        return PipelineFile(
            path: path, text: PipelineText(source: source, includes: compilation.includes), running: running,
            diagnostics: compilation.diagnostics.sorted(), problems: problems.filter { !found.contains($0) })
    }
}
