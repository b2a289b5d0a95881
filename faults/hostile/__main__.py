"""Attacks a server from outside, and exits with 1 where it did not stand.

    python3 -m faults.hostile --short                       what CI runs
    python3 -m faults.hostile --long --write docs/page.md   for a release; the table goes between two marks of the page
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import configuration, report, requests, slowloris
from .result import Result, Row


@dataclass(frozen=True)
class Size:
    """How much of everything."""

    requests: int
    connections: int
    seconds: float
    is_short: bool


SHORT = Size(requests=10_000, connections=500, seconds=8, is_short=True)
LONG = Size(requests=1_000_000, connections=10_000, seconds=60, is_short=False)


def parts(binary: str, size: Size, seed: int, is_optimized: bool = True) -> dict[str, Callable[[], Result]]:
    """What is run, in this order."""
    return {
        "configuration": lambda: configuration.run(binary),
        "requests": lambda: requests.run(binary, size.requests, seed, is_optimized),
        "slow connections": lambda: slowloris.run(binary, size.connections, size.seconds, size.is_short),
    }


def run(binary: str, size: Size, seed: int, is_optimized: bool = True) -> Result:
    """All parts; what one of them cannot do is a violation, and the others still run."""
    whole = Result()
    for name, part in parts(binary, size, seed, is_optimized).items():
        begin = time.monotonic()
        try:
            result = part()
        except Exception as error:  # Whatever it was, the run has not shown what it is for.
            result = Result([f"{name} did not come to an end: {type(error).__name__}: {error}"])
        print(f"{name}: {len(result.violations)} violations, {time.monotonic() - begin:.0f} s", flush=True)
        whole.rows += result.rows
        whole.violations += result.violations
    return whole


def page(result: Result) -> str:
    """The table for the page: which bound was kept, and which was not."""
    rows = [(row.name, row.number, row.bound, _word(row)) for row in result.rows]
    return report.table(["what", "measured", "bound", "kept"], rows)


def _word(row: Row) -> str:
    return ("yes" if row.is_kept else "**no**") if row.bound else ""


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python3 -m faults.hostile", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    length = parser.add_mutually_exclusive_group(required=True)
    length.add_argument("--short", action="store_const", const=SHORT, dest="size")
    length.add_argument("--long", action="store_const", const=LONG, dest="size")
    parser.add_argument("--binary", default=".build/release/sojourn")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--debug-build", action="store_true", help="do not judge the processor time of single requests")
    parser.add_argument("--write", type=Path, metavar="PAGE")
    options = parser.parse_args(arguments)
    # So that whoever stops this program also stops the servers that it has started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    result = run(options.binary, options.size, options.seed, not options.debug_build)
    if options.write:
        report.write(options.write, page(result))
    return result.say()


if __name__ == "__main__":
    sys.exit(main())
