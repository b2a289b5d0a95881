"""Planted bugs, told by hand: each is found by the rule that is there for it, and its legal twin is not."""
from __future__ import annotations

import unittest

from faults.checker import judge

from . import bugs_in_accepting, bugs_in_ending, bugs_in_leasing

BUGS = bugs_in_accepting.BUGS + bugs_in_leasing.BUGS + bugs_in_ending.BUGS


class PlantedBugs(unittest.TestCase):
    def test_each_is_found_by_its_rule(self) -> None:
        for rule, story in BUGS:
            with self.subTest(story.__name__):
                self.assertIn(rule, {one.rule for one in judge(story(True).ops).violations})

    def test_its_legal_twin_is_not(self) -> None:
        for _, story in BUGS:
            with self.subTest(story.__name__):
                self.assertEqual([str(one) for one in judge(story(False).ops).violations], [])


if __name__ == "__main__":
    unittest.main()
