import CTransfer

/// By what a request is signed, so that an object store knows whose it is: AWS Signature Version 4, which libcurl computes.
///
/// - Source: "Authenticating Requests (AWS Signature Version 4)", Amazon S3 API reference.
struct RequestSignature: Sendable {
    var region: String
    var keyID: String
    var secret: String

    /// Calls `body` while the request points at the words.
    func lend(to request: inout mls_transfer_request, _ body: (inout mls_transfer_request) -> Void) {
        "aws:amz:\(region):s3".withCString { provider in
            keyID.withCString { keyID in
                secret.withCString { secret in
                    (request.signature, request.signing_key_id, request.signing_secret) = (provider, keyID, secret)
                    body(&request)
                }
            }
        }
    }
}
