import Testing

@testable import Scheduling

struct ReferenceTests {
    private func references(_ command: String) throws -> [String] {
        try problems(
            """
            pipeline: p
            variables: {data_dir: /data}
            params: {factors: {type: int, default: 1}}
            tasks:
              first: {run: "echo ${params.factors}"}
              other: {run: echo}
              t:
                needs: [first]
                run: \(command)
            """)
    }

    @Test(arguments: [
        "cat ${variables.data_dir}", "echo ${HOME} ${run} ${tasks}", "echo $${variables.nothing}",
        "echo ${params.factors!raw}",
        "echo ${tasks.first.outputs.return_value}", "echo ${run.data_interval.start_utc} ${env.PATH}",
        "echo $HOME ${#x} ${x:-y}", "for item in a b; do echo ${item}; done",
        "echo ${secrets.KEY} ${models.movies.production.version} ${event.rows}",
    ])
    func `what exists may be named, and the shell's own is left alone`(command: String) throws {
        #expect(try references(command) == [])
    }

    /// In `run:` the shell, or a program in it, may mean it.
    @Test(arguments: [
        (
            "echo ${variable.data_dir}",
            "9:15 W401 ${variable.data_dir} is left to the shell. Did you mean ${variables.data_dir}?"
        ),
        (
            "echo ${ params.factors }",
            "9:15 W401 ${ params.factors } is left to the shell. Did you mean ${params.factors}?"
        ),
    ])
    func `a command with a place that resembles ours is warned of and left as it is`(
        command: String, problem: String
    ) throws {
        #expect(try references(command) == [problem])
    }

    @Test func `in a setting, a place that resembles ours is refused, and nothing else is said of it`() throws {
        let found = try problems(
            """
            pipeline: p
            variables: {word: x, name: "${variable.word}"}
            params: {n: {type: int, default: 1}}
            tasks:
              t:
                uses: model/train
                with:
                  algorithm: "${vars.word}"
                  factors: "${param.n}"
                  regularization: "${Params.n}"
                  metrics: ["${params.n}", "a ${variable.word} $${variable.word} ${variable.word}"]
                  name: "${HOME} ${pom.version} ${x.y:-1} $${param.n}"
              s: {run: "true", env: {A: "${task.t.outputs.x}"}}
            """)
        #expect(
            found == [
                "2:29 E401 ${variable.word} names nothing. Did you mean ${variables.word}? ($${variable.word} for the text itself)",
                "8:19 E401 ${vars.word} names nothing. Did you mean ${variables.word}? ($${vars.word} for the text itself)",
                "9:17 E401 ${param.n} names nothing. Did you mean ${params.n}? ($${param.n} for the text itself)",
                "10:24 E401 ${Params.n} names nothing. Did you mean ${params.n}? ($${Params.n} for the text itself)",
                "11:35 E401 ${variable.word} names nothing. Did you mean ${variables.word}? ($${variable.word} for the text itself)",
                "11:70 E401 ${variable.word} names nothing. Did you mean ${variables.word}? ($${variable.word} for the text itself)",
                "13:30 E401 ${task.t.outputs.x} names nothing. Did you mean ${tasks.t.outputs.x}? ($${task.t.outputs.x} for the text itself)",
            ])
    }

    @Test(arguments: [
        ("cat ${variables.data_dri}", "9:14 E401 ${variables.data_dri}: no such variable. Did you mean data_dir?"),
        ("echo ${params.speed}", "9:15 E401 ${params.speed}: no such param. There is factors."),
        ("echo ${run.logical_dat}", "9:15 E401 ${run.logical_dat}: no such value of a run. Did you mean logical_date?"),
        ("echo ${tasks.frist.outputs.x}", "9:15 E401 ${tasks.frist.outputs.x}: no such task. Did you mean first?"),
        (
            "echo ${tasks.first.output.x}",
            "9:15 E401 ${tasks.first.output.x}: no such value; write ${tasks.first.outputs.name}"
        ),
        (
            "echo ${tasks.other.outputs.x}",
            "9:15 E402 ${tasks.other.outputs.x}: task other is not upstream of t; add it to its needs"
        ),
        ("echo ${tasks.t.outputs.x}", "9:15 E402 ${tasks.t.outputs.x}: a task can't read its own outputs"),
        (
            "echo ${params.a b}",
            "9:15 E403 ${params.a b}: a name is made of letters, digits, _ and -, with dots between"
        ),
        ("echo ${params.}", "9:15 E403 ${params.}: a name is made of letters, digits, _ and -, with dots between"),
        ("echo ${params.factors", "9:15 E403 ${params.factors: no } closes it"),
        ("echo ${item.name}", "9:15 E401 ${item.name}: only a task with foreach has items"),
        ("echo ${secrets.a.b}", "9:15 E401 ${secrets.a.b}: a secret has a name of letters, digits and _"),
        (
            "echo ${models.movies}",
            "9:15 E401 ${models.movies}: write what of the model is meant, e.g. ${models.movies.production.version}"
        ),
        (
            "echo ${models.team/movies.version}",
            "9:15 E403 ${models.team/movies.version}: a name is made of letters, digits, _ and -, with dots between"
        ),
        (
            "echo `cat ${variables.data_dir}`",
            "9:20 E404 ${variables.data_dir} can't be put in safely inside `…`; give it through env: and write \"$NAME\" here"
        ),
    ])
    func `what does not exist is refused where it stands`(command: String, problem: String) throws {
        #expect(try references(command) == [problem])
    }

    @Test func `places in a block are told by their own line and column`() throws {
        #expect(
            try references("|\n      echo fine\n      echo ${params.a} \"${params.b}\" ${params.a}") == [
                "11:12 E401 ${params.a}: no such param. There is factors.",
                "11:25 E401 ${params.b}: no such param. There is factors.",
                "11:38 E401 ${params.a}: no such param. There is factors.",
            ])
    }

    @Test func `an escaped place does not shift the ones after it`() throws {
        #expect(
            try references("echo $${params.a} ${params.a}") == [
                "9:28 E401 ${params.a}: no such param. There is factors."
            ])
    }

    @Test func `env and with are looked at too`() throws {
        #expect(
            try taskProblems("run: echo\nenv: {A: \"${params.x}\"}") == [
                "5:15 E401 ${params.x}: no such param. This file defines none."
            ])
        #expect(
            try taskProblems(
                "uses: model/train\nwith: {algorithm: als, name: \"a ${params.x}\", metrics: [\"${run.x}\"]}"
            ).map { $0.prefix(9) }
                == ["5:37 E401", "5:62 E401"])
    }
}
