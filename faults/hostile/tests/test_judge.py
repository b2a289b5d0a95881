"""The judge must see what is planted, and nothing else."""

from __future__ import annotations

import subprocess
import sys
import unittest

from faults.hostile import wire
from faults.hostile.fuzz import Fuzz, asks_to_wait
from faults.hostile.judge import Violations, complaint
from faults.hostile.mutations import Planned
from faults.hostile.tests.fake_server import FakeServer, answer, good
from faults.hostile.wire import Answer

_PROBLEM = b'{"type":"about:blank","title":"Bad Request","status":400,"detail":"x"}'

#: Long enough for a busy machine: only the test of a hang waits for it.
_PATIENCE = 1.0


class BodyPlan:
    """Requests that all can be followed by another one."""

    def request(self, number: int) -> Planned:
        return Planned(wire.request("POST", "/tasks", b"{}"), "POST", "/tasks", b"{}", True)


class JudgeTests(unittest.TestCase):
    def complaint_about(self, status: int, body: bytes, kind: str = "application/problem+json") -> str | None:
        return complaint(Answer(status, {"content-type": kind}, body))

    def test_good_answers(self) -> None:
        self.assertIsNone(self.complaint_about(400, _PROBLEM))
        self.assertIsNone(self.complaint_about(200, b'{"payload":1e999999}', "application/json"))
        self.assertIsNone(self.complaint_about(200, b"x 1", "text/plain"))
        self.assertIsNone(complaint(Answer(404, {}, b""), has_body=False))

    def test_bad_answers(self) -> None:
        for status, body, kind in [
            (500, _PROBLEM, "application/problem+json"), (503, _PROBLEM, "application/problem+json"),
            (400, b"", ""), (400, b"{", "application/problem+json"), (400, b"[]", "application/problem+json"),
            (404, _PROBLEM, "application/problem+json"), (400, _PROBLEM, "application/json"),
            (400, b'{"type":"a","title":"","status":400,"detail":"x"}', "application/problem+json"),
            (200, b"NaN", "application/json"), (200, b"\xff", "application/json"),
        ]:
            self.assertIsNotNone(self.complaint_about(status, body, kind), f"{status} {body!r}")

    def test_kinds_are_counted(self) -> None:
        violations = Violations()
        for number in range(3):
            violations.add("status 500", f"in request {number}")
        self.assertEqual((violations.count, violations.shown), (3, ["3 × status 500, first in request 0"]))

    def test_long_polls_may_wait(self) -> None:
        bodies = [(b'{"wait_seconds":9}', True), (b'{"wait_seconds":0}', False), (b"{}", False), (b"{", False)]
        for body, waits in bodies:
            planned = Planned(wire.request("POST", "/leases", body), "POST", "/leases", body, True)
            self.assertEqual(asks_to_wait(planned), waits, body)


class FuzzTests(unittest.TestCase):
    def run_against(self, server: FakeServer, is_alive: bool = True) -> Fuzz:
        fuzz = Fuzz(server.port, BodyPlan(), lambda: is_alive, patience=_PATIENCE)  # type: ignore[arg-type]
        fuzz.run(range(20))
        return fuzz

    def test_nothing_planted(self) -> None:
        with FakeServer(lambda _: good()) as server:
            fuzz = self.run_against(server)
        self.assertEqual((fuzz.violations.shown, fuzz.statuses[200]), ([], 20))

    def test_a_500(self) -> None:
        with FakeServer(lambda number: answer(500, b"{}") if number == 7 else good()) as server:
            fuzz = self.run_against(server)
        self.assertEqual(fuzz.violations.count, 1)
        self.assertIn("status 500", fuzz.violations.shown[0])

    def test_a_hang(self) -> None:
        with FakeServer(lambda number: None if number == 7 else good()) as server:
            fuzz = self.run_against(server)
        self.assertEqual(fuzz.violations.count, 1)
        self.assertIn("the server hangs", fuzz.violations.shown[0])

    def test_an_answer_too_many(self) -> None:
        with FakeServer(lambda number: good() * (2 if number == 7 else 1)) as server:
            fuzz = self.run_against(server)
        self.assertIn("more was sent than one answer", fuzz.violations.shown[0])

    def test_a_dead_process(self) -> None:
        process = subprocess.Popen([sys.executable, "-S", "-c", ""])
        process.wait()
        with FakeServer(lambda _: good()) as server:
            fuzz = Fuzz(server.port, BodyPlan(), lambda: process.poll() is None, _PATIENCE)  # type: ignore[arg-type]
            fuzz.run(range(20))
        self.assertEqual(fuzz.violations.shown, ["1 × the server process has ended"])

    def test_a_closed_port(self) -> None:
        with FakeServer(lambda _: good()) as server:
            port = server.port
        fuzz = Fuzz(port, BodyPlan(), lambda: True, _PATIENCE)  # type: ignore[arg-type]
        fuzz.run(range(6))
        self.assertEqual(fuzz.violations.count, 6)


if __name__ == "__main__":
    unittest.main()
