import ArgumentParser
import Foundation
import Stack

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "A pipeline for another program.", subcommands: [Airflow.self])

    struct Airflow: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write a pipeline as a DAG file that Airflow 3 runs; needs no server.",
            discussion: "What differs in Airflow is told on standard error and at the top of the file.")
        @Argument(help: ArgumentHelp("A pipeline's id, or its file.", valueName: "id|file")) var pipeline: String
        @Option(help: ArgumentHelp("Where to write it; default: standard output.", valueName: "file")) var output:
            String?
        @OptionGroup var home: HomeOption
        func run() throws {
            let export = try PipelineExport.airflow(pipeline, home: home.place)
            if let output {
                try export.write(to: output)
                Terminal.say("wrote \(output)")
            } else {
                FileHandle.standardOutput.write(Data(export.text.utf8))
            }
            for remark in export.remarks { Terminal.say("note: \(remark)") }
        }
    }
}
