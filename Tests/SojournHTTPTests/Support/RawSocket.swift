#if HTTP
import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

// The C library's functions, under names that no method of a socket has.
private let closeDescriptor = close
private let sendBytes = send
#if canImport(Darwin)
private let noSignal: Int32 = 0
#else
private let noSignal = Int32(MSG_NOSIGNAL)
#endif

/// An answer as it came over the wire.
struct Reply: Sendable {
    let status: Int
    let headers: [(name: String, value: String)]
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }

    func header(_ name: String) -> String? { headers.first { $0.name == name.lowercased() }?.value }
}

/// A blocking TCP connection to this machine, for tests that send what no HTTP client would. One thread at a time uses
/// it.
final class RawSocket: @unchecked Sendable {
    enum Failure: Error { case connect(Int32), send(Int32), closed, timeout, notHTTP(String) }

    private let descriptor: Int32
    private var received: [UInt8] = []
    private var isClosed = false

    init(port: Int) throws {
        #if os(Linux)
        let stream = Int32(SOCK_STREAM.rawValue)
        #else
        let stream = SOCK_STREAM
        #endif
        descriptor = socket(AF_INET, stream, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var patience = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Failure.connect(errno) }
    }

    deinit { close() }

    func close() {
        guard !isClosed else { return }
        isClosed = true
        _ = closeDescriptor(descriptor)
    }

    /// Says that nothing more will be sent.
    func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                sendBytes(descriptor, $0.baseAddress, $0.count, noSignal)
            }
            guard count > 0 else { throw Failure.send(errno) }
            sent += count
        }
    }

    /// Everything until the other side closes.
    func untilClosed() throws -> [UInt8] {
        while try receive() {}
        defer { received = [] }
        return received
    }

    /// What came so far, as soon as `mark` is in it.
    func text(until mark: String) throws -> String {
        while true {
            let text = String(decoding: received, as: UTF8.self)
            if text.contains(mark) { return text }
            guard try receive() else { throw Failure.closed }
        }
    }

    /// The next answer.
    func reply(toHead: Bool = false) throws -> Reply {
        while true {
            if let reply = try takeReply(toHead) { return reply }
            guard try receive() else { throw received.isEmpty ? Failure.closed : Failure.notHTTP(shown) }
        }
    }

    private var shown: String { String(decoding: received.prefix(200), as: UTF8.self) }

    /// False at the end.
    private func receive() throws -> Bool {
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count < 0 {
            if errno == EAGAIN || errno == EWOULDBLOCK { throw Failure.timeout }
            return false
        }
        received += buffer[..<count]
        return count > 0
    }

    private func takeReply(_ isToHead: Bool) throws -> Reply? {
        guard let end = received.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: received[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ")
        guard words.count >= 2, words[0] == "HTTP/1.1", let status = Int(words[1]) else { throw Failure.notHTTP(shown) }
        let headers = lines.dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            return (name: parts[0].lowercased(), value: parts[1].trimmingCharacters(in: .whitespaces))
        }
        let length = headers.first { $0.name == "content-length" }.flatMap { Int($0.value) } ?? 0
        let body = isToHead || status < 200 ? 0 : length
        guard received.count >= end.upperBound + body else { return nil }
        let bytes = Array(received[end.upperBound..<end.upperBound + body])
        received.removeFirst(end.upperBound + body)
        return Reply(status: status, headers: headers, body: bytes)
    }
}
#endif
