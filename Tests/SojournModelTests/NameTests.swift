import Foundation
import SojournModel
import Testing

@Suite("Names") struct NameTests {
    private static let good = [
        "a", "email.send", "A-Z_0:9.", "-", "..", "0", String(repeating: "n", count: Limits.nameLength),
    ]
    private static let bad = [
        "", " ", "a b", "a/b", "a{b}c", "*", "ü", "a\0", "a\r\nb", "a\u{301}", "😀", "'", "%", "a,b",
        String(repeating: "n", count: Limits.nameLength + 1),
    ]

    @Test(arguments: good)
    func acceptsWhatTheRuleAllows(text: String) {
        #expect(TaskType(rawValue: text)?.rawValue == text)
        #expect(QueueName(rawValue: text)?.description == text)
        #expect(Tenant(rawValue: text) == Tenant(trusted: text))
    }

    @Test(arguments: bad)
    func refusesTheRest(text: String) {
        #expect(TaskType(rawValue: text) == nil)
        #expect(QueueName(rawValue: text) == nil)
        #expect(Tenant(rawValue: text) == nil)
    }

    @Test(arguments: good)
    func travelsAsAString(text: String) throws {
        let encoded = try JSONEncoder().encode([QueueName(trusted: text)])
        #expect(String(decoding: encoded, as: UTF8.self) == "[\"\(text)\"]")
        #expect(try JSONDecoder().decode([QueueName].self, from: encoded) == [QueueName(trusted: text)])
    }

    @Test(arguments: bad)
    func isCheckedWhenItComesIn(text: String) throws {
        let encoded = try JSONEncoder().encode([text])
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([TaskType].self, from: encoded) }
    }

    @Test func isOrderedByBytes() {
        let names: [QueueName] = ["b", "B", "a", "_", "0", "aa"]
        #expect(names.sorted().map(\.rawValue) == ["0", "B", "_", "a", "aa", "b"])
    }

    @Test func hasDefaults() {
        #expect(QueueName.default.rawValue == "default")
        #expect(Tenant.default.rawValue == "default")
        #expect(TaskType.rule.contains("\(Limits.nameLength)"))
    }
}

@Suite("Statuses and priorities") struct StatusTests {
    @Test func threeStatusesAreFinal() {
        #expect(Set(TaskStatus.allCases.filter(\.isFinal)) == [.succeeded, .cancelled, .dead])
        #expect(TaskStatus.allCases.count == 8)
    }

    @Test(arguments: [
        (Priority.critical, "critical", 8), (.high, "high", 4), (.default, "default", 2), (.low, "low", 1),
    ])
    func prioritiesHaveWordsAndWeights(priority: Priority, name: String, weight: Int) {
        #expect(priority.name == name)
        #expect(Priority(name: name) == priority)
        #expect(priority.weight == weight)
    }

    @Test func prioritiesAreOrderedByUrgency() {
        #expect(Priority.allCases.sorted() == [.critical, .high, .default, .low])
        for word in ["", "High", "urgent", "0"] { #expect(Priority(name: word) == nil) }
    }

    @Test func outcomesExplainThemselves() {
        #expect(Outcome.failed(Failure("why")).errorText == "why")
        #expect(Outcome.discarded(reason: "why").errorText == "why")
        #expect(Outcome.leaseExpired.errorText?.isEmpty == false)
        for outcome in [Outcome.succeeded(), .snoozed(.zero), .cancelled, .interrupted, .breakerOpen(.zero)] {
            #expect(outcome.errorText == nil, "\(outcome.name)")
        }
    }
}
