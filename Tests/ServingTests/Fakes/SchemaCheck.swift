@testable import Serving

/// Whether a value has the shape that `/openapi.json` promises.
enum SchemaCheck {
    /// - Returns: what is wrong, each with its place; empty when all is as promised.
    static func problems(of value: JSONValue, _ schema: Schema, at place: String = "answer") -> [String] {
        switch (schema, value) {
        case (.named(let name), _):
            guard let schema = APISchemas.all.first(where: { $0.name == name })?.schema else {
                return ["no schema \(name)"]
            }
            return problems(of: value, schema, at: place)
        case (.any, _), (.nullable, .null), (.string, .string), (.integer, .integer), (.number, .integer),
            (.number, .number),
            (.boolean, .bool):
            return []
        case (.nullable(let inner), _): return problems(of: value, inner, at: place)
        case (.time, .string(let text)):
            return text.utf8.count >= 20 && text.hasSuffix("Z") ? [] : ["\(place) is no time: \(text)"]
        case (.date, .string(let text)): return text.utf8.count == 10 ? [] : ["\(place) is no date: \(text)"]
        case (.choice(let values), .string(let text)): return values.contains(text) ? [] : ["\(place) is \(text)"]
        case (.array(let element), .array(let values)):
            return values.enumerated().flatMap { problems(of: $1, element, at: "\(place)[\($0)]") }
        case (.map(let element), .object(let members)):
            return members.flatMap { problems(of: $1, element, at: "\(place).\($0)") }
        case (.object(let required, let optional, let isOpen), .object(let members)):
            var found = required.flatMap { member in
                members[member.name].map { problems(of: $0, member.schema, at: "\(place).\(member.name)") }
                    ?? ["\(place) lacks \(member.name)"]
            }
            for member in optional {
                if let value = members[member.name] {
                    found += problems(of: value, member.schema, at: "\(place).\(member.name)")
                }
            }
            let known = Set((required + optional).map(\.name))
            if !isOpen { found += members.keys.filter { !known.contains($0) }.map { "\(place) has \($0) besides" } }
            return found
        default: return ["\(place) is \(value.kind), not \(schema)"]
        }
    }
}
