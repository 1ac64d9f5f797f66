/// Sorts rows by time: first into days, then within each day, where everything fits into the nearest cache.
struct TimeOrder {
    private let times: SharedBuffer<UInt32>
    private let count: Int

    private static let secondsPerDay: UInt32 = 86_400
    /// Of a second within a day, 17 bits in two halves.
    private static let halfBits: UInt32 = 9

    init(_ times: SharedBuffer<UInt32>, count: Int) { (self.times, self.count) = (times, count) }

    /// Rows by time, those of the same second in the order they had.
    func rows(workers: any Workers) -> SharedBuffer<UInt32> {
        let order = SharedBuffer<UInt32>(uninitialized: count)
        if count == 0 { return order }
        let chunks = RowChunks(rows: count, rowsPerChunk: 1 << 20)
        let days = dayRange(chunks, workers)
        // Where each stretch puts its rows of each day: after those of the days before, and of the stretches before.
        let width = days.count + 1
        let places = SharedBuffer<UInt32>(count: chunks.count * width)
        workers.run(chunks: chunks.count) { _, chunk in
            let own = places.start + chunk * width
            for row in chunks[chunk] { own[Int(times[row] / Self.secondsPerDay - days.lowerBound)] += 1 }
        }
        var dayStarts: [Int] = []
        var next: UInt32 = 0
        for day in 0..<days.count {
            dayStarts.append(Int(next))
            for chunk in 0..<chunks.count {
                let rows = places[chunk * width + day]
                places[chunk * width + day] = next
                next += rows
            }
        }
        dayStarts.append(count)
        workers.run(chunks: chunks.count) { _, chunk in
            let own = places.start + chunk * width
            for row in chunks[chunk] {
                let day = Int(times[row] / Self.secondsPerDay - days.lowerBound)
                order[Int(own[day])] = UInt32(row)
                own[day] += 1
            }
        }
        sortDays(order, dayStarts, workers)
        return order
    }

    private func dayRange(_ chunks: RowChunks, _ workers: any Workers) -> Range<UInt32> {
        let firsts = SharedBuffer<UInt32>(count: chunks.count)
        let lasts = SharedBuffer<UInt32>(count: chunks.count)
        workers.run(chunks: chunks.count) { _, chunk in
            var (first, last) = (UInt32.max, UInt32(0))
            for row in chunks[chunk] { (first, last) = (min(first, times[row]), max(last, times[row])) }
            (firsts[chunk], lasts[chunk]) = (first, last)
        }
        let first = (firsts.elements.min() ?? 0) / Self.secondsPerDay
        return first..<(lasts.elements.max() ?? 0) / Self.secondsPerDay + 1
    }

    /// - Source: Knuth, volume 3, section 5.2.5.
    private func sortDays(_ order: SharedBuffer<UInt32>, _ starts: [Int], _ workers: any Workers) {
        let longest = zip(starts, starts.dropFirst()).reduce(0) { max($0, $1.1 - $1.0) }
        let spare = SharedBuffer<UInt32>(uninitialized: workers.count * longest)
        let buckets = 1 << Int(Self.halfBits)
        let counts = SharedBuffer<Int>(count: workers.count * (buckets + 1))
        // Several days at once, for there are thousands.
        let chunks = RowChunks(offsets: starts, costPerRow: 64)
        workers.run(chunks: chunks.count) { worker, chunk in
            let (spare, counts) = (spare.start + worker * longest, counts.start + worker * (buckets + 1))
            for day in chunks[chunk] where starts[day + 1] - starts[day] > 1 {
                let rows = order.start + starts[day]
                let length = starts[day + 1] - starts[day]
                for (source, target, shift) in [(rows, spare, UInt32(0)), (spare, rows, Self.halfBits)] {
                    counts.update(repeating: 0, count: buckets + 1)
                    for place in 0..<length { counts[bucket(source[place], shift) + 1] += 1 }
                    for bucket in 0..<buckets { counts[bucket + 1] += counts[bucket] }
                    for place in 0..<length {
                        let bucket = bucket(source[place], shift)
                        target[counts[bucket]] = source[place]
                        counts[bucket] += 1
                    }
                }
            }
        }
    }

    private func bucket(_ row: UInt32, _ shift: UInt32) -> Int {
        Int(((times[Int(row)] % Self.secondsPerDay) >> shift) & ((1 << Self.halfBits) - 1))
    }
}
