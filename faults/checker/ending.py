"""What the end promises: it happened, it stays, it is where it belongs, and it comes in time."""
from __future__ import annotations

from collections import Counter
from typing import Any, Iterator

from .facts import TERMINAL, Facts, Violation

REASONS = {"retries_exhausted", "not_retryable", "discarded", "poison", "deadline"}
POISON = 3
#: Seconds, on however busy a machine; the report says how long the slowest took.
START_LIMIT = 20


def provenance(facts: Facts) -> Iterator[Violation]:
    """S3: success has an attempt that reported it, and a success that was acknowledged stays one."""
    for task, final in facts.finals.items():
        status = final.result["status"]
        reports = [report for report in facts.reports[task] if report.outcome == "succeeded"]
        if any(report.state == "ok" for report in reports) and status != "succeeded":
            yield Violation("S3", f"{task} was acknowledged as succeeded and is {status}")
        if status == "succeeded" and not _somebody_did_it(facts, task):
            yield Violation("S3", f"{task} succeeded and no attempt said so")
        yield from _attempts_agree(task, final.result)


def _somebody_did_it(facts: Facts, task: str) -> bool:
    tokens = {grant.token for grant in facts.grants[task]}
    reported = any(report.outcome == "succeeded" and report.may_count and report.token in tokens
                   for report in facts.reports[task])
    return reported or any(op.ok and op.result["status"] == 200 for op in facts.runs[task])


def _attempts_agree(task: str, record: dict[str, Any]) -> Iterator[Violation]:
    """The attempts on record tell the same story as the status."""
    outcomes = [outcome for _, outcome in record.get("attempts", [])]
    numbers = [number for number, _ in record.get("attempts", [])]
    expected = [len(outcomes) - 1] if record["status"] == "succeeded" else []
    if record["status"] != "absent" and [i for i, one in enumerate(outcomes) if one == "succeeded"] != expected:
        yield Violation("S3", f"{task} is {record['status']} with the attempts {outcomes}")
    if numbers != sorted(numbers):
        yield Violation("S8", f"{task} has attempts numbered {numbers}")


def terminal_is_terminal(facts: Facts) -> Iterator[Violation]:
    """S4: an end stays, unless a dead letter was put back."""
    for task, reads in facts.reads.items():
        ordered = sorted(reads, key=lambda op: op.sent)
        for index, early in enumerate(ordered):
            status = early.result["status"]
            if status not in TERMINAL:
                continue
            for late in ordered[index + 1:]:
                changed = late.sent > early.received and late.result["status"] != status
                legal = status == "dead" and facts.may_have_been_replayed(task, late.received)
                if changed and not legal:
                    yield Violation("S4", f"{task} was {status} and then {late.result['status']}")
                    break


def dead_letters(facts: Facts) -> Iterator[Violation]:
    """S9: the dead letters are the dead tasks, each once, with a reason that holds."""
    if not facts.by_kind["dead"]:
        return
    counts = Counter(facts.dead)
    for task, final in facts.finals.items():
        expected = 1 if final.result["status"] == "dead" else 0
        if counts[task] != expected:
            yield Violation("S9", f"{task} is {final.result['status']} and {counts[task]} times a dead letter")
        if expected:
            problem = _reason_fails(facts, task, final.result)
            if problem:
                yield Violation("S9", f"{task} is dead by {final.result['reason']}: {problem}")


def _reason_fails(facts: Facts, task: str, record: dict[str, Any]) -> str | None:
    reason, used = record["reason"], record["attempt"] - record["attempts_before_replay"]
    reports = [report for report in facts.reports[task] if report.may_count]
    if reason not in REASONS:
        return "there is no such reason"
    if reason == "retries_exhausted" and used != record["max_retries"] + 1:
        return f"{used} attempts of {record['max_retries'] + 1}"
    if reason == "not_retryable" and not any(r.outcome == "failed" and not r.retryable for r in reports):
        return "no attempt failed for good"
    if reason == "discarded" and not any(r.outcome == "discarded" for r in reports):
        return "nobody discarded it"
    if reason == "poison" and record["crashes"] < POISON:
        return f"only {record['crashes']} of its leases ran out"
    return None


def in_time(facts: Facts) -> Iterator[Violation]:
    """L1, L2 and L7: everything ends once the faults are over; starts and stops keep their bounds."""
    for op in facts.by_kind["quiet"]:
        if op.args["left"]:
            yield Violation("L1", f"{op.args['left']} tasks had not ended {op.args['seconds']:.0f} s after the faults")
    for op in facts.by_kind["started"]:
        if op.args["seconds"] > START_LIMIT:
            yield Violation("L2", f"{op.args['name']} was ready after {op.args['seconds']:.1f} s")
    for op in facts.by_kind["stopped"]:
        if op.args["seconds"] is None:
            yield Violation("L7", f"{op.args['name']} did not end by itself")
        elif op.args["seconds"] > op.args["limit"]:
            yield Violation("L7", f"{op.args['name']} ended {op.args['seconds']:.1f} s after SIGTERM")
    for op in facts.by_kind["died"]:
        yield Violation("L6", f"{op.args['name']} ended by itself")


def nothing_burned(facts: Facts) -> Iterator[Violation]:
    """S8: where workers are only ever asked to stop, they give back what they hold, and no lease runs out."""
    if not facts.setup.get("graceful"):
        return
    for task, final in facts.finals.items():
        outcomes = [outcome for _, outcome in final.result.get("attempts", [])]
        if facts.runs[task] and "lease_expired" in outcomes:
            yield Violation("S8", f"a graceful stop burned an attempt of {task}: {outcomes}")


def all_granted_ones_exist(facts: Facts) -> Iterator[Violation]:
    """S1 once more, for tasks whose enqueue got no answer: what was handed out is on record."""
    listed = {task for task, _, _ in facts.listing}
    if facts.by_kind["listing"]:
        for task, grants in facts.grants.items():
            if grants and task not in listed:
                yield Violation("S1", f"{task} was granted and is not there in the end")
