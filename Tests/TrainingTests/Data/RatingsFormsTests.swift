import Testing

@testable import Training

struct RatingsFormsTests {
    private static let expected = ["1 31 2.5 1260759144", "1 1029 3.0 1260759179", "20 31 5.0 1260759182"]

    @Test(arguments: [
        "userId,movieId,rating,timestamp\n1,31,2.5,1260759144\n1,1029,3.0,1260759179\n20,31,5.0,1260759182\n",
        "1,31,2.5,1260759144\n1,1029,3,1260759179\n20,31,5,1260759182",
        "\u{FEFF}userId,movieId,rating,timestamp\r\n1,31,2.5,1260759144\r\n1,1029,3.0,1260759179\r\n20,31,5.0,1260759182\r\n",
        "\"userId\",\"movieId\",\"rating\",\"timestamp\"\n\"1\",\"31\",\"2.5\",\"1260759144\"\n1,1029,3.0,1260759179\n20,31,5.0,1260759182\n",
        "user_id, item_id, rating, timestamp\n1, 31, 2.5, 1260759144\n\n1,1029,3.00,1260759179\n20,31,5.0,1260759182\n\n",
    ])
    func `a CSV is read with or without header, quotes, mark, carriage returns and last line break`(text: String) throws
    {
        #expect(try RatingsFixture(["ratings.csv": text]).lines() == Self.expected)
    }

    @Test func `double colons and tabs are read`() throws {
        let colons = "1::31::2.5::1260759144\n1::1029::3::1260759179\n20::31::5::1260759182\n"
        #expect(try RatingsFixture(["ratings.dat": colons]).lines() == Self.expected)
        let tabs = "1\t31\t2.5\t1260759144\n1\t1029\t3\t1260759179\n20\t31\t5\t1260759182\n"
        #expect(try RatingsFixture(["u.data": tabs]).lines() == Self.expected)
    }

    @Test func `a file of any name is recognised by its first line`() throws {
        let fixture = try RatingsFixture(["a.txt": "1::2::3::4\n", "b.txt": "1\t2\t3\t4\n", "c.txt": "1,2,3,4\n"])
        for name in ["a.txt", "b.txt", "c.txt"] { #expect(try fixture.lines(name) == ["1 2 3.0 4"]) }
    }

    @Test func `the rating and the time may be missing`() throws {
        let fixture = try RatingsFixture([
            "pairs.csv": "userId,movieId\nann,film a\nbob,film b\n", "triples.csv": "1,2,3.5\n",
        ])
        #expect(try fixture.lines("pairs.csv") == ["ann film a nan 0", "bob film b nan 0"])
        #expect(try fixture.lines("triples.csv") == ["1 2 3.5 0"])
    }

    @Test func `ids are words of any length, and zeros in front tell them apart`() throws {
        let long = String(repeating: "x", count: 255)
        let fixture = try RatingsFixture(["ratings.csv": "007,a,3,1\n7,\(long),3,1\nÜnïcödé-person,a,3,1\n"])
        #expect(try fixture.lines() == ["007 a 3.0 1", "7 \(long) 3.0 1", "Ünïcödé-person a 3.0 1"])
    }

    @Test func `many ids of every length keep their numbers apart`() throws {
        let ids = (0..<5000).map { String($0 * 7919, radix: 36) + String(repeating: "z", count: $0 % 12) }
        let text = ids.map { "\($0),item,3,1\n" }.joined()
        #expect(try RatingsFixture(["ratings.csv": text]).lines() == ids.map { "\($0) item 3.0 1" })
    }

    @Test(arguments: [1, 7, 16, 40, 1000])
    func `stretches that end anywhere, on any number of workers, give the same columns`(bytesPerChunk: Int) throws {
        let text =
            "\u{FEFF}userId,movieId,rating,timestamp\r\n"
            + (1...60).map { "\($0 % 7),\($0),3.5,\(1000 + $0)\r\n" }.joined()
        let fixture = try RatingsFixture(["ratings.csv": text])
        let source = try DatasetSource(recognising: fixture.path)
        let whole = try RatingsColumns(reading: source, workers: BackwardWorkers(count: 1))
        #expect(whole.count == 60)
        let workers: [any Workers] = [BackwardWorkers(count: 1), QueueWorkers(count: 3)]
        for workers in workers {
            let columns = try RatingsColumns(reading: source, bytesPerChunk: bytesPerChunk, workers: workers)
            #expect(columns.count == 60)
            #expect(columns.users == whole.users)
            #expect(columns.items == whole.items)
            #expect(columns.userIndex.array(60) == whole.userIndex.array(60))
            #expect(columns.itemIndex.array(60) == whole.itemIndex.array(60))
            #expect(columns.timestampSeconds.array(60) == whole.timestampSeconds.array(60))
        }
    }

    @Test func `a folder is recognised by what is in it, and refused when that is nothing or too much`() throws {
        let nothing = try RatingsFixture(["readme.txt": "hello"])
        #expect(
            message { _ = try DatasetSource(recognising: nothing.path) }.contains("ratings.csv, ratings.dat or u.data"))
        let both = try RatingsFixture(["ratings.csv": "1,2,3,4\n", "u.data": "1\t2\t3\t4\n"])
        #expect(message { _ = try DatasetSource(recognising: both.path) }.contains("several forms"))
        #expect(message { _ = try DatasetSource(recognising: both.path + "/none") }.contains("no file or folder"))
    }

    @Test func `the films beside the ratings belong to them`() throws {
        let fixture = try RatingsFixture(["u.data": "1\t2\t3\t4\n", "u.item": ""])
        #expect(try DatasetSource(recognising: fixture.path).moviesPath == fixture.path + "/u.item")
        #expect(try DatasetSource(recognising: fixture.path + "/u.data").moviesPath?.hasSuffix("/u.item") == true)
    }
}
