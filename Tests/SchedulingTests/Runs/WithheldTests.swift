import Scheduling
import TestKit
import Testing

/// Names of the environment that are the program's own, as the keys of its bucket are.
@Suite struct WithheldTests {
    private static let key = "wJalrXUtnFEMI"

    private static func world(_ folder: String) -> SchedulingWorld {
        SchedulingWorld(
            folder: folder, environment: ["PATH": "/usr/bin:/bin", "KEY": key, "REGION": "eu"], withheld: ["KEY"])
    }

    @Test func `a shell task gets them by its env alone, and no log shows them`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let world = Self.world(folder)
            try await world.load(
                """
                pipeline: p
                tasks:
                  plain: {run: 'echo "set=${KEY-no}$REGION" >> $MLSTACK_OUTPUT'}
                  asks: {run: 'echo "<$KEY>"; echo done; echo "length=${#KEY}" >> $MLSTACK_OUTPUT', env: {KEY: "${env.KEY}"}}
                """)
            let ended = try await world.run("p")
            func outputs(_ task: String) -> TaskOutputs? { ended.tasks.first { $0.taskID == task }?.outputs }
            #expect(outputs("plain") == ["set": "noeu"])
            #expect(outputs("asks") == ["length": "13", "return_value": "done"])
            let log = try await world.log(ended.run.id, "asks").joined(separator: "\n")
            #expect(log.contains("<***>") && !log.contains(Self.key))
        }
    }

    @Test func `a condition that does not hold says so without them`() async throws {
        try await SchedulingWorld.withFolder { folder in
            let world = Self.world(folder)
            try await world.load(
                """
                pipeline: p
                tasks:
                  a: {when: "${env.KEY == 'x'}", run: "true"}
                """)
            let message = try await world.run("p").tasks.first?.message
            #expect(message?.contains("***") == true && message?.contains(Self.key) == false)
        }
    }
}
