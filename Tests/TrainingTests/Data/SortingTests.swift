import CKernels
import Testing

@testable import Training

/// Orders that are counted, against those that are compared.
struct SortingTests {
    private func times(_ count: Int, span: UInt64, seed: UInt64) -> SharedBuffer<UInt32> {
        var random = SplitMix64(seed: seed, stream: 0)
        let times = SharedBuffer<UInt32>(count: count)
        for row in 0..<count { times[row] = UInt32(random.next(upperBound: span)) }
        return times
    }

    @Test(arguments: [(0, 10), (1, 10), (1000, 3), (20_000, 400_000), (5000, UInt64(UInt32.max))])
    func `rows by time are sorted, those of a second in the order they had`(count: Int, span: UInt64) {
        let times = times(count, span: span, seed: 1)
        let expected = (0..<count).sorted { (times[$0], $0) < (times[$1], $1) }.map { UInt32($0) }
        for workers in [BackwardWorkers(count: 1), QueueWorkers(count: 2)] as [any Workers] {
            #expect(TimeOrder(times, count: count).rows(workers: workers).array(count) == expected)
        }
    }

    @Test func `rows of a group keep their order, and groups without rows are empty`() {
        let count = 600_000
        let groups = times(count, span: 50, seed: 2)
        for row in 0..<count where groups[row] == 7 { groups[row] = 8 }
        let (offsets, rows) = Grouping.rows(by: groups, count: count, groups: 60, workers: QueueWorkers(count: 2))
        #expect(offsets.count == 61 && offsets.last == count)
        #expect(offsets[7] == offsets[8] && offsets[50] == count)
        for group in 0..<60 {
            let own = (offsets[group]..<offsets[group + 1]).map { rows[$0] }
            #expect(own.allSatisfy { groups[Int($0)] == group })
            #expect(zip(own, own.dropFirst()).allSatisfy { $0 < $1 })
        }
    }

    @Test func `line feeds are counted wherever they lie`() {
        for count in [0, 1, 63, 64, 65, 5000] {
            let text = (0..<count).map { UInt8($0 % 7 == 3 ? 10 : 65) }
            #expect(mls_count_breaks(text, count) == text.count { $0 == 10 })
        }
        #expect(mls_count_breaks([UInt8](repeating: 10, count: 100_000), 100_000) == 100_000)
    }
}
