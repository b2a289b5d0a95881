#if HTTP
import SojournCore
import SojournModel
import SojournWire

/// A server, seen from elsewhere: where producers put tasks, where workers get them, where people look.
///
/// Calls that may be repeated are repeated when the connection breaks; see ``ClientConfiguration``. Shut it down when
/// it is no longer needed.
public struct SojournClient: Sendable {
    let transport: Transport
    let time: any TimeSource

    /// A client of the server at `url`, such as `http://127.0.0.1:8080`. Nothing is sent yet.
    ///
    /// - Throws: ``ClientError/invalid(_:)`` where `url` is no address of a server.
    public init(_ url: String, configuration: ClientConfiguration = ClientConfiguration()) throws(ClientError) {
        transport = try Transport(url: url, configuration: configuration)
        time = configuration.time
    }

    /// Closes the connections; every later call fails.
    public func shutdown() async { await transport.shutdown() }

    // MARK: Requests

    func get<Answer: WireBody>(_ path: String, _ query: Query = Query()) async throws(ClientError) -> Answer {
        try await answer(.init(method: .get, path: path + query.text, isRepeatable: true))
    }

    /// nil where the server says that there is no such thing.
    func find<Answer: WireBody>(_ path: String) async throws(ClientError) -> Answer? {
        try await whatIsThere { () throws(ClientError) in try await get(path) }
    }

    /// What `ask` returns; nil where the server says that there is no such thing.
    func whatIsThere<Answer>(
        _ ask: () async throws(ClientError) -> Answer
    ) async throws(ClientError) -> Answer? {
        do throws(ClientError) {
            return try await ask()
        } catch {
            if error.problem?.status == 404 { return nil }
            throw error
        }
    }

    func post<Answer: WireBody>(
        _ path: String, _ body: some JSONWritable, isRepeatable: Bool
    ) async throws(ClientError) -> Answer {
        try await answer(.init(method: .post, path: path, body: Self.bytes(body), isRepeatable: isRepeatable))
    }

    /// A request that says all in its path.
    func post<Answer: WireBody>(_ path: String, isRepeatable: Bool) async throws(ClientError) -> Answer {
        try await answer(.init(method: .post, path: path, isRepeatable: isRepeatable))
    }

    func answer<Answer: WireBody>(_ call: Transport.Call) async throws(ClientError) -> Answer {
        let (_, bytes) = try await transport.send(call)
        do {
            return try Answer(bytes: bytes)
        } catch {
            throw .notUnderstood(error.description)
        }
    }

    static func bytes(_ body: some JSONWritable) -> [UInt8] {
        var writer = JSONWriter()
        writer.value(body)
        return writer.bytes
    }
}

/// The query of an address.
struct Query {
    private(set) var text = ""

    /// Adds a parameter; nil adds none.
    mutating func add(_ name: String, _ value: String?) {
        guard let value else { return }
        text += "\(text.isEmpty ? "?" : "&")\(name)=\(Self.encoded(value))"
    }

    private static func encoded(_ value: String) -> String {
        let digits = Array("0123456789ABCDEF")
        return value.utf8.reduce(into: "") { text, byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default: text += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
    }
}
#endif
