import Foundation
import Registry
import Scheduling
import Serving

/// `serving/deploy`: asks the registry for the alias and tells the server to load what it names.
struct DeployOperator: Operator {
    let place: Later<Workshop>
    private var workshop: Workshop { place.value }

    let name = "serving/deploy"
    let summary = "Loads the version that an alias names into the live server, without dropping a request."
    let settings = [
        SettingSpec("model", .string, default: .string("movies"), help: "the registered model"),
        SettingSpec("alias", .string, default: .string("production"), help: "which version"),
    ]

    func problems(in settings: Settings) -> [SettingProblem] {
        [SettingProblem.model("model", in: settings), .alias("alias", in: settings)].compactMap { $0 }
    }

    func run(_ settings: Settings, _ context: TaskContext) async throws -> TaskOutputs {
        if context.environment == .research {
            throw RegistryError.forbidden("a research run cannot change which model answers.")
        }
        let live = try await workshop.deployment.reload(
            model: settings.string("model"), alias: settings.string("alias"))
        context.log.info("\(live.name) version \(live.version) answers now")
        return ["version": "\(live.version)", "model": live.name]
    }
}
