import SojournWire

/// A reproducible source of chance (Steele, Lea, Flood: "Fast splittable pseudorandom number generators").
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// The value that a literal text in a test stands for.
func parse(_ text: String, maxDepth: Int = JSONValue.defaultDepth) throws(JSONError) -> JSONValue {
    try JSONValue(validating: Array(text.utf8), maxDepth: maxDepth)
}

func isJSON(_ bytes: [UInt8], maxDepth: Int = JSONValue.defaultDepth) -> Bool {
    (try? JSONValue(validating: bytes, maxDepth: maxDepth)) != nil
}

/// The sentence that `body` refuses with; nil when it does not.
func refusal<Value>(_ body: () throws -> Value) -> String? {
    do {
        _ = try body()
        return nil
    } catch {
        return "\(error)"
    }
}
