/// What somebody typed behind the slash command.
enum ChatCommand: Equatable {
    case run(pipeline: String, params: [String: String])
    /// nil: all pipelines.
    case status(pipeline: String?)
    /// `task` nil: the one that failed, else the last that ran.
    case logs(run: String, task: String?)
    /// With what was wrong; nil when nothing was typed.
    case help(String?)

    static let usage = "`run ID [key=value …]`, `status [ID]`, `logs RUN [TASK]`"

    init(_ text: String) {
        let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
        let rest = Array(words.dropFirst())
        switch (words.first?.lowercased(), rest.count) {
        case ("run", 1...):
            var params: [String: String] = [:]
            for word in rest.dropFirst() {
                guard let equals = word.firstIndex(of: "="), equals > word.startIndex else {
                    self = .help("\"\(word)\" is no parameter; write it as key=value.")
                    return
                }
                params[String(word[..<equals])] = String(word[word.index(after: equals)...])
            }
            self = .run(pipeline: rest[0], params: params)
        case ("status", 0...1): self = .status(pipeline: rest.first)
        case ("logs", 1...2): self = .logs(run: rest[0], task: rest.count > 1 ? rest[1] : nil)
        case (nil, _), ("help", _): self = .help(nil)
        case (let word?, _): self = .help("\"\(word)\" cannot be done like this.")
        }
    }
}
