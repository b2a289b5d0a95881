#if SQLite
import SojournModel

/// Text as it is kept: without NUL, which C interfaces end at, and no longer than the limit.
enum ErrorText {
    static func storable(_ text: String) -> String {
        let clean = text.utf8.contains(0) ? text.replacing("\0", with: "\u{FFFD}") : text
        guard clean.utf8.count > Limits.errorBytes else { return clean }
        // Cutting may split a character; decoding repairs that.
        return String(decoding: clean.utf8.prefix(Limits.errorBytes - 3), as: UTF8.self)
    }
}

extension Outcome {
    /// The result to keep; one past the limit is left out.
    var storableResult: [UInt8]? {
        guard case .succeeded(let result?) = self, result.count <= Limits.resultBytes else { return nil }
        return result
    }
}
#endif
