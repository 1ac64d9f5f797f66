import Dispatch
import Foundation
import TestKit
import Testing

@testable import Scheduling

@Suite struct SecretMaskTests {
    private static let secret = "it's a \"key\"+/=9"

    @Test(arguments: [
        secret, "it'\\''s a \"key\"+/=9", "it's a \\\"key\\\"+/=9", "it%27s%20a%20%22key%22%2B%2F%3D9",
    ])
    func `a secret is masked in the forms in which commands write it`(_ form: String) {
        #expect(SecretMasks([Self.secret]).masked("<\(form)>") == "<***>")
    }

    @Test(arguments: ["", "u", "us", "user"])
    func `a secret is masked in base64 whatever stands around it`(_ before: String) {
        let encoded = Data("\(before)\(Self.secret):after".utf8).base64EncodedString()
        let masked = SecretMasks([Self.secret]).masked(encoded)
        #expect(masked.contains("***"))
        // At most the characters that its neighbours take part in are left.
        #expect(masked.utf8.count <= encoded.utf8.count - Self.secret.utf8.count)
    }

    @Test func `secrets that overlap or hold each other leave nothing`() {
        #expect(SecretMasks(["abcd", "cdef", "abcdef12"]).masked("x abcdef y abcdef12 z") == "x *** y *** z")
    }

    @Test func `the long lines of a secret are masked one by one`() {
        let masks = SecretMasks(["-----BEGIN-----\nfirst line of it\n}\n"])
        #expect(masks.masked("first line of it") == "***")
        #expect(masks.masked("}") == "}")
    }

    @Test(arguments: [1, 2, 3, 7, 1000])
    func `a secret is masked however its bytes arrive and whenever they are shown`(_ length: Int) {
        let masks = SecretMasks(["password", "word-and-more"])
        let text = Array("one password two\npass the passw0rd password-and-more\npasswor".utf8)
        for isShown in [false, true] {
            var splitter = LineSplitter(masks: masks)
            var result = ""
            func emit(_ bytes: UnsafeRawBufferPointer, _ endsLine: Bool) {
                result += masks.masked(String(decoding: bytes, as: UTF8.self)) + (endsLine ? "\n" : "")
            }
            for start in stride(from: 0, to: text.count, by: length) {
                text[start..<min(text.count, start + length)].withUnsafeBytes { splitter.append($0, emit) }
                if isShown { splitter.show(emit) }
            }
            splitter.finish(emit)
            #expect(result == "one *** two\npass the passw0rd ***\npasswor\n")
        }
    }

    @Test func `a secret at the place where a long line is cut is masked`() {
        let masks = SecretMasks(["password"])
        var splitter = LineSplitter(masks: masks)
        var result = ""
        func emit(_ bytes: UnsafeRawBufferPointer, _ endsLine: Bool) {
            result += masks.masked(String(decoding: bytes, as: UTF8.self))
        }
        let text = String(repeating: "x", count: LineSplitter.limitBytes - 4) + "password" + "\n"
        Array(text.utf8).withUnsafeBytes { splitter.append($0, emit) }
        #expect(result.hasSuffix("x***"))
        #expect(splitter.lastLineWasCut)
    }
}

@Suite struct SecretStoreTests {
    private func withStore(
        _ text: String?, mode: Int = 0o600, environment: [String: String] = [:],
        _ body: (SecretStore, String) async throws -> Void
    ) async throws {
        try await SchedulingWorld.withFolder { folder in
            let file = folder + "/secrets.yaml"
            if let text { try write(text, to: file, mode: mode) }
            try await body(
                SecretStore(file: file, environment: environment, queue: DispatchQueue(label: "test.secrets")), file)
        }
    }

    private func write(_ text: String, to file: String, mode: Int = 0o600) throws {
        try Data(text.utf8).write(to: URL(filePath: file), options: .atomic)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
    }

    @Test func `secrets come from the file and the environment, which wins`() async throws {
        let environment = ["MLSTACK_SECRET_KEY": "of the environment", "HOME": "/root"]
        try await withStore("KEY: of the file\nURL: \"https://x\"\n", environment: environment) { store, _ in
            let values = try await store.values()
            #expect(values == ["KEY": "of the environment", "URL": "https://x"])
        }
    }

    @Test func `without a file there are those of the environment alone`() async throws {
        try await withStore(nil, environment: ["MLSTACK_SECRET_KEY": "value"]) { store, _ in
            let values = try await store.values()
            #expect(values == ["KEY": "value"])
        }
    }

    @Test(arguments: [0o640, 0o604, 0o644, 0o620])
    func `a file that others can get at is refused with the command that mends it`(_ mode: Int) async throws {
        try await withStore("KEY: value\n", mode: mode) { store, file in
            let error = await #expect(throws: SecretError.self) { try await store.values() }
            #expect(error == .readableByOthers(file: file, mode: UInt32(mode)))
            #expect(error?.recoverySuggestion == "chmod 600 \(file)")
        }
    }

    @Test func `a changed file is read again`() async throws {
        try await withStore("KEY: value\n") { store, file in
            #expect(try await store.values() == ["KEY": "value"])
            try write("KEY: another value\n", to: file)
            #expect(try await store.values() == ["KEY": "another value"])
            try FileManager.default.removeItem(atPath: file)
            #expect(try await store.values() == [:])
        }
    }

    @Test(arguments: [
        ("KEY: abc\n", "fewer than 4 characters"), ("KEY: [a, b]\n", ":1: the value of KEY is a list"),
        ("- a\n", ":1: a list stands here"), ("A: value\nA: value\n", ":2: A stands twice"),
        ("a-b: value\n", "is no name of a secret"), ("KEY:\n", ":1: the value of KEY is"),
    ])
    func `what is wrong in the file is named, and no value`(_ text: String, _ sentence: String) async throws {
        try await withStore(text) { store, _ in
            let error = await #expect(throws: SecretError.self) { try await store.values() }
            #expect(error?.errorDescription?.contains(sentence) == true)
            #expect(error?.errorDescription?.contains("abc") == false)
        }
    }

    @Test func `a short secret of the environment is refused`() async throws {
        try await withStore(nil, environment: ["MLSTACK_SECRET_PIN": "123"]) { store, _ in
            await #expect(throws: SecretError.tooShort(name: "PIN", place: "the environment (MLSTACK_SECRET_PIN)")) {
                try await store.values()
            }
        }
    }
}

@Suite struct SecretTaskTests {
    private func world(_ folder: String, _ command: String, secrets: @escaping @Sendable () throws -> [String: String])
        async throws -> SchedulingWorld
    {
        let world = SchedulingWorld(folder: folder, secrets: { try secrets() })
        var pipeline = try world.pipeline("pipeline: p\ntasks: {a: {run: \"true\"}}")
        pipeline.tasks[0].action = .shell(try Template(parsing: command))
        try await world.orchestrator.load([pipeline])
        return world
    }

    @Test func `a task gets the secret, its log and its message do not, and a warning tells of outputs`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let world = try await world(folder, "printf %s ${secrets.KEY} > got; echo key ${secrets.KEY}") {
                ["KEY": "s3cr3t'value"]
            }
            let stored = try await world.run("p")
            let got = try String(contentsOfFile: "\(folder)/work/\(stored.run.id)/got", encoding: .utf8)
            #expect(got == "s3cr3t'value")
            #expect(stored["a"]?.outputs["return_value"] == "key s3cr3t'value")
            let log = try await world.log(stored.run.id, "a")
            #expect(log.first == "INFO  key ***")
            #expect(log.contains { $0.hasPrefix("WARN  the output return_value holds a secret") })
            #expect(!log.joined().contains("s3cr3t"))
        }
    }

    @Test func `without readable secrets only a task that names one fails, with the reason`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let refused: @Sendable () throws -> [String: String] = {
                throw SecretError.readableByOthers(file: "secrets.yaml", mode: 0o644)
            }
            let naming = try await world(folder + "/1", "echo ${secrets.KEY}", secrets: refused)
            #expect(try await naming.run("p")["a"]?.message?.contains("chmod 600 secrets.yaml") == true)
            let other = try await world(folder + "/2", "echo on", secrets: refused)
            #expect(try await other.run("p").states == "a success")
        }
    }
}
