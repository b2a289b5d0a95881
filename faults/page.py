"""The part of a page that a run writes anew."""

from __future__ import annotations


def replaced(page: str, begin: str, text: str, end: str) -> str:
    """The page with `text` between the two marks, and nothing else changed."""
    if page.count(begin) != 1 or page.count(end) != 1 or page.index(begin) > page.index(end):
        raise ValueError(f"the page needs {begin} and then {end}, once each")
    before, rest = page.split(begin)
    return f"{before}{begin}{text}{end}{rest.split(end)[1]}"
