/// NumPy's `SeedSequence`: spreads a few numbers over the state of a generator.
struct SeedSequence {
    private var pool: [UInt32]

    /// - Parameter entropy: the numbers to spread; each counts with as many 32-bit words as it needs.
    init(_ entropy: [UInt64]) {
        let words = entropy.flatMap {
            $0 >> 32 == 0 ? [UInt32($0)] : [UInt32(truncatingIfNeeded: $0), UInt32($0 >> 32)]
        }
        var constant: UInt32 = 0x43b0_d7e5
        func hash(_ word: UInt32) -> UInt32 {
            let mixed = word ^ constant
            constant &*= 0x931e_8875
            let product = mixed &* constant
            return product ^ (product >> 16)
        }
        func mix(_ left: UInt32, _ right: UInt32) -> UInt32 {
            let mixed = (left &* 0xca01_f9dd) &- (right &* 0x4973_f715)
            return mixed ^ (mixed >> 16)
        }
        var pool = (0..<4).map { hash($0 < words.count ? words[$0] : 0) }
        for source in 0..<4 {
            for target in 0..<4 where target != source { pool[target] = mix(pool[target], hash(pool[source])) }
        }
        for word in words.dropFirst(4) {
            for target in 0..<4 { pool[target] = mix(pool[target], hash(word)) }
        }
        self.pool = pool
    }

    /// The first `count` words of the state.
    func state(_ count: Int) -> [UInt64] {
        var constant: UInt32 = 0x8b51_f9dd
        let halves = (0..<count * 2).map { index in
            let mixed = pool[index % 4] ^ constant
            constant &*= 0x58f3_8ded
            let product = mixed &* constant
            return UInt64(product ^ (product >> 16))
        }
        return (0..<count).map { halves[$0 * 2] | halves[$0 * 2 + 1] << 32 }
    }
}
