"""Histories told by hand, one event after the other."""
from __future__ import annotations

from typing import Any

from faults.history import FAIL, INFO, OK, Op


class Story:
    """Time goes on by a tenth of a second with each event, unless told otherwise."""

    def __init__(self, **setup: Any) -> None:
        self.time = 100.0
        self.ops: list[Op] = []
        self.tokens = 0
        self.add("setup", backend="sqlite", **setup)

    def wait(self, seconds: float) -> None:
        self.time += seconds

    def add(self, kind: str, outcome: str = OK, result: dict[str, Any] | None = None, **args: Any) -> Op:
        op = Op(kind, "story", self.time, self.time + 0.05, outcome, args, result or {})
        if outcome == INFO:
            op.received = float("inf")
        self.time += 0.1
        self.ops.append(op)
        return op

    def enqueue(self, ref: str, id: str | None = None, outcome: str = OK, duplicate: bool = False,
                status: int = 400, **args: Any) -> None:
        facts = {"ref": ref, "key": None, "digest": f"payload of {ref}", "delay": 0, "max_retries": 2, "type": "py",
                 "form": f"form of {ref}", **args}
        answers = {OK: {"id": id or f"id-{ref}", "duplicate": duplicate}, FAIL: {"status": status}, INFO: {}}
        self.add("enqueue", outcome, answers[outcome], **facts)

    def claim(self, ref: str, attempt: int = 1, id: str | None = None, token: str | None = None, before: int = 0,
              lease: float = 1.0, digest: str | None = None) -> tuple[str, str]:
        """Answers the lease: id and token."""
        self.tokens += 1
        token = token or f"token-{self.tokens}"
        task = {"id": id or f"id-{ref}", "token": token, "attempt": attempt, "before": before, "max_retries": 2,
                "crashes": 0, "ref": ref, "digest": digest or f"payload of {ref}"}
        self.add("claim", OK, {"tasks": [task]}, lease=lease, wait=0)
        return task["id"], token

    def beat(self, lease: tuple[str, str], state: str = "ok", seconds: float = 1.0) -> None:
        self.add("extend", OK, {"states": [state]}, lease=seconds, leases=[list(lease)])

    def report(self, lease: tuple[str, str], outcome: str = "succeeded", state: str = "ok", retryable: bool = True,
               after: float = 0) -> None:
        results = [[*lease, outcome, retryable, after]]
        if state == INFO:
            self.add("complete", INFO, results=results)
        else:
            self.add("complete", OK, {"states": [state]}, results=results)

    def cancel(self, id: str, outcome: str = OK) -> None:
        self.add("cancel", outcome, id=id)

    def replay(self, id: str) -> None:
        self.add("replay", ids=[id])

    def read(self, id: str, status: str, kind: str = "read", **fields: Any) -> None:
        attempts = {"succeeded": [[1, "succeeded"]]}.get(status, [])
        record = {"status": status, "reason": None, "tags": [], "attempt": 1, "attempts_before_replay": 0,
                  "crashes": 0, "max_retries": 2, "digest": None, "attempts": attempts, **fields}
        self.add(kind, OK, record if status != "absent" else {"status": status}, id=id)

    def run(self, ref: str, status: int = 200, digest: str | None = None) -> None:
        self.add("run", OK, {"status": status}, id=f"id-{ref}", attempt=1, ref=ref,
                 digest=digest or f"payload of {ref}")

    def end(self, *tasks: tuple[str, str], dead: list[str] | None = None, tags: list[list[str]] | None = None,
            **fields: Any) -> "Story":
        """Reads everything: (ref, status) of each task."""
        listing = [[f"id-{ref}", status, [ref]] for ref, status in tasks if status != "absent"]
        self.add("listing", OK, {"tasks": listing + [[f"id-more-{i}", "succeeded", one]
                                                    for i, one in enumerate(tags or [])]})
        expected = [f"id-{ref}" for ref, status in tasks if status == "dead"]
        self.add("dead", OK, {"ids": expected if dead is None else dead})
        for ref, status in tasks:
            self.read(f"id-{ref}", status, "final", **fields)
        return self


DEAD = {"reason": "retries_exhausted", "attempt": 3}
