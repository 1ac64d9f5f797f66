import Foundation
import TestKit
import Testing

@testable import Stack

struct StoredFileTests {
    private static func with(_ body: (RunningStack, String) async throws -> Void) async throws {
        try await RunningStack.withDataset(ratings: 300, days: 10) { folder in
            try await RunningStack.run(RunningStack.configuration(folder)) { stack in try await body(stack, folder) }
        }
    }

    private static func facts(_ score: Double?, _ tags: [String: String] = [:], metric: String? = nil)
        -> StackClient.FileFacts
    { .init(score: score, metric: metric, tags: tags) }

    @Test func `a file comes back as it went in, compressed or not, the newest or the best, by tag`() async throws {
        try await Self.with { stack, folder in
            let file = folder + "/weights.bin"
            for (number, score) in [(1, 0.5), (2, 0.25), (3, 0.75), (4, 0.75)] {
                try Data(repeating: UInt8(number), count: 700_000).write(to: URL(filePath: file))
                let facts = Self.facts(
                    score, ["env": number < 4 ? "a" : "b"], metric: number == 4 ? "ndcg" : "rmse")
                let text = try await stack.client.store(file, as: "w", facts, compresses: number.isMultiple(of: 2))
                let stored: Answers.StoredFile = try StackClient.decode(text)
                #expect(stored.version == number)
                // Compression that really compresses.
                #expect(number.isMultiple(of: 2) ? stored.bytes < 10_000 : stored.bytes == 700_000)
            }
            func fetched(_ choice: String, _ tags: [String: String]) async throws -> [UInt8] {
                let result = try await stack.client.fetch(
                    "w", choice: choice, tags: tags, into: folder + "/out", replaces: true)
                let data = try Data(contentsOf: URL(filePath: result.path))
                #expect(data.count == 700_000 && Set(data).count == 1)
                return [data[0], UInt8(result.version)]
            }
            #expect(try await fetched("newest", [:]) == [4, 4])
            #expect(try await fetched("newest", ["env": "a"]) == [3, 3])
            #expect(try await fetched("best", ["env": "a"]) == [2, 2])
            #expect(try await fetched("best", [:]) == [4, 4])
            await #expect(throws: StackError.self) {
                try await stack.client.fetch("w", choice: "best", tags: ["env": "c"], into: folder, replaces: true)
            }
            await #expect(throws: StackError.self) {
                try await stack.client.fetch("w", choice: "newest", tags: [:], into: folder + "/out", replaces: false)
            }
            let left = try FileManager.default.contentsOfDirectory(atPath: folder + "/out")
            #expect(left == ["weights.bin"])
        }
    }

    @Test func `a folder comes back with everything in it`() async throws {
        try await Self.with { stack, folder in
            let source = folder + "/model"
            try FileManager.default.createDirectory(atPath: source + "/deep/er", withIntermediateDirectories: true)
            try "a".write(toFile: source + "/a.txt", atomically: true, encoding: .utf8)
            try "".write(toFile: source + "/deep/er/empty", atomically: true, encoding: .utf8)
            _ = try await stack.client.store(source, as: "m", Self.facts(nil), compresses: true)
            let result = try await stack.client.fetch(
                "m", choice: "newest", tags: [:], into: folder + "/out", replaces: false)
            #expect(result.path == folder + "/out/model")
            #expect(try String(contentsOfFile: result.path + "/a.txt", encoding: .utf8) == "a")
            #expect(FileManager.default.fileExists(atPath: result.path + "/deep/er/empty"))
        }
    }

    @Test func `what is replaced goes when the new is whole, a folder as well as a file`() async throws {
        try await Self.with { stack, folder in
            let (source, out) = (folder + "/model", folder + "/out")
            func fetch() async throws {
                _ = try await stack.client.fetch("m", choice: "newest", tags: [:], into: out, replaces: true)
            }
            func store(_ name: String) async throws {
                try? FileManager.default.removeItem(atPath: source)
                try FileManager.default.createDirectory(atPath: source, withIntermediateDirectories: true)
                try name.write(toFile: "\(source)/\(name)", atomically: true, encoding: .utf8)
                _ = try await stack.client.store(source, as: "m", Self.facts(nil), compresses: true)
            }
            // A file is in the way of the first folder, and that of the second.
            try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
            try "mine".write(toFile: out + "/model", atomically: true, encoding: .utf8)
            for name in ["first", "second"] {
                try await store(name)
                try await fetch()
                #expect(try FileManager.default.contentsOfDirectory(atPath: out + "/model") == [name])
            }
            // Then the store's copy is damaged: what is there stays.
            let kept =
                FileManager.default.enumerator(atPath: stack.home.artifacts)?.compactMap { $0 as? String }
                .filter { $0.hasSuffix(".tar.gz") || $0.hasSuffix("/model") } ?? []
            for path in kept where !path.hasPrefix(".") {
                let file = "\(stack.home.artifacts)/\(path)"
                guard let data = FileManager.default.contents(atPath: file) else { continue }
                try Data(data.map { $0 ^ 1 }).write(to: URL(filePath: file))
            }
            await #expect(throws: StackError.self) { try await fetch() }
            #expect(try FileManager.default.contentsOfDirectory(atPath: out + "/model") == ["second"])
            #expect(try FileManager.default.contentsOfDirectory(atPath: out) == ["model"])
        }
    }

    @Test func `what is damaged on the disk or on the way is not taken`() async throws {
        try await Self.with { stack, folder in
            let file = folder + "/w.bin"
            try Data(repeating: 1, count: 5000).write(to: URL(filePath: file))
            _ = try await stack.client.store(file, as: "w", Self.facts(nil), compresses: false)
            let kept = FileManager.default.enumerator(atPath: stack.home.artifacts)?.compactMap { $0 as? String }
                .first { $0.hasSuffix("w.bin") }
            let place = stack.home.artifacts + "/" + (try #require(kept))
            try Data(repeating: 2, count: 5000).write(to: URL(filePath: place))
            await #expect(throws: StackError.self) {
                try await stack.client.fetch("w", choice: "newest", tags: [:], into: folder + "/out", replaces: false)
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/out").isEmpty)
            let http = HTTPClient(port: URL(string: stack.url)?.port ?? 0)
            let refused = try await http.send(
                "POST", "/api/v1/models/x/file?file=a&sha256=00",
                headers: [("Content-Type", "application/octet-stream")],
                body: Array("hello".utf8))
            #expect(refused.status == 422)
            await #expect(throws: StackError.self) {
                try await stack.client.get("/api/v1/models/x", as: Answers.Model.self)
            }
        }
    }
}
