"""What leases promise: one holder at a time, stale tokens change nothing, attempts are counted, success is final."""
from __future__ import annotations

from typing import Iterator

from .facts import TERMINAL, Beat, Facts, Grant, Violation

REFUNDS = {"interrupted", "snoozed", "cancelled"}


def fencing(facts: Facts) -> Iterator[Violation]:
    """S5: once somebody else has the task, the old token is refused; one report of success counts."""
    for task, grants in facts.grants.items():
        newest_first = sorted(grants, key=lambda grant: -grant.sent)
        for old in grants:
            newer = [grant for grant in newest_first if grant.sent > old.received and grant.token != old.token]
            if newer:
                yield from _stale_use(facts, old, min(grant.received for grant in newer))
        winners = {report.token for report in facts.reports[task]
                   if report.outcome == "succeeded" and report.state == "ok"}
        if len(winners) > 1:
            yield Violation("S5", f"{len(winners)} attempts of {task} were accepted as its success")


def _stale_use(facts: Facts, old: Grant, since: float) -> Iterator[Violation]:
    for beat in facts.beats[old.id]:
        if beat.token == old.token and beat.state == "ok" and beat.sent > since:
            yield Violation("S5", f"a heartbeat with an old token of {old.id} was accepted")
    mine = [report for report in facts.reports[old.id] if report.token == old.token]
    for report in mine:
        first = not any(one.sent < report.sent and one.may_count for one in mine)
        if report.state == "ok" and report.sent > since and first:
            yield Violation("S5", f"a report with an old token of {old.id} was accepted")


def no_run_after_success(facts: Facts) -> Iterator[Violation]:
    """S6: what has succeeded is not handed out again."""
    for task, reports in facts.reports.items():
        done = [report.received for report in reports if report.outcome == "succeeded" and report.state == "ok"]
        for grant in facts.grants[task]:
            if done and grant.sent > min(done):
                yield Violation("S6", f"{task} was granted after its success")


def exclusivity(facts: Facts) -> Iterator[Violation]:
    """S7: while a lease certainly lasts, nobody else gets the task."""
    for task, grants in facts.grants.items():
        for old in grants:
            beats = [beat for beat in facts.beats[task] if beat.token == old.token and beat.state == "ok"]
            gave_up = min((report.sent for report in facts.reports[task]
                           if report.token == old.token and report.may_count), default=float("inf"))
            for new in grants:
                if new.token == old.token or new.sent <= old.received or gave_up < new.received:
                    continue
                if facts.may_have_forgotten_leases(old.sent, new.received):
                    continue
                end = _certain_end(old, beats)
                if new.received < end - facts.epsilon:
                    yield Violation("S7", f"{task} was granted {end - new.received:.3f} s before its lease ended")


def _certain_end(grant: Grant, beats: list[Beat]) -> float:
    """The server counts from when it hears of it, which is after it was sent."""
    return max([grant.sent + grant.lease, *(beat.sent + beat.lease for beat in beats)])


def attempts(facts: Facts) -> Iterator[Violation]:
    """S8: tokens are new, attempts go up unless one was given back, and there are no more than were allowed."""
    tokens: dict[str, Grant] = {}
    for task, grants in facts.grants.items():
        for grant in grants:
            if grant.token in tokens:
                yield Violation("S8", f"the token of {task} had been given to {tokens[grant.token].id} before")
            tokens[grant.token] = grant
            if grant.attempt - grant.before > grant.max_retries + 1:
                yield Violation("S8", f"{task} has attempt {grant.attempt - grant.before} of {grant.max_retries + 1}")
        for old, new in zip(grants, grants[1:]):
            if new.sent <= old.received or facts.may_have_forgotten_leases(old.sent, new.received):
                continue
            refunded = any(report.token == old.token and report.outcome in REFUNDS and report.may_count
                           for report in facts.reports[task])
            if new.attempt < old.attempt or (new.attempt == old.attempt and not refunded):
                yield Violation("S8", f"{task} had attempt {old.attempt} and then {new.attempt}")


def cancel_barrier(facts: Facts) -> Iterator[Violation]:
    """S16: a task that was cancelled is not handed out, and its handler hears of it at its next heartbeat."""
    for task, cancels in facts.cancels.items():
        since = min((op.received for op in cancels if op.ok), default=None)
        if since is None:
            continue
        for grant in facts.grants[task]:
            if grant.sent > since and not facts.may_have_been_replayed(task, grant.received):
                yield Violation("S16", f"{task} was granted after it was cancelled")
        for beat in facts.beats[task]:
            if beat.sent > since and beat.state == "ok" and not facts.may_have_been_replayed(task, beat.received):
                yield Violation("S16", f"the handler of {task} was not told that it was cancelled")


def no_run_after_end(facts: Facts) -> Iterator[Violation]:
    """S4: a task that somebody saw at its end is not handed out, unless it was put back."""
    for task, reads in facts.reads.items():
        ends = [op.received for op in reads if op.result["status"] in TERMINAL]
        for grant in facts.grants[task]:
            if ends and grant.sent > min(ends) and not facts.may_have_been_replayed(task, grant.received):
                yield Violation("S4", f"{task} was granted after it had ended")
