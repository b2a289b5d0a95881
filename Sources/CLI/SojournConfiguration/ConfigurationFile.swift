#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// The text of `sojourn.yaml` and what matters about the file it came from.
public struct ConfigurationFile: Sendable {
    /// The path as messages show it.
    public let name: String
    /// The contents.
    public let text: String
    /// Whether group or others may read, write or execute it; such a file must not hold secrets.
    public let isOpenToOthers: Bool

    /// Largest size in bytes.
    static let maximumBytes = 1 << 20

    /// A file that was read elsewhere.
    public init(name: String = "sojourn.yaml", text: String, isOpenToOthers: Bool = false) {
        self.name = name
        self.text = text
        self.isOpenToOthers = isOpenToOthers
    }

    /// Finds and reads the file: `path`, which must exist, or else `sojourn.yaml` in `directory`, or else none.
    ///
    /// Throws one problem where the file cannot be read, is not a regular file, is larger than 1 MiB or is not UTF-8.
    public static func find(
        path: String?, in directory: String = "."
    ) throws(ConfigurationError) -> ConfigurationFile? {
        if let path { return try read(path, name: path, isOptional: false) }
        let name = "sojourn.yaml"
        return try read(directory == "." ? name : "\(directory)/\(name)", name: name, isOptional: true)
    }

    private static func read(
        _ path: String, name: String, isOptional: Bool
    ) throws(ConfigurationError) -> ConfigurationFile? {
        // Without O_NONBLOCK, opening a pipe would wait for a writer.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if isOptional, errno == ENOENT { return nil }
            throw refusal(name, "the file cannot be read: \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw refusal(name, "this is not a regular file")
        }
        let bytes = try bytes(of: descriptor, name: name)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw refusal(name, "the file is not valid UTF-8 text")
        }
        return ConfigurationFile(name: name, text: text, isOpenToOthers: status.st_mode & 0o077 != 0)
    }

    /// Reads to the end, or to the first byte too many.
    private static func bytes(of descriptor: Int32, name: String) throws(ConfigurationError) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = chunk.withUnsafeMutableBytes { readBytes(descriptor, $0) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw refusal(name, "the file cannot be read: \(String(cString: strerror(errno)))")
            }
            guard count > 0 else { return bytes }
            bytes += chunk.prefix(count)
            guard bytes.count <= maximumBytes else { throw tooLarge(name) }
        }
    }

    static func tooLarge(_ name: String) -> ConfigurationError {
        refusal(name, "the file is larger than 1 MiB")
    }

    private static func refusal(_ name: String, _ message: String) -> ConfigurationError {
        ConfigurationError([.init(.file(name), message)])
    }
}

/// `read(2)`, whose name ``ConfigurationFile`` uses for itself.
private func readBytes(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
    read(descriptor, buffer.baseAddress, buffer.count)
}
