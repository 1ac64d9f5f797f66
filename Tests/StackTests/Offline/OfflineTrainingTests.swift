import Foundation
import TestKit
import Testing
import Training

@testable import Stack

struct OfflineTrainingTests {
    private struct Trained: Decodable {
        let algorithm, contentHash: String
        let users, items, interactions: Int
        let seconds, secondsPerIteration: Double
        let peakRssBytes: Int?
    }

    private struct Evaluated: Decodable {
        let ndcgAt10, recallAt10, coverageAt10: Double
        let cases: Int
    }

    private func train(_ data: String, _ algorithm: String, _ settings: [String] = [], to output: String) async throws
        -> Trained
    {
        let text = try await OfflineTraining().train(
            algorithm: algorithm, ratings: data, settings: settings, output: output, onSweep: { _ in })
        return try StackClient.decode(text)
    }

    @Test func `a model is trained, recommends what was not seen, and the same again gives the same bytes`()
        async throws
    {
        try await RunningStack.withDataset { folder in
            let settings = ["factors=8", "iterations=3", "seed=5"]
            let first = try await train(folder + "/data", "als", settings, to: folder + "/first")
            let again = try await train(folder + "/data", "als", settings, to: folder + "/again")
            #expect(first.algorithm == "als")
            #expect(first.interactions == 3000)
            #expect(first.contentHash == again.contentHash)
            let model = try ModelArtifact(reading: folder + "/first").model
            let user = model.users[0]
            let best = try await OfflineTraining().recommend(model: folder + "/first", user: user, k: 5)
            #expect(best.count == 5)
            let seen = Set((model.trainingItems(of: 0) ?? []).map { model.items[Int($0)] })
            #expect(best.allSatisfy { !seen.contains($0.item) })
            await #expect(throws: StackError.unknownUser("nobody")) {
                _ = try await OfflineTraining().recommend(model: folder + "/first", user: "nobody", k: 5)
            }
        }
    }

    @Test func `a fit that foresees taste ranks better than popularity`() async throws {
        try await RunningStack.withDataset(ratings: 12_000, days: 60) { folder in
            let lines = try String(contentsOfFile: folder + "/data/ratings.csv", encoding: .utf8)
                .split(separator: "\n").dropFirst()
            let (train, test) = ("\(folder)/train.csv", "\(folder)/test.csv")
            try lines.prefix(9_600).joined(separator: "\n").write(toFile: train, atomically: true, encoding: .utf8)
            try lines.dropFirst(9_600).joined(separator: "\n").write(toFile: test, atomically: true, encoding: .utf8)
            var scores: [String: Double] = [:]
            for algorithm in ["als", "popularity"] {
                let text = try await OfflineEvaluation(
                    model: nil, algorithm: algorithm, train: [train], test: [test]
                ).run()
                let report: Evaluated = try StackClient.decode(text)
                #expect(report.cases > 20)
                #expect((0...1).contains(report.recallAt10) && (0...1).contains(report.coverageAt10))
                scores[algorithm] = report.ndcgAt10
            }
            let (als, popularity) = (try #require(scores["als"]), try #require(scores["popularity"]))
            #expect(als > 1.5 * popularity)
        }
    }

    @Test(arguments: [
        ("alss", [String](), "als"), ("als", ["factor=8"], "factors"), ("als", ["factors=many"], "factors"),
        ("als", ["factors"], "key=value"), ("als", ["factors=0"], "factors"),
        ("als", ["factors=4", "factors=8"], "`factors` is set twice, to 4 and to 8"),
        ("als", ["seed=99999999999999999999"], "a whole number from 0 to 9223372036854775807"),
        ("ease", ["lamda=1"], "did you mean `lambda`? there are: lambda, positive_from, warm_start"),
        ("als", ["warm_stert=x"], "did you mean `warm_start`?"),
    ])
    func `a name or a setting that is not right is refused with what is`(
        algorithm: String, settings: [String], word: String
    ) async throws {
        try await StorageFixture.withFolder { folder in
            do {
                _ = try await train(folder + "/none", algorithm, settings, to: folder + "/model")
                Issue.record("it was trained")
            } catch {
                let text = ErrorText(error)
                #expect("\(text.what) \(text.remedy ?? "")".contains(word))
                #expect(text.remedy != nil)
            }
        }
    }
}

struct PipelineCheckTests {
    @Test func `the default pipelines are right`() throws {
        for file in DefaultPipelines.files {
            let path = NSTemporaryDirectory() + "/mlstack-\(UUID().uuidString)-\(file.name)"
            try file.text.write(toFile: path, atomically: true, encoding: .utf8)
            defer { try? FileManager.default.removeItem(atPath: path) }
            let check = try PipelineCheck(paths: [path])
            #expect(check.lines == [])
            #expect(check.fileCount == 1)
            #expect(file.text.hasPrefix("# yaml-language-server: $schema=http://127.0.0.1:8080/schema/pipeline.json\n"))
        }
    }

    @Test func `files that others include are looked at there, and errors show their line`() async throws {
        try await StorageFixture.withFolder { folder in
            for (name, text) in [
                ("p.yaml", "pipeline: p\ninclude: [{file: shared.yaml}]\ntasks: {t: {run: x}}"),
                ("shared.yaml", "tasks: {a: {run: x}, b: {rum: x}}"),
            ] {
                try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
            }
            let check = try PipelineCheck(paths: [folder])
            #expect(check.fileCount == 1)
            #expect(check.lines.map { $0.hasPrefix("\(folder)/shared.yaml:1:26") } == [true])
            #expect(check.explanations.map { $0.hasSuffix("^") && $0.contains("{a: {run: x}, b: {rum: x}}") } == [true])
        }
    }

    @Test func `a file that is no text is told beside what is wrong with the others`() async throws {
        try await StorageFixture.withFolder { folder in
            try Data([0xFF, 0xFE, 0x00]).write(to: URL(filePath: "\(folder)/a.yaml"))
            try "pipeline: p\ntasks: {b: {rum: x}}".write(toFile: "\(folder)/b.yaml", atomically: true, encoding: .utf8)
            let check = try PipelineCheck(paths: [folder])
            #expect(check.lines.first == "\(folder)/a.yaml:1:1   E001 the file is not UTF-8 text; save it as UTF-8")
            #expect(check.lines.contains { $0.hasPrefix("\(folder)/b.yaml:2:") })
            #expect(check.errorCount == check.lines.count)
        }
    }

    @Test func `a file is drawn, and one that is not right says why it is not`() async throws {
        try await StorageFixture.withFolder { folder in
            let path = folder + "/p.yaml"
            try "pipeline: p\ntasks: {a: {run: x}, b: {needs: [a], run: x}}".write(
                toFile: path, atomically: true, encoding: .utf8)
            #expect(try PipelineDescription.graph(ofFile: path, form: .text).contains("b  shell  ← a"))
            #expect(try PipelineDescription.graph(ofFile: path, form: .mermaid).contains("t0 --> t1"))
            try "pipeline: p".write(toFile: path, atomically: true, encoding: .utf8)
            #expect(throws: StackError.self) { try PipelineDescription.graph(ofFile: path, form: .text) }
            #expect(PipelineDescription.schema.contains("\"replay/ingest\""))
        }
    }

    @Test func `every error of a folder's files is told with its place`() async throws {
        try await StorageFixture.withFolder { folder in
            try "pipeline: a b\ntasks:\n  x: {uses: model/trian}\n".write(
                toFile: folder + "/wrong.yaml", atomically: true, encoding: .utf8)
            try "not a pipeline".write(toFile: folder + "/notes.txt", atomically: true, encoding: .utf8)
            let check = try PipelineCheck(paths: [folder])
            #expect(check.errorCount == 2)
            #expect(check.lines.allSatisfy { $0.contains("wrong.yaml:") })
            #expect(check.lines.contains { $0.contains("Did you mean model/train?") })
        }
    }
}
