"""The parts that are only arithmetic: plans, tables, the corpus and its costs."""

from __future__ import annotations

import random
import unittest
from pathlib import Path
from unittest import mock

from faults.hostile import __main__ as program
from faults.hostile import cases, configuration, report, requests, slowloris, wire
from faults.hostile.honest_clients import POST, Record
from faults.hostile.mutations import Plan, mutated
from faults.hostile.result import Result
from faults.hostile.server import executable
from faults.hostile.subprocesses import Ended


class MutationTests(unittest.TestCase):
    def test_a_seed_decides(self) -> None:
        first, second, other = Plan(1), Plan(1), Plan(2)
        self.assertEqual([first.request(n) for n in range(200)], [second.request(n) for n in range(200)])
        self.assertNotEqual([first.request(n) for n in range(200)], [other.request(n) for n in range(200)])

    def test_the_order_does_not_matter(self) -> None:
        plan = Plan(3)
        backwards = [plan.request(n) for n in reversed(range(50))]
        self.assertEqual([plan.request(n) for n in range(50)], backwards[::-1])

    def test_most_are_changed(self) -> None:
        good = b'{"type":"t","payload":{}}'
        changed = sum(mutated(good, random.Random(seed)) != good for seed in range(500))
        self.assertGreater(changed, 400)

    def test_framed_requests_say_their_length(self) -> None:
        for planned in map(Plan(4).request, range(300)):
            if planned.is_framed and planned.method == "POST" and planned.body:
                head, body = planned.raw.split(b"\r\n\r\n", 1)
                self.assertIn(b"Content-Length: %d" % len(body), head)


class ReportTests(unittest.TestCase):
    def test_percentiles(self) -> None:
        values = [float(value) for value in range(100, 0, -1)]
        self.assertEqual([report.percentile(values, p) for p in (0, 1, 50, 99, 100)], [1, 1, 50, 99, 100])
        self.assertEqual(report.percentile([], 99), 0)
        self.assertEqual(report.percentile([7.0], 99), 7)

    def test_a_table(self) -> None:
        self.assertEqual(report.table(["a", "b"], [["1|2", "x\ny"]]), "| a | b |\n| --- | --- |\n| 1\\|2 | x y |")

    def test_only_what_is_between_the_marks_is_written(self) -> None:
        page = f"before\n{report.BEGIN}\nold\n{report.END}\nafter\n"
        written = report.replaced(page, "new")
        self.assertEqual(written, f"before\n{report.BEGIN}\n\nnew\n\n{report.END}\nafter\n")
        self.assertEqual(report.replaced(written, "new"), written)

    def test_a_page_without_marks_is_refused(self) -> None:
        for page in ["", report.BEGIN, report.END + report.BEGIN, (report.BEGIN + report.END) * 2]:
            with self.assertRaises(ValueError):
                report.replaced(page, "new")

    def test_a_bound_that_is_not_kept_is_a_violation(self) -> None:
        result = Result()
        result.check("a", "1", "2", True)
        result.check("b", "3", "2", False)
        self.assertEqual(result.violations, ["b: 3, but the bound is 2"])


class CorpusTests(unittest.TestCase):
    def test_every_case_is_in_the_table_and_small(self) -> None:
        loaded = cases.load()
        self.assertGreater(len(loaded), 60)
        self.assertEqual(len({case.name for case in loaded}), len(loaded))
        sizes = {path.name: path.stat().st_size for path in cases.CORPUS.rglob("*") if path.parent != cases.CORPUS}
        self.assertLessEqual(max(sizes.values()), 4_096)

    def test_lengths_stay_within_what_is_let_in(self) -> None:
        for case in cases.load():
            if case.body is not None:
                self.assertLessEqual(len(case.body), 1 << 20, case.name)

    def test_every_configuration_is_in_the_table(self) -> None:
        named = {line.split("\t")[0] for line in configuration.TABLE.read_text().splitlines()}
        files = {f"config/{path.name}" for path in Path(cases.CORPUS, "config").iterdir()}
        self.assertEqual(files | {f"generated/{name}" for name in configuration.CONFIGURATIONS},
                         {name for name in named if not name.startswith("#")})


class CostTests(unittest.TestCase):
    """A server whose clock says what it shall."""

    def cost_of(self, ticks: list[float]) -> float:
        server = mock.Mock()
        server.cpu_seconds.side_effect = ticks
        case = cases.Case("a", b"", None, "-", (400,), "open")
        with mock.patch.object(requests, "play"):
            return requests.cost(server, case)

    def test_a_cheap_case_is_measured_once(self) -> None:
        self.assertAlmostEqual(self.cost_of([1.0, 1.02]), 0.001)

    def test_the_lowest_of_three_rounds_counts(self) -> None:
        self.assertAlmostEqual(self.cost_of([0, 0.4, 1, 1.2, 2, 2.6]), 0.01)


class ConfigurationTests(unittest.TestCase):
    def complaints(self, **changes: object) -> list[str]:
        good = {"status": 2, "output": b"", "errors": b"c.yaml:1: server.port is x; expected a whole number\n",
                "seconds": 0.1, "bytes": 1 << 20, "is_late": False}
        attempt = configuration.Attempt("a", ["config"], 1)
        return configuration.complaints(attempt, Ended(**{**good, **changes}))  # type: ignore[arg-type]

    def test_a_clear_refusal(self) -> None:
        self.assertEqual(self.complaints(), [])

    def test_what_is_wrong_is_seen(self) -> None:
        for changes in [
            {"status": -4}, {"status": 0}, {"status": 133}, {"seconds": 3.0}, {"is_late": True}, {"bytes": 1 << 30},
            {"errors": b""}, {"errors": b"no place\n"}, {"errors": b"a: \x1b[31mb\n"}, {"errors": b"a: b\nc: d\n"},
            {"output": configuration.CANARY.encode()}, {"errors": b"a: " + configuration.CANARY.encode() + b"\n"},
        ]:
            self.assertNotEqual(self.complaints(**changes), [], str(changes))


class ProgramTests(unittest.TestCase):
    def run_with(self, parts: dict[str, object]) -> Result:
        with mock.patch.object(program, "parts", return_value=parts), mock.patch("builtins.print"):
            return program.run("sojourn", program.SHORT, 1)

    def test_a_part_that_breaks_is_a_violation(self) -> None:
        def breaks() -> Result:
            raise OSError("no such thing")

        good = Result()
        good.check("a", "1", "2", True)
        result = self.run_with({"first": breaks, "second": lambda: good})
        self.assertEqual(result.violations, ["first did not come to an end: OSError: no such thing"])
        self.assertIn("| a | 1 | 2 | yes |", program.page(result))

    def test_exit_status(self) -> None:
        for violations, status in [([], 0), (["a"], 1)]:
            with mock.patch.object(program, "run", return_value=Result(violations)), mock.patch("builtins.print"):
                self.assertEqual(program.main(["--short"]), status)

    def test_a_program_that_is_missing_is_named(self) -> None:
        with self.assertRaisesRegex(RuntimeError, "missing/sojourn"):
            executable("missing/sojourn")


class SlowlorisTests(unittest.TestCase):
    def test_a_short_run_ends_soon(self) -> None:
        times = slowloris.schedule(500, 8, is_short=True)
        self.assertLess(times.watch_until - times.baseline_from, 20)
        self.assertFalse(times.is_watched_to_the_end)
        self.assertTrue(slowloris.schedule(500, 60, is_short=False).is_watched_to_the_end)

    def test_throughput_is_compared_with_before(self) -> None:
        times = slowloris.Schedule(10, 0, 10, 12, 20, 30)
        for during, is_kept in [(1.0, True), (0.5, False)]:
            record = Record()
            record.answers[POST] = [(at / 100, 0.01) for at in range(1_000)]
            record.answers[POST] += [(12 + at / 100 / during, 0.01) for at in range(800)]
            for kind in (slowloris.KEPT, slowloris.NEW):
                record.answers[kind] = [(15.0, 0.01)]
            self.assertEqual(not slowloris.honest_result(record, times).violations, is_kept)


class WireTests(unittest.TestCase):
    def test_a_request(self) -> None:
        self.assertEqual(
            wire.request("POST", "/t", b"{}"),
            b"POST /t HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")


if __name__ == "__main__":
    unittest.main()
