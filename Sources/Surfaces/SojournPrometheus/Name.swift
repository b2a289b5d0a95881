/// Makes names and labels fit what Prometheus reads.
enum Name {
    /// The name of a metric: letters, digits, `_` and `:`, not beginning with a digit.
    static func metric(_ label: String) -> String { fitted(label, allowsColon: true) }

    /// The name of a counter.
    static func counter(_ label: String) -> String {
        let name = metric(label)
        return name.hasSuffix("_total") ? name : name + "_total"
    }

    /// Labels as they stand between braces, by name, so that their order does not matter.
    static func labels(_ dimensions: [(String, String)]) -> String {
        dimensions.map { (fitted($0.0, allowsColon: false), $0.1) }.sorted { $0.0 < $1.0 }
            .map { "\($0.0)=\"\(escaped($0.1))\"" }.joined(separator: ",")
    }

    private static func fitted(_ name: String, allowsColon: Bool) -> String {
        var bytes = name.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                byte
            case UInt8(ascii: ":") where allowsColon: byte
            default: UInt8(ascii: "_")
            }
        }
        if bytes.isEmpty || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[0]) {
            bytes.insert(UInt8(ascii: "_"), at: 0)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func escaped(_ value: String) -> String {
        // By scalars: a character may hide a line break among its marks.
        var text = String.UnicodeScalarView()
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": text.append(contentsOf: "\\\\".unicodeScalars)
            case "\"": text.append(contentsOf: "\\\"".unicodeScalars)
            case "\n": text.append(contentsOf: "\\n".unicodeScalars)
            default: text.append(scalar)
            }
        }
        return String(text)
    }
}
