import Registry
import Storage
import TestKit
import Testing

@Suite struct SearchWorkTests {
    @Test func `a search is given up at its limit, and its reader goes on to serve others`() async throws {
        try await StorageFixture.withStore(searchLimit: .zero) { store in
            let run = try await store.makeRun().id
            for start in 1..<Int64(200) { _ = try await store.makeRun(start: start) }
            try await store.log(
                RunBatch(
                    metrics: (0..<Int64(1000)).map { Metric(key: "m", value: 1, timestampMilliseconds: $0, step: $0) }),
                to: run)
            // More often than there are readers.
            for _ in 0..<10 {
                await #expect {
                    try await store.searchRuns(RunQuery(experimentIDs: ["0"]))
                } throws: { error in
                    if case RegistryError.tooHeavy = error { true } else { false }
                }
                // As long as the search, and no search.
                let history = try await store.metricHistory(runID: run, key: "m", maxResults: 1000, pageToken: nil)
                #expect(history.items.count == 1000)
            }
            #expect(try await store.searchRuns(RunQuery(experimentIDs: ["1"])).items.isEmpty)
        }
    }
}
