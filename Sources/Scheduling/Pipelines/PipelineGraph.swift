/// A pipeline's tasks and what each needs, drawn.
package enum PipelineGraph {
    /// For a terminal: a block for each level, whose tasks can run beside each other, with arrows from what they need.
    package static func text(_ pipeline: Pipeline) -> String {
        let dag = pipeline.dag
        let nameWidth = pipeline.tasks.map(\.id.count).max() ?? 0
        let typeWidth = pipeline.tasks.map { type(of: $0).count }.max() ?? 0
        var lines = [pipeline.id]
        let levels = Dictionary(grouping: pipeline.tasks) { dag.levels[$0.id] ?? 0 }
        for level in levels.keys.sorted() {
            if level > 0 { lines.append("  ↓") }
            for task in levels[level] ?? [] {
                var line = "  \(padded(task.id, nameWidth))  \(padded(type(of: task), typeWidth))"
                if !task.needs.isEmpty { line += "  ← \(task.needs.joined(separator: ", "))" }
                let marks = marks(of: task)
                if !marks.isEmpty { line += "  (\(marks.joined(separator: "; ")))" }
                while line.last == " " { line.removeLast() }
                lines.append(line)
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// For Markdown: a flowchart of Mermaid.
    package static func mermaid(_ pipeline: Pipeline) -> String {
        // Numbers, because `end` and other names of tasks are words of Mermaid.
        let names = Dictionary(zip(pipeline.tasks.map(\.id), pipeline.tasks.indices.map { "t\($0)" })) { first, _ in
            first
        }
        var lines = ["flowchart LR"]
        for task in pipeline.tasks {
            let below = ([type(of: task)] + marks(of: task)).map(escaped).joined(separator: "<br/>")
            lines.append("    \(names[task.id] ?? "")[\"\(escaped(task.id))<br/>\(below)\"]")
        }
        for task in pipeline.tasks {
            for need in task.needs { lines.append("    \(names[need] ?? "") --> \(names[task.id] ?? "")") }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func type(of task: TaskSpec) -> String {
        if case .uses(let name, _) = task.action { name } else { "shell" }
    }

    /// What makes it start, or not, besides its needs.
    private static func marks(of task: TaskSpec) -> [String] {
        var marks: [String] = []
        if task.triggerRule != .allSuccess { marks.append(task.triggerRule.rawValue) }
        if let when = task.when { marks.append("when \(ConditionWording.cut(when.text))") }
        if task.forEach != nil { marks.append("foreach") }
        if task.pool != TaskSpec.defaultPool { marks.append("pool \(task.pool)") }
        if task.dependsOnPast { marks.append("depends_on_past") }
        if task.allowFailure { marks.append("allow_failure") }
        return marks
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    /// Inside a quoted label nothing but letters, digits and plain signs stands as itself.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            let isPlain =
                scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                || " _-./,".unicodeScalars.contains(scalar)
            if isPlain { result.unicodeScalars.append(scalar) } else { result += "#\(scalar.value);" }
        }
        return result
    }
}
