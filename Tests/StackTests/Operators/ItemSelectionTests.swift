import Foundation
import TestKit
import Testing

@testable import Stack

/// What `matrix/build` leaves out, over the real HTTP surface.
struct ItemSelectionTests {
    /// A daily pipeline whose matrix has these settings.
    private static func configuration(_ folder: String, _ settings: String) throws -> Configuration {
        let configuration = RunningStack.configuration(folder)
        let file = try #require(DefaultPipelines.files.first { $0.name == "daily.yaml" })
        let changed = file.text.replacing("with: {min_item_interactions: 2}", with: "with: {\(settings)}")
        #expect(changed != file.text)
        try FileManager.default.createDirectory(atPath: configuration.home.pipelines, withIntermediateDirectories: true)
        try changed.write(toFile: configuration.home.pipelines + "/daily.yaml", atomically: true, encoding: .utf8)
        return configuration
    }

    private struct Run: Decodable {
        struct Task: Decodable { let id, state: String; let message: String?; let outputs: [String: String] }
        let tasks: [Task]
    }

    private func matrixTask(_ stack: RunningStack) async throws -> Run.Task {
        let runs = try await stack.client.get("/api/v1/pipelines/daily/runs", as: Answers.Runs.self).runs
        let id = try #require(runs.first).id
        let text = try await stack.client.get("/api/v1/pipelines/daily/runs/\(id)")
        // Not by the client's decoder, which would write the outputs' names in another way.
        return try #require(try JSONDecoder().decode(Run.self, from: Data(text.utf8)).tasks.first { $0.id == "matrix" })
    }

    @Test func `genres and lists leave items out, and what they left out is told and can be reproduced`() async throws {
        try await RunningStack.withDataset { folder in
            let configuration = try Self.configuration(
                folder,
                #"only_genres: [drama, Comedy], without_genres: [Thriller], deny_items: ["1"], deny_items_file: lists/no.txt"#
            )
            let lists = configuration.home.path + "/lists"
            try FileManager.default.createDirectory(atPath: lists, withIntermediateDirectories: true)
            try "2\n\n 3 \n".write(toFile: lists + "/no.txt", atomically: true, encoding: .utf8)
            try await RunningStack.run(configuration) { stack in
                _ = try await stack.step()
                let task = try await matrixTask(stack)
                for filter in ["only_genres", "without_genres", "deny_items"] {
                    let dropped = task.outputs["\(filter)_dropped_interactions"].flatMap { Int($0) }
                    #expect(dropped.map { $0 > 0 } == true, "\(filter) \(task.outputs)")
                }
                #expect(task.outputs["deny_items_dropped_items"] == "3")
                #expect(task.outputs["limits_dropped_items"] == "0")
                let all = try await stack.client.get(
                    "/api/v1/recommendations/1?k=1000&exclude_seen=false", as: Genres.self)
                #expect(!all.items.isEmpty)
                #expect(all.items.allSatisfy { !["1", "2", "3"].contains($0.item) })
                #expect(
                    all.items.allSatisfy { item in
                        !item.genres.contains("Thriller") && !Set(item.genres).isDisjoint(with: ["Drama", "Comedy"])
                    })
                let version = try await stack.client.get("/api/2.0/mlflow/model-versions/get?name=movies&version=1")
                let runID = try #require(version.firstMatch(of: /"run_id": ?"([0-9a-f]{32})"/)?.1)
                let run = try await stack.client.get("/api/2.0/mlflow/runs/get?run_id=\(runID)")
                #expect(run.contains("matrix/without_genres_dropped_items"))

                let again = try await stack.client.post("/api/v1/models/movies/versions/2/reproduce")
                #expect((try StackClient.decode(again) as Answers.Reproduction).equal)
                // What the model learned is denied now.
                try (all.items.map(\.item) + [""]).joined(separator: "\n").write(
                    toFile: lists + "/no.txt", atomically: true, encoding: .utf8)
                await #expect {
                    _ = try await stack.client.post("/api/v1/models/movies/versions/2/reproduce")
                } throws: {
                    ErrorText($0).what.contains("cannot be built again")
                }
            }
        }
    }

    @Test(arguments: [
        (#"only_genres: [Dramma]"#, "names the genre Dramma, which no item has"),
        (#"only_genres: [Dramma]"#, "did you mean Drama? there are: Action,"),
        (#"allow_items_file: none.txt"#, "/none.txt."),
        (#"allow_items_file: ../outside.txt"#, "../outside.txt leads out of the home"),
        (#"deny_items_file: lists/../../outside.txt"#, "outside.txt leads out of the home"),
        (#"deny_items_file: bytes.txt"#, "bytes.txt is no text in UTF-8"),
    ])
    func `a selection that cannot be meant fails the task with the reason`(settings: String, says: String) async throws
    {
        try await RunningStack.withDataset(ratings: 500, days: 5) { folder in
            let configuration = try Self.configuration(folder, settings)
            let home = configuration.home.path
            try "1\n".write(toFile: home + "/../outside.txt", atomically: true, encoding: .utf8)
            try Data([0xFF, 0xFE, 0x00]).write(to: URL(filePath: home + "/bytes.txt"))
            try await RunningStack.run(configuration) { stack in
                _ = try await stack.step()
                let task = try await matrixTask(stack)
                #expect(task.state == "failed")
                #expect(task.message?.contains(says) == true, "\(task.message ?? "")")
            }
        }
    }

    private struct Genres: Decodable {
        struct Item: Decodable { let item: String; let genres: [String] }
        let items: [Item]
    }
}
