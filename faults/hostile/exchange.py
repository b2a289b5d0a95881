"""One corpus case against a server: what was answered, and how the connection was left."""

from __future__ import annotations

from dataclasses import dataclass

from .cases import Case
from .judge import complaint
from .wire import Answer, Connection, Hang, request

#: More answers than any case expects would be a request that was smuggled in.
_MOST_ANSWERS = 1_000

_PROBE = request("GET", "/healthz")


@dataclass(frozen=True)
class Outcome:
    """What became of a case."""

    answers: list[Answer]
    ending: str

    @property
    def statuses(self) -> tuple[int, ...]:
        """The status of each answer."""
        return tuple(answer.status for answer in self.answers)

    def __str__(self) -> str:
        return " ".join([*map(str, self.statuses), self.ending])


def play(case: Case, port: int) -> Outcome:
    """Sends the case and reads until the connection is closed, or is seen to take another request.

    - Raises Hang where the server does neither.
    """
    connection = Connection(port)
    try:
        connection.send(case.raw)
        if case.ending == "cut":
            connection.finish()
        answers: list[Answer] = []
        while len(answers) < len(case.statuses):
            answer = connection.answer(is_head=case.raw.startswith(b"HEAD "))
            if answer is None:
                return Outcome(answers, "closed")
            answers.append(answer)
        return _after(connection, case, answers)
    finally:
        connection.close()


def _after(connection: Connection, case: Case, answers: list[Answer]) -> Outcome:
    """What follows the expected answers: nothing but the answer to a good request, or the end."""
    if case.ending == "open":
        connection.send(_PROBE)
    while len(answers) < _MOST_ANSWERS:
        answer = connection.answer()
        if answer is None:
            return Outcome(answers, "cut" if case.ending == "cut" else "closed")
        if case.ending == "open" and answer.status == 200 and answer.body == b'{"status":"ok"}':
            return Outcome(answers, "open")
        answers.append(answer)
    return Outcome(answers, "without end")


def verdict(case: Case, port: int) -> str | None:
    """Why the case was not answered as its table says; None where it was."""
    try:
        outcome = play(case, port)
    except Hang as hang:
        return f"{case.name}: the server hangs: {hang}"
    except (ValueError, OSError) as error:
        return f"{case.name}: {error}"
    has_body = not case.raw.startswith(b"HEAD ")
    wrong = [text for text in (complaint(answer, has_body) for answer in outcome.answers) if text]
    if wrong:
        return f"{case.name}: {wrong[0]}"
    if outcome.statuses != case.statuses or outcome.ending != case.ending:
        expected = " ".join([*map(str, case.statuses), case.ending])
        last = outcome.answers[-1].body[:120] if outcome.answers else b""
        return f"{case.name}: expected {expected}, but got {outcome}, last {last!r}"
    return None
