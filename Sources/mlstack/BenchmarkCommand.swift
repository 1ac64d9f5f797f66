import ArgumentParser
import Stack

struct BenchmarkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "benchmark", abstract: "Measure parts of the program on this machine; prints one JSON object.",
        subcommands: [Recommend.self, Load.self])

    struct Load: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "A ratings file parsed, sorted by time and indexed by user, in memory.")
        @Option(help: "Any MovieLens form.") var ratings: String

        func run() async throws { print(try await LoadingMeasurement().run(path: ratings)) }
    }

    struct Recommend: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "A list of the best items, in process, on one core, with random vectors and 200 items masked.")
        @Option(help: "Items in the catalogue.") var items = 50_000
        @Option(help: "Factors of a vector.") var factors = 64
        @Option(name: .customShort("k"), help: "Length of the list.") var k = 10
        @Option(help: "Lists to measure.") var rounds = 5000

        func validate() throws {
            guard items > 0, factors > 0, k > 0, rounds > 0, items <= 10_000_000, factors <= 1024 else {
                throw ValidationError("Give at least 1 of each, at most 10 million items and 1024 factors.")
            }
        }

        func run() async throws {
            print(try await RankingMeasurement().run(items: items, factors: factors, k: k, rounds: rounds))
        }
    }
}
