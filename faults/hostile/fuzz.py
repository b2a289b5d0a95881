"""Sends the requests of a plan over several connections at once, and judges every answer."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable

from .judge import Violations, complaint
from .mutations import Plan, Planned
from .wire import PATIENCE, Answer, Connection, Hang

#: Connections at once: enough that tasks which are accepted share a write to the disk.
_WORKERS = 6
#: What a request can end in besides a status.
CLOSED = "closed"

#: No answer of a whole run may be missing for longer than this.
_MOST_HANGS = 20


class Fuzz:
    """One run. `statuses` counts what was answered; `violations` says what must not have been."""

    def __init__(self, port: int, plan: Plan, is_alive: Callable[[], bool], patience: float = PATIENCE) -> None:
        self.port = port
        self.violations = Violations()
        self.statuses: Counter[int | str] = Counter()
        self._plan = plan
        self._is_alive = is_alive
        self._patience = patience
        self._lock = threading.Lock()
        self._hangs = 0

    @property
    def refused(self) -> int:
        """Answers that refuse, and connections that were ended without one."""
        return sum(count for status, count in self.statuses.items() if status == CLOSED or int(status) >= 400)

    def run(self, numbers: range) -> None:
        """Sends the requests with these numbers."""
        threads = [threading.Thread(target=self._work, args=(numbers[part::_WORKERS],)) for part in range(_WORKERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if not self._is_alive():
            self.violations.add("the server process has ended")

    def _work(self, numbers: range) -> None:
        connection: Connection | None = None
        for number in numbers:
            if self._hangs > _MOST_HANGS or not self._is_alive():
                break
            planned = self._plan.request(number)
            try:
                connection = self._send(planned, number, connection)
            except Hang as hang:
                self._hang(planned, number, hang)
                connection = None
            except (OSError, ValueError) as error:
                self._complain(planned, number, f"{type(error).__name__}: {error}")
                connection = None
        if connection is not None:
            connection.close()

    def _send(self, planned: Planned, number: int, connection: Connection | None) -> Connection | None:
        """Gives back the connection where another request may follow on it."""
        if not planned.is_framed:
            self._send_alone(planned, number)
            return connection
        connection = connection or Connection(self.port, self._patience)
        stays_open = False
        try:
            connection.send(planned.raw)
            answer = connection.answer(is_head=planned.method == "HEAD")
            self._note(planned, number, answer)
            if connection.surplus:
                self._complain(planned, number, "more was sent than one answer, which would be taken for the next one")
            elif answer is not None and answer.fields.get("connection") != "close":
                stays_open = not answer.is_stream
        finally:
            if not stays_open:
                connection.close()
        return connection if stays_open else None

    def _send_alone(self, planned: Planned, number: int) -> None:
        """Whatever the bytes are now, their end is the end of the connection."""
        connection = Connection(self.port, self._patience)
        try:
            connection.send(planned.raw)
            connection.finish()
            is_head = planned.method.startswith("HEAD")
            answer = connection.answer(is_head)
            self._note(planned, number, answer)
            while answer is not None and not is_head and not answer.is_stream:
                answer = connection.answer()
                if answer is not None:
                    self._note(planned, number, answer)
        finally:
            connection.close()

    def _note(self, planned: Planned, number: int, answer: Answer | None) -> None:
        with self._lock:
            self.statuses[CLOSED if answer is None else answer.status] += 1
        if answer is None:
            if planned.is_framed:
                self._complain(planned, number, "the connection was closed without an answer")
            return
        text = complaint(answer, has_body=not planned.method.startswith("HEAD"))
        if text:
            self._complain(planned, number, text)

    def _hang(self, planned: Planned, number: int, hang: Hang) -> None:
        if asks_to_wait(planned):
            return
        with self._lock:
            self._hangs += 1
        self._complain(planned, number, f"the server hangs: {hang}")

    def _complain(self, planned: Planned, number: int, text: str) -> None:
        self.violations.add(text, f"in request {number}: {planned.raw[:600]!r}")


def asks_to_wait(planned: Planned) -> bool:
    """Whether a lease request has come out right, and wants to wait for tasks."""
    if b"/leases" not in planned.raw[:200]:
        return False
    try:
        body = json.loads(planned.body or planned.raw.split(b"\r\n\r\n", 1)[1])
        return isinstance(body, dict) and float(body.get("wait_seconds") or 0) > 0
    except (ValueError, TypeError, IndexError):
        return False
