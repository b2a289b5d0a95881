"""Planted bugs, told by hand: each is found by the rule that is there for it, and its legal twin is not."""
from __future__ import annotations

import unittest
from typing import Callable

from faults.checker import judge
from faults.history import FAIL, INFO

from .story import DEAD, Story


def lost(bad: bool) -> Story:
    s = Story()
    s.enqueue("a")
    s.report(s.claim("a"))
    return s.end(("a", "absent" if bad else "succeeded"))


def lost_for_a_moment(bad: bool) -> Story:
    s = Story()
    if not bad:
        s.read("id-a", "absent")
    s.enqueue("a")
    if bad:
        s.read("id-a", "absent")
    s.report(s.claim("a"))
    return s.end(("a", "succeeded"))


def never_ended(bad: bool) -> Story:
    s = Story()
    s.enqueue("a")
    s.report(s.claim("a"), "failed")
    return s.end(("a", "retrying") if bad else ("a", "dead"), **DEAD)


def granted_and_gone(bad: bool) -> Story:
    s = Story()
    s.enqueue("a", outcome=INFO)
    s.report(s.claim("a"))
    return s.end(*([] if bad else [("a", "succeeded")]))


def phantom(bad: bool) -> Story:
    s = Story()
    s.enqueue("a")
    s.report(s.claim("a"))
    if bad:
        s.claim("b")
    return s.end(("a", "succeeded"), *([("b", "succeeded")] if bad else []))


def phantom_in_the_list(bad: bool) -> Story:
    s = Story()
    s.enqueue("a")
    s.enqueue("b", outcome=INFO)
    s.report(s.claim("a"))
    return s.end(("a", "succeeded"), tags=[["c" if bad else "b"]])


def two_of_one_wish(bad: bool) -> Story:
    s = Story()
    s.enqueue("a")
    s.report(s.claim("a"))
    return s.end(("a", "succeeded"), tags=[["a"]] if bad else [])


def two_ids_of_one_key(bad: bool) -> Story:
    s = Story()
    s.enqueue("a", key="k")
    s.enqueue("a", key="k", id="id-other" if bad else "id-a", duplicate=True)
    s.report(s.claim("a"))
    s.end(("a", "succeeded"))
    if bad:
        s.read("id-other", "cancelled", "final")
    return s


def key_new_twice(bad: bool) -> Story:
    s = Story()
    s.enqueue("a", key="k")
    s.enqueue("a", key="k", duplicate=not bad)
    s.report(s.claim("a"))
    return s.end(("a", "succeeded"))


def key_with_two_requests(bad: bool) -> Story:
    s = Story()
    s.enqueue("a", key="k")
    if bad:
        s.enqueue("other", key="k", id="id-a", duplicate=True, digest="payload of a")
    else:
        s.enqueue("other", key="k", outcome=FAIL, status=422)
    s.report(s.claim("a"))
    return s.end(("a", "succeeded"))


def key_refused_for_nothing(bad: bool) -> Story:
    s = Story()
    if not bad:
        s.enqueue("other", key="k", outcome=INFO)
    s.enqueue("a", key="k", outcome=FAIL, status=422)
    return s.end()


def payload_changed(bad: bool) -> Story:
    s = Story()
    s.enqueue("a")
    s.report(s.claim("a", digest="something else" if bad else None))
    return s.end(("a", "succeeded"))


def payload_changed_on_record(bad: bool) -> Story:
    s = Story()
    s.enqueue("a")
    s.report(s.claim("a"))
    return s.end(("a", "succeeded"), digest="something else" if bad else "payload of a")


def payload_changed_in_a_hook(bad: bool) -> Story:
    s = Story()
    s.enqueue("a", type="hook")
    s.run("a", digest="something else" if bad else None)
    return s.end(("a", "succeeded"))


def refused_and_there(bad: bool) -> Story:
    s = Story()
    s.enqueue("a", outcome=FAIL if bad else INFO)
    s.report(s.claim("a"))
    return s.end(("a", "succeeded"))


def malformed_and_accepted(bad: bool) -> Story:
    s = Story()
    s.enqueue("a", spoiled=bad)
    s.report(s.claim("a"))
    return s.end(("a", "succeeded"))


def half_a_batch(bad: bool) -> Story:
    s = Story()
    s.enqueue("a", batch="one", outcome=INFO)
    s.enqueue("b", batch="one", outcome=INFO)
    return s.end(tags=[["a"]] if bad else [["a"], ["b"]])


def accepted_on_a_broken_disk(bad: bool) -> Story:
    s = Story()
    begin = s.time
    if not bad:
        s.wait(-1)
    s.enqueue("a")
    s.wait(0 if bad else 1)
    s.report(s.claim("a"))
    s.add("fsync_fails", begin=begin, end=s.time)
    return s.end(("a", "succeeded"))


def too_early(bad: bool) -> Story:
    s = Story()
    s.enqueue("a", delay=1.0)
    s.wait(0.5 if bad else 1)
    s.report(s.claim("a"))
    return s.end(("a", "succeeded"))


def hook_too_early(bad: bool) -> Story:
    s = Story()
    s.enqueue("a", delay=1.0, type="hook")
    s.wait(0.5 if bad else 1)
    s.run("a")
    return s.end(("a", "succeeded"))


def back_too_early(bad: bool) -> Story:
    s = Story()
    s.enqueue("a")
    s.report(s.claim("a"), "failed", after=1.0)
    s.wait(0.2 if bad else 1)
    s.report(s.claim("a", 2))
    return s.end(("a", "succeeded"))


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
    ("S1", lost), ("S1", lost_for_a_moment), ("S1", never_ended), ("S1", granted_and_gone), ("S2", phantom),
    ("S2", phantom_in_the_list), ("S2", two_of_one_wish), ("S10", two_ids_of_one_key), ("S10", key_new_twice),
    ("S10", key_with_two_requests), ("S10", key_refused_for_nothing), ("S15", payload_changed),
    ("S15", payload_changed_on_record), ("S15", payload_changed_in_a_hook), ("S20", refused_and_there),
    ("S20", malformed_and_accepted), ("S20", half_a_batch), ("S1", accepted_on_a_broken_disk), ("S12", too_early),
    ("S12", hook_too_early), ("S12", back_too_early), ("S5", old_heartbeat), ("S5", old_report),
    ("S5", old_report_repeated), ("S5", two_successes), ("S6", run_after_success), ("S7", two_live_leases),
    ("S7", extended_and_taken), ("S7", crash_without_excuse), ("S8", token_twice), ("S8", attempt_twice),
    ("S8", attempt_goes_down), ("S8", too_many_attempts), ("S16", run_after_cancel), ("S16", deaf_handler),
    ("S4", run_after_the_end), ("S4", end_changes), ("S3", success_forgotten), ("S3", success_of_nobody),
    ("S3", hook_success_of_nobody), ("S3", record_disagrees), ("S9", dead_letter_missing),
    ("S9", dead_letter_doubled), ("S9", dead_letter_alive), ("S9", dead_too_soon), ("S9", no_poison),
    ("S9", refused_by_nobody), ("L1", not_at_rest), ("L2", slow_start), ("L7", slow_stop), ("L7", killed_stop),
    ("L6", died),
]


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
