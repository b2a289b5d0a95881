extension JSONObject {
    /// Refuses the first field whose name is not in `allowed`, and proposes the name that was probably meant.
    public func refuseUnknownFields(allowed: [String]) throws(JSONError) {
        for field in names where !allowed.contains(where: { $0.isSame(as: field) }) {
            let place = JSONPath.field(name: field, parent: path)
            let hint =
                switch Self.nearest(to: field, among: allowed) {
                case let name?: "did you mean \(name)?"
                case nil: "the known fields are \(allowed.joined(separator: ", "))"
                }
            throw JSONError(path: place.description, message: "is not a known field; \(hint)")
        }
    }

    /// The first of the closest candidates within two edits; nil when every one is further away.
    static func nearest(to name: String, among candidates: [String]) -> String? {
        var best: (name: String, distance: Int)?
        for candidate in candidates {
            let distance = editDistance(Array(name.utf8), Array(candidate.utf8))
            // A name that would have to change altogether is no typing error.
            guard distance <= 2, distance < candidate.utf8.count, distance < best?.distance ?? .max else { continue }
            best = (candidate, distance)
        }
        return best?.name
    }

    /// How many bytes must be put in, taken out or replaced to turn `a` into `b` (Levenshtein); 3 stands for 3 or more
    /// when the lengths alone say so.
    private static func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        guard abs(a.count - b.count) <= 2 else { return 3 }
        var row = Array(0...b.count)
        for (i, left) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, right) in b.enumerated() {
                let replaced = diagonal + (left == right ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(replaced, diagonal + 1, row[j] + 1)
            }
        }
        return row[b.count]
    }
}
