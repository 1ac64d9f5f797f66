package import Dispatch
package import Scheduling
import Synchronization

/// What the routes are given: the rest of the program, the clock, and what the server knows of itself.
package final class Surroundings: Sendable {
    package let ports: ServingPorts
    /// The wall's.
    package let clock: any Clock
    /// Serial: blocking reads of files happen here.
    package let files: DispatchQueue

    private struct State {
        var address: HTTPServer.Address?
        var routes = RouteTable()
        var areStreamsEnded = false
    }
    /// One for the faces of a server.
    private final class Shared: Sendable {
        let state = Mutex(State())
        let samples = TrafficSamples()
    }
    private let shared: Shared

    package init(ports: ServingPorts, clock: any Clock, files: DispatchQueue) {
        (self.ports, self.clock, self.files) = (ports, clock, files)
        shared = Shared()
    }

    /// The same server with other ports behind some of its paths.
    init(_ server: Surroundings, ports: ServingPorts) {
        (self.ports, clock, files, shared) = (ports, server.clock, server.files, server.shared)
    }

    /// Where the server listens; nil before it does.
    package var address: HTTPServer.Address? {
        get { shared.state.withLock { $0.address } }
        set { shared.state.withLock { $0.address = newValue } }
    }

    /// Every route, once all are registered.
    package var routes: RouteTable {
        get { shared.state.withLock { $0.routes } }
        set { shared.state.withLock { $0.routes = newValue } }
    }

    /// How the server did lately.
    var samples: TrafficSamples { shared.samples }

    /// Whether answers without an end should come to one.
    package var areStreamsEnded: Bool { shared.state.withLock { $0.areStreamsEnded } }

    /// For the end of the program: whoever listens is told that nothing more comes.
    package func endStreams() {
        shared.state.withLock { $0.areStreamsEnded = true }
        ports.events.close()
    }
}
