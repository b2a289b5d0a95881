"""What an answer must be, and the list of what was not as it must be."""

from __future__ import annotations

import json
import threading

from .wire import Answer

#: The list stays readable where one fault shows up in every request.
MOST_SHOWN = 40


class Violations:
    """Collects sentences about what went wrong; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.count = 0
        self.shown: list[str] = []

    def add(self, sentence: str) -> None:
        """Adds one; past a bound it is only counted."""
        with self._lock:
            self.count += 1
            if len(self.shown) < MOST_SHOWN:
                self.shown.append(sentence)


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
