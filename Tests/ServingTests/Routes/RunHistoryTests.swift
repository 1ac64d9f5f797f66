import Testing

@testable import Serving

/// Pictures of many runs, and the texts of pipelines.
@Suite struct RunHistoryTests {
    private static let root = "/api/v1/pipelines/daily"

    @Test(arguments: [
        Scenario.get(
            "a grid has a letter for each task, also of tasks that only older runs had", "\(root)/grid", 200,
            [
                #"tasks = ["ingest", "fetch"]"#, "runs[0].id = daily-2", "runs[0].states = s-", "runs[1].states = uf",
                "letters.u = upstream_failed", "runs[0].started_at = null",
            ]),
        .get("a grid goes on after a run", "\(root)/grid?before=daily-2&limit=1", 200, ["runs[0].id = daily-1"]),
        .get("a grid of no pipeline is not found", "/api/v1/pipelines/x/grid", 404),
        .get("a grid has at most a thousand runs", "\(root)/grid?limit=1001", 422),
        .get(
            "a calendar counts the runs of each day", "\(root)/calendar?year=2024", 200,
            [
                "timezone = UTC", "days[0].date = 2024-01-01", "days[0].success = 1", "days[0].failed = 1",
                "days[0].run = daily-2",
                "days[0].queued = 0", "days[1].date = 2024-12-31", "days[1].failed = 0",
            ]),
        .get("a calendar without a year is of the newest run's", "\(root)/calendar", 200, ["year = 2024"]),
        .get(
            "what belongs to a run is told", "\(root)/runs/daily-1/relatives", 200,
            [
                "parent = null", "children[0].id = deploy-1", "children[0].pipeline = deploy",
                "tracked_run.experiment_id = 1", "tracked_run.run_id = abc",
            ]),
        .get("an unknown run has no relatives", "\(root)/runs/daily-9/relatives", 404),
        .get(
            "a file is shown as it is, with what is wrong with it", "\(root)/file", 200,
            [
                "file = pipelines/daily.yaml", "source = id: daly\n", "current = false", "diagnostics[0].line = 1",
                "diagnostics[0].code = E301", "diagnostics[0].severity = error", "diagnostics[0].suggestion = pipeline",
            ]),
        .get(
            "an earlier version is shown as its runs had it", "\(root)/file?version=old", 200,
            ["source = id: old\n", "current = false", "diagnostics = []"]),
        .get("a version that no run had is not found", "\(root)/file?version=none", 404),
        .get(
            "versions begin with the one that runs, even when it has had no run", "\(root)/versions", 200,
            [
                "versions[0].version = v1", "versions[0].current = true", "versions[0].runs = 0",
                "versions[0].first_used_at = null", "versions[1].version = old", "versions[1].runs = 3",
            ]),
    ])
    func `what is asked is answered`(_ scenario: Scenario) async throws { try await scenario.check() }
}
