import Foundation
import SojournConfiguration
import Testing

@Suite struct FileTests {
    /// Runs `body` with an empty directory of its own.
    private func withDirectory(_ body: (String) throws -> Void) throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "sojourn-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try body(directory)
    }

    private func write(_ text: String, to path: String, mode: Int = 0o600) throws {
        try Data(text.utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    private func problem(_ path: String) -> String? {
        do {
            _ = try ConfigurationFile.find(path: path)
            return nil
        } catch {
            return error.description
        }
    }

    @Test func withoutAPathTheFileIsOptional() throws {
        try withDirectory { directory in
            #expect(try ConfigurationFile.find(path: nil, in: directory) == nil)
            try write("log: { level: debug }", to: "\(directory)/sojourn.yaml")
            let file = try #require(try ConfigurationFile.find(path: nil, in: directory))
            #expect(file.name == "sojourn.yaml" && file.text == "log: { level: debug }" && !file.isOpenToOthers)
            #expect(try Settings.load(flags: [:], environment: [:], file: file).log.level == .debug)
        }
    }

    @Test func aNamedFileMustExist() throws {
        try withDirectory { directory in
            // A long name is shortened, and temporary folders have long ones on some machines.
            let message = problem("\(directory)/x.yaml")
            #expect(message?.hasSuffix(": the file cannot be read: No such file or directory") == true)
            try write("", to: "\(directory)/x.yaml")
            #expect(try ConfigurationFile.find(path: "\(directory)/x.yaml")?.text == "")
        }
    }

    @Test(arguments: [(0o600, false), (0o400, false), (0o700, false), (0o640, true), (0o604, true), (0o620, true)])
    func permissionsAreRead(mode: Int, isOpen: Bool) throws {
        try withDirectory { directory in
            try write("server: { api_keys: [\(canary)] }", to: "\(directory)/file", mode: mode)
            try FileManager.default.createSymbolicLink(
                atPath: "\(directory)/sojourn.yaml", withDestinationPath: "\(directory)/file")
            let file = try #require(try ConfigurationFile.find(path: nil, in: directory))
            #expect(file.isOpenToOthers == isOpen)
            #expect((try? Settings.load(flags: [:], environment: [:], file: file)) == nil ? isOpen : !isOpen)
        }
    }

    @Test func onlyRegularTextFilesAreRead() throws {
        try withDirectory { directory in
            #expect(problem(directory)?.hasSuffix(": this is not a regular file") == true)
            #expect(problem("/dev/null") == "/dev/null: this is not a regular file")
            let pipe = "\(directory)/pipe"
            #expect(mkfifo(pipe, 0o600) == 0)
            #expect(problem(pipe)?.hasSuffix(": this is not a regular file") == true)
            let binary = "\(directory)/binary"
            try Data([0x61, 0xFF, 0xFE]).write(to: URL(filePath: binary))
            #expect(problem(binary)?.hasSuffix(": the file is not valid UTF-8 text") == true)
            let large = "\(directory)/large"
            try write(String(repeating: "#", count: (1 << 20) + 1), to: large)
            #expect(problem(large)?.hasSuffix(": the file is larger than 1 MiB") == true)
        }
    }
}
