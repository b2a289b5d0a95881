"""What the end promises, broken in one place each. Without `bad` the same story is legal."""
from __future__ import annotations

from typing import Callable

from faults.history import INFO

from .story import DEAD, Story


def run_after_the_end(bad: bool) -> Story:
    s = Story()
    s.enqueue("a")
    for attempt in range(1, 4):
        s.report(s.claim("a", attempt), "failed")
    s.read("id-a", "dead", **DEAD)
    if not bad:
        s.replay("id-a")
    s.report(s.claim("a", 4, before=3))
    return s.end(("a", "succeeded"))


def end_changes(bad: bool) -> Story:
    s = Story()
    s.enqueue("a")
    s.read("id-a", "cancelled" if bad else "running")
    s.report(s.claim("a"), state=INFO)
    return s.end(("a", "succeeded"))


def success_forgotten(bad: bool) -> Story:
    s = Story()
    s.enqueue("a")
    s.report(s.claim("a"))
    return s.end(("a", "cancelled" if bad else "succeeded"))


def success_of_nobody(bad: bool) -> Story:
    s = Story()
    s.enqueue("a")
    s.report(s.claim("a"), "failed" if bad else "succeeded", state=INFO)
    return s.end(("a", "succeeded"))


def hook_success_of_nobody(bad: bool) -> Story:
    s = Story()
    s.enqueue("a", type="hook")
    s.run("a", status=500 if bad else 200)
    return s.end(("a", "succeeded"))


def record_disagrees(bad: bool) -> Story:
    s = Story()
    s.enqueue("a")
    s.report(s.claim("a"))
    story = [[1, "succeeded"], [2, "failed"]] if bad else [[1, "failed"], [2, "succeeded"]]
    return s.end(("a", "succeeded"), attempts=story)


def burned(bad: bool) -> Story:
    s = Story(graceful=bad)
    s.enqueue("a", type="hook")
    s.run("a")
    return s.end(("a", "succeeded"), attempts=[[1, "lease_expired"], [2, "succeeded"]])


def dead_letter_missing(bad: bool) -> Story:
    s = Story()
    s.enqueue("a")
    return s.end(("a", "dead"), dead=[] if bad else None, **DEAD)


def dead_letter_doubled(bad: bool) -> Story:
    s = Story()
    s.enqueue("a")
    return s.end(("a", "dead"), dead=["id-a"] * (2 if bad else 1), **DEAD)


def dead_letter_alive(bad: bool) -> Story:
    s = Story()
    s.enqueue("a")
    s.report(s.claim("a"))
    return s.end(("a", "succeeded"), dead=["id-a"] if bad else [])


def dead_too_soon(bad: bool) -> Story:
    s = Story()
    s.enqueue("a")
    return s.end(("a", "dead"), reason="retries_exhausted", attempt=2 if bad else 3)


def no_poison(bad: bool) -> Story:
    s = Story()
    s.enqueue("a")
    return s.end(("a", "dead"), reason="poison", crashes=1 if bad else 3)


def refused_by_nobody(bad: bool) -> Story:
    s = Story()
    s.enqueue("a")
    s.report(s.claim("a"), "failed", retryable=bad)
    return s.end(("a", "dead"), reason="not_retryable")


def not_at_rest(bad: bool) -> Story:
    s = Story()
    s.add("quiet", left=3 if bad else 0, seconds=60.0)
    return s.end()


def slow_start(bad: bool) -> Story:
    s = Story()
    s.add("started", name="server", seconds=60.0 if bad else 0.1)
    return s.end()


def slow_stop(bad: bool) -> Story:
    s = Story()
    s.add("stopped", name="server", seconds=60.0 if bad else 0.1, limit=3)
    return s.end()


def killed_stop(bad: bool) -> Story:
    s = Story()
    s.add("stopped", name="server", seconds=None if bad else 0.1, limit=3)
    return s.end()


def died(bad: bool) -> Story:
    s = Story()
    if bad:
        s.add("died", name="server")
    return s.end()


BUGS: list[tuple[str, Callable[[bool], Story]]] = [
    ("S8", burned),
    ("S4", run_after_the_end), ("S4", end_changes), ("S3", success_forgotten), ("S3", success_of_nobody),
    ("S3", hook_success_of_nobody), ("S3", record_disagrees), ("S9", dead_letter_missing),
    ("S9", dead_letter_doubled), ("S9", dead_letter_alive), ("S9", dead_too_soon), ("S9", no_poison),
    ("S9", refused_by_nobody), ("L1", not_at_rest), ("L2", slow_start), ("L7", slow_stop), ("L7", killed_stop),
    ("L6", died),
]
