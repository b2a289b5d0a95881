"""The arithmetic of the comparison."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

SPEEDS = ("single", "bulk", "drain")  # tasks/s, more is better
WAITS = ("p50_ms", "p99_ms")  # less is better
FIGURES = SPEEDS + WAITS


@dataclass(frozen=True)
class Summary:
    """One figure over all rounds."""

    median: float
    low: float
    high: float


def percentile(ordered: Sequence[float], share: float) -> float:
    """The value that `share` of the others do not exceed; the rule of `sojourn bench`, so that both mean the same."""
    if not ordered:
        return 0.0
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def summarize(values: Sequence[float]) -> Summary | None:
    """The median, because one disturbed round must not move the figure; None where nothing was measured."""
    if not values:
        return None
    return Summary(statistics.median(values), min(values), max(values))


def summaries(rounds: Sequence[dict[str, float]]) -> dict[str, Summary]:
    """Each figure that at least one round has."""
    found = {name: summarize([figures[name] for figures in rounds if name in figures]) for name in FIGURES}
    return {name: summary for name, summary in found.items() if summary}


def ratio(ours: Summary | None, theirs: Summary | None) -> float | None:
    """Sojourn ÷ peer of the medians; None where either is missing or nothing."""
    if not ours or not theirs or theirs.median <= 0:
        return None
    return ours.median / theirs.median
