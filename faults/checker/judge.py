"""All rules over one history, and what there is to count in it."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Iterator

from ..history import Op
from . import accepting, ending, leasing
from .facts import Facts, Violation

Rule = Callable[[Facts], Iterator[Violation]]

RULES: list[Rule] = [
    accepting.durability, accepting.no_phantom, accepting.idempotency, accepting.fidelity, accepting.honest_refusals,
    accepting.honest_disk, accepting.not_before, leasing.fencing, leasing.no_run_after_success, leasing.exclusivity,
    leasing.attempts, leasing.cancel_barrier, leasing.no_run_after_end, ending.provenance,
    ending.terminal_is_terminal, ending.nothing_burned, ending.dead_letters, ending.in_time,
    ending.all_granted_ones_exist,
]


@dataclass
class Verdict:
    """The violations of a history and its counts."""

    violations: list[Violation]
    counts: dict[str, int]

    @property
    def is_clean(self) -> bool:
        return not self.violations


def judge(ops: list[Op]) -> Verdict:
    facts = Facts(ops)
    violations = [violation for rule in RULES for violation in rule(facts)]
    return Verdict(violations, count(facts, violations))


def count(facts: Facts, violations: list[Violation]) -> dict[str, int]:
    """What a line of the report says."""
    enqueues = facts.enqueues
    runs = sum(len(ops) for ops in facts.runs.values())
    grants = sum(len(ones) for ones in facts.grants.values())
    stale = sum(report.state == "lost" for reports in facts.reports.values() for report in reports)
    stale += sum(beat.state == "lost" for beats in facts.beats.values() for beat in beats)
    return {
        "ok": sum(op.ok for op in enqueues), "info": sum(op.outcome == "info" for op in enqueues),
        "tasks": len({op.result["id"] for op in enqueues if op.ok}), "granted": grants + runs,
        "again": _again(facts), "stale": stale, "lost": sum(one.rule == "S1" for one in violations),
        "violations": len(violations), "start_ms": _longest(facts, "started"), "stop_ms": _longest(facts, "stopped"),
        "rest_ms": _longest(facts, "quiet"),
    }


def _longest(facts: Facts, kind: str) -> int:
    return max((int(1000 * (op.args["seconds"] or 0)) for op in facts.by_kind[kind]), default=0)


def _again(facts: Facts) -> int:
    """What at-least-once costs: attempts although the one before had neither failed nor been given back."""
    count = 0
    for task, grants in facts.grants.items():
        reported = {report.token for report in facts.reports[task] if report.state == "ok"}
        count += sum(old.token not in reported for old in grants[:-1])
    for runs in facts.runs.values():
        count += sum(not (op.ok and op.result["status"] != 200) for op in runs[:-1])
    return count
