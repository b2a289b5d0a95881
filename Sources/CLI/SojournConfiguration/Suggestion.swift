/// "Did you mean …?"
enum Suggestion {
    /// The candidate that looks most like `word`, or nil where none is near.
    static func nearest(to word: String, among candidates: [String]) -> String? {
        let word = String(word.prefix(64))
        let limit = 1 + word.count / 4
        return candidates.map { ($0, distance(word.lowercased(), $0.lowercased())) }
            .filter { $0.1 <= limit }
            .min { $0.1 < $1.1 }?.0
    }

    /// Levenshtein distance: insertions, deletions and replacements that turn `left` into `right`.
    static func distance(_ left: String, _ right: String) -> Int {
        let right = Array(right)
        var row = Array(0...right.count)
        for (number, character) in left.enumerated() {
            var diagonal = row[0]
            row[0] = number + 1
            for column in right.indices {
                let replaced = diagonal + (character == right[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, row[column] + 1, diagonal + 1)
            }
        }
        return row[right.count]
    }
}
