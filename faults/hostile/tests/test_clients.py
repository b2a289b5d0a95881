"""The honest and the slow clients, against a server that is not worth attacking."""

from __future__ import annotations

import sys
import tempfile
import time
import unittest

from faults.hostile.honest_clients import KEPT, NEW, POST, serve_honestly
from faults.hostile.slow_clients import KINDS, Herd
from faults.hostile.subprocesses import Ended, run_to_end
from faults.hostile.tests.fake_server import FakeServer, answer, good


class HonestTests(unittest.TestCase):
    def test_everybody_is_answered(self) -> None:
        with FakeServer(lambda _: good()) as server:
            record = serve_honestly(server.port, time.monotonic() + 0.6)
        self.assertEqual(record.failures, [])
        for kind in (POST, KEPT, NEW):
            self.assertGreater(len(record.answers[kind]), 0, kind)

    def test_the_pace_is_kept(self) -> None:
        with FakeServer(lambda _: good()) as server:
            record = serve_honestly(server.port, time.monotonic() + 0.4)
        self.assertLessEqual(len(record.answers[POST]), 400 * 0.4 + 8)

    def test_bad_answers_are_failures(self) -> None:
        with FakeServer(lambda _: answer(503, b"{}")) as server:
            record = serve_honestly(server.port, time.monotonic() + 0.2)
        self.assertEqual(record.answers[POST], [])
        self.assertIn(f"{POST}: status 503", {text for _, text in record.failures})


class SlowTests(unittest.TestCase):
    def run_herd(self, server: FakeServer, count: int) -> Herd:
        herd = Herd(server.port, count)
        now = time.monotonic()
        herd.run(0.1, now + 0.6, now + 0.7)
        herd.hang_up()
        return herd

    def test_all_kinds_are_opened_and_held(self) -> None:
        with FakeServer(lambda _: None) as server:
            tallies = self.run_herd(server, 2 * len(KINDS)).tallies
        self.assertEqual({kind.name: (2, []) for kind in KINDS},
                         {name: (tally.opened, tally.lifetimes) for name, tally in tallies.items()})

    def test_who_is_ended_comes_again(self) -> None:
        with FakeServer(lambda _: b"") as server:
            server.hang_up = True
            tally = self.run_herd(server, len(KINDS)).tallies["header dribble"]
        self.assertGreater(tally.opened, 1)
        self.assertGreaterEqual(len(tally.lifetimes), tally.opened - 1)


class SubprocessTests(unittest.TestCase):
    def run_python(self, text: str, patience: float = 5.0) -> Ended:
        with tempfile.TemporaryDirectory() as folder:
            return run_to_end([sys.executable, "-S", "-c", text], folder, {}, patience)

    def test_what_it_says_is_kept(self) -> None:
        ended = self.run_python("import sys; print('a'); sys.stderr.write('b'); sys.exit(3)")
        self.assertEqual((ended.status, ended.output, ended.errors, ended.is_late), (3, b"a\n", b"b", False))

    def test_a_trap_is_seen(self) -> None:
        self.assertEqual(self.run_python("import os; os.kill(os.getpid(), 4)").status, -4)

    def test_a_hang_is_killed(self) -> None:
        ended = self.run_python("import time; time.sleep(60)", patience=0.3)
        self.assertEqual((ended.status, ended.is_late), (-9, True))


if __name__ == "__main__":
    unittest.main()
