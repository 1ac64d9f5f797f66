import Hummingbird
import NIOCore
import Scheduling

/// Figures for Prometheus.
struct MetricsRoutes: RouteFamily {
    let surroundings: Surroundings

    /// Upper edges of the latency histogram, in microseconds: powers of four, which the recorder counts exactly.
    private static let edges = (2...11).map { Double(1 << (2 * $0)) }

    func register(in table: inout RouteTable) {
        table.get("/metrics", RouteDocumentation("Figures for Prometheus", tag: "status", text: "text/plain")) { _ in
            let status = await surroundings.ports.replay.status()
            return .text(text(status), type: "text/plain; version=0.0.4; charset=utf-8")
        }
    }

    private func text(_ replay: ReplayStatus) -> String {
        var page = PrometheusPage()
        let routes = surroundings.routes.routes.map { ($0, $0.measure.snapshot()) }.filter { $0.1.requests > 0 }
        page.begin("mlstack_http_requests_total", "counter", "Requests answered, by route, method and status.")
        for (route, measure) in routes {
            for (status, count) in measure.statuses.sorted(by: { $0.key < $1.key }) {
                page.sample("mlstack_http_requests_total", labels(route) + [("status", String(status))], Double(count))
            }
        }
        page.begin("mlstack_http_request_seconds", "histogram", "Time from a request's arrival to its answer.")
        for (route, measure) in routes {
            for edge in MetricsRoutes.edges {
                page.sample(
                    "mlstack_http_request_seconds_bucket", labels(route) + [("le", String(edge / 1e6))],
                    Double(measure.total.count(upToMicroseconds: edge)))
            }
            page.sample(
                "mlstack_http_request_seconds_bucket", labels(route) + [("le", "+Inf")], Double(measure.requests))
            page.sample("mlstack_http_request_seconds_sum", labels(route), measure.total.sumMicroseconds / 1e6)
            page.sample("mlstack_http_request_seconds_count", labels(route), Double(measure.requests))
        }
        let slot = surroundings.ports.slot
        page.single("mlstack_model_swaps_total", "counter", "Models loaded since the start.", Double(slot.swaps))
        page.begin("mlstack_model_version", "gauge", "The version that answers.")
        if let model = slot.model {
            page.sample(
                "mlstack_model_version", [("model", model.name), ("alias", model.alias ?? "")], Double(model.version))
        }
        let shadow = surroundings.ports.shadow.snapshot
        page.begin("mlstack_shadow_overlap", "summary", "Share of an answer that the challenger names too.")
        page.sample("mlstack_shadow_overlap_sum", [], shadow.total.overlapSum)
        page.sample("mlstack_shadow_overlap_count", [], Double(shadow.total.answers))
        page.single(
            "mlstack_shadow_dropped_total", "counter", "Answers that the challenger was too busy for.",
            Double(shadow.total.dropped))
        page.begin("mlstack_shadow_version", "gauge", "The version that answers unheard.")
        if let model = shadow.model {
            page.sample(
                "mlstack_shadow_version", [("model", model.name), ("alias", model.alias ?? "")], Double(model.version))
        }
        page.single("mlstack_replay_day", "gauge", "Simulated days completed.", Double(replay.day))
        page.single(
            "mlstack_replay_time_seconds", "gauge", "The simulated moment, in seconds since 1970.",
            Double(replay.now.seconds))
        page.single("mlstack_ratings_arrived", "gauge", "Ratings that have arrived.", Double(replay.ratingsArrived))
        page.single(
            "process_start_time_seconds", "gauge", "When the program began, in seconds since 1970.",
            Double(surroundings.ports.facts.startedAtMilliseconds) / 1000)
        if let memory = ProcessMemory.residentBytes {
            page.single("process_resident_memory_bytes", "gauge", "Resident memory.", Double(memory))
        }
        return page.text
    }

    private func labels(_ route: RouteTable.Route) -> [(String, String)] {
        [("route", route.pattern), ("method", route.method.rawValue)]
    }
}

/// Prometheus' text format, version 0.0.4.
private struct PrometheusPage {
    private(set) var text = ""

    mutating func begin(_ name: String, _ type: String, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    }

    mutating func sample(_ name: String, _ labels: [(name: String, value: String)], _ value: Double) {
        let list = labels.map { "\($0.name)=\"\(escape($0.value))\"" }.joined(separator: ",")
        let number = value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
        text += "\(name)\(list.isEmpty ? "" : "{\(list)}") \(number)\n"
    }

    mutating func single(_ name: String, _ type: String, _ help: String, _ value: Double) {
        begin(name, type, help)
        sample(name, [], value)
    }

    private func escape(_ value: String) -> String {
        var escaped = ""
        for character in value {
            switch character {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            default: escaped.append(character)
            }
        }
        return escaped
    }
}
