"""Sojourn's own figures: its embedded worker, by `sojourn bench` on the same stores."""

import json
import os
from pathlib import Path

from harness.figures import FIGURES
from harness.measure import Bench
from harness.processes import output

NAMES = {
    "enqueue_single": "single",
    "enqueue_batch": "bulk",
    "drain": "drain",
    "wait_p50_ms": "p50_ms",
    "wait_p99_ms": "p99_ms",
}
RATE = 1_000
SPEED = {"redis": 150_000, "postgres": 60_000, "sqlite": 80_000}  # drained tasks/s, to choose how many


def figures(binary: Path, store: str, bench: Bench) -> dict[str, float]:
    """One round on `store`."""
    count = min(bench.tasks, int(SPEED[store] * bench.seconds))
    words = [str(binary), "bench", "--json", "--rounds", "1", "--only", ",".join(NAMES), "--tasks", str(count)]
    words += ["--backend", store]
    if store == "redis" and bench.redis:
        bench.redis.clear()
        words += ["--redis", bench.redis.url]
    if store == "postgres" and bench.postgres:
        bench.postgres.clear()
        words += ["--postgres", bench.postgres.url]
    return parse(output(words, {**os.environ, "TMPDIR": str(bench.folder)}))


def parse(text: str) -> dict[str, float]:
    """The figures that `sojourn bench --json` prints, under the names used here."""
    results = json.loads(text)["results"]
    found = {NAMES.get(result["name"].split(".")[-1], ""): result["median"] for result in results}
    return {name: found[name] for name in FIGURES if name in found}


def version(binary: Path) -> str:
    """What it says."""
    return output([str(binary), "--version"]).split()[-1]
