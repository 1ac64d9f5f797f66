/// Which tasks there are, and which needs which.
extension PipelineReading {
    /// A task as it was found.
    struct WrittenTask {
        /// With the prefix of the file that it was included from.
        var id: String
        /// Its name where it is written, and what stands there.
        var pair: YAMLPair
        /// Among `files`.
        var file: Int
        /// nil when it is no mapping.
        var keys: [String: YAMLPair]?
    }

    private struct Need {
        var task: String
        var position: SourcePosition
        var file: Int
    }

    /// A run of more could not be drawn, and asks for `foreach`.
    private static let taskLimit = 2000
    /// Of circles that are told; they tend to be parts of each other.
    private static let cycleLimit = 20

    /// Those that are included first, in the order in which they are, then the file's own.
    mutating func writtenTasks(_ own: YAMLPair?, _ inclusions: [Int], _ root: YAMLNode) -> [WrittenTask] {
        var tasks: [WrittenTask] = []
        var first: [String: (file: Int, position: SourcePosition)] = [:]
        for file in inclusions {
            let found = within(file) { $0.written($0.files[file].inclusion?.tasks, &first) }
            files[file].inclusion?.taskNames = found.map(\.pair.key)
            tasks += found
        }
        if own == nil, inclusions.isEmpty, !diagnostics.contains(where: { $0.suggestion == "tasks" }) {
            report(.missingKey, at: root.position, "the pipeline has no `tasks`")
        }
        tasks += written(own, &first)
        if let own, case .map(let pairs) = own.value.content, pairs.isEmpty, tasks.isEmpty {
            report(.missingKey, at: own.value.position, "the pipeline has no task")
        }
        if tasks.count > Self.taskLimit {
            report(
                .tooMany, at: own?.keyPosition ?? root.position,
                "the pipeline has \(tasks.count) tasks; at most \(Self.taskLimit) are read. For many alike, write foreach"
            )
            tasks.removeSubrange(Self.taskLimit...)
        }
        taskNames = tasks.map(\.id)
        return tasks
    }

    private mutating func written(
        _ pair: YAMLPair?, _ first: inout [String: (file: Int, position: SourcePosition)]
    ) -> [WrittenTask] {
        guard let pair, let pairs = pairs(pair.value, "tasks") else { return [] }
        let prefix = files[current].inclusion?.prefix ?? ""
        return pairs.compactMap { task in
            let id = prefix + task.key
            if let place = first[id] {
                let file = place.file == current ? "" : "\(files[place.file].name):"
                report(
                    .duplicateTask, at: task.keyPosition,
                    "task \"\(id)\" is defined twice; first at \(file)\(place.position.line):\(place.position.column)")
                return nil
            }
            first[id] = (current, task.keyPosition)
            let place = "task \(id)"
            let keys = map(task.value, place, PipelineKeys.task, place: place)
            return WrittenTask(id: id, pair: task, file: current, keys: keys)
        }
    }

    // MARK: - Needs

    /// - Parameter isSequential: each task needs the one before it too.
    /// - Returns: task to the tasks that it needs.
    mutating func needs(of tasks: [WrittenTask], isSequential: Bool) -> [String: [String]] {
        var written: [String: [Need]] = [:]
        let known = Set(taskNames)
        for (index, task) in tasks.enumerated() {
            var needs = within(task.file) { $0.needs(of: task, known: known) }
            if needs.isEmpty, let inclusion = files[task.file].inclusion {
                for (name, position) in inclusion.needs {
                    if known.contains(name) {
                        needs.append(Need(task: name, position: position, file: 0))
                    } else {
                        reportUnknown(name, neededBy: "the include", at: position, among: taskNames)
                    }
                }
            }
            if isSequential, index > 0, !needs.contains(where: { $0.task == tasks[index - 1].id }) {
                needs.append(Need(task: tasks[index - 1].id, position: task.pair.keyPosition, file: task.file))
            }
            written[task.id] = needs
        }
        reportCycles(written)
        return written.mapValues { $0.map(\.task) }
    }

    private mutating func needs(of task: WrittenTask, known: Set<String>) -> [Need] {
        guard let pair = task.keys?["needs"], let names = texts(pair.value, "needs of task \(task.id)") else {
            return []
        }
        let inclusion = files[current].inclusion
        let local = inclusion.map { Set($0.taskNames) }
        var needs: [Need] = []
        var seen: Set<String> = []
        for (name, position) in names {
            let meant = (inclusion?.prefix ?? "") + name
            guard local?.contains(name) ?? known.contains(name) else {
                let names = (inclusion?.taskNames ?? taskNames).filter { $0 != task.pair.key }
                reportUnknown(name, neededBy: "task \(task.id)", at: position, among: names)
                continue
            }
            // Twice the same need means no more than once.
            if seen.insert(meant).inserted { needs.append(Need(task: meant, position: position, file: current)) }
        }
        return needs
    }

    private mutating func reportUnknown(
        _ name: String, neededBy needer: String, at position: SourcePosition, among names: [String]
    ) {
        let nearest = nearest(to: name, among: names)
        report(
            .unknownTask, at: position,
            "\(needer) needs \"\(name)\", which does not exist." + Spelling.question(nearest), suggestion: nearest)
    }

    private mutating func reportCycles(_ written: [String: [Need]]) {
        var left = written.mapValues { $0.map(\.task) }
        for _ in 0..<Self.cycleLimit {
            guard let cycle = DAG.cycle(tasks: taskNames, needs: left) else { return }
            let places = zip(cycle, cycle.dropFirst()).compactMap { task, need in
                written[task]?.first { $0.task == need }
            }
            guard let place = places.first else { return }
            let others = places.dropFirst().prefix(10).map { other in
                let file = other.file == place.file ? "" : "\(files[other.file].name):"
                return "\(file)\(other.position.line):\(other.position.column)"
            }.joined(separator: ", ")
            let rest =
                switch places.count {
                case 1: ""
                case 2: "   (the other half is at \(others))"
                default: "   (the other parts are at \(others))"
                }
            let shown = cycle.count <= 20 ? cycle : cycle.prefix(18) + ["…"] + cycle.suffix(1)
            within(place.file) {
                $0.report(.cycle, at: place.position, "cycle: \(shown.joined(separator: " -> "))\(rest)")
            }
            left[cycle[0]]?.removeAll { $0 == cycle[1] }
        }
    }
}
