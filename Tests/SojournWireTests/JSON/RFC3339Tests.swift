import SojournWire
import Testing

@Suite struct RFC3339Tests {
    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("1970-01-01T00:00:00.000001Z", 1), ("1969-12-31T23:59:59.999999Z", -1),
            ("1985-04-12T23:20:50.52Z", 482_196_050_520_000), ("1996-12-19T16:39:57-08:00", 851_042_397_000_000),
            ("1937-01-01T12:00:27.87+00:20", -1_041_337_172_130_000), ("2000-02-29T00:00:00Z", 951_782_400_000_000),
            ("2026-11-21T04:31:00.123456Z", 1_795_235_460_123_456),
            ("2026-11-21t04:31:00.123456789z", 1_795_235_460_123_456),
            ("2026-11-21T04:31:00-00:00", 1_795_235_460_000_000), ("2026-11-21T06:01:00+01:30", 1_795_235_460_000_000),
            ("2026-11-20T04:32:00-23:59", 1_795_235_460_000_000), ("2038-01-19T03:14:08Z", 2_147_483_648_000_000),
            ("0001-01-01T00:00:00Z", -62_135_596_800_000_000), ("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999),
            ("0001-01-01T01:00:00+01:00", -62_135_596_800_000_000), ("1900-03-01T00:00:00Z", -2_203_891_200_000_000),
            ("2024-12-31T23:59:59.9Z", 1_735_689_599_900_000), ("1969-12-31T23:59:59.9999999Z", -1),
        ] as [(String, Int64)])
    func reads(text: String, microseconds: Int64) {
        #expect(RFC3339.parse(text) == microseconds)
    }

    @Test(
        arguments: [
            "", "Z", "2026", "2026-11-21", "2026-11-21T04:31:00", "2026-11-21 04:31:00Z", "2026-11-21T04:31Z",
            "2026-11-21T04:31:00.Z", "2026-11-21T04:31:00.1234567890Z", "2026-11-21T04:31:00,5Z",
            "2026-11-21T04:31:60Z",
            "2016-12-31T23:59:60Z", "2026-11-21T24:00:00Z", "2026-11-21T04:60:00Z", "2026-13-01T00:00:00Z",
            "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-32T00:00:00Z", "2026-04-31T00:00:00Z",
            "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "0000-01-01T00:00:00Z", "10000-01-01T00:00:00Z",
            "-001-01-01T00:00:00Z", "+2026-01-01T00:00:00Z", "2026-1-1T00:00:00Z", "2026-11-21T04:31:00+0100",
            "2026-11-21T04:31:00+01", "2026-11-21T04:31:00+24:00", "2026-11-21T04:31:00+01:60", "2026-11-21T04:31:00Zx",
            " 2026-11-21T04:31:00Z", "2026-11-21T04:31:00Z ", "2026-11-21T04:31:00+", "2026-11-21T04:31:00é",
            "0001-01-01T00:59:59+01:00", "9999-12-31T23:59:59-00:01", "20261121T043100Z", "2026-11-21T04:31:0aZ",
            "２026-11-21T04:31:00Z", "2026/11/21T04:31:00Z", "2026-W47-6T04:31:00Z", "2026-11-21T04:31:00\0Z", "now",
        ] as [String])
    func refuses(_ text: String) {
        #expect(RFC3339.parse(text) == nil)
    }

    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000000Z"), (-1, "1969-12-31T23:59:59.999999Z"),
            (1_795_235_460_123_456, "2026-11-21T04:31:00.123456Z"),
            (951_782_400_000_000, "2000-02-29T00:00:00.000000Z"),
            (.min, "0001-01-01T00:00:00.000000Z"), (.max, "9999-12-31T23:59:59.999999Z"),
            (-62_135_596_800_000_001, "0001-01-01T00:00:00.000000Z"),
            (253_402_300_800_000_000, "9999-12-31T23:59:59.999999Z"),
        ] as [(Int64, String)] as [(Int64, String)])
    func writes(microseconds: Int64, text: String) {
        #expect(RFC3339.format(microseconds: microseconds) == text)
    }

    @Test(arguments: UInt64(0)..<4)
    func readsBackWhatIsWritten(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var previous: (instant: Int64, text: String)?
        for _ in 0..<1000 {
            let instant = Int64.random(in: -62_135_596_800_000_000...253_402_300_799_999_999, using: &random)
            let text = RFC3339.format(microseconds: instant)
            #expect(RFC3339.parse(text) == instant)
            if let previous { #expect((previous.instant < instant) == (previous.text < text)) }
            previous = (instant, text)
        }
    }

    /// Each day from 1582 to 2400 is the next one of the day before, by the rules that a child learns.
    @Test func countsDaysLikeACalendar() throws {
        var (year, month, day) = (1582, 1, 1)
        var instant = try #require(RFC3339.parse("1582-01-01T00:00:00Z"))
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        while year < 2400 {
            let date = "\(year)-\(two(month))-\(two(day))T00:00:00.000000Z"
            if RFC3339.format(microseconds: instant) != date || RFC3339.parse(date) != instant {
                Issue.record("\(date) is not \(instant)")
                return
            }
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            day += 1
            if day > lengths[month - 1] { (day, month) = (1, month + 1) }
            if month > 12 { (month, year) = (1, year + 1) }
            instant += 86_400_000_000
        }
    }

    @Test func standsInJSON() throws {
        var writer = JSONWriter()
        writer.object {
            $0.field("run_at", instant: 1_795_235_460_123_456)
            $0.field("started_at", instant: nil)
        }
        #expect(
            String(decoding: writer.bytes, as: UTF8.self)
                == "{\"run_at\":\"2026-11-21T04:31:00.123456Z\",\"started_at\":null}")
        let object = try JSONValue(validating: writer.bytes).object()
        #expect(try object.required("run_at").instant() == 1_795_235_460_123_456)
        #expect(object.optional("started_at") == nil)
    }

    @Test(
        arguments: [
            ("\"tomorrow\"", "run_at must be a time such as 2026-11-21T04:31:00Z, in the years 0001 to 9999"),
            ("\"\\ud800\"", "run_at must be a time such as 2026-11-21T04:31:00Z, in the years 0001 to 9999"),
            ("1700000000", "run_at must be a time such as 2026-11-21T04:31:00Z, but is 1700000000"),
        ] as [(String, String)])
    func namesTheField(text: String, sentence: String) throws {
        let value = try parse("{\"run_at\":\(text)}").object().required("run_at")
        #expect(refusal { try value.instant() } == sentence)
    }
}
