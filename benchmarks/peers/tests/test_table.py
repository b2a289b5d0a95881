"""The Markdown."""

import json
import unittest

from harness.report import Report, Subject
from harness.sojourn import parse
from harness.table import cell, figures_table, markdown, ratio_table, rounded
from harness.figures import Summary

MACHINE = {
    "date": "2026-01-02",
    "processor": "P",
    "cores": "2",
    "memory": "4 GiB",
    "system": "Debian",
    "kernel": "6",
    "python": "3.11",
}


def subject(name: str, store: str, *rounds: dict[str, float]) -> Subject:
    """A line of the table."""
    return Subject(name, "1.0", store, "default", "no", 1_000, list(rounds))


class TableTests(unittest.TestCase):
    """What a reader sees."""

    def setUp(self) -> None:
        """One Sojourn, two peers on two stores."""
        self.sojourn = subject("Sojourn", "redis", {"single": 100, "drain": 900, "p50_ms": 1, "p99_ms": 2})
        self.peers = [
            subject(
                "A", "redis", {"single": 50, "drain": 300, "p50_ms": 2, "p99_ms": 2}, {"single": 150, "drain": 300}
            ),
            subject("B", "sqlite", {"single": 1, "drain": 1}),
        ]

    def report(self) -> Report:
        """Everything together."""
        settings = {"rounds": 3, "seconds": 4.0}
        failures = ["C is left out: no network."]
        stores, ours = {"Redis": "7"}, {"redis": self.sojourn}
        return Report(MACHINE, stores, ours, self.peers, failures, settings, "0.1", "0.2")

    def test_rounded(self) -> None:
        """Three digits."""
        cases = {
            0.00123: "0.0012", 0.126: "0.13", 9.994: "9.99", 12.34: "12.3", 123.4: "123", 999.6: "1000", 1_234: "1,230",
            54_321: "54,300", 155_499: "155,000",
        }
        for value, text in cases.items():
            with self.subTest(value=value):
                self.assertEqual(rounded(value), text)

    def test_cell(self) -> None:
        """A dash where nothing was measured, a range where rounds differ."""
        self.assertEqual(cell(None), "–")
        self.assertEqual(cell(Summary(5, 5, 5)), "5.00")
        self.assertEqual(cell(Summary(5, 4, 60)), "5.00 (4.00 – 60.0)")

    def test_ratios(self) -> None:
        """Of the medians; a dash where either has none."""
        self.assertIn("| A | 1.00 | – | 3.00 | 0.50 | 1.00 |", ratio_table(self.sojourn, self.peers[:1]))

    def test_figures(self) -> None:
        """Sojourn comes first."""
        lines = figures_table(self.sojourn, self.peers[:1]).splitlines()
        self.assertTrue(lines[2].startswith("| Sojourn | 100 | – | 900 |"))
        self.assertTrue(lines[3].startswith("| A | 100 (50.0 – 150) | – | 300 |"))

    def test_all_of_it(self) -> None:
        """Machine, load, what was left out; every row as wide as its heading."""
        text = markdown(self.report())
        for words in ("2026-01-02: P, 2 cores", "before 0.1, after 0.2", "C is left out: no network.", "### On Redis"):
            self.assertIn(words, text)
        self.assertNotIn("On SQLite", text)  # nothing to compare B with
        for table in (part for part in text.split("\n\n") if part.startswith("|")):
            self.assertEqual(len({line.count("|") for line in table.splitlines()}), 1)

    def test_json_has_every_round(self) -> None:
        """And can be written."""
        queues = json.loads(json.dumps(self.report().to_json()))["queues"]
        self.assertEqual([queue["name"] for queue in queues], ["Sojourn", "A", "B"])
        self.assertEqual(len(queues[1]["rounds"]), 2)
        self.assertEqual(queues[1]["median"]["single"], 100)

    def test_sojourn_bench(self) -> None:
        """Its names become ours; figures that nobody asked for are passed over."""
        results = [
            {"name": "redis.drain", "median": 5.0}, {"name": "redis.enqueue_batch", "median": 7.0},
            {"name": "redis.raw_limit", "median": 1.0},
        ]
        self.assertEqual(parse(json.dumps({"results": results})), {"drain": 5.0, "bulk": 7.0})


if __name__ == "__main__":
    unittest.main()
