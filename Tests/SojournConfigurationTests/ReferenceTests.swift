import Foundation
import SojournConfiguration
import Testing

/// `docs/configuration.md` is made from the table of settings; `SOJOURN_WRITE_DOCS=1 swift test --filter Reference`
/// writes it anew.
@Suite struct ReferenceTests {
    private static let intro = """
        # Configuration

        Flags win over environment variables, those over `sojourn.yaml` (or `--config FILE`), those over defaults.
        An unknown key, a wrong type or a value out of range stops the start, with the file and line or the variable.

        """

    private static var page: URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("docs/configuration.md")
    }

    @Test func thePageInTheDocsIsCurrent() throws {
        let expected = Self.intro + "\n" + Settings.reference().trimmingCharacters(in: .newlines) + "\n"
        if ProcessInfo.processInfo.environment["SOJOURN_WRITE_DOCS"] == "1" {
            try Data(expected.utf8).write(to: Self.page)
        }
        #expect(try String(contentsOf: Self.page, encoding: .utf8) == expected)
    }
}
