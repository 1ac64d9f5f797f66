/// Counting sort.
enum Grouping {
    /// Rows of each group, in the order they had.
    ///
    /// Stretches of rows are counted and moved each by itself; where one puts its rows of a group is known from the counts
    /// of those before it.
    static func rows(
        by groups: SharedBuffer<UInt32>, count: Int, groups groupCount: Int, workers: any Workers
    ) -> (offsets: [Int], rows: SharedBuffer<UInt32>) {
        let chunks = RowChunks(rows: count, rowsPerChunk: 1 << 18, atMost: 8)
        let places = SharedBuffer<UInt32>(count: max(1, chunks.count) * groupCount)
        workers.run(chunks: chunks.count) { _, chunk in
            let own = places.start + chunk * groupCount
            for row in chunks[chunk] { own[Int(groups[row])] += 1 }
        }
        var offsets = [Int](repeating: 0, count: groupCount + 1)
        var next: UInt32 = 0
        for group in 0..<groupCount {
            for chunk in 0..<chunks.count {
                let rows = places[chunk * groupCount + group]
                places[chunk * groupCount + group] = next
                next += rows
            }
            offsets[group + 1] = Int(next)
        }
        let rows = SharedBuffer<UInt32>(uninitialized: count)
        workers.run(chunks: chunks.count) { _, chunk in
            let own = places.start + chunk * groupCount
            for row in chunks[chunk] {
                let group = Int(groups[row])
                rows[Int(own[group])] = UInt32(row)
                own[group] += 1
            }
        }
        return (offsets, rows)
    }
}
