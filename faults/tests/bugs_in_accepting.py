"""What enqueueing promises, broken in one place each. Without `bad` the same story is legal."""
from __future__ import annotations

from typing import Callable

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


BUGS: list[tuple[str, Callable[[bool], Story]]] = [
    ("S1", lost), ("S1", lost_for_a_moment), ("L1", never_ended), ("S1", granted_and_gone), ("S2", phantom),
    ("S2", phantom_in_the_list), ("S2", two_of_one_wish), ("S10", two_ids_of_one_key), ("S10", key_new_twice),
    ("S10", key_with_two_requests), ("S10", key_refused_for_nothing), ("S15", payload_changed),
    ("S15", payload_changed_on_record), ("S15", payload_changed_in_a_hook), ("S20", refused_and_there),
    ("S20", malformed_and_accepted), ("S20", half_a_batch), ("S1", accepted_on_a_broken_disk), ("S12", too_early),
    ("S12", hook_too_early), ("S12", back_too_early),
]
