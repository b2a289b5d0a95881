"""A queue in a few lines, on a clock of its own, with clients and workers whose answers are late or lost.

It keeps all promises, so its histories are legal; each `bug` breaks one.
"""
from __future__ import annotations

import heapq
import itertools
import random
from dataclasses import dataclass
from typing import Any, Callable, Generator

from faults.history import FAIL, OK, Op

LEASE = 1.0
Work = Generator[float, None, None]


@dataclass
class Task:
    ref: str
    digest: str
    retries: int
    due: float
    status: str = "queued"
    attempt: int = 0
    before: int = 0
    crashes: int = 0
    token: str = ""
    ends: float = 0.0
    wants_cancel: bool = False
    reason: str | None = None
    outcomes: list[tuple[int, str]] | None = None


class Model:
    """Run it with `history()`."""

    def __init__(self, seed: int, bug: str = "") -> None:
        self.dice = random.Random(seed)
        self.bug = bug
        self.now = 0.0
        self.ops: list[Op] = []
        self.tasks: dict[str, Task] = {}
        self.keys: dict[str, str] = {}
        self.accepted: dict[tuple[str, str], str] = {}
        self.tokens = itertools.count()
        self._events: list[tuple[float, int, Work]] = []
        self._numbers = itertools.count()

    def spawn(self, work: Work, after: float = 0.0) -> None:
        heapq.heappush(self._events, (self.now + after, next(self._numbers), work))

    def history(self) -> list[Op]:
        for number in range(3):
            self.spawn(self._client(f"c{number}"))
        for _ in range(3):
            self.spawn(self._worker())
        self.spawn(self._reaper())
        while self._events and self._events[0][0] < 40:
            self.now, _, work = heapq.heappop(self._events)
            pause = next(work, None)
            if pause is not None:
                self.spawn(work, pause)
        self._final()
        return sorted(self.ops, key=lambda op: op.sent)

    def _request(self, op: Op, effect: Callable[[], tuple[str, dict[str, Any]]]) -> Work:
        """Sent, done and answered at three different instants; one in eight is lost on the way or on the way back."""
        op.sent = self.now
        self.ops.append(op)
        yield self.dice.choice([0.001, 0.02, 0.3])
        lost = self.dice.random()
        if lost > 0.06:
            outcome, result = effect()
            yield self.dice.choice([0.001, 0.02, 0.3])
            if lost > 0.12:
                op.outcome, op.result, op.received = outcome, result, self.now

    def _client(self, name: str) -> Work:
        for number in range(30):
            ref = f"{name}-{number}"
            key = f"key-{ref}" if number % 2 else None
            delay = self.dice.choice([0, 0, 0.5])
            args = {"ref": ref, "key": key, "digest": f"d-{ref}", "delay": delay, "type": "py", "form": ref,
                    "max_retries": 2}
            for _ in range(2 if key else 1):
                op = Op("enqueue", name, 0, args=dict(args))
                yield from self._request(op, lambda: self._enqueue(ref, key, delay))
            if self.tasks and self.dice.random() < 0.5:
                task = self.dice.choice(sorted(self.tasks))
                yield from self._request(Op("read", name, 0, args={"id": task}), lambda: self._read(task))
            if self.tasks and self.dice.random() < 0.2:
                task = self.dice.choice(sorted(self.tasks))
                yield from self._request(Op("cancel", name, 0, args={"id": task}), lambda: self._cancel(task))
            dead = [one for one, task in self.tasks.items() if task.status == "dead"]
            if dead and self.dice.random() < 0.2:
                ids = [*dead, self.dice.choice(sorted(self.tasks))]  # the last one is passed over, most of the time
                yield from self._request(Op("replay", name, 0, args={"ids": ids}), lambda: self._replay(ids))
            yield self.dice.random() / 3

    def _enqueue(self, ref: str, key: str | None, delay: float) -> tuple[str, dict[str, Any]]:
        if key in self.keys and self.bug != "key forgotten":
            return OK, {"id": self.keys[key or ""], "duplicate": True}
        task = f"id-{next(self._numbers)}"
        if self.bug != "task dropped" or self.dice.random() < 0.9:
            early = delay if self.bug == "delay ignored" else 0
            self.tasks[task] = Task(ref, f"d-{ref}", 2, self.now + delay - early, outcomes=[])
        if key:
            self.keys[key] = task
        return OK, {"id": task, "duplicate": False}

    def _worker(self) -> Work:
        while True:
            op = Op("claim", "worker", 0, args={"lease": LEASE, "wait": 0})
            yield from self._request(op, self._claim)
            for granted in op.result.get("tasks", []):
                self.spawn(self._handle(granted))
            yield 0.05

    def _handle(self, granted: dict[str, Any]) -> Work:
        lease, dice = [granted["id"], granted["token"]], self.dice
        if dice.random() < 0.15:
            yield 3 * LEASE  # frozen
        for _ in range(dice.randrange(4)):
            yield LEASE / 3
            beat = Op("extend", "worker", 0, args={"lease": LEASE, "leases": [lease]})
            yield from self._request(beat, lambda: self._extend(*lease))
            if beat.ok and beat.result["states"] != ["ok"] and dice.random() < 0.5:
                return
        outcome = dice.choice(["succeeded", "succeeded", "failed", "interrupted"])
        report = [*lease, outcome, True, 0.0]
        for _ in range(3):
            op = Op("complete", "worker", 0, args={"results": [report]})
            yield from self._request(op, lambda: self._complete(*lease, outcome))
            if op.ok and dice.random() < 0.7:
                return

    def _claim(self) -> tuple[str, dict[str, Any]]:
        ready = [one for one, task in self.tasks.items() if self._is_ready(task)]
        granted = []
        for one in ready[:5]:
            task = self.tasks[one]
            task.status, task.ends, task.token = "running", self.now + LEASE, f"t{next(self.tokens)}"
            if self.bug == "token repeated":
                task.token = f"t-{one}"
            task.attempt += 0 if self.bug == "attempt not counted" and task.attempt else 1
            digest = "d-changed" if self.bug == "payload changed" and self.dice.random() < 0.1 else task.digest
            granted.append({"id": one, "token": task.token, "attempt": task.attempt, "before": task.before,
                            "max_retries": 2, "crashes": task.crashes, "ref": task.ref, "digest": digest})
        return OK, {"tasks": granted}

    def _is_ready(self, task: Task) -> bool:
        again = self.bug == "granted twice" and task.status == "running" and self.dice.random() < 0.2
        after = self.bug == "run after success" and task.status == "succeeded" and self.dice.random() < 0.01
        ghost = self.bug == "cancel ignored" and task.status == "cancelled" and self.dice.random() < 0.01
        return (task.status == "queued" and task.due <= self.now) or again or after or ghost

    def _owns(self, one: str, token: str) -> bool:
        task = self.tasks.get(one)
        if task is None or task.status != "running":
            return False
        return task.token == token or self.bug == "fence missing"

    def _extend(self, one: str, token: str) -> tuple[str, dict[str, Any]]:
        if not self._owns(one, token):
            return OK, {"states": ["lost"]}
        if self.tasks[one].wants_cancel and self.bug != "cancel not told":
            return OK, {"states": ["cancelled"]}
        self.tasks[one].ends = self.now + LEASE
        return OK, {"states": ["ok"]}

    def _complete(self, one: str, token: str, outcome: str) -> tuple[str, dict[str, Any]]:
        if self.accepted.get((one, token)) == outcome:
            return OK, {"states": ["ok"]}
        if not self._owns(one, token):
            return OK, {"states": ["lost"]}
        self.accepted[one, token] = outcome
        self._settle(self.tasks[one], outcome)
        return OK, {"states": ["ok"]}

    def _settle(self, task: Task, outcome: str) -> None:
        assert task.outcomes is not None
        task.outcomes.append((task.attempt, outcome))
        limit = 3 if self.bug != "retries unlimited" else 6
        if outcome == "succeeded":
            task.status = "queued" if self.bug == "success dropped" and self.dice.random() < 0.1 else "succeeded"
        elif outcome == "lease_expired" and task.crashes >= 3:
            task.status, task.reason = "dead", "poison"
        elif outcome != "interrupted" and task.attempt - task.before >= limit:
            task.status, task.reason = "dead", "retries_exhausted"
        elif task.wants_cancel:
            task.status = "cancelled"
        else:
            task.status = "queued"
            task.attempt -= outcome == "interrupted"
            task.due = self.now

    def _reaper(self) -> Work:
        while True:
            yield 0.1
            for task in self.tasks.values():
                early = LEASE / 2 if self.bug == "reaped early" else 0
                if task.status == "running" and task.ends - early < self.now:
                    task.crashes += 1
                    self._settle(task, "lease_expired")

    def _cancel(self, one: str) -> tuple[str, dict[str, Any]]:
        task = self.tasks[one]
        if task.status in ("succeeded", "dead"):
            return FAIL, {"status": 409}
        if task.status == "queued":
            task.status = "cancelled"
        task.wants_cancel = True
        return OK, {"status": 200}

    def _replay(self, ids: list[str]) -> tuple[str, dict[str, Any]]:
        for one in ids:
            task = self.tasks[one]
            if task.status == "dead" or self.bug == "replays the living":
                task.status, task.reason, task.before, task.crashes = "queued", None, task.attempt, 0
                task.wants_cancel = False
        return OK, {"status": 200}

    def _read(self, one: str) -> tuple[str, dict[str, Any]]:
        task = self.tasks[one]
        return OK, {"status": task.status, "reason": task.reason, "tags": [task.ref], "attempt": task.attempt,
                    "attempts_before_replay": task.before, "crashes": task.crashes, "max_retries": 2,
                    "digest": task.digest, "attempts": [list(pair) for pair in task.outcomes or []]}

    def _final(self) -> None:
        def add(kind: str, result: dict[str, Any], **args: Any) -> None:
            self.ops.append(Op(kind, "harness", self.now, self.now + 0.01, OK, args, result))
            self.now += 0.1
        self.now = 1000.0
        for task in self.tasks.values():
            if task.status in ("queued", "running"):
                task.status = "cancelled"
        add("listing", {"tasks": [[one, task.status, [task.ref]] for one, task in self.tasks.items()]})
        dead = [one for one, task in self.tasks.items() if task.status == "dead"]
        add("dead", {"ids": dead[1:] if self.bug == "dead letter missing" else dead})
        known = {op.result["id"] for op in self.ops if op.kind == "enqueue" and op.ok}
        for one in sorted(known | set(self.tasks)):
            add("final", self._read(one)[1] if one in self.tasks else {"status": "absent"}, id=one)
