package import Foundation
import Registry
import Scheduling
import Serving
import Storage

/// Looks for what would stop the stack.
package struct Doctor: Sendable {
    package struct Finding: Sendable {
        package let subject: String
        package let isWell: Bool
        package let text: String
        package let remedy: String?
    }

    private let home: Home
    private let port: Int
    private let environment: [String: String]
    /// The home's, when this program has it open already.
    private let store: SQLiteStore?

    package init(home: Home, port: Int, environment: [String: String] = ProcessInfo.processInfo.environment) {
        self.init(home: home, port: port, environment: environment, store: nil)
    }

    init(home: Home, port: Int, environment: [String: String], store: SQLiteStore?) {
        (self.home, self.port, self.environment, self.store) = (home, port, environment, store)
    }

    package func examine() async -> [Finding] {
        var findings = await Doctor.aside { [homeFinding(), runningFinding()] }
        findings.append(await secretsFinding())
        do {
            let settings = try ProjectFile.read(for: home).artifacts
            let artifacts = try await ArtifactPlace.look(settings, home: home, environment: environment)
            if let settings {
                let text = "\(settings.place) can be listed, read and written"
                findings.append(Finding(subject: "artifacts", isWell: true, text: text, remedy: nil))
            }
            findings += await databaseFindings(artifacts)
        } catch {
            // What else there is to say of models needs their files.
            findings.append(Doctor.bad("artifacts", error))
        }
        return findings + (await Doctor.aside { [portFinding(), spaceFinding()] })
    }

    /// The disk may let one wait.
    private static func aside(_ look: @escaping @Sendable () -> [Finding]) async -> [Finding] {
        await withCheckedContinuation { done in Queues.census.async { done.resume(returning: look()) } }
    }

    package static func json(_ findings: [Finding]) throws -> String {
        let objects = findings.map { finding in
            [
                "subject": finding.subject, "ok": finding.isWell, "text": finding.text,
                "remedy": finding.remedy ?? NSNull(),
            ]
                as [String: Any]
        }
        return try JSONText.object(["findings": objects])
    }

    private func homeFinding() -> Finding {
        do {
            try home.prepare()
            return Finding(subject: "home", isWell: true, text: "\(home.path) can be written to", remedy: nil)
        } catch {
            return Doctor.bad("home", error)
        }
    }

    private func runningFinding() -> Finding {
        do {
            guard let holder = try HomeLock.read(home: home.path) else {
                return Finding(subject: "running", isWell: true, text: "no stack runs on this home", remedy: nil)
            }
            return Finding(
                subject: "running", isWell: true,
                text: "process \(holder.pid) at \(holder.url ?? "an address it has not told yet")", remedy: nil)
        } catch {
            return Doctor.bad("running", error)
        }
    }

    /// The stack starts without them; the tasks that name one fail.
    private func secretsFinding() async -> Finding {
        do {
            let names = try await SecretStore(home).values().keys.sorted()
            let text = names.isEmpty ? "none" : "\(names.joined(separator: ", ")) can be read"
            return Finding(subject: "secrets", isWell: true, text: text, remedy: nil)
        } catch {
            return Doctor.bad("secrets", error)
        }
    }

    private func databaseFindings(_ artifacts: any ArtifactStore) async -> [Finding] {
        let path = home.database
        guard FileManager.default.fileExists(atPath: path) else {
            return [
                Finding(
                    subject: "database", isWell: true, text: "none yet; the first `mlstack up` makes it", remedy: nil)
            ]
        }
        do {
            if let store { return try await databaseFindings(of: store, artifacts) }
            let store = try await Queues.files.perform { try SQLiteStore(path: path, now: { WallClock().now }) }
            let findings = try await databaseFindings(of: store, artifacts)
            try await Queues.files.perform { try store.close() }
            return findings
        } catch {
            return [Doctor.bad("database", error)]
        }
    }

    private func databaseFindings(
        of store: SQLiteStore, _ artifacts: any ArtifactStore
    ) async throws -> [Finding] {
        let report = try await store.integrityReport(artifacts: artifacts)
        let production = await productionFinding(store, artifacts)
        let database =
            report.isSound
            ? Finding(subject: "database", isWell: true, text: "sound", remedy: nil)
            : Finding(
                subject: "database", isWell: false, text: report.problems.joined(separator: "; "),
                remedy: "restore a backup of \(home.path), or start again from an empty home.")
        return [database, production]
    }

    /// Whether the version that the server would answer with can be loaded: its files, their checksums, their form.
    private func productionFinding(_ store: SQLiteStore, _ artifacts: any ArtifactStore) async -> Finding {
        let (subject, name) = ("production", StackParts.defaultModel)
        do {
            let version = try await store.version(alias: AliasName.production, of: name)
            do {
                _ = try await StoredModel(of: version, in: artifacts)
                let text = "version \(version.version) of \(name) can be loaded"
                return Finding(subject: subject, isWell: true, text: text, remedy: nil)
            } catch {
                let text = ErrorText(error)
                return Finding(
                    subject: subject, isWell: false,
                    text: "version \(version.version) of \(name) cannot be loaded: \(text.what)",
                    remedy: "with `mlstack up` running, "
                        + ModelLoadError.remedy(model: name, cause: text.remedy))
            }
        } catch RegistryError.notFound, RegistryError.invalid {
            return Finding(
                subject: subject, isWell: true, text: "no version yet; the first day brings one", remedy: nil)
        } catch {
            return Doctor.bad(subject, error)
        }
    }

    private func portFinding() -> Finding {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(clamping: port)).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let answers = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        let running = (try? HomeLock.read(home: home.path))??.url?.hasSuffix(":\(port)") ?? false
        if !answers || running {
            return Finding(subject: "port", isWell: true, text: "\(port) is \(running ? "ours" : "free")", remedy: nil)
        }
        return Finding(
            subject: "port", isWell: false, text: "\(port) is taken by another program",
            remedy: "stop that program, or start with `mlstack up --port 0`.")
    }

    private func spaceFinding() -> Finding {
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: home.path)
        let free = (attributes?[.systemFreeSize] as? NSNumber)?.int64Value ?? 0
        let text = "\(free / 1_048_576) MiB free"
        return Finding(
            subject: "disk", isWell: free > 500 << 20, text: text,
            remedy: free > 500 << 20 ? nil : "make room: a long replay writes some hundred megabytes.")
    }

    private static func bad(_ subject: String, _ error: any Error) -> Finding {
        let text = ErrorText(error)
        return Finding(subject: subject, isWell: false, text: text.what, remedy: text.remedy)
    }
}
