"""What clients, handlers and the harness saw: one JSON line per event.

Each event is one write(2) on a file opened with O_APPEND, so a process that is killed leaves whole lines only, and
many threads may share a file. Times are CLOCK_MONOTONIC, which all processes of a machine share and no jump of the
wall clock reaches.
"""
from __future__ import annotations

import itertools
import json
import math
import os
import threading
import time
from dataclasses import dataclass, field
from typing import Any, Iterable

OK, FAIL, INFO = "ok", "fail", "info"


def now() -> float:
    return time.clock_gettime(time.CLOCK_MONOTONIC)


@dataclass
class Op:
    """One request with its answer, or a note. `sent` and `received` enclose whatever the server did.

    `info` says that nobody knows: no answer came, or one that promises nothing. It may still happen later, so its end
    is infinity.
    """

    kind: str
    who: str
    sent: float
    received: float = math.inf
    outcome: str = INFO
    args: dict[str, Any] = field(default_factory=dict)
    result: dict[str, Any] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return self.outcome == OK

    @property
    def maybe(self) -> bool:
        """Whether it may have had an effect."""
        return self.outcome != FAIL


class Recorder:
    """Appends events to a file. Threads may share it."""

    def __init__(self, path: str, who: str) -> None:
        self.who = f"{who}.{os.getpid()}"
        self._file = open(path, "ab", buffering=0)  # closed with the last who has it: late threads may still write
        self._numbers = itertools.count()
        self._lock = threading.Lock()

    def invoke(self, kind: str, **args: Any) -> str:
        """Notes that a request is about to be sent. Answers its number, for `done`."""
        with self._lock:
            number = f"{self.who}#{next(self._numbers)}"
        self._write({"e": "invoke", "n": number, "op": kind, "t": now(), "args": args})
        return number

    def done(self, number: str, outcome: str, **result: Any) -> None:
        self._write({"e": "done", "n": number, "t": now(), "outcome": outcome, "result": result})

    def note(self, kind: str, **args: Any) -> None:
        """Something that has no answer."""
        self._write({"e": "note", "op": kind, "who": self.who, "t": now(), "args": args})

    def close(self) -> None:
        self._file.close()

    def _write(self, event: dict[str, Any]) -> None:
        self._file.write(json.dumps(event, separators=(",", ":")).encode() + b"\n")


def merge(lines: Iterable[str]) -> list[Op]:
    """The operations in the order in which they were sent. An invocation without an answer stays `info`."""
    ops: list[Op] = []
    open_ones: dict[str, Op] = {}
    answers: list[dict[str, Any]] = []
    for line in lines:
        event = json.loads(line)
        if event["e"] == "done":
            answers.append(event)
        elif event["e"] == "note":
            ops.append(Op(event["op"], event["who"], event["t"], event["t"], OK, event["args"]))
        else:
            op = Op(event["op"], event["n"].split("#")[0], event["t"], args=event["args"])
            open_ones[event["n"]] = op
            ops.append(op)
    for event in answers:
        op = open_ones[event["n"]]
        op.outcome, op.result = event["outcome"], event["result"]
        if op.outcome != INFO:
            op.received = event["t"]
    return sorted(ops, key=lambda op: op.sent)


def load(folder: str) -> list[Op]:
    """All files of a history folder, merged."""
    lines: list[str] = []
    for name in sorted(os.listdir(folder)):
        if name.endswith(".jsonl"):
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                lines += file.read().splitlines()
    return merge(lines)
