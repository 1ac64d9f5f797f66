/// Where in a shell command the next character stands, so that a value can be put in as plain data.
///
/// Quoting a value without looking at what is around it is not enough: `"${params.x}"` would put the single quotes
/// inside double ones, where `$(…)` in the value still runs. Places where no quoting is safe are named, and refused;
/// so is every place after a construct that only a whole shell could follow.
/// - Source: POSIX.1-2017, Shell Command Language, 2.2 Quoting, 2.3 Token Recognition, 2.6.3 Command Substitution.
struct ShellScanner {
    enum Place: Equatable {
        case word, singleQuotes, doubleQuotes, comment
        /// Why no value can stand here.
        case refused(String)
    }

    private enum Frame: Equatable {
        /// The command itself, or one inside `$(…)`; counts the parentheses that are open in it.
        case command(open: Int, isSubstitution: Bool)
        case singleQuotes, doubleQuotes, ansiQuotes, expansion, backquotes, comment
        case arithmetic(open: Int)
    }

    private var frames: [Frame] = [.command(open: 0, isSubstitution: false)]
    private var isEscaped = false
    /// The character before was a `$` that begins something.
    private var afterDollar = false
    /// The character before was `(`, and belonged to a command.
    private var afterParenthesis = false
    /// How many `<` stand right before here.
    private var lessThans = 0
    /// What was read of the current word; quoted parts stand in it as one letter.
    private var word = ""
    /// A construct after which text and command can't be told apart any more.
    private var lost: String?

    var place: Place {
        if let lost { return .refused(lost) }
        if isEscaped { return .refused("right after a backslash") }
        if lessThans == 2 { return .refused("right after <<") }
        return switch frames[frames.count - 1] {
        case .command: .word
        case .singleQuotes: .singleQuotes
        case .doubleQuotes: .doubleQuotes
        case .comment: .comment
        case .ansiQuotes: .refused("inside $'…'")
        case .expansion: .refused("inside another ${…}")
        case .arithmetic: .refused("inside ((…)), where the shell evaluates it")
        case .backquotes: .refused("inside `…`")
        }
    }

    /// A value was put in.
    mutating func skipValue() {
        (afterDollar, afterParenthesis, lessThans) = (false, false, 0)
        word.append("v")
    }

    mutating func read(_ text: String) {
        // By scalars: what means something to a shell is ASCII, and a combining mark must not hide it.
        for scalar in text.unicodeScalars where lost == nil { read(scalar) }
    }

    private mutating func read(_ scalar: Unicode.Scalar) {
        let (dollar, parenthesis) = (afterDollar, afterParenthesis)
        (afterDollar, afterParenthesis) = (false, false)
        if isEscaped {
            isEscaped = false
            // The shell removes a backslash and the newline after it.
            if scalar != "\n" { word.unicodeScalars.append(scalar) }
            return
        }
        switch frames[frames.count - 1] {
        case .singleQuotes:
            if scalar == "'" { close() }
        case .ansiQuotes: readQuoted(scalar, closing: "'")
        case .backquotes: readQuoted(scalar, closing: "`")
        case .comment:
            if scalar == "\n" { close() }
        case .doubleQuotes:
            if !readInside(scalar, dollar) { readQuoted(scalar, closing: "\"") }
        case .expansion: readExpansion(scalar, dollar)
        case .arithmetic(let open):
            let depth = scalar == "(" ? open + 1 : scalar == ")" ? open - 1 : open
            if depth == 0 { close() } else { frames[frames.count - 1] = .arithmetic(open: depth) }
        case .command(let open, let isSubstitution):
            noteHereDocument(before: scalar)
            readCommand(scalar, dollar, parenthesis, open, isSubstitution)
        }
    }

    private mutating func readQuoted(_ scalar: Unicode.Scalar, closing: Unicode.Scalar) {
        if scalar == "\\" { isEscaped = true } else if scalar == closing { close() }
    }

    /// What begins a new context in double quotes and in `${…}` alike.
    private mutating func readInside(_ scalar: Unicode.Scalar, _ dollar: Bool) -> Bool {
        switch scalar {
        // `$$` is the number of the process, and begins nothing.
        case "$": afterDollar = !dollar
        case "(" where dollar: openSubstitution()
        case "{" where dollar: open(.expansion)
        case "`": open(.backquotes)
        default: return false
        }
        return true
    }

    private mutating func readExpansion(_ scalar: Unicode.Scalar, _ dollar: Bool) {
        switch scalar {
        case "'":
            // Whether this quotes depends on the kind of the expansion when double quotes are around it.
            if frames.contains(.doubleQuotes) {
                lost = "after a ' inside ${…} in double quotes"
            } else {
                open(.singleQuotes)
            }
        case "\"": open(.doubleQuotes)
        default: if !readInside(scalar, dollar) { readQuoted(scalar, closing: "}") }
        }
    }

    private mutating func readCommand(
        _ scalar: Unicode.Scalar, _ dollar: Bool, _ parenthesis: Bool, _ open: Int, _ isSubstitution: Bool
    ) {
        let top = frames.count - 1
        switch scalar {
        case "\\": isEscaped = true
        case "'": self.open(dollar ? .ansiQuotes : .singleQuotes)
        case "\"": self.open(.doubleQuotes)
        case "#" where word.isEmpty: self.open(.comment)
        case "(" where dollar: openSubstitution()
        case "(" where parenthesis:
            // `((` or `$((`: the parenthesis before belongs to it.
            if open > 0 {
                frames[top] = .command(open: open - 1, isSubstitution: isSubstitution)
            } else {
                frames.removeLast()
            }
            frames.append(.arithmetic(open: 2))
        case "(":
            endWord(isSubstitution)
            frames[top] = .command(open: open + 1, isSubstitution: isSubstitution)
            afterParenthesis = true
        case ")":
            endWord(isSubstitution)
            if open > 0 {
                frames[top] = .command(open: open - 1, isSubstitution: isSubstitution)
            } else if isSubstitution {
                close()
            }
        case " ", "\t", "\n", ";", "&", "|", ">": endWord(isSubstitution)
        case "<":
            endWord(isSubstitution)
            lessThans += 1
        default:
            if readInside(scalar, dollar), scalar != "$" { return }
            word.unicodeScalars.append(scalar)
        }
    }

    /// `<<` begins a here-document, whose lines are neither command nor quoted; `<<<` takes a word.
    private mutating func noteHereDocument(before scalar: Unicode.Scalar) {
        guard scalar != "<" else { return }
        if lessThans == 2 { lost = "after << (a here-document)" }
        lessThans = 0
    }

    private mutating func endWord(_ isSubstitution: Bool) {
        // The `)` of its patterns would be taken for the end of the substitution.
        if word == "case", isSubstitution { lost = "after a case inside $(…)" }
        word = ""
    }

    private mutating func openSubstitution() {
        frames.append(.command(open: 0, isSubstitution: true))
        word = ""
        afterParenthesis = true
    }

    private mutating func open(_ frame: Frame) {
        frames.append(frame)
        if frame != .comment { word.append("q") }
    }

    private mutating func close() {
        let closed = frames.removeLast()
        if closed != .comment { word = "q" } else { word = "" }
    }
}
