import Hummingbird

/// The API's description in OpenAPI 3.1, made from the table that answers the requests: it cannot name a route that is not there.
enum OpenAPI {
    static func document(of table: RouteTable, version: String) -> JSONWriter {
        var json = JSONWriter(capacity: 64 << 10)
        json.object { json in
            json.member("openapi", "3.1.0")
            json.member(
                "info",
                object: { json in
                    json.member("title", "mlstack")
                    json.member("version", version)
                    json.member(
                        "description",
                        "Recommendations, pipelines, models and the replay clock of one mlstack server. Errors are told as "
                            + "{\"error\":{\"code\",\"message\",\"remedy\"}}. The MLflow REST API is served beside it, under /api/2.0/mlflow."
                    )
                    json.member("license", object: { $0.member("name", "Apache-2.0") })
                })
            json.member(
                "paths",
                object: { json in
                    for (pattern, routes) in byPattern(table) {
                        json.key(named: pattern)
                        json.object { json in
                            for route in routes {
                                json.key(named: route.method.rawValue.lowercased())
                                json.operation(route)
                            }
                        }
                    }
                })
            json.member(
                "components",
                object: { json in
                    json.member(
                        "schemas",
                        object: { json in
                            for (name, schema) in APISchemas.all {
                                json.key(named: name)
                                json.schema(schema)
                            }
                        })
                    json.member(
                        "securitySchemes",
                        object: { json in
                            json.member(
                                "token",
                                object: { json in
                                    json.member("type", "http")
                                    json.member("scheme", "bearer")
                                })
                        })
                })
            // Only servers that were given a token ask for it.
            json.member(
                "security",
                array: { json in
                    json.object { _ in }
                    json.object { $0.member("token", array: { _ in }) }
                })
        }
        return json
    }

    /// Documented routes, in the order of their registration, those of one path together.
    static func byPattern(_ table: RouteTable) -> [(pattern: String, routes: [RouteTable.Route])] {
        var order: [String] = []
        var routes: [String: [RouteTable.Route]] = [:]
        for route in table.routes where route.documentation != nil {
            if routes[route.pattern] == nil { order.append(route.pattern) }
            routes[route.pattern, default: []].append(route)
        }
        return order.map { ($0, routes[$0] ?? []) }
    }
}

extension JSONWriter {
    fileprivate mutating func operation(_ route: RouteTable.Route) {
        guard let documentation = route.documentation else { return null() }
        object { json in
            json.member("summary", documentation.summary)
            json.member("tags", [documentation.tag])
            json.member(
                "parameters",
                array: { json in
                    for name in route.parameterNames {
                        json.object { json in
                            json.member("name", name)
                            json.member("in", "path")
                            json.member("required", true)
                            json.key("schema")
                            json.schema(.string)
                        }
                    }
                    for parameter in documentation.query {
                        json.object { json in
                            json.member("name", parameter.name)
                            json.member("in", "query")
                            json.member("description", parameter.help)
                            json.member("schema", object: { $0.member("type", parameter.kind.rawValue) })
                        }
                    }
                })
            if let body = documentation.body {
                json.member(
                    "requestBody",
                    object: { json in
                        json.member(
                            "content",
                            object: { json in
                                for mediaType in body.mediaTypes {
                                    json.key(named: mediaType)
                                    json.object { json in
                                        json.key("schema")
                                        json.schema(.named(body.schema))
                                    }
                                }
                            })
                    })
            }
            json.member(
                "responses",
                object: { json in
                    for answer in documentation.answers {
                        json.key(named: String(answer.status))
                        json.object { json in
                            json.member("description", answer.help)
                            json.member(
                                "content",
                                object: { json in
                                    json.key(named: answer.mediaType)
                                    json.object { json in
                                        json.key("schema")
                                        json.schema(answer.schema.map { .named($0) } ?? .string)
                                    }
                                })
                        }
                    }
                })
        }
    }
}
