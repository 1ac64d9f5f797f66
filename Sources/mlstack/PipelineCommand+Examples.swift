import ArgumentParser
import Stack

extension PipelineCommand {
    struct Examples: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Ready pipelines to learn from; `mlstack init` makes a project of them.")
        @Argument(help: "An example, to print its file.") var name: String?
        @Flag(help: "Print JSON instead of a table.") var json = false
        func run() throws {
            guard let name else {
                if json { return print(try ExamplePipeline.listJSON) }
                Terminal.table(
                    ["example", "what it does"], ExamplePipeline.all.map { [$0.name, $0.summary] })
                return
            }
            print(try ExamplePipeline.named(name).files.map(\.text).joined(separator: "---\n"), terminator: "")
        }
    }
}
