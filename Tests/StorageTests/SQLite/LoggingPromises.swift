import Registry
import Testing

@Suite struct LoggingPromises {
    @Test(arguments: StoreUnderTest.allCases)
    func `the latest point is the largest step, then timestamp, then value`(_ kind: StoreUnderTest) async throws {
        let points: [(value: Double, time: Int64, step: Int64)] = [
            (1, 5, 1), (9, 9, 0), (2, 5, 1), (0, 6, 1), (7, 1, -3),
        ]
        // Every order of arrival gives the same answer.
        for shift in points.indices {
            try await kind.with { store in
                let id = try await store.makeRun().id
                for index in points.indices {
                    let point = points[(index + shift) % points.count]
                    try await store.log("m", point.value, time: point.time, step: point.step, to: id)
                }
                #expect(
                    try await store.run(id: id).metrics
                        == [Metric(key: "m", value: 0, timestampMilliseconds: 6, step: 1)])
            }
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `the same point logged twice is stored once`(_ kind: StoreUnderTest) async throws {
        try await kind.with { store in
            let id = try await store.makeRun().id
            for _ in 0..<2 {
                try await store.log("m", 1, time: 5, to: id)
                try await store.log("m", .nan, time: 5, to: id)
            }
            let history = try await store.metricHistory(runID: id, key: "m", maxResults: 10, pageToken: nil).items
            #expect(history.count == 2 && history.filter(\.value.isNaN).count == 1)
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `NaN and clamped infinities come back`(_ kind: StoreUnderTest) async throws {
        try await kind.with { store in
            let id = try await store.makeRun().id
            try await store.log("nan", .nan, to: id)
            try await store.log("inf", .infinity, to: id)
            try await store.log("ninf", -.infinity, to: id)
            let metrics = try await store.run(id: id).metrics
            let values = Dictionary(uniqueKeysWithValues: metrics.map { ($0.key, $0.value) })
            #expect(values["nan"]?.isNaN == true)
            #expect(values["inf"] == Double.greatestFiniteMagnitude)
            #expect(values["ninf"] == -Double.greatestFiniteMagnitude)
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a history is ordered by timestamp, step and value, page by page`(_ kind: StoreUnderTest) async throws {
        try await kind.with { store in
            let id = try await store.makeRun().id
            let points = (0..<25).map { (index: Int) -> Metric in
                let time = Int64(index * 7 % 5)
                return Metric(key: "m", value: Double(index % 3), timestampMilliseconds: time, step: Int64(index % 4))
            }
            try await store.log(RunBatch(metrics: points), to: id)
            var found: [Metric] = []
            var token: String?
            repeat {
                let page = try await store.metricHistory(runID: id, key: "m", maxResults: 4, pageToken: token)
                found += page.items
                token = page.nextPageToken
            } while token != nil
            let expected = points.sorted {
                ($0.timestampMilliseconds, $0.step, $0.value) < ($1.timestampMilliseconds, $1.step, $1.value)
            }
            #expect(found == expected)
            #expect(try await store.metricHistory(runID: id, key: "x", maxResults: 4, pageToken: nil).items.isEmpty)
            await #expect(throws: RegistryError.self) {
                try await store.metricHistory(runID: "none", key: "m", maxResults: 4, pageToken: nil)
            }
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a param is written once; the same value again is fine`(_ kind: StoreUnderTest) async throws {
        try await kind.with { store in
            let id = try await store.makeRun().id
            let long = String(repeating: "x", count: 7000)
            for _ in 0..<2 {
                try await store.log(
                    RunBatch(params: [Param(key: "a", value: "1"), Param(key: "b", value: long)]), to: id)
            }
            let error = await #expect(throws: RegistryError.self) {
                try await store.log(RunBatch(params: [Param(key: "a", value: "2")]), to: id)
            }
            #expect(error?.errorDescription?.contains("Changing param values is not allowed") == true)
            #expect(try await store.run(id: id).params.map(\.value.count) == [1, 6000])
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a batch with one bad entry leaves nothing behind`(_ kind: StoreUnderTest) async throws {
        let good = RunBatch(
            params: [Param(key: "new", value: "1")],
            metrics: [Metric(key: "m", value: 1, timestampMilliseconds: 0, step: 0)], tags: ["t": "1"])
        var bad = Array(repeating: good, count: 4)
        bad[0].params.append(Param(key: "old", value: "other"))
        bad[1].params.append(Param(key: "new", value: "1"))
        bad[2].metrics.append(Metric(key: "ndcg@10", value: 1, timestampMilliseconds: 0, step: 0))
        bad[3].tags["/t"] = "1"
        try await kind.with { [bad] store in
            let id = try await store.makeRun().id
            try await store.log(RunBatch(params: [Param(key: "old", value: "1")]), to: id)
            let before = try await store.run(id: id)
            for batch in bad {
                await #expect(throws: RegistryError.self) { try await store.log(batch, to: id) }
                #expect(try await store.run(id: id) == before)
            }
            try await store.log(good, to: id)
            #expect(try await store.run(id: id).metrics.count == 1)
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a large batch says the same as its points one by one`(_ kind: StoreUnderTest) async throws {
        let points = (0..<173).map { (index: Int) -> Metric in
            let value = index % 17 == 0 ? Double.nan : Double(index % 5) - 2
            let (time, step) = (Int64(index * 13 % 7), Int64(index * 5 % 11))
            return Metric(key: "m\(index % 3)", value: value, timestampMilliseconds: time, step: step)
        }
        try await kind.with { store in
            let (whole, single) = (try await store.makeRun().id, try await store.makeRun().id)
            try await store.log(RunBatch(metrics: points), to: whole)
            for point in points { try await store.log(RunBatch(metrics: [point]), to: single) }
            func described(_ id: String) async throws -> [String] {
                var result = try await store.run(id: id).metrics.map { "\($0)" }
                for key in ["m0", "m1", "m2"] {
                    let page = try await store.metricHistory(runID: id, key: key, maxResults: 999, pageToken: nil)
                    result += page.items.map { "\($0)" }
                }
                return result
            }
            let expected = try await described(single)
            #expect(try await described(whole) == expected)
            #expect(expected.count > 60)
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a large batch of many keys is stored as its points one by one would be`(_ kind: StoreUnderTest) async throws {
        // More rows than one statement takes, some twice, in no order.
        let points = (0..<Int64(337)).map { index in
            Metric(
                key: "m\(index % 70)", value: index % 11 == 0 ? .nan : Double(index * 7919 % 101) / 7,
                timestampMilliseconds: index * 31 % 5, step: index * 17 % 13 - 6)
        }
        try await kind.with { store in
            let (batched, single) = (try await store.makeRun(start: 1).id, try await store.makeRun(start: 2).id)
            try await store.log(RunBatch(metrics: points + points.prefix(60)), to: batched)
            for point in points { try await store.log(RunBatch(metrics: [point]), to: single) }
            func text(_ metrics: [Metric]) -> String { "\(metrics)" }
            let (one, other) = (try await store.run(id: batched).metrics, try await store.run(id: single).metrics)
            #expect(one.count == 70 && text(one) == text(other))
            for key in Set(points.map(\.key)) {
                let histories = [
                    try await store.metricHistory(runID: batched, key: key, maxResults: 99, pageToken: nil).items,
                    try await store.metricHistory(runID: single, key: key, maxResults: 99, pageToken: nil).items,
                ]
                #expect(histories[0].count >= 4 && text(histories[0]) == text(histories[1]))
            }
        }
    }
}
