"""Rewrites the part of a page that a measurement owns."""

from pathlib import Path

from harness.processes import Failed


def replaced(page: str, part: str, name: str = "peers") -> str:
    """The page with `part` between the two marks of that name; all else stays as it is."""
    begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
    if page.count(begin) != 1 or page.count(end) != 1 or page.index(end) < page.index(begin):
        raise Failed(f"the page needs one {begin} and, after it, one {end}")
    before, rest = page.split(begin)
    return f"{before}{begin}\n\n{part.strip()}\n\n{end}{rest.split(end)[1]}"


def check(file: Path, name: str = "peers") -> None:
    """Says before the measurement, not after it, that the page cannot be written."""
    if not file.is_file():
        raise Failed(f"there is no page {file}")
    replaced(file.read_text(), "", name)


def rewrite(file: Path, part: str, name: str = "peers") -> None:
    """Writes the page anew, whole or not at all."""
    draft = file.with_name(file.name + ".draft")
    draft.write_text(replaced(file.read_text(), part, name))
    draft.rename(file)
