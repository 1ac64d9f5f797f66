import GRDB
import Registry

/// Where the files of a new version lie, and which run and logged model they come from.
struct ModelOrigin {
    /// What is kept as the version's source when it is another than was given: an alias may name another version tomorrow.
    var source: String?
    var artifactURI: String
    var runID: String?
    var modelID: String?
}

extension Connection {
    /// Resolves a source against the runs, logged models and versions that there are.
    ///
    /// - Throws: `.notFound` for a run, logged model or version that is not there; `.invalid` when the source disagrees
    ///   with the run or the model of the request.
    func origin(of source: ModelSource, request: ModelVersionRequest) throws -> ModelOrigin {
        switch source {
        case .loggedModel(let id):
            if let given = request.modelID, given != id {
                throw refusal(request, "it is another model than the model_id \(given)")
            }
            let model = try loggedModel(id: id)
            return ModelOrigin(
                artifactURI: model.artifactURI, runID: request.runID ?? model.sourceRunID, modelID: id)
        case .version(let name, let number):
            let origin = try version(number, of: name)
            return copy(of: origin, request: request)
        case .alias(let name, let alias):
            let origin = try version(alias: alias, of: name)
            return copy(of: origin, request: request)
        case .newest(let name, let stage):
            let model = try registeredModel(name)
            let candidates = model.latestVersions.filter { stage == nil || $0.stage == stage?.rawValue }
            guard let origin = candidates.max(by: { $0.version < $1.version }) else {
                throw RegistryError.notFound(
                    "No versions of model with name '\(name)' and stage '\(stage?.rawValue ?? "any")' found")
            }
            return copy(of: origin, request: request)
        case .run(let id, let path):
            return try origin(inRun: id, path: path, request: request)
        case .artifact(let path):
            return try origin(at: path, request: request)
        case .opaque(let uri):
            return ModelOrigin(artifactURI: uri, runID: request.runID, modelID: request.modelID)
        }
    }

    private func copy(of origin: ModelVersion, request: ModelVersionRequest) -> ModelOrigin {
        ModelOrigin(
            source: "models:/\(origin.name)/\(origin.version)", artifactURI: origin.artifactURI,
            runID: request.runID ?? origin.runID, modelID: request.modelID ?? origin.modelID)
    }

    private func origin(inRun id: String, path: ArtifactPath, request: ModelVersionRequest) throws -> ModelOrigin {
        if let given = request.runID, given != id {
            throw refusal(request, "it is in another run than the run_id \(given)")
        }
        let run = try run(id: id)
        // MLflow 3 logs a model beside the run, under the name that older code takes for a folder of the run.
        let models = try loggedModels(
            where: "source_run = ? AND name = ? AND deleted_ms IS NULL ORDER BY created_ms DESC, number DESC LIMIT 1",
            [id, path.description])
        if let model = models.first {
            return ModelOrigin(artifactURI: model.artifactURI, runID: id, modelID: request.modelID ?? model.id)
        }
        let root = try ArtifactPath(artifactURI: run.artifactURI)
        return ModelOrigin(
            artifactURI: try root.appending(path.description).artifactURI, runID: id, modelID: request.modelID)
    }

    private func origin(at path: ArtifactPath, request: ModelVersionRequest) throws -> ModelOrigin {
        let parts = path.components
        // <experiment>/models/<model>/artifacts/… or <experiment>/<run>/artifacts/…
        if parts.count >= 4, parts[1] == "models" {
            let model = try loggedModel(id: parts[2])
            guard path.isInside(try ArtifactPath(artifactURI: model.artifactURI)) else {
                throw refusal(request, "it is outside that model's folder")
            }
            guard request.modelID == nil || request.modelID == model.id,
                request.modelID != nil || request.runID == nil || request.runID == model.sourceRunID
            else { throw refusal(request, "it belongs to another model or run than the request names") }
            return ModelOrigin(
                artifactURI: path.artifactURI, runID: request.runID ?? model.sourceRunID, modelID: model.id)
        }
        guard parts.count >= 3 else { throw refusal(request, "it is in no run's and in no model's folder") }
        let run = try run(id: parts[1])
        guard path.isInside(try ArtifactPath(artifactURI: run.artifactURI)) else {
            throw refusal(request, "it is outside that run's folder")
        }
        guard request.runID == nil || request.runID == run.id else {
            throw refusal(request, "it belongs to another run than the run_id \(request.runID ?? "")")
        }
        return ModelOrigin(artifactURI: path.artifactURI, runID: run.id, modelID: request.modelID)
    }

    private func refusal(_ request: ModelVersionRequest, _ why: String) -> RegistryError {
        .invalid("Invalid model version source: '\(request.source)': \(why).")
    }
}
