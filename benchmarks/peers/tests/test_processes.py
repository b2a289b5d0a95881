"""Processes are ended, whatever happens."""

import tempfile
import time
import unittest
from pathlib import Path

from harness.processes import Failed, accepts, free_port, last_lines, output, running, wait_until


def is_alive(number: int) -> bool:
    """Whether a process exists and is more than a memory of its parent's."""
    try:
        return Path(f"/proc/{number}/stat").read_text().split()[2] != "Z"
    except OSError:
        return False


class ProcessTests(unittest.TestCase):
    """With commands that every system has."""

    def setUp(self) -> None:
        """A folder for logs."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.log = Path(folder.name) / "log"

    def test_a_failure_ends_the_process_and_its_children(self) -> None:
        """Also those that ignore a polite request."""
        script = "trap '' TERM; sleep 60 & echo $!; wait"
        with self.assertRaises(ZeroDivisionError):
            with running(["sh", "-c", script], self.log, patience=0.1) as process:
                wait_until(lambda: self.log.read_text().strip() != "", process, self.log, 4, "sh")
                child = int(self.log.read_text())
                raise ZeroDivisionError
        deadline = time.monotonic() + 4
        while is_alive(child) and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertFalse(is_alive(child))

    def test_output(self) -> None:
        """What a command prints, or why it failed."""
        self.assertEqual(output(["echo", "a"]), "a\n")
        for words, reason in ((["sh", "-c", "echo bad >&2; exit 3"], "bad"), (["/no/such"], "does not start")):
            with self.subTest(words=words), self.assertRaisesRegex(Failed, reason):
                output(words)
        with self.assertRaisesRegex(Failed, "took longer"):
            output(["sleep", "60"], seconds=0.1)

    def test_waiting_for_a_process_that_ended(self) -> None:
        """Its last words are the reason."""
        with running(["sh", "-c", "echo no memory; exit 1"], self.log) as process:
            with self.assertRaisesRegex(Failed, "server ended: no memory"):
                wait_until(lambda: False, process, self.log, 4, "server")

    def test_small_things(self) -> None:
        """A free port is free; the end of a log is one line."""
        self.assertFalse(accepts(free_port()))
        self.assertEqual(last_lines("a\n b\n\nc \n", 2), "b | c")


if __name__ == "__main__":
    unittest.main()
