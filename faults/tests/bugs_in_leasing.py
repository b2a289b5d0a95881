"""What leases promise, broken in one place each. Without `bad` the same story is legal."""
from __future__ import annotations

from typing import Callable

from faults.history import INFO

from .story import DEAD, Story


def old_heartbeat(bad: bool) -> Story:
    s = Story()
    s.enqueue("a")
    old = s.claim("a")
    s.wait(2)
    new = s.claim("a", 2)
    s.beat(old, "ok" if bad else "lost")
    s.report(new)
    return s.end(("a", "succeeded"))


def old_report(bad: bool) -> Story:
    s = Story()
    s.enqueue("a")
    old = s.claim("a")
    s.wait(2)
    new = s.claim("a", 2)
    s.report(old, "failed", "ok" if bad else "lost")
    s.report(new)
    return s.end(("a", "succeeded"))


def old_report_repeated(bad: bool) -> Story:
    s = Story()
    s.enqueue("a")
    old = s.claim("a")
    if not bad:
        s.report(old, "failed")
    s.wait(2)
    new = s.claim("a", 2)
    s.report(old, "failed")  # legal where it says again what had been accepted
    s.report(new)
    return s.end(("a", "succeeded"))


def two_successes(bad: bool) -> Story:
    s = Story()
    s.enqueue("a")
    old = s.claim("a")
    s.report(old, state=INFO)
    s.wait(2)
    new = s.claim("a", 2)
    s.report(new)
    s.report(old, state="ok" if bad else "lost")
    return s.end(("a", "succeeded"))


def run_after_success(bad: bool) -> Story:
    s = Story()
    s.enqueue("a")
    s.report(s.claim("a"), state="ok" if bad else INFO)
    s.wait(2)
    s.report(s.claim("a", 2), state="lost" if bad else "ok")
    return s.end(("a", "succeeded"))


def two_live_leases(bad: bool) -> Story:
    s = Story()
    s.enqueue("a")
    s.claim("a")
    s.wait(0.2 if bad else 1)
    s.report(s.claim("a", 2))
    return s.end(("a", "succeeded"))


def extended_and_taken(bad: bool) -> Story:
    s = Story()
    s.enqueue("a")
    old = s.claim("a")
    s.wait(0.5)
    s.beat(old)
    s.wait(0.4 if bad else 1)
    s.report(s.claim("a", 2))
    return s.end(("a", "succeeded"))


def crash_without_excuse(bad: bool) -> Story:
    s = Story(forgets_leases=not bad)
    s.enqueue("a")
    s.claim("a")
    s.add("crash", begin=s.time, end=s.time + 0.1)
    s.report(s.claim("a", 1))
    return s.end(("a", "succeeded"))


def token_twice(bad: bool) -> Story:
    s = Story()
    s.enqueue("a")
    s.enqueue("b")
    s.report(s.claim("a", token="t1"))
    s.report(s.claim("b", token="t1" if bad else "t2"))
    return s.end(("a", "succeeded"), ("b", "succeeded"))


def attempt_twice(bad: bool) -> Story:
    s = Story()
    s.enqueue("a")
    s.report(s.claim("a"), "failed" if bad else "interrupted")
    s.report(s.claim("a", 1))
    return s.end(("a", "succeeded"))


def attempt_goes_down(bad: bool) -> Story:
    s = Story()
    s.enqueue("a")
    s.report(s.claim("a", 2), "snoozed")
    s.report(s.claim("a", 1 if bad else 2))
    return s.end(("a", "succeeded"))


def too_many_attempts(bad: bool) -> Story:
    s = Story()
    s.enqueue("a")
    for attempt in range(1, 4):
        s.report(s.claim("a", attempt), "failed")
    if bad:
        s.report(s.claim("a", 4), "failed")
    return s.end(("a", "dead"), **DEAD)


def run_after_cancel(bad: bool) -> Story:
    s = Story()
    s.enqueue("a")
    if bad:
        s.cancel("id-a")
    s.report(s.claim("a"), "cancelled")
    return s.end(("a", "cancelled"))


def deaf_handler(bad: bool) -> Story:
    s = Story()
    s.enqueue("a")
    lease = s.claim("a")
    s.cancel("id-a")
    s.beat(lease, "ok" if bad else "cancelled")
    s.report(lease, "cancelled")
    return s.end(("a", "cancelled"))


BUGS: list[tuple[str, Callable[[bool], Story]]] = [
    ("S5", old_heartbeat), ("S5", old_report), ("S5", old_report_repeated), ("S5", two_successes),
    ("S6", run_after_success), ("S7", two_live_leases), ("S7", extended_and_taken), ("S7", crash_without_excuse),
    ("S8", token_twice), ("S8", attempt_twice), ("S8", attempt_goes_down), ("S8", too_many_attempts),
    ("S16", run_after_cancel), ("S16", deaf_handler),
]
