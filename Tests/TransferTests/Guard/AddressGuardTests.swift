import Dispatch
import Synchronization
import TestKit
import Testing

@testable import Transfer

@Suite struct AddressGuardTests {
    @Test(arguments: [
        "127.0.0.1", "127.255.255.254", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
        "100.100.100.200", "0.0.0.0", "224.0.0.1", "255.255.255.255", "168.63.129.16", "192.0.0.192",
        "::", "::1", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1", "::ffff:a00:1",
        "64:ff9b::7f00:1", "2002:7f00:1::", "::127.0.0.1", "[::1]",
    ])
    func `an address that is not of the public internet is refused`(_ text: String) throws {
        let address = try #require(NetworkAddress(text))
        #expect(!AddressGuard.publicOnly.allows(address, of: "somewhere.example"))
        #expect(AddressGuard.everything.allows(address, of: "somewhere.example"))
    }

    @Test(arguments: [
        "1.1.1.1", "172.15.255.255", "172.32.0.1", "100.63.255.255", "169.253.0.1", "2606:4700::1111",
        "2001:4860:4860::8888", "::ffff:8.8.8.8",
    ])
    func `an address of the public internet is allowed`(_ text: String) throws {
        #expect(AddressGuard.publicOnly.allows(try #require(NetworkAddress(text)), of: "somewhere.example"))
    }

    @Test func `what is allowed by name or by network is allowed, and nothing beside it`() throws {
        let range = try #require(NetworkRange("10.20.0.0/16"))
        let guarding = AddressGuard(hosts: ["Mattermost.internal"], ranges: [range])
        let (inside, outside) = (NetworkAddress("10.20.3.4"), NetworkAddress("10.21.0.1"))
        #expect(guarding.allows(try #require(inside), of: "x"))
        #expect(!guarding.allows(try #require(outside), of: "x"))
        #expect(guarding.allows(try #require(outside), of: "mattermost.INTERNAL"))
        #expect(!guarding.allows(try #require(outside), of: "evil-mattermost.internal"))
    }

    @Test(arguments: ["10.0.0.0/33", "10.0.0/8", "fd00::/129", "x", "", "10.0.0.0/-1", "010.0.0.1"])
    func `what is no network is no range`(_ text: String) { #expect(NetworkRange(text) == nil) }

    // MARK: On the wire

    private let transfer = HTTPTransfer(queue: DispatchQueue(label: "test.transfer"))

    /// `localhost` stands for any name that comes to mean an address of this machine: the name is not looked at, the address is.
    @Test(arguments: ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "127.1", "[::ffff:127.0.0.1]", "0.0.0.0"])
    func `no byte reaches a refused address, however it is written`(_ host: String) async throws {
        let reached = Mutex(false)
        let server = try ScriptedServer { peer in
            peer.readRequest()
            reached.withLock { $0 = true }
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        }
        let url = "http://\(host):\(server.port)/latest/meta-data"
        let error = await #expect(throws: TransferError.self) {
            try await transfer.request("POST", url, body: [1], addresses: .publicOnly)
        }
        guard case .addressRefused(url, _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(!reached.withLock { $0 })
    }

    @Test func `an allowed host is reached`() async throws {
        let server = try ScriptedServer(answering: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        let url = "http://localhost:\(server.port)/"
        #expect(try await transfer.request(url, addresses: AddressGuard(hosts: ["localhost"])) == "ok")
        let loopback = AddressGuard(ranges: [try #require(NetworkRange("127.0.0.0/8"))])
        #expect(try await transfer.request(url, addresses: loopback) == "ok")
    }

    @Test func `a redirect to a refused address is not followed there`() async throws {
        let inner = try ScriptedServer(answering: "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret")
        let outer = try ScriptedServer(
            answering:
                "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:\(inner.port)/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        )
        let onlyOuter = AddressGuard(hosts: ["localhost"])
        let url = "http://localhost:\(outer.port)/"
        #expect(try await transfer.request("GET", url, addresses: onlyOuter).status == 302)
    }

    @Test(arguments: ["file:///etc/passwd", "gopher://127.0.0.1/", "http://", "ftp://1.1.1.1/"])
    func `only HTTP is spoken`(_ url: String) async throws {
        let error = await #expect(throws: TransferError.self) {
            try await transfer.request("GET", url, addresses: .everything)
        }
        guard case .badURL? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    // MARK: Proxies

    private struct ProxyCase: Sendable {
        var environment: [String: String]
        var scheme: String
        var host: String
        var expected: String?
        init(_ environment: [String: String], _ scheme: String, _ host: String, _ expected: String?) {
            (self.environment, self.scheme, self.host, self.expected) = (environment, scheme, host, expected)
        }
    }

    private static let proxyCases: [ProxyCase] = [
        ProxyCase(["https_proxy": "http://p:1"], "https", "hooks.example", "http://p:1"),
        ProxyCase(["HTTP_PROXY": "http://p:1"], "http", "hooks.example", nil),
        ProxyCase(["all_proxy": "http://p:1"], "http", "hooks.example", "http://p:1"),
        ProxyCase(
            ["https_proxy": "http://p:1", "no_proxy": "other.example, .hooks.example"], "https", "a.hooks.example", nil),
        ProxyCase(
            ["https_proxy": "http://p:1", "no_proxy": "hooks.example"], "https", "evilhooks.example", "http://p:1"),
        ProxyCase(["https_proxy": "http://p:1", "no_proxy": "*"], "https", "hooks.example", nil),
        ProxyCase(["https_proxy": "http://p:1", "no_proxy": "10.0.0.0/8"], "https", "10.1.1.1", nil),
        ProxyCase(["http_proxy": "http://p:1"], "http", "127.0.0.1", nil),
        ProxyCase(["http_proxy": ""], "http", "hooks.example", nil),
    ]

    @Test(arguments: proxyCases)
    private func `the environment's proxy is chosen as curl chooses it`(_ example: ProxyCase) {
        let choice = ProxyChoice(scheme: example.scheme, host: example.host, environment: example.environment)
        #expect(choice.url == example.expected)
    }

    @Test func `behind a proxy a name that means a refused address here is refused before the proxy is asked`() throws {
        let environment = ["http_proxy": "http://127.0.0.1:1"]
        let refused = try GuardedConnection(
            url: "http://10.0.0.8/x", shownURL: "u", addresses: .publicOnly, environment: environment)
        #expect(refused.proxy != nil)
        #expect(throws: TransferError.addressRefused(url: "u", address: "10.0.0.8")) {
            try refused.checkBeforeProxy(shownURL: "u")
        }
        let allowed = try GuardedConnection(
            url: "http://9.9.9.9/x", shownURL: "u", addresses: .publicOnly, environment: environment)
        #expect(throws: Never.self) { try allowed.checkBeforeProxy(shownURL: "u") }
    }
}

extension HTTPTransfer {
    fileprivate func request(_ url: String, addresses: AddressGuard) async throws -> String {
        try await request("GET", url, addresses: addresses).text
    }
}
