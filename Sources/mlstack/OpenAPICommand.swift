import ArgumentParser
import Stack

struct OpenAPICommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "openapi", abstract: "The description of the HTTP API, as JSON.",
        discussion: "Of the server that runs; without one, of this program.")
    @OptionGroup var server: ServerOptions
    func run() async throws {
        if let client = try StackClient.running(url: server.url, home: server.home.place, token: server.token) {
            print(try await client.get("/openapi.json"))
        } else {
            print(try await APIDescription.text())
        }
    }
}
