#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A URL that a request can be sent to; nil where scheme or host is missing.
struct URLParts {
    let scheme: String
    let host: String
    let hasCredentials: Bool
    let hasQueryOrFragment: Bool

    init?(_ text: String) {
        guard text.utf8.count <= 2_048, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            let url = URLComponents(string: text), let scheme = url.scheme, let host = url.host, !host.isEmpty,
            url.port.map({ (1...65_535).contains($0) }) ?? true
        else { return nil }
        self.scheme = scheme.lowercased()
        self.host = host
        hasCredentials = url.user != nil || url.password != nil
        hasQueryOrFragment = url.query != nil || url.fragment != nil
    }
}
