#if HTTP
import Crypto
import Foundation
import SojournModel

/// A key that signs deliveries as standardwebhooks.com describes, so that receivers can check them with any
/// library.
///
/// Printing one shows nothing of it.
public struct WebhookSecret: Sendable, CustomStringConvertible, CustomReflectable {
    private let key: SymmetricKey

    /// A secret of these bytes; 24 to 64 random ones are good, none is an error.
    public init(bytes: [UInt8]) throws(InvalidHandlerSettings) {
        guard !bytes.isEmpty else { throw InvalidHandlerSettings("secret", "must not be empty") }
        self.key = SymmetricKey(data: bytes)
    }

    /// A secret as text: `whsec_` and Base64, as services hand them out, or any other text, whose bytes are the
    /// key.
    public init(_ text: String) throws(InvalidHandlerSettings) {
        let prefix = "whsec_"
        guard text.hasPrefix(prefix) else {
            try self.init(bytes: Array(text.utf8))
            return
        }
        guard let key = Data(base64Encoded: String(text.dropFirst(prefix.count))) else {
            throw InvalidHandlerSettings("secret", "must be Base64 after \(prefix)")
        }
        try self.init(bytes: Array(key))
    }

    /// Says only that it is there.
    public var description: String { "(hidden)" }

    /// Without children: `dump` walks mirrors and would find the key.
    public var customMirror: Mirror { Mirror(self, children: []) }

    /// `v1,` and the Base64 of HMAC-SHA256 over `id.timestamp.body`.
    func signature(id: String, timestamp: Int64, body: [UInt8]) -> String {
        var code = HMAC<SHA256>(key: key)
        code.update(data: Array("\(id).\(timestamp).".utf8))
        code.update(data: body)
        return "v1,\(Data(code.finalize()).base64EncodedString())"
    }
}
#endif
