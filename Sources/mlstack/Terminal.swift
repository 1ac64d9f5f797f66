import ArgumentParser
import Foundation
import Stack

/// What goes to the person: results to standard output, everything else to standard error.
enum Terminal {
    static let isInteractive = isatty(2) == 1
    private static let hasColour = isatty(2) == 1 && ProcessInfo.processInfo.environment["NO_COLOR"] == nil

    static func say(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }

    /// Two lines: what is wrong, and what to do about it.
    static func report(_ error: any Error) {
        let text = ErrorText(error)
        say("\(hasColour ? "\u{1B}[31merror:\u{1B}[0m" : "error:") \(text.what)")
        let remedy = text.remedy.flatMap { $0.isEmpty ? nil : $0 }
        say("  fix: \(remedy ?? "`mlstack doctor` says what on this machine may stand in the way.")")
    }

    /// - Returns: never: 2 is the code for a command line that cannot be understood.
    static func usage(_ message: String) -> Never {
        say(message)
        exit(2)
    }

    /// Columns as wide as their widest cell.
    static func table(_ header: [String], _ rows: [[String]]) {
        let all = [header] + rows.map { $0.map(plain) }
        let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        for row in all {
            let cells = zip(row, widths).map { cell, width in cell + String(repeating: " ", count: width - cell.count) }
            print(cells.joined(separator: "  ").replacing(#/ +$/#, with: ""))
        }
    }

    /// Without what would move the cursor, change colours or turn the direction of writing: names come from anybody.
    static func plain(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: scalars.append("\u{FFFD}")
            default: scalars.append(scalar)
            }
        }
        return String(scalars)
    }

    /// The beginning of a text that is longer than so many characters.
    static func short(_ text: String, _ length: Int = 48) -> String {
        text.count > length ? text.prefix(length - 1) + "…" : text
    }

    /// What may stop in the middle of a line, at once.
    static func write(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }

    /// Goes on only after a yes: of a person at the terminal, or given beforehand.
    /// - Throws: `StackError.usage` when there is nobody to ask, `ExitCode` when the answer is no.
    static func confirm(_ question: String, isGiven: Bool) throws {
        if isGiven { return }
        guard isInteractive, isatty(0) == 1 else {
            throw StackError.usage("nothing was done: nobody is there to ask.", remedy: "say --yes.")
        }
        if !asks(question + " [y/N] ") {
            say("nothing was done")
            throw ExitCode(1)
        }
    }

    static func progress(_ label: String, _ share: Double) {
        guard isInteractive else { return }
        FileHandle.standardError.write(Data("\r\(label) \(bar(share))\(share >= 1 ? "\n" : "")".utf8))
    }

    static func bar(_ share: Double) -> String {
        let width = 30
        let done = Int(share * Double(width))
        let bar = String(repeating: "#", count: done) + String(repeating: ".", count: width - done)
        return "[\(bar)] \(Int(share * 100)) %"
    }

    /// Asks the person at the terminal; false without asking where there is none.
    static func asks(_ question: String) -> Bool {
        guard isInteractive, isatty(0) == 1 else { return false }
        FileHandle.standardError.write(Data(question.utf8))
        return ["yes", "y"].contains((readLine() ?? "").trimmingCharacters(in: .whitespaces).lowercased())
    }
}
