"""The plan of the faults is complete and repeatable, and the page gets its table."""
from __future__ import annotations

import itertools
import os
import tempfile
import unittest

from faults import backends, catalogue, report
from faults.checker import Violation
from faults.programs import Trouble
from faults.rounds import Round


class CatalogueTests(unittest.TestCase):
    def test_every_fault_has_one_name_and_words(self) -> None:
        names = [fault.name for fault in catalogue.FAULTS]
        self.assertEqual(len(names), len(set(names)))
        for backend in backends.NAMES:
            for name in catalogue.names_of(backend):
                self.assertTrue(catalogue.words_of(name))

    def test_a_seed_is_a_schedule(self) -> None:
        def first(seed: int) -> list[tuple[float, str]]:
            steps = itertools.islice(catalogue.schedule("redis", catalogue.MIXED, seed), 20)
            return [(pause, fault.name) for pause, fault, _ in steps]
        self.assertEqual(first(7), first(7))
        self.assertNotEqual(first(7), first(8))

    def test_only_one_of_two_starts_processes(self) -> None:
        for _, fault, dice in itertools.islice(catalogue.schedule("postgres", catalogue.PAIRS, 1), 50):
            other = catalogue.companion("postgres", fault, dice)
            self.assertTrue(other.starts_nothing)
            self.assertIsNot(other, fault)


class ReportTests(unittest.TestCase):
    rounds = [Round("sqlite", "server-kill", 1, faults=1_234, counts={"tasks": 5_678}),
              Round("redis", "zombies", 1, faults=5, violations=[Violation("S5", "a"), Violation("S5", "b")]),
              Round("sqlite", "power-cut", 1, left_out="mounting needs root")]

    def test_the_table_has_a_cell_for_each(self) -> None:
        text = "\n".join(report.table(self.rounds))
        self.assertIn("| `kill -9` of a server | 1,234 × / 5,678 ✓ |  |  |  |", text)
        self.assertIn("**2 violations**", text)
        self.assertIn("| power cut | left out |", text)

    def test_violations_are_told_by_rule(self) -> None:
        self.assertEqual(self.rounds[1].findings(), ["S5: a (and 1 more)"])
        self.assertTrue(self.rounds[1].line().startswith("VIOLATED"))

    def written(self, page: str) -> str:
        """What becomes of a page."""
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "page.md")
            with open(path, "w", encoding="utf-8") as file:
                file.write(page)
            report.write(path, "new\n")
            with open(path, encoding="utf-8") as file:
                return file.read()

    def test_it_takes_the_place_between_the_marks(self) -> None:
        page = "a\n{}\n{}{}\nb\n"
        old, new = (page.format(report.BEGIN, text, report.END) for text in ("old\n", "new\n"))
        self.assertEqual(self.written(old), new)
        self.assertRaises(Trouble, self.written, "no marks")


if __name__ == "__main__":
    unittest.main()
