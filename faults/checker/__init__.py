"""The judge: pure functions over a merged history, one per promise.

They use definite orderings only (this answer came before that request was sent), so a legal history is never blamed,
whatever happened in the time between a request and its answer.
"""
from .facts import Facts, Violation
from .judge import RULES, Verdict, judge

__all__ = ["Facts", "RULES", "Verdict", "Violation", "judge"]
