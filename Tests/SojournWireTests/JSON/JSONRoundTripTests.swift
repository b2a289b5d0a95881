import SojournWire
import Testing

/// What is written reads back the same, for random trees from fixed seeds.
@Suite struct JSONRoundTripTests {
    private indirect enum Tree: Equatable {
        case null
        case bool(Bool)
        case int(Int)
        case double(Double)
        case string(String)
        case array([Tree])
        case object([(name: String, tree: Tree)])

        static func == (a: Tree, b: Tree) -> Bool { "\(a)" == "\(b)" }
    }

    private struct Grower {
        var random: SplitMix64

        mutating func tree(depth: Int) -> Tree {
            switch Int.random(in: 0..<(depth > 0 ? 8 : 5), using: &random) {
            case 0: return .null
            case 1: return .bool(Bool.random(using: &random))
            case 2: return .int(Int(truncatingIfNeeded: random.next() >> UInt64.random(in: 0..<64, using: &random)))
            case 3: return .double(double())
            case 4: return .string(string())
            case 5: return .array((0..<count()).map { _ in tree(depth: depth - 1) })
            default:
                return .object((0..<count()).map { (name: "\($0)" + string(), tree: tree(depth: depth - 1)) })
            }
        }

        private mutating func count() -> Int { Int.random(in: 0...5, using: &random) }

        private mutating func double() -> Double {
            let number = Double(bitPattern: random.next())
            return number.isFinite ? number : 0.5
        }

        private mutating func string() -> String {
            let ranges: [ClosedRange<UInt32>] = [1...0x7F, 1...0x7F, 0x80...0x7FF, 0x2020...0x2030, 0xE000...0x10FFFF]
            var text = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...12, using: &random) {
                let range = ranges[Int.random(in: 0..<ranges.count, using: &random)]
                text.append(Unicode.Scalar(UInt32.random(in: range, using: &random)) ?? "?")
            }
            return String(text)
        }
    }

    private func write(_ tree: Tree, to writer: inout JSONWriter) {
        switch tree {
        case .null: writer.value(nil as Bool?)
        case .bool(let value): writer.value(value)
        case .int(let value): writer.value(value)
        case .double(let value): writer.value(value)
        case .string(let value): writer.value(value)
        case .array(let trees): writer.array { for tree in trees { write(tree, to: &$0) } }
        case .object(let fields):
            writer.object {
                for field in fields {
                    $0.key(named: field.name)
                    write(field.tree, to: &$0)
                }
            }
        }
    }

    private func read(_ value: JSONValue) throws -> Tree {
        switch value.kind {
        case .null: .null
        case .bool: .bool(try value.bool())
        case .number:
            if let whole = try? value.int(in: .min ... .max) { .int(whole) } else { .double(try value.double()) }
        case .string: .string(try value.string(maxBytes: 1000))
        case .array: .array(try value.array(maxCount: 5).map(read))
        case .object: .object(try value.object(maxFields: 5).entries.map { ($0.name, try read($0.value)) })
        }
    }

    @Test(arguments: UInt64(0)..<300)
    func readsBackWhatIsWritten(seed: UInt64) throws {
        var grower = Grower(random: SplitMix64(seed: seed))
        let tree = grower.tree(depth: 4)
        var writer = JSONWriter()
        write(tree, to: &writer)
        let value = try JSONValue(validating: writer.bytes)
        #expect(value.raw == writer.bytes)
        #expect(try read(value) == tree)
    }
}
