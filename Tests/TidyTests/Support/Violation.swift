/// One place that breaks a habit; prints as `path:line: message`, which editors and terminals turn into a link.
struct Violation: Equatable, CustomStringConvertible {
    let path: String
    let line: Int
    let message: String

    var description: String { "\(path):\(line): \(message)" }
}
