/// Who asks the object store.
package struct BucketCredentials: Sendable {
    package let keyID: String
    let secret: String
    /// Of keys that are given out for some hours.
    let sessionToken: String?

    package init(keyID: String, secret: String, sessionToken: String? = nil) {
        (self.keyID, self.secret, self.sessionToken) = (keyID, secret, sessionToken)
    }

    /// - Parameter environment: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and, if there is one, `AWS_SESSION_TOKEN`.
    /// - Throws: `BucketError.noCredentials`.
    package init(environment: [String: String]) throws(BucketError) {
        let names = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]
        let missing = names.filter { environment[$0, default: ""].isEmpty }
        guard missing.isEmpty, let keyID = environment[names[0]], let secret = environment[names[1]] else {
            throw .noCredentials(missing: missing)
        }
        let token = environment["AWS_SESSION_TOKEN"].flatMap { $0.isEmpty ? nil : $0 }
        self.init(keyID: keyID, secret: secret, sessionToken: token)
    }
}
