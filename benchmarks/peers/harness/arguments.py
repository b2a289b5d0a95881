"""The command line, with bounds."""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path


def between(low: float, high: float, kind: type = int) -> Callable[[str], float]:
    """A number that has to lie between two others."""

    def parse(text: str) -> float:
        try:
            value = kind(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"must be {low} to {high}")
        return value

    return parse


def names(text: str) -> list[str]:
    """Names separated by commas."""
    return [name.strip() for name in text.split(",") if name.strip()]


def parser() -> argparse.ArgumentParser:
    """What may be asked for."""
    result = argparse.ArgumentParser(
        prog="benchmarks/peers/run.py", description="Compares Sojourn with other task queues on this machine."
    )
    option = result.add_argument
    option("--sojourn", type=Path, default=Path(".build/release/sojourn"), help="the executable (default: %(default)s)")
    option("--only", type=names, default=[], metavar="PEER,…", help="only these peers, as rq,celery")
    option("--rounds", type=between(1, 20), default=3, help="rounds; the median counts (default: %(default)s)")
    option("--tasks", type=between(100, 5_000_000), default=500_000, help="at most so many (default: %(default)s)")
    option("--seconds", type=between(0.5, 60, float), default=4.0, help="about, per figure (default: %(default)s)")
    option(
        "--appendfsync",
        choices=("off", "everysec"),
        default="off",
        help="what Redis does with its append-only file (default: %(default)s)",
    )
    option("--json", type=Path, metavar="FILE", help="write every round of every figure there too")
    option("--write", type=Path, metavar="PAGE", help="replace the part of this page between its two marks")
    return result


def parse(words: Sequence[str] | None = None) -> argparse.Namespace:
    """Ends the program with a usage message where something is wrong."""
    return parser().parse_args(words)
