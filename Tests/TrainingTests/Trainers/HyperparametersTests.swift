import Foundation
import Testing

@testable import Training

struct HyperparametersTests {
    static let names = TrainerCatalogue.all.map { $0.name }

    @Test(arguments: names) func `an unknown setting is refused with the nearest name`(name: String) throws {
        let trainer = try TrainerCatalogue.type(named: name)
        #expect(
            throws: TrainingError.unknownHyperparameter(
                "positive_form", algorithm: name, nearest: "positive_from", known: trainer.hyperparameters.map(\.name))
        ) { try Hyperparameters(["positive_form": .int(3)], for: trainer) }
    }

    @Test(arguments: names) func `every setting refuses other types and values out of range`(name: String) throws {
        let trainer = try TrainerCatalogue.type(named: name)
        for spec in trainer.hyperparameters {
            let wrong: [HyperparameterValue] =
                switch spec.kind {
                case .int(let range):
                    [.float(1.5), .bool(true), .string("7"), .int(range.lowerBound - 1)]
                case .float(let range):
                    [.bool(false), .string("0.1"), .float(range.lowerBound - 1), .float(.nan), .float(.infinity)]
                case .bool: [.int(1), .string("true")]
                case .choice: [.string("nonsense"), .int(1)]
                }
            for value in wrong {
                #expect(throws: TrainingError.self, "\(spec.name) = \(value)") {
                    try Hyperparameters([spec.name: value], for: trainer)
                }
            }
        }
    }

    @Test(arguments: names) func `every default is a value that the setting accepts`(name: String) throws {
        for spec in try TrainerCatalogue.type(named: name).hyperparameters {
            if let value = spec.defaultValue { #expect(spec.kind.accepting(value) == value, "\(spec.name)") }
            #expect(!spec.help.isEmpty)
        }
    }

    @Test func `a whole number will do for a number`() throws {
        let settings = try Hyperparameters(["alpha": .int(5)], for: ALSTrainer.self)
        #expect(settings.float("alpha") == 5)
        #expect(settings.int("factors") == 64)
        #expect(settings.optionalFloat("half_life_days") == nil)
    }

    @Test func `what is written on a command line is read as narrowly as it can be`() {
        let texts = ["7", "-1", "0.5", "1e-3", "true", "cg", ""]
        #expect(
            texts.map { HyperparameterValue(parsing: $0) }
                == [.int(7), .int(-1), .float(0.5), .float(0.001), .bool(true), .string("cg"), .string("")])
    }

    @Test func `an unknown algorithm is refused with the nearest name`() {
        #expect(throws: TrainingError.unknownAlgorithm("asl", nearest: "als", known: Self.names)) {
            try TrainerCatalogue.trainer(named: "asl")
        }
    }

    @Test func `errors say what is wrong and what to do`() {
        let error = TrainingError.badHyperparameter("factors", algorithm: "als", value: "0", expected: "a whole number")
        #expect(error.errorDescription == "`factors` of `als` cannot be 0: expected a whole number")
        #expect(error.recoverySuggestion == "set `factors` to a whole number, or leave it out to have the default")
        let unknown = TrainingError.unknownHyperparameter(
            "sede", algorithm: "als", nearest: "seed", known: ["seed", "nu"])
        #expect(unknown.errorDescription == "`als` has no setting `sede`")
        #expect(unknown.recoverySuggestion == "did you mean `seed`? there are: seed, nu")
        let nonFinite = TrainingError.nonFiniteFactor(algorithm: "als", sweep: 3, regularization: 0)
        #expect(nonFinite.errorDescription == "ALS produced a non-finite factor in sweep 3 (regularization 0.0)")
        #expect(
            nonFinite.recoverySuggestion
                == "raise `regularization`; 0.01 is a safe start for MovieLens")
    }
}
