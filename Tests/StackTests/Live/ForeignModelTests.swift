import Foundation
import TestKit
import Testing

@testable import Stack

/// Factors that another program learned, registered as MLflow's client does it and served over the real HTTP surface.
struct ForeignModelTests {
    /// Items 10, 2, b, 7 and users u1, u2 in a plane.
    private static let itemFactors: [Float] = [1, 0, 0, 1, 0.5, 0.5, -1, 0]
    private static let manifest =
        #"{"mlstack_format":"factors","item_factors":"item_factors.npy","items":"items.json","#
        + #""user_factors":"user_factors.npy","users":"users.txt"}"#
    private static let files: [String: [UInt8]] = [
        "mlstack.json": Array(manifest.utf8),
        "item_factors.npy": NumPyFixture.floats(itemFactors, shape: "4, 2"),
        "items.json": Array(#"[10, 2, "b", "7"]"#.utf8),
        "user_factors.npy": NumPyFixture.doubles([1, 0, 0.1, 1], shape: "2, 2", fortran: true),
        "users.txt": Array("u1\r\nu2\r\n".utf8),
    ]

    private func run(_ body: (RunningStack, UploadedModel) async throws -> Void) async throws {
        try await RunningStack.withDataset(ratings: 500, days: 5) { folder in
            try await RunningStack.run(RunningStack.configuration(folder)) { stack in
                // The first run promotes a model of its own; nothing else happens until the clock is moved.
                _ = try await stack.step()
                try await body(stack, UploadedModel(stack))
            }
        }
    }

    private func items(_ stack: RunningStack, _ user: String) async throws -> [String] {
        try await stack.recommendations(user).items.map(\.item)
    }

    @Test func `a version of plain factors answers for those it knows, and by fold-in for others`() async throws {
        try await run { stack, upload in
            let version = try await upload.register(Self.files)
            #expect(try await upload.promote(version).status == 200)
            // u1 is (1, 0.1) and u2 is (0, 1): the columns of the file lie one behind the other.
            #expect(try await items(stack, "u1") == ["10", "b", "2", "7"])
            #expect(try await items(stack, "u2") == ["2", "b", "7", "10"])
            let answer = try await stack.recommendations("u1")
            #expect(answer.known && answer.model.version == version)

            let folded = try await stack.client.post(
                "/api/v1/recommendations", ["history": [["item": "2"]]])
            let names = (try StackClient.decode(folded) as Named).items.map(\.item)
            #expect(names == ["b", "7", "10"])
            let similar = try await stack.client.get("/api/v1/items/10/similar?k=2", as: Named.self)
            #expect(similar.items.map(\.item) == ["b", "2"])
            let batch = try await stack.client.post(
                "/api/v1/recommendations/batch", ["users": ["u1", "nobody"], "k": 1])
            let results = (try StackClient.decode(batch) as Batch).results
            // The mean user is (0.5, 0.55).
            #expect(results.map { $0.items.map(\.item) } == [["10"], ["2"]])
            #expect(try await stack.client.get("/api/v1/serving").contains("\"algorithm\":\"factors\""))
        }
    }

    @Test func `a model that was deleted and made anew is loaded, though its version has the same number`() async throws
    {
        var others = Self.files
        others["users.txt"] = Array("u2\nu1\n".utf8)
        try await run { stack, upload in
            for (files, expected) in [(Self.files, ["10", "b", "2", "7"]), (others, ["2", "b", "7", "10"])] {
                let deleted = try await upload.delete("registered-models/delete", #"{"name":"movies"}"#)
                let version = try await upload.register(files)
                #expect(deleted == 200 && version == 1)
                #expect(try await upload.promote(version).status == 200)
                #expect(try await items(stack, "u1") == expected)
            }
        }
    }

    @Test func `what of a history carried an item is told`() async throws {
        try await run { stack, upload in
            let version = try await upload.register(Self.files)
            #expect(try await upload.promote(version).status == 200)
            // b points half where 10 points and half where 2 does; 7 points away from 10, and only 2's ridge holds it.
            let answer = try await stack.client.post(
                "/api/v1/recommendations",
                ["history": [["item": "10"], ["item": "2"]], "explain": true])
            let explained = try StackClient.decode(answer) as Explained
            #expect(explained.explained)
            let best = try #require(explained.items.first)
            #expect(best.item == "b" && Set(best.because.map(\.item)) == ["10", "2"])
            #expect(abs(best.because.reduce(0) { $0 + $1.weight } - best.score) < 1e-6)
            #expect(explained.items.first { $0.item == "7" }?.because.contains { $0.item == "10" } == false)

            // u1's vector came with the files; what they have liked since they told us themselves.
            _ = try await stack.client.post("/api/v1/feedback", ["user": "u1", "item": "10", "rating": 5])
            let known = try await stack.client.get("/api/v1/recommendations/u1?explain=true", as: Explained.self)
            #expect(known.explained && known.items.first?.item == "b")
            #expect(known.items.first?.because.map(\.item) == ["10"])
        }
    }

    @Test func `biases count, and arrays may share a file of numpy's`() async throws {
        let bias = NumPyFixture.doubles([0, 0, 0, 5], shape: "4,")
        let archive = ZipFixture.bytes([
            ZipFixture.Entry("Q.npy", "") { $0.content = NumPyFixture.floats(Self.itemFactors, shape: "4, 2") },
            ZipFixture.Entry("item_bias.npy", "") { ($0.content, $0.isDeflated) = (bias, true) },
        ])
        let manifest =
            #"{"mlstack_format":"factors","item_factors":"model.npz#Q","items":"items.csv","item_bias":"model.npz","#
            + #""fold_in":{"regularization":1,"unobserved_weight":0.5}}"#
        let files: [String: [UInt8]] = [
            "mlstack.json": Array(manifest.utf8), "items.csv": Array("10\n2\n\"b\"\n7".utf8), "model.npz": archive,
        ]
        try await run { stack, upload in
            let version = try await upload.register(files)
            #expect(try await upload.promote(version).status == 200)
            #expect(try await items(stack, "anybody").first == "7")
        }
    }

    @Test func `the arrays of a safetensors file are read too, and the longest vectors come first without users`()
        async throws
    {
        let header = #"{"item_factors":{"dtype":"F64","shape":[4,1],"data_offsets":[0,32]}}  "#
        let numbers: [Double] = [1, 4, 2, 3]
        let tensors =
            [UInt8(header.utf8.count)] + [UInt8](repeating: 0, count: 7) + Array(header.utf8)
            + numbers.withUnsafeBytes { Array($0) }
        let files: [String: [UInt8]] = [
            "mlstack.json": Array(
                #"{"mlstack_format":"factors","item_factors":"m.safetensors","items":"items.json"}"#.utf8),
            "items.json": Array(#"[10, 2, "b", "7"]"#.utf8), "m.safetensors": tensors,
        ]
        try await run { stack, upload in
            let version = try await upload.register(files)
            #expect(try await upload.promote(version).status == 200)
            #expect(try await items(stack, "anybody") == ["2", "7", "b", "10"])
        }
    }

    @Test func `whatever is wrong with a version is said, and the former one goes on answering`() async throws {
        let broken: [(String, [String: [UInt8]], says: String)] = [
            ("rows", ["items.json": Array(#"["10","2","b"]"#.utf8)], "has 4 rows, and `items.json` has 3 ids"),
            ("repeated", ["items.json": Array(#"["10","2","b","2"]"#.utf8)], "names the id 2 twice"),
            ("no list", ["items.json": Array("{}".utf8)], "no list of ids"),
            ("missing", ["users.txt": []], "`users.txt` is missing"),
            (
                "truncated", ["item_factors.npy": NumPyFixture.floats([1, 0, 0], shape: "4, 2")],
                "do not fill the shape"
            ),
            ("cut header", ["item_factors.npy": Array(NumPyFixture.floats([], shape: "0, 2").prefix(40))], "header"),
            ("one axis", ["item_factors.npy": NumPyFixture.floats([1, 2, 3, 4], shape: "4,")], "has the shape (4)"),
            (
                "width", ["user_factors.npy": NumPyFixture.floats([1, 2], shape: "2, 1")],
                "has the shape (2, 1), not (2, 2)"
            ),
            (
                "not a number",
                ["item_factors.npy": NumPyFixture.floats([1, 0, 0, 1, .nan, 1, 1, 1], shape: "4, 2")],
                "row 2 of `item_factors`"
            ),
            ("beyond float", ["user_factors.npy": NumPyFixture.doubles([1, 0, 1e300, 1], shape: "2, 2")], "row 1 of"),
            ("pickled", ["item_factors.npy": NumPyFixture.file("|O", shape: "4, 2", [0x80, 4])], "never unpickled"),
            ("big-endian", ["item_factors.npy": NumPyFixture.file(">f4", shape: "4, 2", [])], "the type >f4"),
            ("whole numbers", ["item_factors.npy": NumPyFixture.file("<i8", shape: "4, 2", [])], "the type <i8"),
            ("huge claim", ["item_factors.npy": NumPyFixture.file(shape: "9223372036854775807, 8", [])], "do not fill"),
            (
                "unknown key", ["mlstack.json": Array(Self.manifest.dropLast().utf8) + Array(#","itms":"x"}"#.utf8)],
                "itms"
            ),
            ("other format", ["mlstack.json": Array(#"{"mlstack_format":"trees"}"#.utf8)], "knows `factors`"),
            (
                "way out",
                ["mlstack.json": Array(Self.manifest.replacing("items.json", with: "../items.json").utf8)],
                "no name of a file"
            ),
            (
                "no such array",
                [
                    "mlstack.json": Array(Self.manifest.replacing("item_factors.npy", with: "m.npz").utf8),
                    "m.npz": ZipFixture.bytes([.init("Q.npy", "x")]),
                ], "no array `item_factors`"
            ),
            (
                "damaged archive",
                [
                    "mlstack.json": Array(Self.manifest.replacing("item_factors.npy", with: "m.npz").utf8),
                    "m.npz": ZipFixture.bytes([.init("item_factors.npy", "x") { $0.claimedCRC = 1 }]),
                ], "is damaged"
            ),
        ]
        try await run { stack, upload in
            let good = try await upload.register(Self.files)
            #expect(try await upload.promote(good).status == 200)
            for (name, changes, says) in broken {
                // Nothing at all means that the file is not there.
                let files = Self.files.merging(changes) { $1 }.filter { !$0.value.isEmpty }
                let version = try await upload.register(files)
                try await expectRefusal(of: version, says: says, name, upload)
                let answer = try await stack.recommendations("u1")
                #expect(answer.model.version == good && answer.items.map(\.item) == ["10", "b", "2", "7"], "\(name)")
            }
            let files = Self.files.filter { $0.key != "item_factors.npy" }
            let version = try await upload.register(files, sparse: ["item_factors.npy": 1 << 40])
            try await expectRefusal(of: version, says: "1099511627776 bytes", "oversized", upload)
            #expect(try await stack.recommendations("u1").model.version == good)
        }
    }

    @Test func `the day after is tested on it, and the day's own model takes its place`() async throws {
        try await run { stack, upload in
            let version = try await upload.register(Self.files)
            #expect(try await upload.promote(version).status == 200)
            _ = try await stack.step()
            let run = try #require(
                try await stack.client.get("/api/v1/pipelines/daily/runs", as: Answers.Runs.self).runs.first)
            #expect(run.state == "success")
            #expect(try await stack.recommendations("u1").model.version == version + 1)
        }
    }

    private func expectRefusal(of version: Int, says: String, _ name: String, _ upload: UploadedModel) async throws {
        let (status, refusal) = try await upload.promote(version)
        #expect(status == 409, "\(name)")
        let message = refusal?.message ?? ""
        #expect(message.contains(says), "\(name): \(message)")
        #expect(!message.contains(upload.stack.home.path), "\(name): \(message)")
        #expect(refusal?.errorCode == "RESOURCE_CONFLICT", "\(name)")
    }

    private struct Named: Decodable {
        struct Item: Decodable { let item: String }
        let items: [Item]
    }
    private struct Explained: Decodable {
        struct Item: Decodable {
            let item: String
            let score: Double
            let because: [Reason]
        }
        struct Reason: Decodable {
            let item: String
            let weight: Double
        }
        let explained: Bool
        let items: [Item]
    }
    private struct Batch: Decodable { let results: [Named] }
}
