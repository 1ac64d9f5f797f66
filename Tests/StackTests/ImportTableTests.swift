import Foundation
import Testing

/// The import lines of every file against the map of the house (Sources/ARCHITECTURE.md, "Directions").
struct ImportTableTests {
    private static let system: Set<String> = [
        "Foundation", "FoundationEssentials", "Dispatch", "Synchronization", "Glibc", "Musl", "Darwin", "CDispatch",
    ]
    private static let allowed: [String: Set<String>] = [
        "Training": ["CKernels"],
        "Registry": [],
        "Scheduling": ["CPlatform", "CYaml", "Yams", "Logging"],
        "Storage": ["Registry", "Scheduling", "GRDB", "GRDBSQLite"],
        "Transfer": ["CTransfer"],
        "WebUI": ["CAssets", "CPlatform"],
        "Serving": [
            "WebUI", "Training", "Registry", "Scheduling", "Hummingbird", "HummingbirdCore", "HTTPTypes", "NIOCore",
            "NIOPosix",
            "NIOHTTP1", "NIOHTTPTypes", "Logging", "ServiceLifecycle",
        ],
        "Stack": [
            "Serving", "Storage", "Transfer", "Training", "Registry", "Scheduling", "CPlatform", "CDefaults", "Logging",
            "ServiceLifecycle", "UnixSignals",
        ],
        "mlstack": ["Stack", "ArgumentParser", "Logging"],
    ]

    @Test(arguments: allowed.keys.sorted())
    func `a target imports only what its row of the table allows`(target: String) throws {
        let sources = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources/\(target)")
        let files = FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)
        var count = 0
        while let file = files?.nextObject() as? URL {
            guard file.pathExtension == "swift" else { continue }
            count += 1
            for match in try String(contentsOf: file, encoding: .utf8).matches(
                of: #/(?m)^(?:@\w+\s+)*(?:package |public |internal |private )?import (\w+)/#)
            {
                let module = String(match.1)
                #expect(
                    ImportTableTests.system.contains(module)
                        || ImportTableTests.allowed[target, default: []].contains(module),
                    "\(file.lastPathComponent) of \(target) imports \(module)")
            }
        }
        #expect(count > 0)
    }
}
