import Foundation
import Testing

@testable import Scheduling

struct IncludeTests {
    private static let shared = """
        params:
          channel: {type: string, default: general}
          model: {type: string}
        tasks:
          look: {run: "test -e ${params.model}"}
          tell:
            needs: [look]
            run: echo "${params.channel}" ${tasks.look.outputs.size}
            when: tasks.look.outputs.size > 0 and params.model != ''
        """

    private func compile(_ source: String, _ files: [String: String] = ["shared/notify.yaml": shared]) -> Compilation {
        PipelineCompiler(operators: [DescribedOperator.ingest], machineZone: .utc)
            .compile(source: source, file: "flows/p.yaml", includes: .texts(files))
    }

    private func problems(_ source: String, _ files: [String: String] = ["shared/notify.yaml": shared]) -> [String] {
        compile(source, files).diagnostics.map { "\($0.place) \($0.code.rawValue) \($0.message)" }
    }

    private static let whole = """
        pipeline: p
        variables: {room: "the lab"}
        include:
          - file: shared/notify.yaml
            prefix: n_
            needs: [train]
            with: {channel: "${variables.room}", model: "${tasks.train.outputs.path}"}
        tasks:
          train: {run: make}
          last: {run: x, needs: [n_tell]}
        """

    @Test func `tasks of a file beside take part, with the values they were given`() throws {
        let compilation = compile(Self.whole)
        #expect(compilation.diagnostics == [])
        let pipeline = try #require(compilation.pipeline)
        #expect(pipeline.tasks.map(\.id) == ["n_look", "n_tell", "train", "last"])
        #expect(pipeline.tasks.map(\.needs) == [["train"], ["n_look"], [], ["n_tell"]])
        let outputs: [String: TaskOutputs] = ["train": ["path": "/m 1"], "n_look": ["size": "5"]]
        let scope = RenderScope(variables: pipeline.variables, outputs: outputs)
        func command(_ index: Int) throws -> String? {
            guard case .shell(let text) = pipeline.tasks[index].action else { return nil }
            return try text.render(scope, quoting: .shell)
        }
        #expect(try command(0) == "test -e '/m 1'")
        #expect(try command(1) == "echo \"\"'the lab'\"\" '5'")
        #expect(try pipeline.tasks[1].when?.verdict(in: scope).holds == true)
        #expect(pipeline.includes == ["shared/notify.yaml": Self.shared])
    }

    @Test func `a version is all of its texts, and what is stored compiles to the same`() throws {
        let pipeline = try #require(compile(Self.whole).pipeline)
        let other = try #require(
            compile(Self.whole, ["shared/notify.yaml": Self.shared.replacing("echo", with: "printf")]).pipeline)
        #expect(pipeline.version != other.version)
        let text = PipelineText(stored: pipeline.text.stored)
        #expect(text == pipeline.text)
        #expect(ContentHash.sha256(pipeline.text.stored) == pipeline.version)
        #expect(compile(text.source, text.includes).pipeline == pipeline)
        let plain = PipelineText(source: "pipeline: p\ntasks: {t: {run: x}}")
        #expect(plain.stored == plain.source)
        #expect(PipelineText(stored: plain.stored) == plain)
    }

    @Test(arguments: [
        ("{file: ../x.yaml}", "3:12 E140 the file \"../x.yaml\" leads out of the folder of the pipeline"),
        (
            "{file: /etc/x.yaml}",
            "3:12 E140 the file \"/etc/x.yaml\" is absolute; write it as seen from the pipeline file"
        ),
        ("{file: a.txt}", "3:12 E140 the file \"a.txt\" is not named .yaml or .yml"),
        ("{file: ./a.yaml}", "3:12 E140 the file \"./a.yaml\" is not a plain path such as shared/notify.yaml"),
        ("{file: none.yaml}", "3:12 E140 the file \"none.yaml\" was not stored with the pipeline"),
        ("{prefix: x}", "3:5 E011 include 1 names no file; write file: shared/notify.yaml"),
        ("{file: shared/notify.yaml}", "3:5 E141 include 1: model is required: it has no default"),
        (
            "{file: shared/notify.yaml, with: {model: a, chanel: b}}",
            "3:49 E141 include 1: unknown parameter chanel. Did you mean channel?"
        ),
        (
            "{file: shared/notify.yaml, with: {model: \"a ${run.id}\"}}",
            "3:46 E141 with.model of include 1 mixes text with a value that is filled in later; give the value alone"
        ),
        (
            "{file: shared/notify.yaml, with: {model: a}, prefix: 1}",
            "3:58 E010 include 1.prefix is the number 1; a text (put it in quotes) expected"
        ),
        (
            "{file: shared/notify.yaml, with: {model: a}, needs: [tt]}",
            "3:58 E310 the include needs \"tt\", which does not exist. Did you mean t?"
        ),
    ])
    func `what is wrong with an include is told in the pipeline's file`(include: String, problem: String) {
        let found = problems("pipeline: p\ninclude:\n  - \(include)\ntasks: {t: {run: x}}")
        #expect(found == ["flows/p.yaml:\(problem)"])
    }

    @Test(arguments: [
        ("tasks:\n  a: {run: \"echo ${params.x}\"}", "2:18 E401 ${params.x}: no such param. This file defines none."),
        (
            "tasks:\n  a: {run: \"echo ${variables.v}\"}",
            "2:18 E401 ${variables.v}: an included file sees only its own params; give it the value through `with`"
        ),
        ("tasks:\n  a: {run: x, needs: [t]}", "2:23 E310 task s_a needs \"t\", which does not exist. Did you mean b?"),
        (
            "tasks:\n  a: {run: \"echo ${tasks.b.outputs.x}\"}",
            "2:18 E402 ${tasks.b.outputs.x}: task s_b is not upstream of s_a; add it to its needs"
        ),
        ("tasks:\n  a: {rum: x}", "2:7 E301 unknown key \"rum\" in task s_a. Did you mean run?"),
        ("include: []\ntasks: {}", "1:1 E140 an included file can't include others"), ("a: [", "2:1 E001"),
        ("", "1:1 E011 the file is empty; an included file has `tasks`"),
        (
            "pipeline: q\ntasks: {}",
            "1:1 E140 this is a pipeline of its own; an included file has only `params` and `tasks`"
        ),
        ("params: {}", "1:1 E011 the included file has no `tasks`"),
    ])
    func `what is wrong inside is told in the included file`(text: String, problem: String) {
        let file = text.contains("  a: {") ? text + "\n  b: {run: x}" : text
        let found = problems(
            "pipeline: p\nvariables: {v: 1}\ninclude: [{file: s.yaml, prefix: s_}]\ntasks: {t: {run: x}}",
            ["s.yaml": file])
        #expect(found.count == 1 && found[0].hasPrefix("flows/s.yaml:\(problem)"), "\(found)")
    }

    @Test func `a name that is taken is refused, and a given task must come before`() {
        let files = ["s.yaml": "params: {m: {type: string}}\ntasks: {t: {run: \"echo ${params.m}\"}}"]
        #expect(
            problems("pipeline: p\ninclude: [{file: s.yaml, with: {m: a}}]\ntasks: {t: {run: x}}", files) == [
                "flows/p.yaml:3:9 E302 task \"t\" is defined twice; first at flows/s.yaml:2:9"
            ])
        #expect(
            problems(
                "pipeline: p\ninclude: [{file: s.yaml, prefix: a_, with: {m: \"${tasks.u.outputs.x}\"}}]\ntasks: {u: {run: x}}",
                files)
                == [
                    "flows/s.yaml:2:24 E402 ${params.m}: it stands for ${tasks.u.outputs.x}, and task u is not upstream of a_t; add it to the include's needs"
                ])
        #expect(
            problems(
                "pipeline: p\ninclude: [{file: s.yaml, prefix: a_, with: {m: x}, needs: [u]}]\ntasks: {u: {run: x, needs: [a_t]}}",
                files)
                == ["flows/p.yaml:2:60 E311 cycle: a_t -> u -> a_t   (the other half is at 3:29)"])
    }

    @Test func `one file may be included twice under two names`() throws {
        let files = ["s.yaml": "params: {m: {type: int}}\ntasks: {t: {run: \"echo ${params.m}\"}}"]
        let source =
            "pipeline: p\ninclude: [{file: s.yaml, prefix: a_, with: {m: 01}}, {file: s.yaml, prefix: b_, with: {m: 2}}]\ntasks: {}"
        let pipeline = try #require(compile(source, files).pipeline)
        let commands = try pipeline.tasks.map { task in
            guard case .shell(let text) = task.action else { return "" }
            return try text.render(RenderScope(variables: pipeline.variables), quoting: .shell)
        }
        #expect(commands == ["echo '1'", "echo '2'"])
    }

    @Test func `a link that leads out of the folder is not followed`() throws {
        let base = NSTemporaryDirectory() + "/mlstack-include-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: base) }
        try FileManager.default.createDirectory(atPath: base + "/flows/shared", withIntermediateDirectories: true)
        for path in ["outside.yaml", "flows/shared/inside.yaml"] {
            try "tasks: {}".write(toFile: "\(base)/\(path)", atomically: true, encoding: .utf8)
        }
        for (link, target) in [("out.yaml", "../outside.yaml"), ("up", ".."), ("in.yaml", "shared/inside.yaml")] {
            try FileManager.default.createSymbolicLink(atPath: "\(base)/flows/\(link)", withDestinationPath: target)
        }
        let reader = IncludeReader.folder(base + "/flows")
        #expect(try reader.text("shared/inside.yaml") == "tasks: {}")
        #expect(try reader.text("in.yaml") == "tasks: {}")
        for path in ["out.yaml", "up/outside.yaml"] {
            #expect(throws: IncludeReader.Failure(reason: "lies outside the folder of the pipeline")) {
                try reader.text(path)
            }
        }
        #expect(throws: IncludeReader.Failure(reason: "is not a file")) { try reader.text("shared") }
        #expect(throws: IncludeReader.Failure.self) { try reader.text("none.yaml") }
    }
}
