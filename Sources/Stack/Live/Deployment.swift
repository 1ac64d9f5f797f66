import Foundation
import Logging
import Registry
import Scheduling
import Serving
import Storage
import Training

/// Loads what an alias names into the slot, and the challenger beside it, one load at a time.
actor Deployment: Deployer {
    private let registry: any ModelRegistry
    private let artifacts: any ArtifactStore
    private let slot: ModelSlot
    private let shadow: ShadowTraffic
    private let clock: any Clock
    private let logger: Logger
    private let publish: @Sendable (StackEvent) -> Void
    private var loads = Turns()
    /// The one version that is loaded to be looked at, beside what answers and the challenger.
    private var looked: LiveModel?
    private var looks = Turns()

    init(
        registry: any ModelRegistry, artifacts: any ArtifactStore, slot: ModelSlot, shadow: ShadowTraffic,
        clock: any Clock, logger: Logger, publish: @escaping @Sendable (StackEvent) -> Void
    ) {
        (self.registry, self.artifacts, self.slot, self.shadow) = (registry, artifacts, slot, shadow)
        (self.clock, self.logger, self.publish) = (clock, logger, publish)
    }

    func reload(model: String, alias: String) async throws -> LiveModel {
        let outcome = await inTurn {
            let outcome: Result<LiveModel, any Error>
            do { outcome = .success(try await self.load(model, alias)) } catch { outcome = .failure(error) }
            await self.loadShadow(model)
            return outcome
        }
        return try outcome.get()
    }

    func reloadShadow(model: String) async { await inTurn { await self.loadShadow(model) } }

    /// In a turn of its own: no deployment waits for somebody who compares versions.
    func version(_ version: Int, of model: String) async throws -> LiveModel {
        let outcome = looks.next { () -> Result<LiveModel, any Error> in
            do { return .success(try await self.look(at: version, of: model)) } catch { return .failure(error) }
        }
        return try await outcome.value.get()
    }

    private func look(at number: Int, of name: String) async throws -> LiveModel {
        let version = try await registry.version(number, of: name)
        if let looked, looked.isLoaded(from: version) { return looked }
        // First, so that never two of them are in memory for longer than an answer takes.
        looked = nil
        let model = try await open(version, nil)
        looked = model
        return model
    }

    private func inTurn<Value: Sendable>(_ work: @escaping @Sendable () async -> Value) async -> Value {
        await loads.next(work).value
    }

    private func load(_ name: String, _ alias: String) async throws -> LiveModel {
        let version: ModelVersion
        do {
            version = try await registry.version(alias: alias, of: name)
        } catch RegistryError.notFound, RegistryError.invalid {
            note(nil, of: name, alias)
            throw StackError.noVersion(model: name, alias: alias)
        }
        if let live = slot.model, live.isLoaded(from: version), live.alias == alias {
            note(nil, of: name, alias)
            return live
        }
        let live: LiveModel
        do {
            live = try await open(version, alias)
        } catch {
            let text = ErrorText.told(error)
            let failure = ModelLoadError(
                model: name, version: version.version, message: text.what, cause: text.remedy,
                atMilliseconds: clock.now.milliseconds)
            note(failure, of: name, alias)
            throw error
        }
        slot.swap(in: live)
        publish(.serving)
        return live
    }

    /// Keeps what became of a load for everybody who asks, when it was of the version that should answer.
    private func note(_ error: ModelLoadError?, of name: String, _ alias: String) {
        guard name == StackParts.defaultModel, alias == AliasName.production else { return }
        if slot.note(error) { publish(.serving) }
    }

    /// The challenger, unless there is none or it is what answers anyway.
    private func loadShadow(_ name: String) async {
        let former = shadow.snapshot
        do {
            let version = try await registry.version(alias: ShadowTraffic.alias, of: name)
            if let live = slot.model, live.isLoaded(from: version) {
                shadow.swap(in: nil)
            } else if former.model?.isLoaded(from: version) != true {
                shadow.swap(in: try await open(version, ShadowTraffic.alias))
            }
        } catch RegistryError.notFound, RegistryError.invalid {
            if former.model == nil, former.problem == nil { return }
            shadow.swap(in: nil)
        } catch {
            logger.warning("the challenger of \(name) could not be loaded: \(ErrorText(error).oneLine)")
            shadow.swap(in: nil, problem: ErrorText.told(error).oneLine)
        }
        if shadow.snapshot.model !== former.model || shadow.snapshot.problem != former.problem { publish(.serving) }
    }

    private func open(_ version: ModelVersion, _ alias: String?) async throws -> LiveModel {
        let stored = try await StoredModel(of: version, in: artifacts)
        return LiveModel(
            of: version, alias: alias, recommender: stored.recommender, simulatedDate: stored.simulatedDate,
            loadedAtMilliseconds: clock.now.milliseconds)
    }
}

/// One after another, in the order in which they were asked for.
private struct Turns {
    private var last: Task<Void, Never>?

    /// - Returns: the work, which begins when all before it has ended.
    mutating func next<Value: Sendable>(_ work: @escaping @Sendable () async -> Value) -> Task<Value, Never> {
        let former = last
        let next = Task {
            await former?.value
            return await work()
        }
        last = Task { _ = await next.value }
        return next
    }
}
