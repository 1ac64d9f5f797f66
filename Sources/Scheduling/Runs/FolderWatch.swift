import CPlatform
@preconcurrency import Dispatch
import Foundation

/// Tells when files in some folders have changed, once they have been left alone for a moment.
///
/// The kernel is asked (inotify). What it cannot watch, because the system has no such thing, none to spare, or the folder is
/// not there, is looked at every two seconds instead.
final class FolderWatch: @unchecked Sendable {  // guarded by: `queue`, which is serial
    /// An editor writes a file in several steps; after each of them the wait begins anew.
    private static let settling = DispatchTimeInterval.milliseconds(100)
    /// A file that is written on and on is read all the same, each time this long has passed.
    private static let longestSettling = Duration.seconds(1)
    private static let interval = DispatchTimeInterval.seconds(2)

    private let queue: DispatchQueue
    private let onChange: @Sendable () -> Void
    private var folders: Set<String> = []
    private var descriptor: Int32 = -1
    private var source: (any DispatchSourceRead)?
    private var timer: (any DispatchSourceTimer)?
    /// Of folders that the kernel does not watch: what they looked like.
    private var looks: [String: [String]] = [:]
    private var lastChange = 0
    private var firstUntold: ContinuousClock.Instant?

    /// - Parameters:
    ///   - queue: serial; waits for the disk.
    ///   - onChange: called on the queue.
    init(queue: DispatchQueue, onChange: @escaping @Sendable () -> Void) {
        (self.queue, self.onChange) = (queue, onChange)
    }

    /// Watches these folders instead of those before; also to be called again after each change, since one may have been removed
    /// and made anew.
    func watch(_ folders: Set<String>) async {
        await withCheckedContinuation { continuation in
            queue.async { @Sendable [self] in
                rewatch(folders)
                continuation.resume()
            }
        }
    }

    private func rewatch(_ folders: Set<String>) {
        if descriptor < 0 { open() }
        let unwatched = folders.filter { descriptor < 0 || mls_watch_add(descriptor, $0) < 0 }
        self.folders = folders
        looks = looks.filter { unwatched.contains($0.key) }
        for folder in unwatched where looks[folder] == nil { looks[folder] = Self.look(at: folder) }
        if unwatched.isEmpty { stopTimer() } else { startTimer() }
    }

    func stop() {
        queue.async { @Sendable [self] in
            source?.cancel()
            source = nil
            stopTimer()
        }
    }

    private func open() {
        descriptor = mls_watch_open()
        guard descriptor >= 0 else { return }
        let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
        source.setEventHandler { @Sendable [self, descriptor] in
            if mls_watch_drain(descriptor) > 0 { changed() }
        }
        source.setCancelHandler { @Sendable [descriptor] in mls_close(descriptor) }
        self.source = source
        source.resume()
    }

    private func changed() {
        lastChange += 1
        let (change, now) = (lastChange, ContinuousClock.now)
        if let firstUntold, now - firstUntold > Self.longestSettling { return tell() }
        if firstUntold == nil { firstUntold = now }
        queue.asyncAfter(deadline: .now() + Self.settling) { @Sendable [self] in
            if change == lastChange { tell() }
        }
    }

    private func tell() {
        firstUntold = nil
        onChange()
    }

    private func startTimer() {
        if timer != nil { return }
        let timer = DispatchSource.makeTimerSource(queue: queue)
        timer.schedule(deadline: .now() + Self.interval, repeating: Self.interval)
        timer.setEventHandler { @Sendable [self] in
            var isChanged = false
            for (folder, former) in looks {
                let now = Self.look(at: folder)
                if now == former { continue }
                looks[folder] = now
                isChanged = true
            }
            if isChanged { changed() }
        }
        self.timer = timer
        timer.resume()
    }

    private func stopTimer() {
        timer?.cancel()
        timer = nil
    }

    private static func look(at folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted().map { "\($0) \(FileMark(path: "\(folder)/\($0)"))" }
    }
}

/// How a file looked: two equal marks are the same content, for all that can be told without reading it.
struct FileMark: Equatable, Sendable, CustomStringConvertible {
    private let size: UInt64?
    private let changed: Double?
    private let number: UInt64?

    /// Waits for the disk.
    init(path: String) {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        size = (attributes?[.size] as? NSNumber)?.uint64Value
        changed = (attributes?[.modificationDate] as? Date)?.timeIntervalSince1970
        number = (attributes?[.systemFileNumber] as? NSNumber)?.uint64Value
    }

    /// Changed long enough ago that a further change gives another mark, however coarse the file system's times are.
    var isSettled: Bool { changed.map { Date().timeIntervalSince1970 - $0 > 2 } ?? false }

    var description: String { "\(size ?? 0) \(changed ?? 0) \(number ?? 0)" }
}
