#if Redis
import NIOCore
import NIOSSL

/// TLS as an address asks for it, with its files read once.
struct Security: Sendable {
    private let context: NIOSSLContext
    private let serverName: String?

    /// - Throws: ``RESPError/Kind/invalidAddress`` if a file cannot be read; the sentence names them all.
    init(_ tls: RedisAddress.TLS) throws(RESPError) {
        do {
            context = try NIOSSLContext(configuration: Self.configuration(tls))
        } catch {
            let files = [tls.authorityFile, tls.certificateFile, tls.keyFile].compactMap(\.self)
            let list = files.isEmpty ? "the system's authorities" : files.joined(separator: ", ")
            throw RESPError(.invalidAddress, "TLS for Redis cannot be set up with \(list): \(error).")
        }
        serverName = tls.serverName
    }

    private static func configuration(_ tls: RedisAddress.TLS) throws -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        if let file = tls.authorityFile { configuration.trustRoots = .file(file) }
        if tls.isInsecure { configuration.certificateVerification = .none }
        if let file = tls.certificateFile {
            configuration.certificateChain = try NIOSSLCertificate.fromPEMFile(file).map { .certificate($0) }
        }
        if let file = tls.keyFile {
            configuration.privateKey = .privateKey(try NIOSSLPrivateKey(file: file, format: .pem))
        }
        return configuration
    }

    /// The handler for one connection to `endpoint`.
    func handler(for endpoint: RedisEndpoint) throws -> NIOSSLClientHandler {
        try NIOSSLClientHandler(context: context, serverHostname: name(of: endpoint))
    }

    /// Without a name the certificate must bear the address of the socket, which is right for a bare IP address.
    private func name(of endpoint: RedisEndpoint) -> String? {
        if let serverName { return serverName }
        guard case .host(let host, _) = endpoint else { return nil }
        let isNumeric = (try? SocketAddress(ipAddress: host, port: 0)) != nil
        return isNumeric ? nil : host
    }
}
#endif
