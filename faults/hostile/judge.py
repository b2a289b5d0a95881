"""What an answer must be, and the list of what was not as it must be."""

from __future__ import annotations

import json
import threading

from .wire import Answer

#: The list stays readable however many kinds of fault there are.
MOST_SHOWN = 40


class Violations:
    """Collects what went wrong, each kind once with its first example; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kinds: dict[str, tuple[int, str]] = {}

    def add(self, kind: str, example: str = "") -> None:
        """Adds one."""
        with self._lock:
            count, first = self._kinds.get(kind, (0, example))
            self._kinds[kind] = (count + 1, first)

    @property
    def count(self) -> int:
        """How many there were."""
        return sum(count for count, _ in self._kinds.values())

    @property
    def shown(self) -> list[str]:
        """One sentence for each kind, the most frequent first."""
        kinds = sorted(self._kinds.items(), key=lambda item: -item[1][0])
        return [f"{count} × {kind}" + (f", first {first}" if first else "")
                for kind, (count, first) in kinds[:MOST_SHOWN]]


def complaint(answer: Answer, has_body: bool = True) -> str | None:
    """What is wrong with the answer to a request that may be anything; None where nothing is."""
    if answer.status >= 500:
        return f"status {answer.status}: {answer.body[:200]!r}"
    if not has_body or answer.is_stream:
        return None
    kind = answer.fields.get("content-type", "")
    if answer.status >= 400:
        return _problem_complaint(answer, kind)
    if kind == "application/json" and _parsed(answer.body) is None:
        return f"status {answer.status}, but the body is not JSON: {answer.body[:200]!r}"
    return None


def _problem_complaint(answer: Answer, kind: str) -> str | None:
    if kind != "application/problem+json":
        return f"status {answer.status} with content type {kind!r}"
    problem = _parsed(answer.body)
    if not isinstance(problem, dict):
        return f"status {answer.status}, but the body is no problem: {answer.body[:200]!r}"
    texts = [problem.get(name) for name in ("type", "title", "detail")]
    if problem.get("status") != str(answer.status) or not all(isinstance(text, str) for text in texts):
        return f"status {answer.status}, but the problem says {answer.body[:200]!r}"
    if not problem["title"] or len(answer.body) > 2_048:
        return f"status {answer.status} with a problem without title or over 2 KiB: {answer.body[:200]!r}"
    return None


def _parsed(body: bytes) -> object:
    """Numbers stay text: a payload may hold one that no machine type does."""
    try:
        return json.loads(body.decode("utf-8"), parse_int=str, parse_float=str, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None


def _refuse(word: str) -> object:
    raise ValueError(f"{word} is not JSON")
