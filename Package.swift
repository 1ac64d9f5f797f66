// swift-tools-version: 6.2
import PackageDescription

/// The three cores (Training, Registry, Scheduling) have never heard of each other; `Stack` lets them meet.
/// Sources/ARCHITECTURE.md draws the arrows, and Tests/StackTests/ImportTableTests.swift holds the code to them.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
/// Brings CYaml, whose event interface Scheduling reads files with.
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "mlstack",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "mlstack", targets: ["mlstack"])],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0", traits: []),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.14.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // The cores.
        .target(name: "CKernels", cSettings: [.unsafeFlags(["-O3"])]),
        .target(name: "Training", dependencies: ["CKernels"], swiftSettings: strict),
        .target(name: "Registry", swiftSettings: strict),
        .target(name: "Scheduling", dependencies: ["CPlatform", yams, logging], swiftSettings: strict),

        // What faces outward.
        .target(name: "CPlatform"),
        .target(name: "CTransfer", linkerSettings: [.linkedLibrary("curl")]),
        .target(name: "CAssets", exclude: ["Web"], cSettings: [.unsafeFlags(["-Wno-c23-extensions"])]),
        .target(name: "CDefaults", cSettings: [.unsafeFlags(["-Wno-c23-extensions"])]),
        .target(name: "WebUI", dependencies: ["CAssets", "CPlatform"], swiftSettings: strict),
        .target(name: "Transfer", dependencies: ["CTransfer"], swiftSettings: strict),
        .target(name: "Storage", dependencies: ["Registry", "Scheduling", grdb, sqlite], swiftSettings: strict),
        .target(
            name: "Serving",
            dependencies: ["WebUI", "Training", "Registry", "Scheduling", hummingbird, logging],
            swiftSettings: strict),

        // Where they meet, and the rim that talks to the person.
        .target(
            name: "Stack",
            dependencies: [
                "Serving", "Storage", "Transfer", "Training", "Registry", "Scheduling", "CPlatform", "CDefaults",
                lifecycle,
                signals, logging,
            ],
            exclude: ["Pipelines"],
            swiftSettings: strict),
        .executableTarget(name: "mlstack", dependencies: ["Stack", argumentParser, logging], swiftSettings: strict),

        .target(
            name: "TestKit", dependencies: ["Registry", "Scheduling", "Storage", logging], path: "Tests/TestKit",
            swiftSettings: strict),
        .testTarget(name: "TrainingTests", dependencies: ["Training", "CKernels"], swiftSettings: strict),
        .testTarget(name: "RegistryTests", dependencies: ["Registry"], swiftSettings: strict),
        .testTarget(
            name: "SchedulingTests", dependencies: ["Scheduling", "CPlatform", "TestKit", logging],
            swiftSettings: strict),
        .testTarget(
            name: "StorageTests", dependencies: ["Storage", "Registry", "Scheduling", "TestKit", grdb],
            swiftSettings: strict),
        .testTarget(name: "TransferTests", dependencies: ["Transfer", "TestKit"], swiftSettings: strict),
        .testTarget(
            name: "ServingTests",
            dependencies: ["Serving", "Training", "Registry", "Scheduling", "TestKit", hummingbird, logging],
            swiftSettings: strict),
        .testTarget(name: "WebUITests", dependencies: ["WebUI"], swiftSettings: strict),
        .testTarget(
            name: "StackTests",
            dependencies: ["Stack", "Storage", "Scheduling", "Serving", "Training", "Transfer", "TestKit", logging],
            swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
