#if HTTP
/// The keys that open the server.
struct APIKeys: Sendable {
    private let keys: [[UInt8]]

    init(_ keys: [String]) { self.keys = keys.map { Array($0.utf8) } }

    /// Whether anybody may come in.
    var isEmpty: Bool { keys.isEmpty }

    /// Whether the header field `Authorization` shows one of the keys.
    func admits(_ authorization: String?) -> Bool {
        guard let authorization, let space = authorization.utf8.firstIndex(of: UInt8(ascii: " ")),
            authorization[..<space].lowercased() == "bearer"
        else { return false }
        let shown = Array(authorization[space...].utf8.drop { $0 == UInt8(ascii: " ") })
        // Every key is compared, and each in full, so that time tells nothing.
        return keys.reduce(false) { isFound, key in Self.isEqual(key, shown) || isFound }
    }

    /// Takes the same time wherever the two differ; only the length of `shown` can be told from it.
    private static func isEqual(_ key: [UInt8], _ shown: [UInt8]) -> Bool {
        var difference = key.count ^ shown.count
        for (index, byte) in shown.enumerated() { difference |= Int(byte ^ key[index % key.count]) }
        return difference == 0
    }
}
#endif
