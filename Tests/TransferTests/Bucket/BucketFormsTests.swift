import Testing

@testable import Transfer

/// Names, addresses and answers, without a store.
@Suite struct BucketFormsTests {
    @Test func `a place is a bucket, a prefix and where the store is`() throws {
        let own = try BucketPlace("s3://models/a/b/", endpoint: "http://127.0.0.1:9000/", region: "eu-west-1")
        #expect((own.bucket, own.prefix, own.region) == ("models", "a/b", "eu-west-1"))
        #expect(own.key("0/r/x y") == "a/b/0/r/x y")
        #expect(own.url(key: "a/b/x y+é") == "http://127.0.0.1:9000/models/a/b/x%20y%2B%C3%A9")
        #expect(
            own.url(key: "", query: [("prefix", "a/"), ("list-type", "2")])
                == "http://127.0.0.1:9000/models?list-type=2&prefix=a%2F")
        let amazon = try BucketPlace("s3://models")
        #expect(amazon.url(key: "x") == "https://models.s3.us-east-1.amazonaws.com/x")
        #expect(amazon.url(key: "") == "https://models.s3.us-east-1.amazonaws.com/")
        #expect(amazon.key("x") == "x")
        #expect(try BucketPlace("s3://my.models").url(key: "x") == "https://s3.us-east-1.amazonaws.com/my.models/x")
    }

    @Test(arguments: [
        "models", "s3:/models", "http://models", "s3://", "s3://ab", "s3://Models", "s3://a_b_c", "s3://models/../x",
        "s3://models/a b", "s3://.models", "s3://mo..dels",
    ])
    func `what is no place is refused`(_ text: String) {
        #expect(throws: BucketError.self) { try BucketPlace(text) }
    }

    @Test(arguments: ["127.0.0.1:9000", "ftp://x", "http://user:pw@host", "http://host/?a=b", "http://a b"])
    func `what is no endpoint is refused`(_ text: String) {
        #expect(throws: BucketError.self) { try BucketPlace("s3://models", endpoint: text) }
    }

    @Test func `keys come from the environment alone, and what is missing is named`() throws {
        #expect(throws: BucketError.noCredentials(missing: ["AWS_SECRET_ACCESS_KEY"])) {
            try BucketCredentials(environment: ["AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": ""])
        }
        let keys = try BucketCredentials(environment: ["AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"])
        #expect(keys.keyID == "a" && keys.sessionToken == nil)
    }

    // MARK: Answers

    @Test func `elements, entities and attributes are read`() throws {
        let source = """
            <?xml version="1.0" encoding="UTF-8"?>
            <a:R xmlns:a="http://x/>"><K>1 &lt; 2 &amp;&#x41;&#66;</K><E/><K b='>'>two</K></a:R>
            """
        let root = try #require(BucketXML(Array(source.utf8)))
        #expect(root.name == "R")
        #expect(root.all("K").map(\.text) == ["1 < 2 &AB", "two"])
        #expect(root["E"] == "")
    }

    @Test(arguments: [
        "", "x", "<a>", "<a></b>", "<a><b></a></b>", "<a/>x", "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>",
        "<a>&x;</a>",
        "<a>&#xD800;</a>", "<a>&amp</a>", "< a/>", "<a><!-- x --></a>", "<a b=\"></a>",
        String(repeating: "<a>", count: 100_000),
    ])
    func `what is not well-formed, or more than such answers need, is refused`(_ source: String) {
        #expect(BucketXML(Array(source.utf8)) == nil)
    }

    @Test func `a name that a listing escaped comes back, and one that is no text does not`() {
        #expect(BucketPlace.unescaped("a%2Fb+c%20d%2Be%E6%A8%A1%") == "a/b c d+e模%")
        #expect(BucketPlace.unescaped("%FF") == nil)
    }

    @Test func `a date of the store is a second`() {
        #expect(BucketDate.seconds("2010-11-10T20:48:33.000Z") == 1_289_422_113)
        #expect(BucketDate.seconds("yesterday") == nil)
    }
}
