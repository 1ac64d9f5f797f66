/// What must be taken from one text and added to it to make another, line by line, in the unified form.
struct LineDiff {
    private struct Line {
        var mark: Character
        var text: Substring
    }

    /// Lines around a change that stay as they are.
    private static let context = 3

    private let lines: [Line]

    init(from old: String, to new: String) {
        let (before, after) = (LineDiff.lines(of: old), LineDiff.lines(of: new))
        let difference = after.difference(from: before)
        var (removed, added) = (Set<Int>(), Set<Int>())
        for change in difference {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): added.insert(offset)
            }
        }
        var (lines, i, j) = ([Line](), 0, 0)
        while i < before.count || j < after.count {
            if removed.contains(i) {
                lines.append(Line(mark: "-", text: before[i]))
                i += 1
            } else if added.contains(j) {
                lines.append(Line(mark: "+", text: after[j]))
                j += 1
            } else {
                lines.append(Line(mark: " ", text: before[i]))
                (i, j) = (i + 1, j + 1)
            }
        }
        self.lines = lines
    }

    /// Empty when the texts have the same lines.
    func text(from oldName: String, to newName: String) -> String {
        var result = ""
        var (old, new) = (1, 1)
        var start = 0
        for range in hunks {
            for line in lines[start..<range.lowerBound] {
                old += line.mark == "+" ? 0 : 1
                new += line.mark == "-" ? 0 : 1
            }
            let hunk = lines[range]
            let (oldCount, newCount) = (hunk.count { $0.mark != "+" }, hunk.count { $0.mark != "-" })
            // An empty stretch is named by the line before it.
            result +=
                "@@ -\(oldCount == 0 ? old - 1 : old),\(oldCount) +\(newCount == 0 ? new - 1 : new),\(newCount) @@\n"
            for line in hunk { result += "\(line.mark)\(line.text)\n" }
            (old, new, start) = (old + oldCount, new + newCount, range.upperBound)
        }
        return result.isEmpty ? "" : "--- \(oldName)\n+++ \(newName)\n" + result
    }

    /// Stretches of lines that hold the changes, with what is around them; those that touch are one.
    private var hunks: [Range<Int>] {
        var hunks: [Range<Int>] = []
        for index in lines.indices where lines[index].mark != " " {
            let range = max(0, index - Self.context)..<min(lines.count, index + Self.context + 1)
            if let last = hunks.last, range.lowerBound <= last.upperBound {
                hunks[hunks.count - 1] = last.lowerBound..<range.upperBound
            } else {
                hunks.append(range)
            }
        }
        return hunks
    }

    private static func lines(of text: String) -> [Substring] {
        var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        // The end of the last line is no line of its own.
        if lines.last == "" { lines.removeLast() }
        return lines
    }
}
