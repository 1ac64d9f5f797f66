import Testing

@testable import Training

struct ItemCatalogueTests {
    private func catalogue(_ name: String, _ bytes: [UInt8]) throws -> ItemCatalogue {
        let ratings = ["movies.csv": "ratings.csv", "movies.dat": "ratings.dat", "u.item": "u.data"][name] ?? ""
        let fixture = try RatingsFixture([ratings: ""])
        try fixture.write(name, bytes)
        return try ItemCatalogue(reading: try DatasetSource(recognising: fixture.path))
    }

    @Test func `a CSV of films keeps commas and doubled quotes inside quotes`() throws {
        let text = """
            movieId,title,genres\r
            1,Toy Story (1995),Adventure|Animation\r
            11,"American President, The (1995)",Comedy|Drama\r
            99,"The ""Real"" One (2001)",(no genres listed)\r
            100,No Year At All,Drama\r
            """
        let films = try catalogue("movies.csv", Array("\u{FEFF}\(text)".utf8))
        #expect(films.count == 4)
        #expect(films["1"] == Item(id: "1", title: "Toy Story (1995)", year: 1995, genres: ["Adventure", "Animation"]))
        #expect(films["11"]?.title == "American President, The (1995)")
        #expect(films["99"] == Item(id: "99", title: "The \"Real\" One (2001)", year: 2001, genres: []))
        #expect(films["100"]?.year == nil)
    }

    @Test func `double colons are read, in UTF-8 and in Latin-1`() throws {
        let line = "73::Misérables, Les (1995)::Drama|Musical\n"
        let expected = Item(id: "73", title: "Misérables, Les (1995)", year: 1995, genres: ["Drama", "Musical"])
        #expect(try catalogue("movies.dat", Array(line.utf8))["73"] == expected)
        let latin1 = line.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
        #expect(try catalogue("movies.dat", latin1)["73"] == expected)
    }

    @Test func `the flags of u item become genres`() throws {
        var flags = Array(repeating: "0", count: 19)
        (flags[3], flags[4], flags[5]) = ("1", "1", "1")
        let line = "1|Toy Story (1995)|01-Jan-1995||http://us.imdb.com/|" + flags.joined(separator: "|") + "\n"
        let film = try catalogue("u.item", Array(line.utf8))["1"]
        #expect(
            film == Item(id: "1", title: "Toy Story (1995)", year: 1995, genres: ["Animation", "Children's", "Comedy"]))
    }

    @Test func `a line that names no film is an error with its number`() throws {
        let text = message { _ = try catalogue("movies.csv", Array("movieId,title,genres\n1,A,B\nalone\n".utf8)) }
        #expect(text.contains("movies.csv:3: an id, a title and genres are expected"))
    }

    @Test func `without films there is an empty catalogue`() throws {
        let fixture = try RatingsFixture(["ratings.csv": ""])
        #expect(try ItemCatalogue(reading: DatasetSource(recognising: fixture.path)).count == 0)
    }

    @Test func `a search finds words anywhere, whatever case and accents, beginnings first`() throws {
        let text = "1,The Heat (1995),Action\n2,Heat (1995),Action\n3,Amélie (2001),Romance\n4,Cheating (1999),Drama\n"
        let films = try catalogue("movies.csv", Array(text.utf8))
        #expect(films.search("heat", limit: 10).map(\.id) == ["2", "1", "4"])
        #expect(films.search("AMELIE", limit: 10).map(\.id) == ["3"])
        #expect(films.search("heat", limit: 2).count == 2)
        #expect(films.search("  ", limit: 10).isEmpty)
    }
}
