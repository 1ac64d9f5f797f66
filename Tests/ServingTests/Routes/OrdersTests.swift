import Foundation
import Registry
import Scheduling
import Synchronization
import TestKit
import Testing

@testable import Serving

/// The clock, pipelines, models and what is served: what is told of them, and orders to them.
@Suite struct OrdersTests {
    @Test(arguments: [
        Scenario.get(
            "the clock tells where it stands", "/api/v1/replay", 200,
            [
                "dataset = demo", "now = 2024-10-03T00:00:00Z", "first_day = 2024-07-01", "last_day = 2024-12-27",
                "start = 2024-09-29", "until = null", "state = playing", "day_length_seconds = 10", "day = 4",
                "days_total = 89", "ratings_arrived = 31234", "next_day_at = 2027-01-15T08:00:00.500Z",
                "day_progress = 0.25",
                "error = null",
            ]),
        .post("it plays", "/api/v1/replay", #"{"action":"play"}"#, 200, ["state = playing"]),
        .post(
            "it does not go back", "/api/v1/replay", #"{"action":"goto","date":"2024-01-01"}"#, 409,
            ["error.code = replay_refused", "error.remedy = reset it first."]),
        .post("an unknown action is refused", "/api/v1/replay", #"{"action":"jump"}"#, 422),
        .post("an action is required", "/api/v1/replay", "{}", 422),
        .post("a date that is none is refused", "/api/v1/replay", #"{"action":"goto","date":"2023-02-29"}"#, 422),
        .post("a speed needs a length", "/api/v1/replay", #"{"action":"speed"}"#, 422),
        .post("a member of another action is refused", "/api/v1/replay", #"{"action":"pause","days":2}"#, 422),
        .get(
            "the quality curve has two lines and their means", "/api/v1/quality", 200,
            [
                "model = movies", "metric = ndcg_at_10", "points[0].date = 2024-09-29", "points[0].production = 0.2",
                "points[0].popularity = 0.1", "points[0].cases = 21", "points[0].recall_at_20 = null",
                "points[1].production = 0.4", "mean.production = 0.30000000000000004",
                "points[0].running.ndcg_at_10.standard_error = null", "points[1].running.ndcg_at_10.mean = 0.3",
                "points[1].running.ndcg_at_10.standard_error = 0.123457", "points[1].new_ndcg_at_10 = 0.5",
                "mean.decayed_popularity = null", "new.mean.production = 0.5", "new.mean.decayed_popularity = 0.25",
                "new.standard_error.production = null", "known.mean.production = null", "running_days = 30",
            ]),
        .get(
            "the latest days alone can be asked for, beside the means of all", "/api/v1/quality?days=1", 200,
            ["points[0].date = 2024-09-30", "points[1] = absent", "mean.production = 0.30000000000000004"]),
        .get(
            "drift has its measures by day, with alerts", "/api/v1/drift", 200,
            [
                "points[0].date = 2024-09-29", "points[0].ratings = 40", "points[1].alerts[0].measure = item_psi",
                "points[1].alerts[0].limit = 0.25",
            ]),
        .get(
            "the latest days alone can be asked for", "/api/v1/drift?days=1", 200,
            ["points[0].date = 2024-09-30", "points[1] = absent"]),
        .get("days are a number", "/api/v1/drift?days=0", 422),
        .get(
            "pipelines are listed", "/api/v1/pipelines", 200,
            [
                "pipelines[0].id = daily", "pipelines[0].paused = false", "pipelines[0].next[0].clock = replay",
                "pipelines[0].last_runs[0].id = daily-1", "pipelines[0].last_runs[0].failed_task = null",
                "pipelines[0].last_runs[1].failed_task.id = ingest",
                "pipelines[0].last_runs[1].failed_task.attempt = 2",
            ]),
        .get(
            "a pipeline has its params, tasks and text", "/api/v1/pipelines/daily", 200,
            ["params[0].name = factors", "params[0].type = int", "tasks[0].level = 0", "source = id: daily\n"]),
        .get("an unknown pipeline is not found", "/api/v1/pipelines/dayly", 404),
        .get(
            "runs are listed", "/api/v1/pipelines/daily/runs?limit=5", 200,
            ["runs[0].id = daily-1", "runs[0].state = running"]),
        .get("runs of no pipeline are not found", "/api/v1/pipelines/x/runs", 404),
        .get(
            "a run has its tasks", "/api/v1/pipelines/daily/runs/daily-1", 200,
            [
                "id = daily-1", "params.factors = 64", "tasks[0].outputs.rows = 12", "tasks[1].state = running",
                "ended_at = null",
            ]),
        .get(
            "a run is found by its id alone", "/api/v1/runs/daily-1", 200, ["pipeline = daily", "tasks[0].id = ingest"]),
        .get("no run is found by another id", "/api/v1/runs/daily-9", 404),
        .post(
            "no pipeline is installed where there is no folder for them", "/api/v1/pipelines",
            #"{"file":"a.yaml","source":"pipeline: a"}"#, 409, ["error.code = not_installable"]),
        .get("a run of another pipeline is not found", "/api/v1/pipelines/deploy/runs/daily-1", 404),
        .post(
            "a run is started with params of any kind", "/api/v1/pipelines/daily/runs",
            #"{"params":{"factors":32,"warm":true,"name":"x"}}"#, 201,
            ["id = daily-2", "cause = manual", "params.factors = 32", "params.warm = true", "params.name = x"]),
        .post("a run is started with nothing", "/api/v1/pipelines/daily/runs", nil, 201),
        .post("a list is no param", "/api/v1/pipelines/daily/runs", #"{"params":{"factors":[1]}}"#, 422),
        .post("a run is cancelled", "/api/v1/pipelines/daily/runs/daily-1/cancel", nil, 202, ["state = cancelled"]),
        .post("a pipeline is paused", "/api/v1/pipelines/daily/pause", "{}", 200, ["paused = true"]),
        .post("a pipeline is resumed", "/api/v1/pipelines/daily/resume", nil, 200, ["paused = false"]),
        .get(
            "models are listed with all their versions counted", "/api/v1/models", 200,
            ["models[0].name = movies", "models[0].aliases.production = 3", "models[0].versions = 3"]),
        .get(
            "a model tells the story of its versions", "/api/v1/models/movies", 200,
            [
                "serving.version = 3", "versions[0].version = 3", "versions[0].aliases = [\"production\"]",
                "versions[0].algorithm = als",
                "versions[0].metrics.ndcg_at_10 = 0.125", "versions[0].pipeline_run = daily-1",
                "versions[0].simulated_date = 2024-10-03",
                "versions[1].algorithm = null", "history[0].version = 3", "history[0].previous_version = 2",
            ]),
        .get("no other model's version is serving", "/api/v1/models/movies", 200, ["serving = null"], ready: false),
        .get("an unknown model is not found", "/api/v1/models/books", 404, ["error.code = not_found"]),
        .post(
            "an unknown version is not promoted, and those that are there are named", "/api/v1/models/movies/promote",
            #"{"version":9}"#, 404, ["error.code = not_found"],
            contains: ["has no version 9", "the latest versions are 3, 2; `mlstack model show movies`"]),
        .post(
            "a version of an unknown model is not promoted", "/api/v1/models/films/promote", #"{"version":1}"#, 404,
            contains: ["mlstack model list"]),
        .post("a version is required", "/api/v1/models/movies/promote", "{}", 422),
        .post(
            "a promotion that cannot be loaded says so", "/api/v1/models/movies/promote", #"{"version":2}"#, 409,
            ["error.code = promoted_but_not_loaded"]),
        .post(
            "another alias loads nothing", "/api/v1/models/movies/promote",
            #"{"version":2,"alias":"staging","reason":"try"}"#, 200,
            ["aliases.staging = 2", "aliases.production = 3"]),
        .post(
            "an alias that names nothing has nothing to go back to", "/api/v1/models/movies/rollback",
            #"{"alias":"staging"}"#, 409,
            ["error.code = nothing_to_roll_back"]),
        .post(
            "a version is trained again", "/api/v1/models/movies/versions/3/reproduce", nil, 200,
            ["equal = true", "differing_files = []", "content_hash = ab", "seconds = 0.5"]),
        .post(
            "a version from elsewhere is not", "/api/v1/models/movies/versions/2/reproduce", nil, 409,
            ["error.code = trained_elsewhere"]),
        .post("a version has a number", "/api/v1/models/movies/versions/x/reproduce", nil, 422),
        .get(
            "what is loaded is told", "/api/v1/serving", 200,
            [
                "ready = true", "model.version = 3", "model.algorithm = fake", "model.users = 3", "model.items = 10",
                "model.loaded_at = 2024-10-03T00:00:00Z", "last_load_error = null", "swaps = 1",
                "requests.recommendations = 0",
                "latency.p50_ms = null",
            ]),
        .get(
            "that nothing is loaded is told", "/api/v1/serving", 200, ["ready = false", "model = null"], ready: false),
        .post(
            "an alias that cannot be loaded keeps the former", "/api/v1/serving/reload", nil, 404,
            ["error.code = no_version"]),
        .get(
            "everything is told at a glance", "/api/v1/status", 200,
            [
                "version = 0.1.0", "home = /home/test", "uptime_seconds = 1", "replay.day = 4", "serving.ready = true",
                "pipelines.running = 1",
            ]),
    ])
    func `what is told and what is ordered`(_ scenario: Scenario) async throws {
        try await scenario.check()
    }

    @Test func `orders to the clock arrive as they were meant`() async throws {
        let world = World()
        try await world.serve { port in
            let client = HTTPClient(port: port)
            for body in [
                #"{"action":"play","day_length_seconds":0.5}"#, #"{"action":"play"}"#, #"{"action":"step"}"#,
                #"{"action":"step","days":3}"#, #"{"action":"goto","date":"2024-12-01"}"#, #"{"action":"reset"}"#,
                #"{"action":"speed","day_length_seconds":0}"#,
            ] {
                let answer = try await client.send(
                    "POST", "/api/v1/replay", headers: [("Content-Type", "application/json")], body: Array(body.utf8))
                #expect(answer.status == 200)
            }
        }
        #expect(
            world.replay.orders.withLock { $0 } == [
                .play(dayLengthSeconds: 0.5), .play(dayLengthSeconds: nil), .step(days: 1), .step(days: 3),
                .goto(date: "2024-12-01"), .reset, .speed(dayLengthSeconds: 0),
            ])
    }

    @Test func `a rollback goes back further each time and is told to everybody`() async throws {
        let world = World.ready
        world.deployer.next.withLock { $0 = World.model(version: 2) }
        let listener = world.events.listen()
        try await world.serve { port in
            let client = HTTPClient(port: port)
            let first = try JSONParser.parse(try await client.send("POST", "/api/v1/models/movies/rollback").text)
            #expect(first.at("aliases.production") == 2)
            #expect(first.at("serving.version") == 2)
            let second = try JSONParser.parse(try await client.send("POST", "/api/v1/models/movies/rollback").text)
            #expect(second.at("aliases.production") == 1)
            let third = try await client.send("POST", "/api/v1/models/movies/rollback")
            #expect(third.status == 409)
        }
        #expect(world.deployer.orders.withLock { $0 } == ["movies@production", "movies@production"])
        #expect(listener.heard + 2 == world.events.lastID)
    }
}

@Suite struct FailureTests {
    @Test(
        arguments: [
            (SchedulingError.unknownPipeline(id: "x", nearest: nil), 404), (.unknownRun(id: "x"), 404),
            (.noLog(runID: "x", taskID: "y"), 404), (.runHasEnded(id: "x", state: .failed), 409), (.stopping, 503),
        ] as [(SchedulingError, Int)])
    func `what the scheduler refuses has a status of its own and keeps its words`(
        _ error: SchedulingError, _ status: Int
    ) {
        let failure = FailureResponse.failure(of: error)
        #expect(failure.status == status)
        #expect(failure.message == error.errorDescription)
        #expect(!failure.remedy.isEmpty)
    }

    @Test(
        arguments: [
            (RegistryError.notFound("x"), 404), (.alreadyExists("x"), 409), (.invalid("x"), 422), (.storage("x"), 500),
            (.unavailable("x"), 503),
        ] as [(RegistryError, Int)])
    func `what the registry refuses has a status of its own`(_ error: RegistryError, _ status: Int) {
        #expect(FailureResponse.failure(of: error).status == status)
    }

    @Test func `a run that has ended already is a conflict, not a broken server`() async throws {
        let world = World()
        world.orchestrator.refusal.withLock { $0 = SchedulingError.runHasEnded(id: "daily-1", state: .success) }
        let answer = try await world.serve { port in
            try await HTTPClient(port: port).send("POST", "/api/v1/pipelines/daily/runs/daily-1/cancel")
        }
        #expect(answer.status == 409)
        #expect(answer.text.contains("run_has_ended"))
    }
}

@Suite struct RollbackTests {
    @Test func `what was rolled back is not gone back to`() {
        let registry = FakeRegistry()
        let start = registry.state.withLock { $0.history }
        #expect(Rollback.candidates(history: start, current: 3) == [2, 1])
    }
}
