import Testing

@testable import Scheduling

struct PipelineCompilerTests {
    private static let whole = """
        # yaml-language-server: $schema=/schema/pipeline.json
        pipeline: movie_recommender
        description: Take one day of ratings, retrain
        tags: [recsys, demo]
        timezone: Asia/Seoul
        variables:
          model: movies
          registered: "${variables.model}_daily"
        params:
          factors: {type: int, default: 064, min: 4, max: 512, help: latent factors}
          since: {type: datetime, default: 2015-01-01}
        triggers:
          - {cron: "@daily", clock: replay, start: 2015-01-01, catchup: none}
          - {cron: "0 9 * * MON", end: 2030-01-01T09:00, catchup: latest, params: {factors: 32}}
        max_active_runs: 3
        defaults: {retry: {max: 2, delay: 5s, backoff: 2, max_delay: 1m, jitter: 20%}, timeout: 10m}
        tasks:
          ingest: {uses: replay/ingest}
          train:
            needs: [ingest]
            uses: model/train
            with: {algorithm: als, factors: "${params.factors}", name: "${variables.registered}", metrics: [a, "${variables.model}"]}
            retry: {max: 5}
            timeout: 1h30m
          report:
            needs: [train]
            trigger_rule: none_failed
            run: |
              echo "${params.since} ${tasks.train.outputs.uri}" ${HOME}
            env: {LEVEL: 5, DAY: "${run.logical_date}"}
            workdir: /tmp
            retry: {max: 0}
        """

    @Test func `a whole file becomes a pipeline`() throws {
        let pipeline = try compiled(Self.whole)
        #expect(pipeline.id == "movie_recommender")
        #expect(pipeline.description == "Take one day of ratings, retrain")
        #expect(pipeline.tags == ["recsys", "demo"])
        #expect(pipeline.timeZoneID == "Asia/Seoul")
        #expect(pipeline.variables == ["model": "movies", "registered": "movies_daily"])
        #expect(pipeline.params.map(\.defaultValue) == ["64", "2015-01-01T00:00:00+09:00"])
        #expect(pipeline.maxActiveRuns == 3)
        #expect(pipeline.file == "test.yaml")
        #expect(pipeline.source == Self.whole)
        #expect(pipeline.version == ContentHash.sha256(Self.whole))
        #expect(pipeline.tasks.map(\.id) == ["ingest", "train", "report"])
        #expect(pipeline.tasks.map(\.position.line) == [18, 19, 25])
    }

    @Test func `triggers know their clock, their bounds in the zone and their parameters`() throws {
        let triggers = try compiled(Self.whole).triggers
        #expect(triggers.map(\.clock) == [.replay, .wall])
        #expect(triggers.map(\.catchup) == [.none, .latest])
        #expect(triggers[0].start?.rfc3339 == "2014-12-31T15:00:00Z")
        #expect(triggers[1].end?.rfc3339 == "2030-01-01T00:00:00Z")
        #expect(triggers.map { $0.params.mapValues(\.constant) } == [[:], ["factors": "32"]])
        #expect(triggers[1].words == "0 9 * * MON on the wall clock")
    }

    @Test func `tasks begin with the defaults and say what differs`() throws {
        let tasks = try compiled(Self.whole).tasks
        let usual = RetryPolicy(max: 2, delay: .seconds(5), backoff: 2, maxDelay: .seconds(60), jitter: 0.2)
        var train = usual
        train.max = 5
        var report = usual
        report.max = 0
        #expect(tasks.map(\.retry) == [usual, train, report])
        #expect(tasks.map(\.timeout) == [.seconds(600), .seconds(5400), .seconds(600)])
        #expect(tasks.map(\.triggerRule) == [.allSuccess, .allSuccess, .noneFailed])
        #expect(tasks.map(\.needs) == [[], ["ingest"], ["train"]])
    }

    @Test func `settings are values where they can be, and templates where they can't`() throws {
        let task = try compiled(Self.whole).tasks[1]
        guard case .uses("model/train", let with) = task.action else {
            Issue.record("\(task.action)")
            return
        }
        #expect(with["algorithm"] == .literal(.string("als")))
        #expect(with["factors"] == .template(try Template(parsing: "${params.factors}")))
        #expect(with["name"] == .literal(.string("movies_daily")))
        #expect(with["metrics"] == .literal(.list(["a", "movies"])))
    }

    @Test func `a shell task keeps the places of its command, and the shell's own`() throws {
        let task = try compiled(Self.whole).tasks[2]
        guard case .shell(let command) = task.action else {
            Issue.record("\(task.action)")
            return
        }
        #expect(
            command.pieces == [
                .text("echo \""), .reference(namespace: "params", path: ["since"], raw: false), .text(" "),
                .reference(namespace: "tasks", path: ["train", "outputs", "uri"], raw: false), .text("\" ${HOME}\n"),
            ])
        #expect(task.environment["LEVEL"]?.constant == "5")
        #expect(task.environment["DAY"]?.pieces == [.reference(namespace: "run", path: ["logical_date"], raw: false)])
        #expect(task.workingDirectory?.constant == "/tmp")
    }

    @Test func `what is not said has its default`() throws {
        let pipeline = try compiled("pipeline: p\ntasks: {t: {run: echo}}")
        #expect(pipeline.timeZoneID == "UTC")
        #expect(pipeline.triggers.isEmpty && pipeline.params.isEmpty && pipeline.variables.isEmpty)
        #expect(pipeline.maxActiveRuns == 1)
        #expect(pipeline.tasks[0].retry.max == 0)
        #expect(pipeline.tasks[0].timeout == nil)
    }

    @Test func `on, no, 22:30 and dates stay text`() throws {
        let pipeline = try compiled(
            "pipeline: p\nvariables: {a: on, b: no, c: 22:30, d: 2015-01-01, e: 1.50, f: yes}\ntasks: {t: {run: echo}}")
        #expect(pipeline.variables == ["a": "on", "b": "no", "c": "22:30", "d": "2015-01-01", "e": "1.50", "f": "yes"])
    }

    @Test func `anchors stand for what they mark`() throws {
        let pipeline = try compiled(
            """
            pipeline: p
            tasks:
              a: {run: echo a, retry: &often {max: 4, delay: 1s}}
              b: {run: echo b, retry: *often}
            """)
        #expect(pipeline.tasks[0].retry == pipeline.tasks[1].retry)
        #expect(pipeline.tasks[1].retry.max == 4)
    }

    @Test func `a warning does not stop a pipeline`() throws {
        let compilation = try compile("pipeline: p\nparams: {x: {type: int, default: 1}}\ntasks: {t: {run: echo}}")
        #expect(compilation.pipeline != nil)
        #expect(compilation.warnings.map(\.code) == [.unusedParam])
        #expect(compilation.errors.isEmpty)
    }

    @Test func `an error stops it, and the rest is still looked at`() throws {
        let compilation = try compile("pipeline: P\ntasks: {t: {run: echo, timeout: soon}}")
        #expect(compilation.pipeline == nil)
        #expect(compilation.errors.map(\.code) == [.pipelineID, .duration])
    }
}
