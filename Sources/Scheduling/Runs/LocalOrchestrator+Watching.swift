import Logging

/// Pipeline files that are changed while the program runs.
extension LocalOrchestrator {
    /// Reads the pipeline files of a folder again each time one of them, or a file that one includes, is changed, until the task
    /// is cancelled. A folder that cannot be read is told of, and what was read before stays.
    package func watch(folder: String) async {
        let (changes, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let watch = FolderWatch(queue: parts.fileQueue) { continuation.yield() }
        defer { watch.stop() }
        var told: [String] = []
        await watch.watch(watchedFolders(folder))
        // What was changed between the first reading and now.
        continuation.yield()
        for await _ in changes {
            if isStopping { return }
            var problems: [String] = []
            do {
                let reload = try await reload(folder: folder)
                problems = reload.problems
                if !reload.registered.isEmpty || !reload.removed.isEmpty {
                    parts.logger.notice("pipelines read again", metadata: reload.metadata)
                }
            } catch {
                problems = [ErrorSentence.of(error)]
            }
            for problem in problems where !told.contains(problem) { parts.logger.warning("\(problem)") }
            told = problems
            await watch.watch(watchedFolders(folder))
        }
    }

    private func watchedFolders(_ folder: String) -> Set<String> {
        var folders: Set<String> = [folder]
        for entry in shelf.entries.values {
            for name in entry.pipeline.includes.keys {
                let path = name.hasPrefix("/") ? name : "\(folder)/\(name)"
                if let end = path.lastIndex(of: "/") { folders.insert(String(path[..<end])) }
            }
        }
        return folders
    }
}

extension PipelineReload {
    /// What is wrong with files or worth saying about them, a line each.
    package var problems: [String] {
        diagnostics.sorted { $0.key < $1.key }.flatMap { Diagnostic.lines($0.value) }
            + conflicts.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
    }

    var metadata: Logger.Metadata {
        var data: Logger.Metadata = [:]
        if !registered.isEmpty { data["changed"] = "\(registered.joined(separator: ", "))" }
        if !removed.isEmpty { data["removed"] = "\(removed.joined(separator: ", "))" }
        return data
    }
}
