import ArgumentParser
import Stack

struct OpenAPICommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "openapi", abstract: "The description of the HTTP API, as JSON.")
    @OptionGroup var server: ServerOptions
    func run() async throws { print(try await server.client.get("/openapi.json")) }
}
