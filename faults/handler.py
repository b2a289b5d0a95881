"""A worker in a process of its own, which can be frozen and killed: claims over HTTP, heartbeats, reports.

Frozen for longer than its leases and woken up again it is a zombie: it goes on with what it holds, reports included,
and everything it does with a token that is no longer the task's has to be refused.
"""
from __future__ import annotations

import argparse
import random
import signal
import time
from dataclasses import dataclass
from typing import Any

from .history import INFO, OK, Recorder
from .http_api import Answer, Api, digest, whole


@dataclass
class Held:
    """A lease that this worker believes to have."""

    id: str
    token: str
    plan: str
    attempt: int
    ends: float
    beat: float
    is_lost: bool = False


class Handler:
    """Everything on one thread: what stops it stops all of it, heartbeats too."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.name = arguments.name
        self.limit = arguments.limit
        self.lease = arguments.lease
        self.dice = random.Random(arguments.seed)
        self.ports = arguments.port
        self.apis = [Api(port, 4) for port in self.ports]
        self.recorder = Recorder(arguments.history, self.name)
        self.held: list[Held] = []
        self.is_stopping = False
        signal.signal(signal.SIGTERM, self._stop)

    def _stop(self, *_: object) -> None:
        self.is_stopping = True

    def run(self) -> None:
        while not (self.is_stopping and not self.held):
            if not self.is_stopping and len(self.held) < self.limit:
                self._claim()
            time.sleep(0.02 if self.held else 0)
            self._heartbeat()
            self._report()

    def _call(self, path: str, body: Any) -> Answer:
        return self.dice.choice(self.apis).post(path, body)

    def _claim(self) -> None:
        wait = 0 if self.held else self.dice.choice([0, 0.1, 0.3])
        number = self.recorder.invoke("claim", lease=self.lease, wait=wait)
        answer = self._call("/leases", {
            "types": ["py"], "limit": self.limit - len(self.held), "lease_seconds": self.lease, "wait_seconds": wait,
            "worker": self.name})
        if answer.outcome != OK:
            self.recorder.done(number, answer.outcome, status=answer.status)
            time.sleep(0.05)
            return
        tasks = [self._take(task) for task in answer.body["tasks"]]
        self.recorder.done(number, OK, tasks=tasks)

    def _take(self, task: dict[str, Any]) -> dict[str, Any]:
        payload = task["payload"]
        attempt, before = whole(task["attempt"]), whole(task["attempts_before_replay"])
        now = time.monotonic()
        self.held.append(Held(task["task_id"], task["token"], payload["do"], attempt,
                              now + whole(payload["ms"]) / 1000, now))
        return {"id": task["task_id"], "token": task["token"], "attempt": attempt, "before": before,
                "max_retries": whole(task["max_retries"]), "crashes": whole(task["crashes"]),
                "ref": payload["ref"], "digest": digest(payload)}

    def _heartbeat(self) -> None:
        late = [one for one in self.held if time.monotonic() - one.beat > self.lease / 3 and not one.is_lost]
        if not late:
            return
        leases = [{"task_id": one.id, "token": one.token} for one in late]
        number = self.recorder.invoke("extend", lease=self.lease, leases=[[one.id, one.token] for one in late])
        answer = self._call("/leases/extend", {"leases": leases, "lease_seconds": self.lease})
        states = [one["status"] for one in answer.body["leases"]] if answer.outcome == OK else []
        self.recorder.done(number, answer.outcome, states=states)
        for one, state in zip(late, states):
            one.beat = time.monotonic()
            # Half of those that lost their lease do not listen: the store has to be the one that refuses them.
            one.is_lost = state == "lost"
            if state == "cancelled":
                one.plan, one.ends = "cancelled", 0
            elif one.is_lost and self.dice.random() < 0.5:
                self.held.remove(one)

    def _report(self) -> None:
        over = [one for one in self.held if one.ends <= time.monotonic()]
        if not over:
            return
        results = [self._result(one) for one in over]
        for one in over:
            self.held.remove(one)
        for _ in range(20):
            if self._complete(results) != INFO:
                break
            time.sleep(0.05)
        if self.dice.random() < 0.1:
            self._complete(results)  # as a worker does whose answer was lost

    def _complete(self, results: list[dict[str, Any]]) -> str:
        number = self.recorder.invoke("complete", results=[
            [one["task_id"], one["token"], one["outcome"], one.get("retryable", True),
             float(one.get("retry_after_seconds", 0))] for one in results])
        answer = self._call("/leases/complete", {"results": results, "worker": self.name})
        states = [one["status"] for one in answer.body["results"]] if answer.outcome == OK else []
        self.recorder.done(number, answer.outcome, states=states)
        return answer.outcome

    def _result(self, held: Held) -> dict[str, Any]:
        plan, first = held.plan, held.attempt == 1
        base = {"task_id": held.id, "token": held.token}
        if plan == "fail" or (plan == "fail_once" and first):
            return {**base, "outcome": "failed", "error": "as planned"}
        if plan == "fail_later" and first:
            return {**base, "outcome": "failed", "error": "as planned", "retry_after_seconds": 0.6}
        if plan == "refuse":
            return {**base, "outcome": "failed", "error": "as planned", "retryable": False}
        if plan == "snooze" and self.dice.random() < 0.5:
            return {**base, "outcome": "snoozed", "retry_after_seconds": 0.4}
        if plan == "interrupt" and self.dice.random() < 0.5:
            return {**base, "outcome": "interrupted"}
        if plan in ("discard", "cancelled"):
            return {**base, "outcome": {"discard": "discarded", "cancelled": "cancelled"}[plan]}
        return {**base, "outcome": "succeeded", "result": {"by": self.name}}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, action="append", required=True)
    parser.add_argument("--history", required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument("--limit", type=int, default=10)
    parser.add_argument("--lease", type=float, default=1.2)
    parser.add_argument("--seed", type=int, default=0)
    Handler(parser.parse_args()).run()


if __name__ == "__main__":
    main()
