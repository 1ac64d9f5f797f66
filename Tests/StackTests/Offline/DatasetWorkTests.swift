import Foundation
import TestKit
import Testing

@testable import Stack

struct DatasetWorkTests {
    @Test func `a file of any name is found by its own after an import`() async throws {
        try await StorageFixture.withFolder { folder in
            let (file, home) = ("\(folder)/mine.txt", Home("\(folder)/home"))
            try "1::2::3::4\n".write(toFile: file, atomically: true, encoding: .utf8)
            let name = try await DatasetWork().importDataset(file, name: nil, home: home)
            #expect(name == "mine")
            #expect(try DatasetWork().list(home: home).contains { $0.name == "mine" })
            let findings = try await DatasetWork().report("mine", home: home, maxProblems: 1)
            #expect(findings.text.contains("1 ratings by 1 users of 1 items"))
            await #expect(throws: StackError.self) {
                _ = try await DatasetWork().importDataset(file, name: nil, home: home)
            }
        }
    }

    @Test func `bad lines and bad names are refused before anything is copied`() async throws {
        try await StorageFixture.withFolder { folder in
            let (file, home) = ("\(folder)/mine.csv", Home("\(folder)/home"))
            try "1,2,3,4\nnonsense\n".write(toFile: file, atomically: true, encoding: .utf8)
            for name in [nil, "../up", ".hidden", ""] {
                await #expect(throws: StackError.self) {
                    _ = try await DatasetWork().importDataset(file, name: name, home: home)
                }
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["home", "mine.csv"])
            #expect(try FileManager.default.contentsOfDirectory(atPath: home.datasets).isEmpty)
        }
    }

    @Test func `the bundled dataset's name is not given away`() async throws {
        try await StorageFixture.withFolder { folder in
            let (file, home) = ("\(folder)/demo.csv", Home("\(folder)/home"))
            try "1,2,3,4\n".write(toFile: file, atomically: true, encoding: .utf8)
            for name in [nil, "demo"] {
                let error = await #expect(throws: StackError.self) {
                    _ = try await DatasetWork().importDataset(file, name: name, home: home)
                }
                #expect(try ErrorText(#require(error)).what.contains("comes with the program"))
                #expect(try ErrorText(#require(error)).remedy?.contains("--name") == true)
            }
            #expect(try await DatasetWork().importDataset(file, name: "demo2", home: home) == "demo2")
        }
    }

    @Test func `a dataset that is not there is named with those that are`() async throws {
        try await StorageFixture.withFolder { folder in
            do {
                _ = try await DatasetWork().report("nowhere", home: Home(folder), maxProblems: 1)
                Issue.record("found")
            } catch {
                #expect(ErrorText(error).what.contains("nowhere"))
                #expect(ErrorText(error).remedy?.contains("demo") == true)
            }
            let fetchable = ErrorText(StackError.unknownDataset(name: "ml-1m", known: []))
            #expect(fetchable.remedy?.contains("mlstack data fetch ml-1m") == true)
        }
    }
}

struct DoctorTests {
    @Test func `a running stack's home is found sound, and so is it afterwards`() async throws {
        try await RunningStack.withDataset { folder in
            let configuration = RunningStack.configuration(folder)
            try await RunningStack.run(configuration) { stack in
                _ = try await stack.step()
                let findings = await Doctor(home: stack.home, port: 1).examine()
                #expect(findings.filter { !$0.isWell }.map(\.text) == [])
                _ = try await stack.step()
            }
            let findings = await Doctor(home: configuration.home, port: 1).examine()
            #expect(findings.filter { !$0.isWell }.map(\.text) == [])
        }
    }

    @Test func `a home that is a file is a finding with a remedy`() async throws {
        try await StorageFixture.withFolder { folder in
            try "x".write(toFile: folder + "/file", atomically: true, encoding: .utf8)
            let findings = await Doctor(home: Home(folder + "/file"), port: 1).examine()
            let home = try #require(findings.first { $0.subject == "home" })
            #expect(!home.isWell)
            #expect(home.remedy?.contains("--home") == true)
        }
    }
}
