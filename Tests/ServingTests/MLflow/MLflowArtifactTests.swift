import Foundation
import TestKit
import Testing

@testable import Serving

@Suite struct MLflowArtifactTests {
    private static let root = "/api/2.0/mlflow-artifacts/artifacts"

    @Test(arguments: [0, 1, 300_000])
    func `bytes come back as they went`(_ count: Int) async throws {
        try await MLflowWorld.run { world in
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            let path = Self.root + "/0/run/artifacts/deep/model.bin"
            let stored = try await world.raw("PUT", path, [], bytes)
            #expect((stored.status, stored.text) == (200, "{}"))
            let answer = try await world.raw("GET", path)
            #expect(answer.status == 200)
            #expect(answer.body == bytes)
            #expect(answer.header("content-type") == "application/octet-stream")
            #expect(answer.header("content-disposition") == "attachment; filename=\"model.bin\"")
            #expect(answer.header("x-content-type-options") == "nosniff")
            #expect(try await world.raw("HEAD", path).header("content-length") == "\(count)")
        }
    }

    @Test(arguments: [("0\r\n\r\n", ""), ("5\r\nhello\r\n7\r\n, world\r\n0\r\n\r\n", "hello, world")])
    func `an upload may come in chunks, as empty files do`(_ chunks: String, _ expected: String) async throws {
        try await MLflowWorld.run { world in
            let head =
                "PUT \(Self.root)/0/run/artifacts/file HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
            let stored = try await HTTPClient(port: world.port).sendRaw(Array((head + chunks).utf8))
            #expect(stored.status == 200)
            let answer = try await world.raw("GET", Self.root + "/0/run/artifacts/file")
            #expect((answer.status, answer.text) == (200, expected))
        }
    }

    @Test(arguments: ["Content-Length: 100\r\n\r\nhalf", "Transfer-Encoding: chunked\r\n\r\n40\r\nhalf"])
    func `of an upload that breaks off nothing is to be seen, and what was there stays`(_ rest: String) async throws {
        try await MLflowWorld.run { world in
            let path = Self.root + "/0/run/artifacts/file"
            _ = try await world.raw("PUT", path, [], Array("before".utf8))
            try await BrokenUpload.send("PUT \(path) HTTP/1.1\r\nHost: localhost\r\n\(rest)", port: world.port)
            let answer = try await world.raw("GET", path)
            #expect(answer.text == "before")
            #expect(try FileManager.default.contentsOfDirectory(atPath: world.folder + "/.uploads") == [])
        }
    }

    @Test func `a file is replaced whole`() async throws {
        try await MLflowWorld.run { world in
            let path = Self.root + "/0/run/artifacts/file"
            for text in ["a long first text", "short"] { _ = try await world.raw("PUT", path, [], Array(text.utf8)) }
            #expect(try await world.raw("GET", path).text == "short")
        }
    }

    @Test func `a listing has names alone, and sizes of files`() async throws {
        try await MLflowWorld.run { world in
            for name in ["b.txt", "a/x.txt", "%C3%BC%20%26%20100%25%20%2B1.txt"] {
                _ = try await world.raw("PUT", "\(Self.root)/0/run/artifacts/\(name)", [], Array("12".utf8))
            }
            func list(_ path: String) async throws -> JSONValue {
                try JSONParser.parse(try await world.raw("GET", "\(Self.root)?path=\(path)").text)
            }
            let expected: JSONValue = [
                "files": [
                    ["path": "a", "is_dir": true], ["path": "b.txt", "is_dir": false, "file_size": 2],
                    ["path": "ü & 100% +1.txt", "is_dir": false, "file_size": 2],
                ]
            ]
            #expect(try await list("0/run/artifacts") == expected)
            #expect(try await list("0%2Frun%2Fartifacts%2F") == expected)
            #expect(try await list("0/run/none") == [:])
            #expect(try await list("0/run/artifacts/b.txt") == [:])
            #expect(try await list("").at("files[0].path") == "0")
        }
    }

    @Test func `files of a run are listed with paths from its own folder`() async throws {
        try await MLflowWorld.run { world in
            let run = try await world.newRun()
            _ = try await world.raw("PUT", "\(Self.root)/0/\(run)/artifacts/a/x.txt", [], [1])
            let top = try await world.get("artifacts/list?run_id=\(run)").body
            #expect(top["root_uri"] == .string("mlflow-artifacts:/0/\(run)/artifacts"))
            #expect(top["files"] == [["path": "a", "is_dir": true]])
            let deep = try await world.get("artifacts/list?run_id=\(run)&path=a/").body
            #expect(deep["files"] == [["path": "a/x.txt", "is_dir": false, "file_size": 1]])
        }
    }

    @Test func `what is missing and what is a folder are told apart`() async throws {
        try await MLflowWorld.run { world in
            _ = try await world.raw("PUT", Self.root + "/0/run/artifacts/file", [], [1])
            for (path, status, code) in [
                ("/0/run/none", 404, "RESOURCE_DOES_NOT_EXIST"), ("/0/run", 400, "INVALID_PARAMETER_VALUE"),
                ("/", 400, "INVALID_PARAMETER_VALUE"), ("/0/run/artifacts/file/below", 404, "RESOURCE_DOES_NOT_EXIST"),
            ] {
                let answer = try await world.raw("GET", Self.root + path)
                #expect(answer.status == status, "\(path)")
                #expect(try JSONParser.parse(answer.text)["error_code"] == .string(code))
            }
            // Neither may a file be put where a folder is, nor below a file.
            for path in ["/0/run", "/0/run/artifacts/file/below", "/"] {
                #expect(try await world.raw("PUT", Self.root + path, [], [1]).status == 400)
            }
        }
    }

    @Test func `a folder is deleted with everything in it, twice without harm, the root never`() async throws {
        try await MLflowWorld.run { world in
            for name in ["a/x", "b"] { _ = try await world.raw("PUT", "\(Self.root)/0/run/\(name)", [], [1]) }
            for _ in 1...2 { #expect(try await world.raw("DELETE", Self.root + "/0/run/a").text == "{}") }
            #expect(try await world.raw("GET", Self.root + "/0/run/a/x").status == 404)
            #expect(try await world.raw("GET", Self.root + "/0/run/b").status == 200)
            #expect(try await world.raw("DELETE", Self.root + "/").status == 404)
        }
    }

    private static let traps = [
        "..", "../mlstack-escape", "a/../b", "%2e%2e/mlstack-escape", "a/%2E%2e/b", "%252e%252e/mlstack-escape",
        "%25252e%25252e/mlstack-escape", "a%2f..%2fb", "a/",
        "..%2f..%2fetc%2fpasswd", "a%00b", "a%2500b", "a%5Cb", "..%5C..", "a//b", "./a", "%2Fetc%2Fpasswd", "a%0Ab",
        "%FF", "%zz", "a/.uploads/../..", ".uploads/x",
    ]

    @Test func `no path leaves the root, however it is written`() async throws {
        try await MLflowWorld.run { world in
            for path in Self.traps {
                for method in ["GET", "PUT", "DELETE"] {
                    let answer = try await world.raw(method, "\(Self.root)/\(path)", [], method == "PUT" ? [1] : nil)
                    #expect(answer.status == 400, "\(method) \(path)")
                    #expect(try JSONParser.parse(answer.text)["error_code"] == "INVALID_PARAMETER_VALUE")
                }
            }
            let parent = URL(filePath: world.folder).deletingLastPathComponent().path(percentEncoded: false)
            #expect(!FileManager.default.fileExists(atPath: parent + "/mlstack-escape"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: world.folder) == [".uploads"])
        }
    }

    @Test func `a listing stays below the root, too`() async throws {
        try await MLflowWorld.run { world in
            let run = try await world.newRun()
            for path in ["..", "a/../b", "%2e%2e", "%252e%252e", "a%00b", "a%5Cb", "//etc"] {
                #expect(try await world.raw("GET", "\(Self.root)?path=\(path)").status == 400, "\(path)")
                #expect(try await world.get("artifacts/list?run_id=\(run)&path=\(path)").status == 400, "\(path)")
            }
        }
    }

    @Test func `an upload beyond the bound is refused before it is read`() async throws {
        try await MLflowWorld.run { world in
            let head = "PUT \(Self.root)/0/big HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(5 << 30 + 1)\r\n\r\n"
            let answer = try await HTTPClient(port: world.port).sendRaw(Array(head.utf8))
            #expect(answer.status == 413)
        }
    }

    @Test(arguments: [
        ("a.txt", "text/plain; charset=utf-8", "attachment; filename=\"a.txt\""),
        ("b.JSON", "application/json", "attachment; filename=\"b.JSON\""),
        ("plain", "application/octet-stream", "attachment; filename=\"plain\""),
        ("ü\".png", "image/png", "attachment; filename*=UTF-8''%C3%BC%22.png"),
        ("100%.csv", "text/csv; charset=utf-8", "attachment; filename*=UTF-8''100%25.csv"),
    ])
    func `a browser learns the type and the name`(_ name: String, _ type: String, _ disposition: String) {
        #expect(MediaType.guess(from: name) == type)
        #expect(MediaType.attachment(named: name) == disposition)
    }
}
