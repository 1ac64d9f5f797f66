import Foundation
import TestKit
import Testing

@testable import Stack

/// The examples that the program carries, as the page offers them.
struct ExampleTests {
    @Test func `an example is listed, added once, and takes no file's place`() async throws {
        try await RunningStack.withDataset { folder in
            try await RunningStack.run(RunningStack.configuration(folder)) { stack in
                // As the page asks: without what proves that the home can be read.
                let page = try StackClient(url: stack.url, home: Home(folder + "/elsewhere"), token: nil)
                func installed() async throws -> [String: Bool] {
                    let answer = try await page.get("/api/v1/examples", as: Answers.Examples.self)
                    return Dictionary(uniqueKeysWithValues: answer.examples.map { ($0.name, $0.installed) })
                }
                #expect(
                    try await installed()
                        == ["daily": true, "echo_chain": false, "hourly_recvae": false, "on_new_data": false])
                #expect(try await page.post("/api/v1/examples/echo_chain").contains("echo_chain.yaml"))
                #expect(try await installed()["echo_chain"] == true)
                let run: Answers.Run = try StackClient.decode(
                    try await page.post("/api/v1/pipelines/echo_chain/runs"))
                #expect(try await page.waitUntilEnded(runID: run.id).state == "success")
                #expect(try await page.post("/api/v1/examples/echo_chain").contains(#""added":[]"#))

                let own = "pipeline: mine\ntasks: {a: {run: echo}}\n"
                let file = stack.home.pipelines + "/on_new_data.yaml"
                try own.write(toFile: file, atomically: true, encoding: .utf8)
                let refusal = await #expect(throws: StackError.self) {
                    try await page.post("/api/v1/examples/on_new_data")
                }
                guard case .serverAnswered(409, _, _)? = refusal else {
                    Issue.record("\(String(describing: refusal))")
                    return
                }
                #expect(try String(contentsOfFile: file, encoding: .utf8) == own)
                await #expect(throws: StackError.self) { try await page.post("/api/v1/examples/nothing") }
                let face = try StackClient(url: stack.url + "/research", home: stack.home, token: nil)
                await #expect(throws: StackError.self) { try await face.post("/api/v1/examples/hourly_recvae") }
            }
        }
    }
}
