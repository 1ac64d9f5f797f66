package import Registry
import Synchronization
package import Training

/// One version of a model, loaded and ready; immutable, so that a request that holds it is answered by it from beginning to end.
package final class LiveModel: Sendable {
    /// As it stood in the registry when it was loaded.
    private let origin: ModelVersion
    /// Under which it was loaded; nil: by its number, to look at.
    package let alias: String?
    package let recommender: any Recommender
    /// The simulated day after which it was trained, `YYYY-MM-DD`.
    package let simulatedDate: String?
    package let loadedAtMilliseconds: Int64
    let genres: GenreIndex
    let answers = AnswerCache()

    package init(
        of version: ModelVersion, alias: String?, recommender: any Recommender, simulatedDate: String?,
        loadedAtMilliseconds: Int64
    ) {
        (origin, self.alias, self.recommender) = (version, alias, recommender)
        (self.simulatedDate, self.loadedAtMilliseconds) = (simulatedDate, loadedAtMilliseconds)
        genres = GenreIndex(items: recommender.items)
    }

    package var name: String { origin.name }
    package var version: Int { origin.version }
    package var runID: String? { origin.runID }

    /// Whether this is what the registry calls by that name and number now. A model that was deleted and made anew counts its
    /// versions from 1 again, so its name and a number tell nothing of the files.
    package func isLoaded(from version: ModelVersion) -> Bool {
        name == version.name && self.version == version.version && origin.artifactURI == version.artifactURI
            && origin.creationTimeMilliseconds == version.creationTimeMilliseconds
    }
}

/// The one shared mutable cell of the process: which model answers.
///
/// Reading copies one reference under a lock that a swap holds no longer than that.
package final class ModelSlot: Sendable {
    private struct Content {
        var model: LiveModel?
        var swaps = 0
        var lastLoadError: ModelLoadError?
    }
    private let content = Mutex(Content())

    package init() {}

    package var model: LiveModel? { content.withLock { $0.model } }
    package var swaps: Int { content.withLock { $0.swaps } }
    /// nil while the served alias names what answers, or nothing.
    package var lastLoadError: ModelLoadError? { content.withLock { $0.lastLoadError } }

    /// - Throws: `ServingFailure` (503) without a model; it says why the last load failed, if one has.
    func answering() throws(ServingFailure) -> LiveModel {
        let (model, error) = content.withLock { ($0.model, $0.lastLoadError) }
        guard let model else { throw .noModel(after: error) }
        return model
    }

    /// - Returns: the model that answered until now.
    @discardableResult
    package func swap(in model: LiveModel) -> LiveModel? {
        content.withLock { content in
            let former = content.model
            content.model = model
            content.swaps += 1
            // Another alias or model that is loaded by hand mends nothing.
            if model.alias == AliasName.production, model.name == content.lastLoadError?.model {
                content.lastLoadError = nil
            }
            return former
        }
    }

    /// Empties the slot: a replay that starts again has no model until its first day has made one.
    package func clear() { content.withLock { ($0.model, $0.lastLoadError) = (nil, nil) } }

    /// Notes why the version that the served alias names now does not answer; nil: it does, or the alias names nothing.
    /// - Returns: whether that is news.
    package func note(_ error: ModelLoadError?) -> Bool {
        content.withLock { content in
            defer { content.lastLoadError = error }
            return content.lastLoadError != error
        }
    }
}
