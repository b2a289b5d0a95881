"""A history, sorted by what the rules ask for."""
from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from ..history import OK, Op

TERMINAL = {"succeeded", "dead", "cancelled"}


@dataclass
class Violation:
    """A promise that was broken: which, and how in one sentence."""

    rule: str
    text: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.text}"


@dataclass
class Grant:
    """One task in the answer of one claim."""

    id: str
    token: str
    attempt: int
    before: int
    max_retries: int
    ref: str
    digest: str
    lease: float
    sent: float
    received: float


@dataclass
class Report:
    """How one attempt ended, as its worker told it. `state` is ok, lost, or info where no answer came."""

    id: str
    token: str
    outcome: str
    retryable: bool
    after: float
    state: str
    sent: float
    received: float

    @property
    def may_count(self) -> bool:
        return self.state in ("ok", "info")


@dataclass
class Beat:
    """One lease in a heartbeat."""

    id: str
    token: str
    lease: float
    state: str
    sent: float
    received: float


class Facts:
    """The indexes. Nothing is judged here."""

    def __init__(self, ops: list[Op]) -> None:
        self.ops = ops
        self.by_kind: dict[str, list[Op]] = defaultdict(list)
        for op in ops:
            self.by_kind[op.kind].append(op)
        self.setup: dict[str, Any] = self.by_kind["setup"][0].args if self.by_kind["setup"] else {}
        self.epsilon: float = self.setup.get("epsilon", 0.06)
        self.enqueues = self.by_kind["enqueue"]
        self.by_ref: dict[str, list[Op]] = defaultdict(list)
        self.refs_of: dict[str, set[str]] = defaultdict(set)
        for op in self.enqueues:
            self.by_ref[op.args["ref"]].append(op)
            if op.ok:
                self.refs_of[op.result["id"]].add(op.args["ref"])
        self._read_workers()
        self._read_the_rest()

    def _read_workers(self) -> None:
        self.grants: dict[str, list[Grant]] = defaultdict(list)
        self.reports: dict[str, list[Report]] = defaultdict(list)
        self.beats: dict[str, list[Beat]] = defaultdict(list)
        for op in self.by_kind["claim"]:
            for task in op.result.get("tasks", []) if op.ok else []:
                self.grants[task["id"]].append(Grant(
                    task["id"], task["token"], task["attempt"], task["before"], task["max_retries"], task["ref"],
                    task["digest"], op.args["lease"], op.sent, op.received))
        for one in self.grants.values():
            one.sort(key=lambda grant: grant.received)
        for op in self.by_kind["complete"]:
            for (task, token, outcome, retryable, after), state in zip(op.args["results"], _states(op, "results")):
                self.reports[task].append(
                    Report(task, token, outcome, retryable, after, state, op.sent, op.received))
        for op in self.by_kind["extend"]:
            for (task, token), state in zip(op.args["leases"], _states(op, "leases")):
                self.beats[task].append(Beat(task, token, op.args["lease"], state, op.sent, op.received))

    def _read_the_rest(self) -> None:
        self.cancels: dict[str, list[Op]] = defaultdict(list)
        self.replays: dict[str, list[Op]] = defaultdict(list)
        self.reads: dict[str, list[Op]] = defaultdict(list)
        self.finals: dict[str, Op] = {}
        self.runs: dict[str, list[Op]] = defaultdict(list)
        for op in self.by_kind["cancel"]:
            self.cancels[op.args["id"]].append(op)
        for op in self.by_kind["replay"]:
            for task in op.args["ids"]:
                self.replays[task].append(op)
        for op in self.by_kind["run"]:
            self.runs[op.args["id"]].append(op)
        for op in self.by_kind["read"] + self.by_kind["final"]:
            if op.ok:
                self.reads[op.args["id"]].append(op)
        for op in self.by_kind["final"]:
            if op.ok:
                self.finals[op.args["id"]] = op
        #: (id, status, tags) of everything there was in the end.
        self.listing: list[tuple[str, str, list[str]]] = [
            (task[0], task[1], task[2]) for op in self.by_kind["listing"] if op.ok for task in op.result["tasks"]]
        self.dead: list[str] = [one for op in self.by_kind["dead"] if op.ok for one in op.result["ids"]]
        self.crashes: list[tuple[float, float]] = [
            (op.args["begin"], op.args["end"]) for op in self.by_kind["crash"]]

    def may_have_been_replayed(self, task: str, before: float) -> bool:
        """Whether somebody may have put it back from the dead letters before that instant."""
        return any(op.maybe and op.sent < before for op in self.replays[task])

    def may_have_forgotten_leases(self, begin: float, end: float) -> bool:
        """Whether the store crashed in that time and may lose leases then, as its documentation says."""
        return bool(self.setup.get("forgets_leases")) and any(
            crash[0] <= end and begin <= crash[1] for crash in self.crashes)


def _states(op: Op, argument: str) -> list[str]:
    """The answer for each part of a request; where there was none, nobody knows, and after a refusal it is lost."""
    if op.outcome == OK:
        return list(op.result["states"])
    return ["info" if op.maybe else "lost"] * len(op.args[argument])
