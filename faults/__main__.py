"""Breaks a binary on purpose. Exit 0: all promises were kept; 1: one was broken; 2: the harness could not work."""
from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sys
import time

from . import backends, catalogue, report
from .checker import judge
from .history import load
from .postgres_server import find_binaries
from .programs import Trouble
from .rounds import Round, Runner

#: What the short run does: every backend in bad weather, and what only SQLite has.
SHORT = [("sqlite", "mixed"), ("redis", "mixed"), ("postgres", "mixed"), ("redis+postgres", "mixed"),
         ("sqlite", "server-kill"), ("postgres", "backend-crash"), ("redis+postgres", "hints-wiped"),
         ("redis", "zombies"), ("sqlite", "fsync"), ("sqlite", "disk-full"), ("sqlite", "clock"),
         ("sqlite", "worker-stop"), ("redis", "clock-skew"), ("sqlite", "power-cut"), ("redis", "control")]


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 -m faults", description=__doc__)
    parser.add_argument("--short", action="store_true", help="a few minutes: what CI runs")
    parser.add_argument("--long", action="store_true", help="every fault on every backend")
    parser.add_argument("--backend", choices=backends.NAMES, help="only this one")
    parser.add_argument("--fault", help="only this one: " + ", ".join(catalogue.names_of("redis+postgres")
                                                                     + ["disk-full", "fsync", "power-cut", "control"]))
    parser.add_argument("--seed", type=int, help="of the first round; a random one unless given")
    parser.add_argument("--binary", default=".build/release/sojourn", help="the program under test")
    parser.add_argument("--rounds", type=int, default=1, help="of each fault")
    parser.add_argument("--seconds", type=float, help="of faults in each round")
    parser.add_argument("--cuts", type=int, help="power cuts in each round")
    parser.add_argument("--write", metavar="PAGE", help="put the table into this page")
    parser.add_argument("--judge", metavar="FOLDER", help="only judge a history that was kept")
    return parser.parse_args()


def plan(arguments: argparse.Namespace) -> list[tuple[str, str]]:
    """What to run: (backend, fault)."""
    every = [(backend, fault) for backend in backends.NAMES for fault in catalogue.names_of(backend)]
    narrow = arguments.backend or arguments.fault
    cells = every if arguments.long or narrow else SHORT
    return [(backend, fault) for backend, fault in cells
            if arguments.backend in (None, backend) and arguments.fault in (None, fault)]


def missing(backend: str) -> str:
    """Why a backend cannot be run here."""
    if "redis" in backend and not shutil.which("redis-server"):
        return "redis-server is not installed"
    if "postgres" in backend and not find_binaries():
        return "Postgres is not installed"
    return ""


def run_all(arguments: argparse.Namespace, seed: int) -> list[Round]:
    long = arguments.long or arguments.fault or arguments.backend
    runner = Runner(arguments.binary, arguments.seconds or (12 if long else 8), arguments.cuts or (100 if long else 8),
                    weighted=arguments.long)
    done = []
    try:
        for number in range(arguments.rounds):
            for backend, fault in plan(arguments):
                why = missing(backend)
                one = Round(backend, fault, seed + number, left_out=why) if why else \
                    runner.run(backend, fault, seed + number)
                tell(one)
                done.append(one)
    finally:
        runner.close()
    return done


def tell(one: Round) -> None:
    print(one.line(), flush=True)
    for finding in one.findings():
        print(f"          {finding}", flush=True)
    if one.kept:
        print(f"          history: {one.kept}   again: python3 -m faults --backend {one.backend} --fault {one.fault} "
              f"--seed {one.seed}", flush=True)


def judge_again(folder: str) -> int:
    verdict = judge(load(os.path.join(folder, "history")))
    print("\n".join(map(str, verdict.violations)) or "no violations", verdict.counts, sep="\n")
    return 0 if verdict.is_clean else 1


def main() -> int:
    arguments = parse()
    if arguments.judge:
        return judge_again(arguments.judge)
    if not sys.platform.startswith("linux"):
        print("left out: faults are made with what only Linux has (/proc, loop devices, setpriv)")
        return 0
    if not os.access(arguments.binary, os.X_OK):
        print(f"there is no {arguments.binary}; build it, or say where it is with --binary", file=sys.stderr)
        return 2
    if not plan(arguments):
        print("that fault is not run on that backend", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(2))
    seed = random.SystemRandom().randrange(1 << 31) if arguments.seed is None else arguments.seed
    start = time.monotonic()
    done = run_all(arguments, seed)
    minutes = (time.monotonic() - start) / 60
    if arguments.write:
        report.write(arguments.write, report.page(done, os.path.abspath(arguments.binary), seed, minutes))
    status = 1 if any(one.violations for one in done) else 2 if any(one.trouble for one in done) else 0
    word = ["ok", "VIOLATED", "TROUBLE"][status]
    print(f"faults {word}: {report.summary(done)}; seed {seed}, {minutes:.1f} minutes")
    return status


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Trouble as trouble:
        print(f"the harness had to stop: {trouble}", file=sys.stderr)
        sys.exit(2)
