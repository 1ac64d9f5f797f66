import Foundation
import TestKit
import Testing
import Transfer

@testable import Stack

struct DatasetFetchTests {
    private static let archive = ZipFixture.bytes([
        .init("ml-1m/", "") { $0.mode = 0o040755 }, .init("ml-1m/README", "terms"),
        .init("ml-1m/ratings.dat", String(repeating: "1::2::3::978300760\n", count: 3_000)) { $0.isDeflated = true },
        .init("ml-1m/movies.dat", "2::A Film (1999)::Drama\n"),
    ])

    private static func md5(_ bytes: [UInt8]) -> String {
        var sum = MD5()
        bytes.withUnsafeBytes { sum.update($0) }
        return sum.hex()
    }

    private static func server(
        _ archive: [UInt8] = archive, checksum: String? = md5(archive), faults: [RangeServer.Fault] = []
    ) throws -> RangeServer {
        try RangeServer(faults: faults) { path in
            switch path {
            case "/ml-1m.zip": archive
            case "/ml-1m.zip.md5": checksum.map { Array("MD5 (ml-1m.zip) = \($0)\n".utf8) }
            default: nil
            }
        }
    }

    private func fetch(_ server: RangeServer, _ home: Home, pauses: [Duration] = [.zero, .zero]) throws -> DatasetFetch
    {
        var fetch = try DatasetFetch("ml-1m", home: home, from: server.root + "/")
        fetch.pauses = pauses
        return fetch
    }

    private func names(_ home: Home) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: home.datasets).sorted()
    }

    @Test func `a dataset comes, is found by its name, and is not fetched twice`() async throws {
        try await StorageFixture.withFolder { folder in
            let (home, server) = (Home(folder + "/home"), try Self.server(faults: [.cut(1000), .cut(20)]))
            let fetch = try fetch(server, home)
            let outcome = try await fetch.run(isAccepted: true)
            #expect(outcome == .fetched(path: "\(home.datasets)/ml-1m", isChecked: true))
            #expect(server.requests.ranges == [nil, "bytes=1000-", "bytes=1020-"])
            #expect(try names(home) == ["ml-1m"])
            let findings = try await DatasetWork().report("ml-1m", home: home, maxProblems: 1)
            #expect(findings.text.contains("3000 ratings by 1 users of 1 items"))
            #expect(try String(contentsOfFile: "\(home.datasets)/ml-1m/README", encoding: .utf8) == "terms")

            #expect(try await fetch.run(isAccepted: false) == .wasThere(path: "\(home.datasets)/ml-1m"))
            _ = try await fetch.run(isAccepted: true, replaces: true)
            #expect(server.requests.ranges.count == 4)
            #expect(try names(home) == ["ml-1m"])
        }
    }

    @Test func `nothing is asked before the licence is accepted, and its short form names what counts`() async throws {
        try await StorageFixture.withFolder { folder in
            let server = try Self.server()
            let fetch = try fetch(server, Home(folder + "/home"))
            await #expect(throws: FetchError.licenceNotAccepted(name: "ml-1m")) {
                _ = try await fetch.run(isAccepted: false)
            }
            #expect(server.requests.ranges.isEmpty)
            #expect(fetch.dataset.licence.contains("may not redistribute"))
            #expect(throws: FetchError.self) { _ = try DatasetFetch("ml-2m", home: Home(folder)) }
        }
    }

    @Test func `what is not the published file is neither kept nor taken`() async throws {
        try await StorageFixture.withFolder { folder in
            let home = Home(folder + "/home")
            let server = try Self.server(Array("<html>please log in</html>".utf8), checksum: Self.md5(Self.archive))
            await #expect(throws: FetchError.self) { _ = try await fetch(server, home).run(isAccepted: true) }
            #expect(try names(home).isEmpty)
            let portal = try RangeServer(Array("<html>please log in</html>".utf8))
            await #expect(throws: FetchError.noChecksum(url: portal.root + "/ml-1m.zip.md5")) {
                _ = try await fetch(portal, home).run(isAccepted: true)
            }
        }
    }

    @Test func `a part of a file that has changed since is begun again on its own`() async throws {
        try await StorageFixture.withFolder { folder in
            let home = Home(folder + "/home")
            let former = try Self.server(faults: [.cut(500)])
            await #expect(throws: (any Error).self) {
                _ = try await fetch(former, home, pauses: []).run(isAccepted: true)
            }
            // The part is damaged while nobody looks, and its validator still holds.
            let part = "\(home.datasets)/.ml-1m.zip.part"
            #expect(try names(home) == [".ml-1m.zip.part", ".ml-1m.zip.part.json"])
            try ZipFixture.write([UInt8](repeating: 7, count: 500), to: part)
            #expect(
                try await fetch(former, home).run(isAccepted: true)
                    == .fetched(path: "\(home.datasets)/ml-1m", isChecked: true))
            #expect(former.requests.ranges == [nil, "bytes=500-", nil])
        }
    }

    @Test func `a mirror without checksums is believed as far as the archive's own go`() async throws {
        try await StorageFixture.withFolder { folder in
            let home = Home(folder + "/home")
            let server = try Self.server(checksum: nil)
            #expect(
                try await fetch(server, home).run(isAccepted: true)
                    == .fetched(path: "\(home.datasets)/ml-1m", isChecked: false))
            var damaged = Self.archive
            damaged[200] ^= 1
            let other = try Self.server(damaged, checksum: nil)
            await #expect(throws: ArchiveError.self) {
                _ = try await fetch(other, home).run(isAccepted: true, replaces: true)
            }
            // What was there is there still.
            #expect(try names(home) == ["ml-1m"])
        }
    }

    @Test func `an archive without ratings leaves nothing`() async throws {
        try await StorageFixture.withFolder { folder in
            let (home, archive) = (Home(folder + "/home"), ZipFixture.bytes([.init("ml-1m/README", "terms")]))
            let server = try Self.server(archive, checksum: Self.md5(archive))
            await #expect(throws: FetchError.noRatings(name: "ml-1m.zip")) {
                _ = try await fetch(server, home).run(isAccepted: true)
            }
            #expect(!(try names(home)).contains("ml-1m"))
        }
    }

    @Test(arguments: ["notaurl", "foo/bar", "ftp://mirror.example/x", "file:///tmp", "https://", "http:///x"])
    func `a place that is no URL is told as one, and nobody is asked`(place: String) async throws {
        let error = #expect(throws: TransferError.self) {
            _ = try DatasetFetch("ml-1m", home: Home("/nowhere"), from: place)
        }
        #expect(try ErrorText(#require(error)).what.contains("\"\(place)\" is no URL"))
        #expect(try ErrorText(#require(error)).remedy?.contains("https://") == true)
    }

    @Test func `a failure of the net says what to do without it`() {
        let url = "https://files.grouplens.org/x/ml-1m.zip"
        func told(_ error: TransferError, _ environment: [String: String] = [:]) -> ErrorText {
            ErrorText(FetchError.telling(error, name: "ml-1m", url: url, environment: environment))
        }
        let offline = told(.cannotResolve(url: url))
        #expect(offline.what == "you seem to be offline: the name files.grouplens.org has no address.")
        #expect(offline.remedy?.hasSuffix("download ml-1m.zip elsewhere and `mlstack data import ml-1m.zip`.") == true)
        let proxy = told(.connectionRefused(url: url), ["https_proxy": "http://p:1", "http_proxy": "http://q:1"])
        #expect(proxy.what.contains("over the proxy that https_proxy names: nothing listens there"))
        let plain = told(.connectionRefused(url: url), ["http_proxy": "http://q:1"])
        #expect(plain.what == "files.grouplens.org cannot be reached: nothing listens there.")
        #expect(told(.proxyRefused(url: url, status: 407), ["https_proxy": "p"]).remedy?.contains("password") == true)
    }

    @Test func `a home that cannot be written to is told before anything is asked`() async throws {
        try await StorageFixture.withFolder { folder in
            let server = try Self.server()
            try "x".write(toFile: folder + "/file", atomically: true, encoding: .utf8)
            await #expect(throws: StackError.self) {
                _ = try await fetch(server, Home(folder + "/file")).run(isAccepted: true)
            }
            #expect(server.requests.ranges.isEmpty)
        }
    }
}

struct PackedImportTests {
    private static let ratings = "userId,movieId,rating,timestamp\n1,2,3,4\n"

    private func imported(_ bytes: [UInt8], as file: String, beside films: String? = nil) async throws -> (
        name: String, files: [String]
    ) {
        try await StorageFixture.withFolder { folder in
            let home = Home(folder + "/home")
            try ZipFixture.write(bytes, to: "\(folder)/\(file)")
            if let films { try films.write(toFile: folder + "/movies.csv", atomically: true, encoding: .utf8) }
            do {
                let name = try await DatasetWork().importDataset("\(folder)/\(file)", name: nil, home: home)
                return (name, try FileManager.default.contentsOfDirectory(atPath: "\(home.datasets)/\(name)").sorted())
            } catch {
                #expect(try FileManager.default.contentsOfDirectory(atPath: home.datasets).isEmpty)
                throw error
            }
        }
    }

    @Test func `an archive of a folder, of files and of one file are taken`() async throws {
        let films = "movieId,title,genres\n2,A,B\n"
        let (csv, movies) = (ZipFixture.Entry("a/ratings.csv", Self.ratings), ZipFixture.Entry("a/movies.csv", films))
        #expect(
            try await imported(ZipFixture.bytes([csv, movies]), as: "set.zip") == (
                "set", ["movies.csv", "ratings.csv"]
            ))
        let flat = ZipFixture.bytes([.init("ratings.csv", Self.ratings), .init("movies.csv", films)])
        #expect(try await imported(flat, as: "flat.zip") == ("flat", ["movies.csv", "ratings.csv"]))
        let one = ZipFixture.bytes([.init("mine.txt", "1::2::3::4\n")])
        #expect(try await imported(one, as: "one.zip") == ("one", ["ratings.dat"]))
    }

    @Test func `ratings that are compressed alone are taken, with the films beside them`() async throws {
        let gzip = ZipFixture.gzip(Self.ratings)
        #expect(try await imported(gzip, as: "mine.csv.gz") == ("mine", ["ratings.csv"]))
        let films = "movieId,title,genres\n2,A,B\n"
        #expect(
            try await imported(gzip, as: "ratings.csv.gz", beside: films) == ("ratings", ["movies.csv", "ratings.csv"]))
    }

    @Test func `an archive with ratings in several places is refused with their names`() async throws {
        let two = ZipFixture.bytes([
            .init("a/ratings.csv", Self.ratings), .init("b/ratings.csv", Self.ratings),
            .init("b/u.data", "1\t2\t3\t4\n"),
            .init("__MACOSX/ratings.csv", "x"),
        ])
        let error = await #expect(throws: FetchError.self) { _ = try await imported(two, as: "two.zip") }
        let text = try ErrorText(#require(error))
        #expect(text.what.hasSuffix("two.zip holds ratings more than once: a/ratings.csv, b/ratings.csv, b/u.data."))
        #expect(text.remedy == "unpack it, and import the file or folder with the ratings that you mean.")
    }

    @Test func `an archive without ratings is told as one, also when it holds one file`() async throws {
        for entries in [["x/readme.txt", "y/notes.md"], ["readme.txt"]] {
            let bytes = ZipFixture.bytes(entries.map { .init($0, "some words\n") })
            let error = await #expect(throws: FetchError.self) { _ = try await imported(bytes, as: "none.zip") }
            #expect(try ErrorText(#require(error)).what.contains("none.zip holds no ratings: no ratings.csv"))
        }
        // Among many good lines a bad one is a bad line.
        let bad = ZipFixture.bytes([.init("mine.txt", "1::2::3::4\nwords\n")])
        await #expect(throws: StackError.self) { _ = try await imported(bad, as: "bad.zip") }
    }

    @Test func `bad lines, no ratings and damage leave nothing behind`() async throws {
        let bad = ZipFixture.bytes([.init("ratings.csv", Self.ratings + "nonsense\n")])
        await #expect(throws: StackError.self) { _ = try await imported(bad, as: "bad.zip") }
        let none = ZipFixture.bytes([.init("a", "x"), .init("b", "y")])
        await #expect(throws: FetchError.self) { _ = try await imported(none, as: "none.zip") }
        await #expect(throws: ArchiveError.self) { _ = try await imported(Array("text".utf8), as: "text.zip") }
        await #expect(throws: ArchiveError.self) {
            _ = try await imported(ZipFixture.gzip(Self.ratings).dropLast(), as: "cut.csv.gz")
        }
    }
}
