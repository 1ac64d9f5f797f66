import Testing

@testable import Training

struct SearchSpaceTests {
    private func space(_ tries: String..., fixed: [String: HyperparameterValue] = [:]) throws -> SearchSpace {
        try SearchSpace(algorithm: "als", fixed: fixed, tries: tries)
    }

    @Test func `a grid is every combination, the last setting changing fastest`() throws {
        let space = try space("factors=8,16", "nu=0,1", "solver=cg,cholesky")
        let points = try space.points(nil, seed: 0)
        #expect(space.combinations == 8)
        #expect(points.count == 8)
        #expect(points[0] == ["factors": .int(8), "nu": .float(0), "solver": .string("cg")])
        #expect(points[1] == ["factors": .int(8), "nu": .float(0), "solver": .string("cholesky")])
        #expect(points[7] == ["factors": .int(16), "nu": .float(1), "solver": .string("cholesky")])
        #expect(Set(points.map { "\($0.sorted { $0.key < $1.key })" }).count == 8)
        // As many trials as there are, or more, are the grid; fewer are drawn from it, none twice.
        #expect(try space.points(100, seed: 3) == points)
        let some = try space.points(5, seed: 3)
        #expect(some.count == 5)
        #expect(some.allSatisfy { points.contains($0) })
        #expect(Set(some.map { "\($0.sorted { $0.key < $1.key })" }).count == 5)
    }

    @Test func `draws lie within their bounds, are the same for a seed, and more begin with the same`() throws {
        let space = try space("factors=8..64:log", "regularization=0.001..0.1:log", "nu=0.5..1", "cg_steps=1..5")
        let points = try space.points(200, seed: 7)
        #expect(points.count == 200)
        #expect(try space.points(200, seed: 7) == points)
        #expect(try space.points(20, seed: 7) == Array(points.prefix(20)))
        #expect(try space.points(20, seed: 8) != Array(points.prefix(20)))
        var steps: Set<Int> = []
        var small = 0
        for point in points {
            guard case .int(let factors) = point["factors"], case .float(let ridge) = point["regularization"],
                case .float(let nu) = point["nu"], case .int(let step) = point["cg_steps"]
            else {
                Issue.record("\(point) has values of other kinds")
                continue
            }
            #expect((8...64).contains(factors) && (0.001...0.1).contains(ridge) && (0.5...1).contains(nu))
            steps.insert(step)
            small += ridge < 0.01 ? 1 : 0
        }
        #expect(steps == [1, 2, 3, 4, 5])
        // Half of a logarithmic range of two powers of ten lies in the lower one.
        #expect((70...130).contains(small))
    }

    @Test func `a logarithmic range up to the largest whole number can be drawn from`() throws {
        let points = try space("seed=9223372036854775800..9223372036854775807:log").points(5, seed: 1)
        #expect(!points.isEmpty)
        for point in points {
            guard case .int(let seed) = point["seed"] else {
                Issue.record("\(point) holds no whole number")
                continue
            }
            #expect(seed >= 9_223_372_036_854_775_800)
        }
    }

    @Test func `a range that holds fewer values than trials gives each once`() throws {
        #expect(try space("cg_steps=2..4").points(10, seed: 1).count == 3)
        #expect(try space("cg_steps=3..3").points(4, seed: 1) == [["cg_steps": .int(3)]])
    }

    @Test(arguments: [
        (["factors"], "--try factors is not name=values", "list"),
        (["factors="], "--try factors= names no value", "list"),
        (["factors=8,,16"], "--try factors=8,,16 is neither", "range"),
        (["nu=0.1...5"], "--try nu=0.1...5 is neither", "range"),
        (["nu=0.1..1:sqrt"], "is neither", ":log"),
        (["nu=a..b"], "is neither", "range"),
        (["nu=1..0.5"], "its lower bound 1 is above its upper bound 0.5", "--try nu=0.5..1"),
        (["nu=0..1:log"], "cannot be logarithmic", "above 0"),
        (["solver=cg..block"], "no range", "list"),
        (["factors=8,16,8"], "names 8 twice", "once"),
        (["factors=8,16", "factors=32"], "two --try", "one"),
        (["seed=1,2"], "both set and tried", "--set"),
        (["nu=0.5..1"], "no end of values", "--trials 20"),
        ([], "nothing to try", "factors"),
        (["factor=8"], "has no setting `factor`", "did you mean `factors`?"),
        (["factors=8,many"], "cannot be \"many\"", "whole number"),
        (["factors=0..8"], "cannot be 0", "1024"),
        (["factors=8.5..20"], "cannot be 8.5", "whole number"),
    ])
    func `what cannot be tried is told with a remedy`(tries: [String], what: String, remedy: String) throws {
        do {
            _ = try SearchSpace(algorithm: "als", fixed: ["seed": .int(1)], tries: tries).points(nil, seed: 0)
            Issue.record("\(tries) was accepted")
        } catch let error as SearchError {
            #expect(error.errorDescription?.contains(what) == true, "\(error.errorDescription ?? "")")
            #expect(error.recoverySuggestion?.contains(remedy) == true, "\(error.recoverySuggestion ?? "")")
        } catch let error as TrainingError {
            #expect(error.errorDescription?.contains(what) == true, "\(error.errorDescription ?? "")")
            #expect(error.recoverySuggestion?.contains(remedy) == true, "\(error.recoverySuggestion ?? "")")
        }
    }

    @Test func `a number of trials has bounds`() throws {
        for count in [0, -1, 10_001] {
            #expect(throws: SearchError.badTrialCount(count, most: 10_000)) {
                _ = try space("nu=0..1").points(count, seed: 0)
            }
        }
        let list = "seed=" + (0..<200).map(String.init).joined(separator: ",")
        let other = "iterations=" + (1...200).map(String.init).joined(separator: ",")
        #expect(throws: SearchError.badTrialCount(40_000, most: 10_000)) {
            _ = try space(list, other).points(nil, seed: 0)
        }
    }
}
