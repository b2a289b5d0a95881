#!/usr/bin/env python3
"""Measures Sojourn by `sojourn bench` on one backend after the other, and writes the tables into docs/benchmarks.md."""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "benchmarks/peers"), str(ROOT)]

from faults import shims  # noqa: E402
from harness import machine, page  # noqa: E402
from harness.processes import Failed  # noqa: E402
from harness.say import say  # noqa: E402

#: With the slow disk, SQLite is measured as if every fsync took longer: an fsync is what it waits for.
SLOW_DISK = "sqlite-slow-disk"
BACKENDS = ("sqlite", SLOW_DISK, "redis", "postgres", "redis+postgres", "promise")
SLOW_MILLISECONDS = 4
SLOW_FIGURES = "enqueue_batch,enqueue_http,drain,wait_p50_ms,wait_p99_ms"


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
    """The machine's line and the Markdown table of one backend."""
    say(f"measuring {backend}")
    if backend == SLOW_DISK:
        with tempfile.TemporaryDirectory() as folder:
            words = ["--backend", "sqlite", "--only", SLOW_FIGURES, *rest]
            table = bench(program, words, shims.slow_disk(folder, SLOW_MILLISECONDS))
        return f"With {SLOW_MILLISECONDS} ms added to every fsync, as a slower disk would. {table}"
    return bench(program, ["--backend", backend, *rest], {})


def bench(program: Path, words: list[str], environment: dict[str, str]) -> str:
    """What `sojourn bench` prints."""
    run = subprocess.run(
        [str(program), "bench", *words], stdout=subprocess.PIPE, text=True, env={**os.environ, **environment})
    if run.returncode:
        raise Failed(f"sojourn bench {' '.join(words)} ended with {run.returncode}")
    return run.stdout.strip()


def version(words: list[str]) -> str:
    """What a program says that it is, up to what only packagers know."""
    if not shutil.which(words[0]):
        return f"no {words[0]}"
    said = subprocess.run(words, stdout=subprocess.PIPE, text=True).stdout
    return said.split(" sha=")[0].split(" (Debian")[0].strip()


def part(tables: list[str], before: str) -> str:
    """What stands on the page: the machine, how busy it was, and the tables."""
    facts = machine.describe()
    versions = [version(program) for program in (["redis-server", "--version"], ["postgres", "--version"])]
    head = (
        f"{facts['date']}, {facts['processor']}, {facts['cores']} cores, {facts['memory']}, {facts['system']}, "
        f"Linux {facts['kernel']}; {', '.join(versions)}; load average before {before}, after {machine.load()}."
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
