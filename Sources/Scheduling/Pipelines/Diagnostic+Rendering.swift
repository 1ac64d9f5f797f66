extension Diagnostic {
    /// `file:line:column`
    package var place: String { "\(file):\(line):\(column)" }

    /// `file:line:column   E101 message`, one line each, the codes below each other.
    package static func lines(_ diagnostics: [Diagnostic]) -> [String] {
        let width = (diagnostics.map { $0.place.count }.max() ?? 0) + 2
        return diagnostics.map { diagnostic in
            let place = diagnostic.place
            return place + String(repeating: " ", count: width - place.count)
                + "\(diagnostic.code.rawValue) \(diagnostic.message)"
        }
    }

    /// The same with the line of the file and a caret below the place.
    /// - Parameter source: the text of the file.
    package func explained(source: String) -> String { explained(in: SourceLines(source)) }

    /// Each with its line and a caret.
    /// - Parameter sources: the text of each file.
    package static func explained(_ diagnostics: [Diagnostic], sources: [String: String]) -> [String] {
        let lines = sources.filter { name, _ in diagnostics.contains { $0.file == name } }.mapValues(SourceLines.init)
        return diagnostics.map { $0.explained(in: lines[$0.file] ?? SourceLines("")) }
    }

    private func explained(in lines: SourceLines) -> String {
        let first = "\(place): \(severity.rawValue) \(code.rawValue): \(message)"
        guard let text = lines.line(line) else { return first }
        let number = String(line)
        let margin = String(repeating: " ", count: number.count)
        let (shown, caret) = Self.window(text, around: column)
        return "\(first)\n \(number) | \(shown)\n \(margin) | \(String(repeating: " ", count: caret))^"
    }

    /// The part of a line that fits on a screen, and where in it the caret stands.
    private static func window(_ line: [Unicode.Scalar], around column: Int) -> (text: String, caret: Int) {
        let limit = 110
        let target = min(max(0, column - 1), line.count)
        let start = target > limit - 20 ? target - limit / 2 : 0
        let part = line[start..<min(line.count, start + limit)]
        var text = start > 0 ? "…" : ""
        // A file from elsewhere must not send commands to the terminal.
        for scalar in part { text.unicodeScalars.append(scalar.properties.generalCategory == .control ? " " : scalar) }
        if start + limit < line.count { text += "…" }
        return (text, target - start + (start > 0 ? 1 : 0))
    }
}

/// A text by lines, as libyaml counts them.
struct SourceLines: Sendable {
    private var lines: [[Unicode.Scalar]] = [[]]

    init(_ source: String) {
        var previous: Unicode.Scalar?
        for scalar in source.unicodeScalars {
            defer { previous = scalar }
            switch scalar {
            case "\n" where previous == "\r": continue
            case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": lines.append([])
            default: lines[lines.count - 1].append(scalar)
            }
        }
    }

    /// - Parameter number: from 1.
    func line(_ number: Int) -> [Unicode.Scalar]? {
        lines.indices.contains(number - 1) ? lines[number - 1] : nil
    }

    /// Where `wording` stands in a stretch of the source for the n-th time (from 0), not counting those escaped by
    /// one more `$`.
    func position(of wording: String, occurrence: Int, from start: SourcePosition, to end: SourcePosition)
        -> SourcePosition?
    {
        let wanted = Array(wording.unicodeScalars)
        var left = occurrence
        for number in start.line...max(start.line, end.line) {
            guard let line = line(number), line.count >= wanted.count else { continue }
            let first = number == start.line ? start.column - 1 : 0
            let last = (number == end.line ? min(end.column - 1, line.count) : line.count) - wanted.count
            guard first <= last else { continue }
            for index in first...last
            where line[index] == wanted.first && line[index..<index + wanted.count].elementsEqual(wanted) {
                if index > 0, line[index - 1] == "$" { continue }
                if left == 0 { return SourcePosition(line: number, column: index + 1) }
                left -= 1
            }
        }
        return nil
    }
}
