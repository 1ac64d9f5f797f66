import ArgumentParser
import Stack

struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Make a new project: mlstack.yaml, pipelines and a workflow that checks them.",
        discussion: "Examples are listed by `mlstack pipeline examples`.")
    @Argument(help: ArgumentHelp("A new or empty folder.", valueName: "dir")) var folder: String
    @Option(help: ArgumentHelp("A pipeline to begin with; may be repeated. Default: daily.", valueName: "name"))
    var example: [String] = []

    func run() throws {
        let project = try NewProject(folder: folder, examples: example)
        for file in project.files { print("\(project.folder)/\(file)") }
        Terminal.say("next: mlstack up --home \(Self.word(project.folder))")
    }

    /// Quoted where a shell would take it apart.
    private static func word(_ text: String) -> String {
        let isPlain = text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "/._-~".contains($0)) }
        return isPlain ? text : "'" + text.replacing("'", with: "'\\''") + "'"
    }
}
