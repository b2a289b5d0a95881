"""Numbers and tables: percentiles, and the part of a page that a run writes anew."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from .. import page

BEGIN = "<!-- hostile:begin -->"
END = "<!-- hostile:end -->"


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that at least `percent` of the values do not exceed; 0 of none."""
    if not values:
        return 0.0
    rank = max(1, math.ceil(len(values) * percent / 100))
    return sorted(values)[rank - 1]


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table. What is in a cell cannot break out of it."""
    lines = ["| " + " | ".join(head) + " |", "| " + " | ".join("---" for _ in head) + " |"]
    lines += ["| " + " | ".join(_cell(text) for text in row) + " |" for row in rows]
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def replaced(whole: str, text: str) -> str:
    """The page with `text` between its two marks."""
    return page.replaced(whole, BEGIN, f"\n\n{text}\n\n", END)


def write(file: Path, text: str) -> None:
    """Puts `text` between the marks of the page."""
    file.write_text(replaced(file.read_text(), text))
