#!/usr/bin/env python3
"""Measures Sojourn by `sojourn bench` on one backend after the other, and writes the tables into docs/benchmarks.md."""

import argparse
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "peers"))

from harness import machine, page  # noqa: E402
from harness.processes import Failed  # noqa: E402
from harness.say import say  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
BACKENDS = ("sqlite", "redis", "postgres", "redis+postgres", "promise")


def parse() -> argparse.Namespace:
    """The options; what follows them goes to `sojourn bench` as it is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sojourn", type=Path, default=ROOT / ".build/release/sojourn", help="the program")
    parser.add_argument("--only", default=",".join(BACKENDS), help="backends, separated by commas")
    parser.add_argument("--write", type=Path, help="a page with the marks <!-- bench:begin --> and <!-- bench:end -->")
    parser.add_argument("rest", nargs="*", help="after --: options of sojourn bench, as --rounds 5")
    options = parser.parse_args()
    options.only = options.only.split(",")
    if unknown := set(options.only) - set(BACKENDS):
        parser.error(f"no such backend: {', '.join(sorted(unknown))}; there are {', '.join(BACKENDS)}")
    return options


def measure(program: Path, backend: str, rest: list[str]) -> str:
    """The Markdown table of one backend. Without Redis or Postgres there is a sentence instead."""
    say(f"measuring {backend}")
    words = [str(program), "bench", "--backend", backend, *rest]
    run = subprocess.run(words, stdout=subprocess.PIPE, text=True)
    if run.returncode:
        return f"{backend}: `sojourn bench` ended with {run.returncode}."
    return run.stdout.strip()


def part(tables: list[str], before: str) -> str:
    """What stands on the page: the machine, how busy it was, and the tables."""
    facts = machine.describe()
    head = (
        f"{facts['date']}, {facts['processor']}, {facts['cores']} cores, {facts['memory']}, {facts['system']}, "
        f"Linux {facts['kernel']}; load average before {before}, after {machine.load()}."
    )
    return "\n\n".join([head, *tables])


def main() -> int:
    """0: measured; 1: failed; 2: wrong options."""
    options = parse()
    try:
        if options.write:
            page.check(options.write, "bench")
        before = machine.load()
        text = part([measure(options.sojourn, backend, options.rest) for backend in options.only], before)
        print(text)
        if options.write:
            page.rewrite(options.write, text, "bench")
        return 0
    except (Failed, OSError) as error:
        say(str(error))
        return 1


if __name__ == "__main__":
    sys.exit(main())
