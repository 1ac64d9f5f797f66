import Testing

@testable import Serving

@Suite struct DataTests {
    @Test(arguments: [
        Scenario.get(
            "the days are told in columns, a day without stars without a mean", "/api/v1/data/days", 200,
            [
                "first_day = 2024-07-01", "ratings = [3, 0]", "new_users = [2, 0]", "rating_mean[0] = 3.1235",
                "rating_mean[1] = null",
            ]),
        .get(
            "what lies on the disk is told with its licence", "/api/v1/data", 200,
            [
                "source_files[0].bytes = null", "log_files[0].path = days.u64", "log_files[0].bytes = 24",
                "licence.name = CC0 1.0", "readme = null",
            ]),
        .get(
            "rejected lines are told with their numbers", "/api/v1/data/rejected", 200,
            ["rejected = 1", "total = 4", "lines[0].line = 7", "lines[0].text = <b>1,2,x</b>"]),
        .get("of rejected lines as many as are wanted", "/api/v1/data/rejected?limit=0", 200, ["lines = []"]),
        .get("an endless list of rejected lines is refused", "/api/v1/data/rejected?limit=100000", 422),
        .get(
            "datasets that could be replayed are told", "/api/v1/data/available", 200,
            ["datasets[0].name = ml-1m", "datasets[0].path = null", "datasets[0].can_be_fetched = true"]),
        .get(
            "the queue of feedback is told", "/api/v1/feedback", 200,
            ["stored = 3", "waiting = 1", "days[0].date = 2024-07-01", "days[0].events = 2", "last_received_at = null"]),
    ])
    func `the data are told as they are`(_ scenario: Scenario) async throws { try await scenario.check() }
}
