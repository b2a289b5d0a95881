#if Redis
public import Foundation
import SojournTestKit

/// An authority and a certificate from it, made by `openssl`.
public struct Certificates: Sendable {
    /// A PEM file with the authority.
    public let authority: URL
    /// A PEM file with the certificate.
    public let certificate: URL
    /// A PEM file with the certificate's key.
    public let key: URL
    /// A free port for TLS.
    public let port: Int

    /// Makes them in `folder`; `names` are what the certificate bears: `DNS:localhost,IP:127.0.0.1`.
    public init(_ names: String, in folder: URL) throws {
        let file = { (name: String) in folder.appendingPathComponent(name) }
        try "subjectAltName=\(names)".write(to: file("names"), atomically: false, encoding: .utf8)
        let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        try Self.openssl(["req", "-x509", "-subj", "/CN=CA", "-keyout", "ca.key", "-out", "ca.pem"] + key, folder)
        try Self.openssl(["req", "-subj", "/CN=redis", "-keyout", "key.pem", "-out", "request"] + key, folder)
        try Self.openssl(
            ["x509", "-req", "-in", "request", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"]
                + ["-extfile", "names", "-out", "cert.pem"], folder)
        authority = file("ca.pem")
        certificate = file("cert.pem")
        self.key = file("key.pem")
        port = try FreePort.next()
    }

    /// Lines of a server's configuration: TLS on ``port``, for clients without certificates of their own.
    public var settings: [String] {
        [
            "tls-port \(port)", "tls-cert-file \(certificate.path)", "tls-key-file \(key.path)",
            "tls-auth-clients no",
        ]
    }

    private static func openssl(_ arguments: [String], _ folder: URL) throws {
        try Child.run(["openssl"] + arguments, in: folder.path)
    }
}
#endif
