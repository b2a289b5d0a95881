"""Generated histories: those of a queue that keeps its promises pass, those of one with a planted bug do not."""
from __future__ import annotations

import unittest

from faults.checker import Violation, judge

from .model import Model

BUGS = {
    "task dropped": "S1", "key forgotten": "S10", "delay ignored": "S12", "token repeated": "S8",
    "attempt not counted": "S8", "payload changed": "S15", "granted twice": "S7", "run after success": "S6",
    "cancel ignored": "S16", "fence missing": "S5", "cancel not told": "S16", "retries unlimited": "S8",
    "success dropped": "S6", "reaped early": "S7", "replays the living": "S6", "dead letter missing": "S9",
}


def violations(seed: int, bug: str = "") -> list[Violation]:
    return judge(Model(seed, bug).history()).violations


class GeneratedHistories(unittest.TestCase):
    def test_legal_ones_pass(self) -> None:
        for seed in range(150):
            with self.subTest(seed=seed):
                self.assertEqual([str(one) for one in violations(seed)], [])

    def test_they_are_not_trivial(self) -> None:
        counts = judge(Model(1).history()).counts
        self.assertGreater(counts["tasks"], 60)
        self.assertGreater(counts["again"], 5)
        self.assertGreater(counts["stale"], 5)
        self.assertGreater(counts["info"], 5)

    def test_bugs_are_found(self) -> None:
        for bug, rule in BUGS.items():
            with self.subTest(bug):
                found = {one.rule for seed in range(5) for one in violations(seed, bug)}
                self.assertIn(rule, found)


if __name__ == "__main__":
    unittest.main()
