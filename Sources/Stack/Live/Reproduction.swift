import Foundation
import Registry
import Scheduling
import Serving
import Synchronization
import Training

/// Trains a version again from what its lineage says, and compares the bytes.
struct Reproduction: Reproducer {
    private let workshop: Workshop
    private let gate = Gatekeeper()

    init(_ workshop: Workshop) { self.workshop = workshop }

    /// One at a time: a fit may take all the memory there is.
    private final class Gatekeeper: Sendable {
        private let isBusy = Atomic(false)
        func enter() -> Bool { isBusy.compareExchange(expected: false, desired: true, ordering: .relaxed).exchanged }
        func leave() { isBusy.store(false, ordering: .relaxed) }
    }

    func reproduce(model name: String, version number: Int) async throws -> ReproductionReport {
        let version = try await workshop.registry.version(number, of: name)
        guard gate.enter() else { throw ReproductionRefusal.busy.failure }
        defer { gate.leave() }
        do {
            return try await reproduce(version)
        } catch let refusal as ReproductionRefusal {
            throw refusal.failure
        } catch StackError.notANativeModel {
            throw ReproductionRefusal.fromElsewhere(name: name, version: number).failure
        }
    }

    private func reproduce(_ version: ModelVersion) async throws -> ReproductionReport {
        let folder = try await workshop.folder(of: version)
        guard FileManager.default.fileExists(atPath: "\(folder)/\(ArtifactFile.description)") else {
            throw ReproductionRefusal.fromElsewhere(name: version.name, version: version.version)
        }
        let artifact = try await workshop.compute { _, _ in try ModelArtifact(reading: folder) }
        let (description, lineage) = (artifact.description, artifact.description.lineage)
        guard let recipe = lineage["matrix_recipe"].flatMap(MatrixRecipe.init(text:)) else {
            throw ReproductionRefusal.noRecipe(name: version.name, version: version.version)
        }
        let code = lineage["code_version"] ?? "?"
        guard code == Version.current else { throw ReproductionRefusal.otherCode(recorded: code) }
        let data = lineage["dataset_hash"] ?? ""
        guard data == workshop.arrivals.log.contentHash else {
            throw ReproductionRefusal.otherDataset(
                recorded: lineage["dataset"] ?? "?", hash: data, current: workshop.dataset,
                currentHash: workshop.arrivals.log.contentHash)
        }
        let former = try await former(lineage["warm_start"])
        let arrived = try await workshop.arrived(before: Instant(milliseconds: recipe.until))
        let (catalogue, home) = (workshop.arrivals.catalogue, workshop.home)
        let began = ContinuousClock.now
        let again = try await workshop.compute { workers, isCancelled in
            let matrix: InteractionMatrix
            do {
                matrix = try recipe.build(arrived, catalogue: catalogue, home: home, workers: workers).matrix
            } catch {
                throw ReproductionRefusal.noMatrix(reason: ErrorText(error).what)
            }
            guard matrix.contentHash == lineage["matrix_hash"] else {
                throw ReproductionRefusal.otherMatrix(recorded: lineage["matrix_hash"] ?? "", built: matrix.contentHash)
            }
            let trainer = try TrainerCatalogue.trainer(named: description.algorithm, description.parameters)
            let model = try trainer.fit(
                matrix, continuing: former, workers: workers, monitor: FitMonitor(isCancelled: isCancelled))
            return try ModelArtifact.digest(
                of: model, facts: ModelFacts(metrics: description.metrics, lineage: lineage))
        }
        return ReproductionReport(
            name: version.name, version: version.version, algorithm: description.algorithm,
            contentHash: artifact.contentHash, reproducedHash: again.contentHash,
            differingFiles: artifact.digest.differences(from: again),
            seconds: (ContinuousClock.now - began).seconds)
    }

    /// The model that the training started from: any version that has the content, since the same model may be registered again.
    private func former(_ hash: String?) async throws -> (any Recommender)? {
        guard let hash else { return nil }
        var token: String?
        repeat {
            let page = try await workshop.registry.versions(
                of: nil, runID: nil, maxResults: Self.pageLength, pageToken: token)
            for version in page.items where version.tags["mlstack.content_hash"] == hash {
                // Its files may have been taken away.
                guard let folder = try? await workshop.folder(of: version) else { continue }
                let artifact = try await workshop.compute { _, _ in try ModelArtifact(reading: folder) }
                if artifact.contentHash == hash { return artifact.model }
            }
            token = page.nextPageToken
        } while token != nil
        throw ReproductionRefusal.formerIsGone(hash: hash)
    }

    private static let pageLength = 1000
}

/// Why a version cannot be trained again as it was.
enum ReproductionRefusal: Error, Equatable, Sendable {
    case fromElsewhere(name: String, version: Int)
    case noRecipe(name: String, version: Int)
    case otherCode(recorded: String)
    case otherDataset(recorded: String, hash: String, current: String, currentHash: String)
    case otherMatrix(recorded: String, built: String)
    /// A list of items is gone, or nothing is left.
    case noMatrix(reason: String)
    case formerIsGone(hash: String)
    case busy

    private var code: String {
        switch self {
        case .fromElsewhere: "trained_elsewhere"
        case .noRecipe: "no_recipe"
        case .otherCode: "other_code"
        case .otherDataset, .otherMatrix, .noMatrix: "other_data"
        case .formerIsGone: "former_version_gone"
        case .busy: "busy"
        }
    }

    var failure: ServingFailure {
        .conflict(code, errorDescription ?? code, remedy: recoverySuggestion ?? "")
    }
}

extension ReproductionRefusal: LocalizedError {
    var errorDescription: String? {
        switch self {
        case .fromElsewhere(let name, let version): "version \(version) of \(name) was not trained by mlstack."
        case .noRecipe(let name, let version):
            "version \(version) of \(name) does not say how its matrix was built: it was trained by an older mlstack, or without a server."
        case .otherCode(let recorded):
            "it was trained by mlstack \(recorded); this is \(Version.current), whose bytes may differ for good reasons."
        case .otherDataset(let recorded, let hash, let current, let currentHash):
            "it was trained on the dataset \(recorded) (\(hash.prefix(12))); this home replays \(current) (\(currentHash.prefix(12)))."
        case .otherMatrix(let recorded, let built):
            "the same settings make another matrix now (\(built.prefix(12)), not \(recorded.prefix(12))): feedback, the catalogue or a list "
                + "of items has changed since."
        case .noMatrix(let reason): "its matrix cannot be built again: \(reason)"
        case .formerIsGone(let hash):
            "its training started from a model (\(hash.prefix(12))) that is not in the registry any more."
        case .busy: "another version is just being trained again."
        }
    }

    var recoverySuggestion: String? {
        switch self {
        case .fromElsewhere: "train it again with the program that made it."
        case .noRecipe: "let the pipeline train a new version; that one can be reproduced."
        case .otherCode(let recorded): "run mlstack \(recorded) on a copy of the home and ask it."
        case .otherDataset(let recorded, _, _, _):
            "start with a home and the dataset as they were: --dataset \(recorded)."
        case .otherMatrix, .noMatrix: "restore a backup from before that change, and reproduce it there."
        case .formerIsGone: "restore a backup that still has that version, and reproduce it there."
        case .busy: "ask again when that has ended."
        }
    }
}
