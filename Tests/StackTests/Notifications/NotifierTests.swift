import Dispatch
import Foundation
import Logging
import Scheduling
import Synchronization
import TestKit
import Testing

@testable import Stack
@testable import Transfer

/// Webhooks on their way, with a receiver that misbehaves and a clock that a test moves.
struct NotifierTests {
    @Test func `a notification arrives once, with its id in header and body`() async throws {
        let receiver = try Receiver(["200 OK"])
        let world = NotifierWorld()
        try await world.outbox.add(world.notification("run-1/failure", to: receiver.url))
        await world.run { await world.outbox.wait(for: "run-1/failure", in: .delivered) }
        let request = try #require(receiver.requests.first)
        #expect(receiver.requests.count == 1)
        #expect(request.contains("\r\nIdempotency-Key: run-1/failure\r\n"))
        let body = try #require(try JSONSerialization.jsonObject(with: Receiver.body(of: request)) as? [String: Any])
        #expect(body["id"] as? String == "run-1/failure")
        #expect(body["event"] as? String == "failure")
        #expect(body["pipeline"] as? String == "daily" && body["run"] as? String == "daily-1")
        #expect(body["task"] as? String == "train" && body["attempt"] as? Int == 2)
        #expect(body["state"] as? String == "failed" && body["environment"] as? String == "research")
        #expect(body["logical_date"] as? String == "2015-01-09T00:00:00Z")
        #expect(body["message"] as? String == "exit code 1")
        #expect(body["log"] as? [String] == ["line 2", "line 3"])
        #expect((body["url"] as? String)?.hasPrefix("http://127.0.0.1:8080/") == true)
    }

    @Test func `what comes while it sleeps wakes it`() async throws {
        let receiver = try Receiver(["200 OK"])
        let world = NotifierWorld()
        await world.run {
            await world.clock.waitForSleeper()
            try? await world.outbox.add(world.notification("late", to: receiver.url))
            await world.outbox.wait(for: "late", in: .delivered)
        }
        #expect(receiver.requests.count == 1)
    }

    @Test func `a receiver that fails is asked again later and later, with the same id`() async throws {
        let receiver = try Receiver(["500 Internal Server Error", "503 Service Unavailable", "200 OK"])
        let world = NotifierWorld()
        try await world.outbox.add(world.notification("a", to: receiver.url))
        var waits: [Double] = []
        await world.run {
            for _ in 0..<2 {
                await world.outbox.wait(for: "a", in: .sending)
                await world.outbox.wait(for: "a", in: .waiting)
                guard let next = world.outbox.all.first?.nextAt else { return }
                waits.append(Double((next - world.clock.now).components.seconds))
                await world.clock.waitForSleeper(until: next)
                world.clock.advance(to: next)
            }
            await world.outbox.wait(for: "a", in: .delivered)
        }
        #expect(receiver.requests.count == 3)
        #expect(Set(receiver.requests.map { Receiver.body(of: $0) }).count == 1)
        #expect(waits.count == 2 && waits[0] <= 1 && (1...2).contains(waits[1]), "\(waits)")
    }

    @Test func `the waits grow from one second to ten minutes`() {
        let waits = (1...14).map { Notifier.backoff.wait(beforeRetry: $0, key: "x") }
        #expect(waits[0] >= .milliseconds(800) && waits[0] <= .milliseconds(1200))
        #expect(waits[5] >= .seconds(25) && waits[5] <= .seconds(39))
        #expect(waits[13] == .seconds(600))
    }

    @Test func `a receiver may say when to come back`() async throws {
        let receiver = try Receiver(["429 Too Many Requests\r\nRetry-After: 90"])
        let world = NotifierWorld()
        try await world.outbox.add(world.notification("a", to: receiver.url))
        await world.run {
            await world.clock.waitForSleeper(until: world.clock.now.advanced(by: .seconds(90)))
        }
        #expect(world.outbox.all.first?.error?.contains("429") == true)
    }

    @Test func `after a day it is given up, and the record says why`() async throws {
        let receiver = try Receiver(["500 Internal Server Error"])
        let world = NotifierWorld()
        var notification = world.notification("a", to: receiver.url)
        notification.createdAt = world.clock.now.advanced(by: .seconds(-24 * 3600))
        try await world.outbox.add(notification)
        await world.run { await world.outbox.wait(for: "a", in: .givenUp) }
        let entry = try #require(world.outbox.all.first)
        #expect(entry.error?.contains("status 500") == true)
        #expect(entry.error?.contains("hook") == false, "the address is a secret: \(entry.error ?? "")")
    }

    @Test func `a receiver that says nothing holds nobody up for long, and is asked again`() async throws {
        let silent = try ScriptedServer { peer in
            peer.readRequest()
            peer.stall()
        }
        let receiver = try Receiver(["200 OK"])
        let world = NotifierWorld(timeout: .milliseconds(50))
        try await world.outbox.add(world.notification("stalled", to: silent.url + "/hook"))
        try await world.outbox.add(world.notification("next", to: receiver.url))
        await world.run {
            await world.outbox.wait(for: "next", in: .delivered)
            await world.outbox.wait(for: "stalled", in: .waiting)
        }
        let stalled = try #require(world.outbox.all.first)
        #expect(stalled.attempts == 1 && stalled.error?.contains("did not answer") == true)
    }

    @Test func `a redirect is not followed`() async throws {
        let target = try Receiver(["200 OK"])
        let receiver = try Receiver(["307 Temporary Redirect\r\nLocation: \(target.url)"])
        let world = NotifierWorld()
        try await world.outbox.add(world.notification("a", to: receiver.url))
        await world.run {
            await world.outbox.wait(for: "a", in: .sending)
            await world.outbox.wait(for: "a", in: .waiting)
        }
        #expect(target.requests.isEmpty)
        #expect(world.outbox.all.first?.error?.contains("redirect") == true)
    }

    @Test func `a webhook inside the private network is given up at once`() async throws {
        let receiver = try Receiver(["200 OK"])
        let world = NotifierWorld(addresses: .publicOnly)
        try await world.outbox.add(world.notification("a", to: receiver.url))
        await world.run { await world.outbox.wait(for: "a", in: .givenUp) }
        #expect(receiver.requests.isEmpty)
        #expect(world.outbox.all.first?.error?.contains("allow_private_webhooks") == true)
    }

    @Test func `without a webhook it goes into the program's log`() async throws {
        let world = NotifierWorld()
        try await world.outbox.add(world.notification("a", to: nil))
        await world.run { await world.outbox.wait(for: "a", in: .delivered) }
        #expect(world.logged.withLock { $0.contains { $0.contains("daily failed") && $0.contains("exit code 1") } })
    }

    // MARK: Crashes

    @Test func `a crash between the sending and its record sends the same id once more`() async throws {
        let receiver = try Receiver(["200 OK"])
        let first = NotifierWorld(outbox: MemoryOutbox(darkAt: .delivered))
        try await first.outbox.add(first.notification("a", to: receiver.url))
        await first.run { await first.clock.waitForSleeper() }
        #expect(receiver.requests.count == 1)
        #expect(first.outbox.all.map(\.state) == [.sending])

        let second = NotifierWorld(outbox: MemoryOutbox(first.outbox.all))
        await second.run { await second.outbox.wait(for: "a", in: .delivered) }
        #expect(receiver.requests.count == 2)
        #expect(receiver.requests.allSatisfy { $0.contains("Idempotency-Key: a\r\n") })
        #expect(Set(receiver.requests.map { Receiver.body(of: $0) }).count == 1)
    }

    @Test func `one that is cut off a second time is given up with a record, not told a third time`() async throws {
        let receiver = try Receiver(["200 OK"])
        let first = NotifierWorld(outbox: MemoryOutbox(darkAt: .delivered))
        try await first.outbox.add(first.notification("a", to: receiver.url))
        await first.run { await first.clock.waitForSleeper() }
        let second = NotifierWorld(outbox: MemoryOutbox(first.outbox.all, darkAt: .delivered))
        await second.run { await second.clock.waitForSleeper() }
        let third = NotifierWorld(outbox: MemoryOutbox(second.outbox.all))
        await third.run { await third.outbox.wait(for: "a", in: .givenUp) }
        #expect(receiver.requests.count == 2)
        #expect(third.outbox.all.first?.error?.contains("may have arrived") == true)
    }

    @Test func `nothing leaves this machine before the record that it will`() async throws {
        let receiver = try Receiver(["200 OK"])
        let first = NotifierWorld(outbox: MemoryOutbox(darkAt: .sending))
        try await first.outbox.add(first.notification("a", to: receiver.url))
        await first.run { await first.clock.waitForSleeper() }
        #expect(receiver.requests.isEmpty)
        let second = NotifierWorld(outbox: MemoryOutbox(first.outbox.all))
        await second.run { await second.outbox.wait(for: "a", in: .delivered) }
        #expect(receiver.requests.count == 1)
    }
}
