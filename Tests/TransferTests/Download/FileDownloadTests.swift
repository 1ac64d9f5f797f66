import Dispatch
import Foundation
import Synchronization
import TestKit
import Testing

@testable import Transfer

@Suite struct FileDownloadTests {
    private let transfer = HTTPTransfer(queue: DispatchQueue(label: "test.download"))
    private static let content = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }

    private static func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "mlstack-test-\(UUID().uuidString)").path(percentEncoded: false)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }

    private func download(_ url: String, _ folder: String, retries: Int = 3) -> FileDownload {
        var download = FileDownload(url: url, path: folder + "/file.part", maxBytes: 1 << 20)
        download.stallSeconds = 1
        download.pauses = Array(repeating: .zero, count: retries)
        return download
    }

    private func bytes(_ folder: String) -> [UInt8] {
        [UInt8](FileManager.default.contents(atPath: folder + "/file.part") ?? Data())
    }

    @Test func `a file comes whole, and its progress is told`() async throws {
        try await Self.withFolder { folder in
            let server = try RangeServer(Self.content)
            let seen = Mutex<[Int]>([])
            let outcome = try await download(server.url, folder).run(over: transfer) { bytes, total in
                #expect(total == 100_000)
                seen.withLock { $0.append(bytes) }
            }
            #expect(outcome == .init(bytes: 100_000, isContinued: false))
            #expect(bytes(folder) == Self.content)
            let steps = seen.withLock { $0 }
            #expect(steps.first == 0 && steps.last == 100_000 && steps == steps.sorted())
        }
    }

    @Test func `a connection that is cut again and again costs nothing of what came`() async throws {
        try await Self.withFolder { folder in
            let server = try RangeServer(Self.content, faults: [.cut(40_000), .cut(30_000), .cut(0), .cut(10)])
            _ = try await download(server.url, folder).run(over: transfer)
            #expect(bytes(folder) == Self.content)
            #expect(
                server.requests.ranges == [
                    nil, "bytes=40000-", "bytes=70000-", "bytes=70000-", "bytes=70010-",
                ])
        }
    }

    @Test func `a server that stalls is given up, and the next run goes on where it was`() async throws {
        try await Self.withFolder { folder in
            let server = try RangeServer(Self.content, faults: [.stall(60_000)])
            await #expect(throws: TransferError.stalled(url: server.url, seconds: 1)) {
                _ = try await download(server.url, folder, retries: 0).run(over: transfer)
            }
            #expect(bytes(folder) == Array(Self.content.prefix(60_000)))
            let outcome = try await download(server.url, folder).run(over: transfer)
            #expect(outcome == .init(bytes: 100_000, isContinued: true))
            #expect(bytes(folder) == Self.content)
            #expect(server.requests.ranges == [nil, "bytes=60000-"])
        }
    }

    @Test func `a length that was a lie is found out, and set right by the server itself`() async throws {
        try await Self.withFolder { folder in
            let server = try RangeServer(Self.content, faults: [.longer(5)])
            await #expect(throws: TransferError.self) {
                _ = try await download(server.url, folder, retries: 0).run(over: transfer)
            }
            _ = try await download(server.url, folder).run(over: transfer)
            #expect(bytes(folder) == Self.content)
        }
    }

    @Test(arguments: [
        [RangeServer.Fault.cut(50_000), .ignoresRange], [.cut(50_000), .wrongRange],
    ])
    func `a server that does not keep to the range begins again`(_ faults: [RangeServer.Fault]) async throws {
        try await Self.withFolder { folder in
            let server = try RangeServer(Self.content, faults: faults)
            _ = try await download(server.url, folder).run(over: transfer)
            #expect(bytes(folder) == Self.content)
        }
    }

    @Test(arguments: ["\"two\"", nil])
    func `a file that changed, or may have, begins again`(_ tag: String?) async throws {
        try await Self.withFolder { folder in
            let place = folder + "/file.part"
            try Data("old".utf8).write(to: URL(filePath: place))
            let server = try RangeServer(Self.content, tag: tag)
            let origin = PartialFile.Origin(url: server.url, validator: tag.map { _ in "\"one\"" }, totalBytes: 100_000)
            try JSONEncoder().encode(origin).write(to: URL(filePath: PartialFile.originPath(place)))
            _ = try await download(server.url, folder).run(over: transfer)
            #expect(bytes(folder) == Self.content)
        }
    }

    @Test func `a part that is whole already is not asked for again`() async throws {
        try await Self.withFolder { folder in
            let server = try RangeServer(Self.content)
            for _ in 0..<2 { _ = try await download(server.url, folder).run(over: transfer) }
            #expect(server.requests.ranges.count == 1)
            // A part of unknown length learns from the server that it is whole.
            let origin = PartialFile.Origin(url: server.url, validator: "\"one\"", totalBytes: nil)
            try JSONEncoder().encode(origin).write(to: URL(filePath: PartialFile.originPath(folder + "/file.part")))
            _ = try await download(server.url, folder).run(over: transfer)
            #expect(server.requests.ranges.last == "bytes=100000-")
            #expect(bytes(folder) == Self.content)
        }
    }

    @Test func `a redirect is followed`() async throws {
        try await Self.withFolder { folder in
            let target = try RangeServer(Self.content)
            let server = try RangeServer([], faults: [.redirect(target.url)])
            _ = try await download(server.url, folder).run(over: transfer)
            #expect(bytes(folder) == Self.content)
        }
    }

    @Test func `a refusal keeps what came, and a busy server is asked again`() async throws {
        try await Self.withFolder { folder in
            let server = try RangeServer(Self.content, faults: [.cut(9), .status(503), .status(404)])
            await #expect(throws: DownloadError.refused(url: server.url, status: 404)) {
                _ = try await download(server.url, folder).run(over: transfer)
            }
            #expect(bytes(folder).count == 9)
            _ = try await download(server.url, folder).run(over: transfer)
            #expect(bytes(folder) == Self.content)
        }
    }

    @Test func `a file beyond the limit is refused before it is read`() async throws {
        try await Self.withFolder { folder in
            let server = try RangeServer(Self.content, faults: [.longer(1 << 40)])
            await #expect(throws: TransferError.tooLarge(url: server.url, limitBytes: 1 << 20)) {
                _ = try await download(server.url, folder).run(over: transfer)
            }
            #expect(bytes(folder).isEmpty)
        }
    }

    @Test func `a place that cannot be written to, or that another download holds, is told as such`() async throws {
        try await Self.withFolder { folder in
            let server = try RangeServer(Self.content)
            let elsewhere = FileDownload(url: server.url, path: folder + "/none/file.part", maxBytes: 1 << 20)
            await #expect(throws: DownloadError.self) { _ = try await elsewhere.run(over: transfer) }
            let holder = try PartialFile(path: folder + "/file.part", url: server.url)
            await #expect(throws: DownloadError.busy(path: folder + "/file.part")) {
                _ = try await download(server.url, folder).run(over: transfer)
            }
            withExtendedLifetime(holder) {}
        }
    }

    @Test func `a full disk is told as such, and that what came is kept`() {
        let error = DownloadError(writing: "/x", code: ENOSPC)
        #expect(error == .diskFull(path: "/x"))
        #expect(error.recoverySuggestion == "make room and run it again; it goes on where it was.")
    }

    @Test func `a cancelled task ends its download`() async throws {
        try await Self.withFolder { folder in
            let server = try RangeServer(Self.content, faults: [.stall(60_000)])
            let (pieces, arrived) = AsyncStream<Int>.makeStream()
            var download = download(server.url, folder)
            download.stallSeconds = 60
            let task = Task { [download] in
                try await download.run(over: transfer) { bytes, _ in arrived.yield(bytes) }
            }
            for await bytes in pieces where bytes > 0 { break }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
    }
}
