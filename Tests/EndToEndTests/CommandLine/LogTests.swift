import Foundation
import Logging
import SojournCore
import SojournModel
import SojournTestKit
import Testing

@testable import SojournCLI

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

@Suite("Logs") struct LogTests {
    private let instant = Timestamp(microseconds: 1_800_000_000_123_456)

    private func line(_ layout: LogLayout, _ message: String, _ metadata: Logger.Metadata) -> String {
        String(decoding: layout.line(at: instant, .warning, "sojourn.a", message, metadata), as: UTF8.self)
    }

    @Test func jsonIsOneObjectOnOneLine() {
        let metadata: Logger.Metadata = [
            "time": "noon", "list": ["a", "b"], "table": ["x": "1\n"], "count": "\(3)", "bell": "\u{7}",
        ]
        let expected =
            #"{"time":"2027-01-15T08:00:00.123456Z","level":"warning","label":"sojourn.a","message":"two\nlines","#
            + #""bell":"\u0007","count":"3","list":["a","b"],"table":{"x":"1\n"},"time_":"noon"}"#
        #expect(line(.json, "two\nlines", metadata) == expected)
    }

    @Test func textCannotForgeALine() {
        let shown = line(.text, "a\nb", ["who": "x y\u{1B}[2J", "n": "1", "e": ""])
        let expected = #"2027-01-15T08:00:00.123456Z warning sojourn.a: a\nb e="" n=1 who="x y\u{1b}[2J""#
        #expect(shown == expected)
    }

    @Test func aHandlerAddsUpItsMetadata() throws {
        let pipe = try PipeEnds()
        let sink = LogSink(descriptor: pipe.writeEnd)
        let handler = LineLogHandler(label: "l", level: .info, layout: .json, sink: sink)
        var logger = Logger(label: "l") { _ in handler }
        logger[metadataKey: "a"] = "1"
        logger.debug("too quiet")
        logger.info("said", metadata: ["b": "2"])
        #expect(pipe.read().contains(#""level":"info","label":"l","message":"said","a":"1","b":"2"}"#))
    }

    /// Nobody reads the pipe: writing goes on, lines are dropped, and later somebody hears how many.
    @Test func aStalledReaderDoesNotHoldUpTheWriter() throws {
        let pipe = try PipeEnds()
        let sink = LogSink(descriptor: pipe.writeEnd)
        let line = [UInt8](repeating: UInt8(ascii: "x"), count: 999)
        let count = 1_000
        let start = ContinuousClock.now
        for _ in 0..<count { sink.write(line) { _ in [] } }
        #expect(start.duration(to: .now) < .seconds(20))

        let written = pipe.read()
        sink.write(Array("last".utf8)) { Array("dropped \($0)".utf8) }
        let rest = (written + pipe.read()).split(separator: "\n").map(String.init)
        let whole = rest.count { $0 == String(decoding: line, as: UTF8.self) }
        #expect(whole > 0 && whole < count)
        #expect(rest.suffix(2) == ["dropped \(count - whole)", "last"])
    }

    /// Somebody reads a little now and then. Waiting for it each time would hold up everybody who logs.
    @Test func aSlowReaderIsNotWaitedForAgainAtOnce() throws {
        let pipe = try PipeEnds()
        let time = ManualTime()
        let sink = LogSink(descriptor: pipe.writeEnd, time: time)
        let line = [UInt8](repeating: UInt8(ascii: "x"), count: 4_000)
        for _ in 0..<30 { sink.write(line) { _ in [] } }
        let start = ContinuousClock.now
        for _ in 0..<10 {
            _ = pipe.read(4_096)
            for _ in 0..<3 { sink.write(line) { _ in [] } }
        }
        #expect(start.duration(to: .now) < .seconds(1), "ten waits would take two")
        _ = pipe.read()
        time.advance(by: .seconds(2))
        let again = ContinuousClock.now
        for _ in 0..<30 { sink.write(line) { _ in [] } }
        #expect(again.duration(to: .now) >= .milliseconds(150), "later it is")
    }
}

/// Both ends of a pipe; reading takes what is there.
private final class PipeEnds: Sendable {
    private let readEnd: Int32
    let writeEnd: Int32

    init() throws {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0, fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0 else { throw POSIXError(.EIO) }
        (readEnd, writeEnd) = (ends[0], ends[1])
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    func read(_ limit: Int = .max) -> String {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while bytes.count < limit {
            let count = readBytes(readEnd, &chunk, min(chunk.count, limit - bytes.count))
            guard count > 0 else { break }
            bytes += chunk.prefix(count)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// `read(2)`, whose name ``PipeEnds`` uses for itself.
private func readBytes(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
    read(descriptor, buffer, count)
}
