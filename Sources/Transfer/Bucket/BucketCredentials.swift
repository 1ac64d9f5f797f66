/// Who asks the object store.
package struct BucketCredentials: Sendable {
    package let keyID: String
    let secret: String
    /// Of keys that are given out for some hours.
    let sessionToken: String?

    package init(keyID: String, secret: String, sessionToken: String? = nil) {
        (self.keyID, self.secret, self.sessionToken) = (keyID, secret, sessionToken)
    }

    private static let idName = "AWS_ACCESS_KEY_ID"
    private static let secretName = "AWS_SECRET_ACCESS_KEY"
    private static let tokenName = "AWS_SESSION_TOKEN"

    /// Where in an environment they stand, set or not.
    package static let names: Set<String> = [idName, secretName, tokenName]
    /// Of these, what nobody may see; the other one names the key, and stands in every request.
    package static let secretNames: Set<String> = [secretName, tokenName]

    /// - Parameter environment: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and, if there is one, `AWS_SESSION_TOKEN`.
    /// - Throws: `BucketError.noCredentials`.
    package init(environment: [String: String]) throws(BucketError) {
        let missing = [Self.idName, Self.secretName].filter { environment[$0, default: ""].isEmpty }
        guard missing.isEmpty, let keyID = environment[Self.idName], let secret = environment[Self.secretName] else {
            throw .noCredentials(missing: missing)
        }
        let token = environment[Self.tokenName].flatMap { $0.isEmpty ? nil : $0 }
        self.init(keyID: keyID, secret: secret, sessionToken: token)
    }
}
