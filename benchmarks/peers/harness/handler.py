"""What every Python peer's handler does; runs in the peer's worker."""

import itertools
import json
import os
import time
from pathlib import Path

from harness.figures import percentile

STAMP_DIGITS = 20
PAYLOAD_BYTES = 100


def payload() -> str:
    """100 bytes that begin with the time, so that the worker can say how long the task waited."""
    return f"{time.monotonic_ns():0{STAMP_DIGITS}d}".ljust(PAYLOAD_BYTES, "x")


class Counter:
    """Counts tasks in the worker itself: asking a store how many are left would disturb what is measured."""

    def __init__(self) -> None:
        """Reads from the environment what the driver wants to know."""
        self.folder = Path(os.environ.get("PEER_REPORTS", "."))
        self.warm_up = int(os.environ.get("PEER_WARM_UP", "0"))
        self.expected = int(os.environ.get("PEER_EXPECTED", "0"))
        self.numbers = itertools.count(1)  # next() is atomic, and some peers run handlers in threads
        self.waits: list[int] = []
        self.start = 0

    def handled(self, payload: str) -> None:
        """Notes one task; the first and the last are reported."""
        now = time.monotonic_ns()
        number = next(self.numbers)
        if number > self.warm_up:
            self.waits.append(now - int(payload[:STAMP_DIGITS]))
        if number == 1:
            self.write("first", {})
        if number == self.warm_up:
            self.start = now
        if number == self.expected:
            self.write("last", self.summary(now))

    def summary(self, now: int) -> dict[str, float]:
        """What the driver reads: the time since the warm-up, and how long tasks waited."""
        waits = sorted(wait / 1e6 for wait in self.waits)
        return {
            "tasks": self.expected - self.warm_up,
            "seconds": (now - self.start) / 1e9,
            "p50_ms": percentile(waits, 0.5),
            "p99_ms": percentile(waits, 0.99),
        }

    def write(self, name: str, content: dict[str, float]) -> None:
        """A file that appears whole, so that the driver never reads half of it."""
        draft = self.folder / f"{name}.draft"
        draft.write_text(json.dumps(content))
        draft.rename(self.folder / f"{name}.json")


counter = Counter()
