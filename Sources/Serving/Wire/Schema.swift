/// The shape of a JSON value, as OpenAPI 3.1 (JSON Schema 2020-12) writes it.
package indirect enum Schema: Sendable {
    case string
    /// RFC 3339.
    case time
    /// `YYYY-MM-DD`
    case date
    case integer
    case number
    case boolean
    case choice([String])
    case array(Schema)
    /// An object whose member names are data.
    case map(Schema)
    /// An object with exactly these members, of which those in `optional` may be missing.
    case object([Member], optional: [Member] = [], open: Bool = false)
    case nullable(Schema)
    /// Whatever JSON can say.
    case any
    /// Another one by its name in `APISchemas`.
    case named(String)

    /// A member of an object.
    package struct Member: Sendable {
        package var name: String
        package var schema: Schema
        package init(_ name: String, _ schema: Schema) { (self.name, self.schema) = (name, schema) }
    }
}

extension JSONWriter {
    /// One schema as an object.
    mutating func schema(_ schema: Schema) {
        object { json in
            switch schema {
            case .string: json.member("type", "string")
            case .time:
                json.member("type", "string")
                json.member("format", "date-time")
            case .date:
                json.member("type", "string")
                json.member("format", "date")
            case .integer: json.member("type", "integer")
            case .number: json.member("type", "number")
            case .boolean: json.member("type", "boolean")
            case .choice(let values):
                json.member("type", "string")
                json.member("enum", values)
            case .array(let element):
                json.member("type", "array")
                json.key("items")
                json.schema(element)
            case .map(let value):
                json.member("type", "object")
                json.key("additionalProperties")
                json.schema(value)
            case .object(let required, let optional, let isOpen):
                json.member("type", "object")
                json.member(
                    "properties",
                    object: { json in
                        for member in required + optional {
                            json.key(named: member.name)
                            json.schema(member.schema)
                        }
                    })
                if !required.isEmpty { json.member("required", required.map(\.name)) }
                if !isOpen { json.member("additionalProperties", false) }
            case .nullable(let inner):
                json.member(
                    "anyOf",
                    array: { json in
                        json.schema(inner)
                        json.object { $0.member("type", "null") }
                    })
            case .any: break
            case .named(let name): json.member("$ref", "#/components/schemas/\(name)")
            }
        }
    }
}
