import Foundation
import TestKit
import Testing
import Training

@testable import Stack

struct OfflineEvaluationTests {
    private struct Evaluated: Decodable {
        struct Against: Decodable {
            struct Difference: Decodable { let mean, lower, upper, cases: Double }
            let algorithm: String
            let values: [String: Double]
            let differences: [String: Difference]
        }
        let cases, folds: Int
        let ndcgAt10, coverageAt10: Double
        let standardErrors: [String: Double]
        let intervals: [String: [Double]]?
        let against: Against?
    }

    /// Two folds: the later part of the ratings is guessed from the earlier one.
    private func withFolds(_ body: (String, [String], [String]) async throws -> Void) async throws {
        try await RunningStack.withDataset(ratings: 8000, days: 60) { folder in
            let lines = try String(contentsOfFile: folder + "/data/ratings.csv", encoding: .utf8)
                .split(separator: "\n").dropFirst()
            var (train, test) = ([String](), [String]())
            for (fold, cut) in [5000, 6500].enumerated() {
                train.append("\(folder)/train\(fold).csv")
                test.append("\(folder)/test\(fold).csv")
                try lines.prefix(cut).joined(separator: "\n")
                    .write(toFile: train[fold], atomically: true, encoding: .utf8)
                try lines.dropFirst(cut).prefix(1500).joined(separator: "\n")
                    .write(toFile: test[fold], atomically: true, encoding: .utf8)
            }
            try await body(folder, train, test)
        }
    }

    private func decode(_ text: String) throws -> Evaluated { try StackClient.decode(text) }

    @Test func `folds count case by case, with intervals that hold the mean and repeat to the bit`() async throws {
        try await withFolds { _, train, test in
            func evaluate(_ folds: Range<Int>) async throws -> String {
                var evaluation = try OfflineEvaluation(
                    model: nil, algorithm: "popularity", train: Array(train[folds]), test: Array(test[folds]))
                (evaluation.k, evaluation.bootstrap) = ([10], 500)
                return try await evaluation.run()
            }
            let (first, second) = (try decode(try await evaluate(0..<1)), try decode(try await evaluate(1..<2)))
            let both = try decode(try await evaluate(0..<2))
            #expect(both.folds == 2)
            #expect(both.cases == first.cases + second.cases)
            let mean =
                (first.ndcgAt10 * Double(first.cases) + second.ndcgAt10 * Double(second.cases)) / Double(both.cases)
            #expect(abs(both.ndcgAt10 - mean) < 1e-12)
            #expect(abs(both.coverageAt10 - (first.coverageAt10 + second.coverageAt10) / 2) < 1e-12)
            let interval = try #require(both.intervals?["ndcg_at_10"])
            #expect(interval[0] < mean && mean < interval[1])
            let error = try #require(both.standardErrors["ndcg_at_10"])
            #expect(abs((interval[1] - interval[0]) - 2 * 1.96 * error) < 0.8 * error)
            #expect(both.intervals?["coverage_at_10"] == nil)
            #expect(try decode(try await evaluate(0..<2)).intervals == both.intervals)
        }
    }

    @Test func `two models are compared user by user, one trained now and one from a folder`() async throws {
        try await withFolds { folder, train, test in
            let model = folder + "/model"
            _ = try await OfflineTraining().train(
                algorithm: "popularity", ratings: train[0], settings: [], output: model, onSweep: { _ in })
            var evaluation = try OfflineEvaluation(
                model: nil, algorithm: "item-knn", train: [train[0]], test: [test[0]])
            try evaluation.compare(with: model, settings: [])
            let result = try decode(try await evaluation.run())
            let against = try #require(result.against)
            let difference = try #require(against.differences["ndcg_at_10"])
            #expect(against.algorithm == "popularity")
            #expect(Int(difference.cases) == result.cases)
            #expect(
                abs(difference.mean - (result.ndcgAt10 - (try #require(against.values["ndcg_at_10"])))) < 1e-12)
            #expect(difference.lower <= difference.mean && difference.mean <= difference.upper)

            var same = try OfflineEvaluation(model: model, algorithm: nil, train: [train[0]], test: [test[0]])
            try same.compare(with: "popularity", settings: ["positive_from=4"])
            let none = try #require(try decode(try await same.run()).against?.differences["ndcg_at_10"])
            #expect((none.mean, none.lower, none.upper) == (0, 0, 0))

            var other = try OfflineEvaluation(
                model: nil, algorithm: "popularity", train: [train[1]], test: [test[1]])
            try other.compare(with: model, settings: [])
            await #expect { _ = try await other.run() } throws: { error in
                let text = ErrorText(error)
                return text.what.contains("different catalogues") && text.remedy?.contains("same ratings") == true
            }
        }
    }

    @Test func `folds that do not pair, and rivals that are nothing, are refused`() throws {
        #expect {
            _ = try OfflineEvaluation(model: nil, algorithm: "ease", train: ["a", "b"], test: ["c"])
        } throws: {
            ErrorText($0).what.contains("2 --train, 1 --test")
        }
        var evaluation = try OfflineEvaluation(model: nil, algorithm: "ease", train: ["a"], test: ["b"])
        #expect { try evaluation.compare(with: "popularty", settings: []) } throws: {
            ErrorText($0).remedy?.contains("did you mean `popularity`?") == true
        }
    }
}
