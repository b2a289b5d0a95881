#if HTTP
import Foundation
import HummingbirdCore
import SojournCore
import SojournModel
import SojournWire

/// The query of a request's address: every parameter known, none twice.
struct Query {
    private var values: [String: String] = [:]

    init(_ call: Call, allowed: [String]) throws(JSONError) {
        for part in (call.request.uri.query ?? "").split(separator: "&") {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(pair[0])
            guard allowed.contains(name) else {
                let known = allowed.isEmpty ? "there are none here" : "known are \(allowed.joined(separator: ", "))"
                throw JSONError(path: "the query parameter", message: "\(Self.shown(name)) is not known; \(known)")
            }
            // A plus sign is a space, as in every form on the web.
            guard let value = (pair.count > 1 ? pair[1] : "").replacing("+", with: " ").removingPercentEncoding else {
                throw JSONError(path: name, message: "must be UTF-8, percent-encoded")
            }
            guard values.updateValue(value, forKey: name) == nil else {
                throw JSONError(path: name, message: "appears more than once in the query")
            }
        }
    }

    func name<Kind: Name>(_ parameter: String) throws(JSONError) -> Kind? {
        guard let text = values[parameter] else { return nil }
        guard let name = Kind(rawValue: text) else {
            throw JSONError(path: parameter, message: "must be a name of \(Kind.rule)")
        }
        return name
    }

    func status(_ parameter: String) throws(JSONError) -> TaskStatus? {
        guard let text = values[parameter] else { return nil }
        guard let status = TaskStatus(rawValue: text) else {
            let words = TaskStatus.allCases.map(\.rawValue).joined(separator: ", ")
            throw JSONError(path: parameter, message: "must be one of \(words)")
        }
        return status
    }

    func int(_ parameter: String, in allowed: ClosedRange<Int>) throws(JSONError) -> Int? {
        guard let text = values[parameter] else { return nil }
        guard let number = Int(text), allowed.contains(number) else {
            throw JSONError(
                path: parameter,
                message: "must be a whole number from \(allowed.lowerBound) to \(allowed.upperBound)")
        }
        return number
    }

    func text(_ parameter: String, maxBytes: Int) throws(JSONError) -> String? {
        guard let text = values[parameter] else { return nil }
        guard text.utf8.count <= maxBytes, !text.utf8.contains(0) else {
            throw JSONError(path: parameter, message: "must be at most \(maxBytes) bytes, without NUL")
        }
        return text
    }

    func taskIDs(_ parameter: String) throws(JSONError) -> [TaskID]? {
        guard let text = values[parameter] else { return nil }
        var ids: [TaskID] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let id = TaskID(part), ids.count < Limits.claimBatch else {
                throw JSONError(
                    path: parameter, message: "must be 1 to \(Limits.claimBatch) task ids with commas between them")
            }
            ids.append(id)
        }
        return ids
    }

    /// A name from outside as it may stand in an answer.
    private static func shown(_ name: String) -> String {
        String(name.unicodeScalars.prefix(64).filter { $0.value > 0x20 && $0.value < 0x7F }.map(Character.init))
    }
}
#endif
