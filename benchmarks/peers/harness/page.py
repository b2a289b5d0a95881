"""Rewrites the part of a page that the comparison owns."""

from pathlib import Path

from harness.processes import Failed

BEGIN, END = "<!-- peers:begin -->", "<!-- peers:end -->"


def replaced(page: str, part: str) -> str:
    """The page with `part` between the two marks; all else stays as it is."""
    if page.count(BEGIN) != 1 or page.count(END) != 1 or page.index(END) < page.index(BEGIN):
        raise Failed(f"the page needs one {BEGIN} and, after it, one {END}")
    before, rest = page.split(BEGIN)
    return f"{before}{BEGIN}\n\n{part.strip()}\n\n{END}{rest.split(END)[1]}"


def check(file: Path) -> None:
    """Says before the measurement, not after it, that the page cannot be written."""
    if not file.is_file():
        raise Failed(f"there is no page {file}")
    replaced(file.read_text(), "")


def rewrite(file: Path, part: str) -> None:
    """Writes the page anew, whole or not at all."""
    draft = file.with_name(file.name + ".draft")
    draft.write_text(replaced(file.read_text(), part))
    draft.rename(file)
