"""Malformed requests against a real server: every corpus case exactly, then thousands of mutations of them.

    python3 -m faults.hostile.requests --binary .build/release/sojourn --requests 10000 --seed 1
"""

from __future__ import annotations

import argparse
import sys

from . import cases
from .cases import Case
from .exchange import play, verdict
from .fuzz import Fuzz
from .mutations import Plan
from .result import Result
from .server import Server
from .wire import ask

#: The bounds of what a refusal may cost.
MOST_CPU_SECONDS = 0.005
MOST_GROWTH_BYTES = 50 << 20

#: So many repetitions that the clock's tick of 10 ms is a tenth of the bound.
_REPETITIONS = 20
_ROUNDS = 3
#: A body that is larger does not start a mutation: ten thousand of them would measure the loopback.
_MOST_BYTES_TO_MUTATE = 4_096
#: Requests before memory counts, so that pools and caches are filled.
_WARM_UP = 500


def run(binary: str, count: int, seed: int, is_optimized: bool = True) -> Result:
    """The corpus, its costs, and `count` mutations. What a debug build costs says nothing, so it is not judged."""
    result = Result()
    corpus = cases.load()
    with Server(binary) as server, Server(binary, SOJOURN_API_KEYS=cases.API_KEY) as locked:
        sound = _check_answers(server, locked, corpus, result)
        if is_optimized:
            _check_costs(server, [case for case in sound if case.is_refused and not case.needs_key], result)
        _fuzz(server, corpus, count, seed, result)
        for each in (server, locked):
            _check_health(each, result)
    return result


def _check_answers(server: Server, locked: Server, corpus: list[Case], result: Result) -> list[Case]:
    """Gives back the cases that were answered as they must be: those that hang cannot be measured."""
    wrong = {case.name: text for case in corpus
             if (text := verdict(case, (locked if case.needs_key else server).port))}
    result.check("corpus cases not answered as they must be", f"{len(wrong)} of {len(corpus)}", "0", not wrong)
    result.violations += wrong.values()
    return [case for case in corpus if case.name not in wrong]


def _check_costs(server: Server, refused: list[Case], result: Result) -> None:
    costs = sorted(((cost(server, case), case.name) for case in refused), reverse=True)
    dear = [(seconds, name) for seconds, name in costs if seconds > MOST_CPU_SECONDS]
    result.violations += [f"{name}: refusing it costs {seconds * 1_000:.1f} ms of CPU" for seconds, name in dear]
    worst, name = costs[0]
    result.check(
        "CPU per refused request, the dearest of the corpus", f"{worst * 1_000:.1f} ms ({name})",
        f"{MOST_CPU_SECONDS * 1_000:.0f} ms", not dear)


def cost(server: Server, case: Case) -> float:
    """Seconds of CPU that one such request costs the server, by the lowest of three rounds.

    What is within the bound in one round is not measured again.
    """
    lowest = float("inf")
    for _ in range(_ROUNDS):
        before = server.cpu_seconds()
        for _ in range(_REPETITIONS):
            play(case, server.port)
        requests = _REPETITIONS * max(1, len(case.statuses))
        lowest = min(lowest, (server.cpu_seconds() - before) / requests)
        if lowest <= MOST_CPU_SECONDS:
            break
    return lowest


def _fuzz(server: Server, corpus: list[Case], count: int, seed: int, result: Result) -> None:
    small = [case for case in corpus if len(case.raw) <= _MOST_BYTES_TO_MUTATE]
    plan = Plan(
        seed, [(case.target, case.body) for case in small if case.body is not None],
        [case.raw for case in small if case.body is None and not case.needs_key])
    Fuzz(server.port, plan, lambda: server.is_alive).run(range(-_WARM_UP, 0))
    fuzz = Fuzz(server.port, plan, lambda: server.is_alive)
    memory, cpu = server.rss_bytes(), server.cpu_seconds()
    fuzz.run(range(count))
    result.violations += [f"seed {seed}, {text}" for text in fuzz.violations.shown]
    answers = ", ".join(f"{number} × {status}" for status, number in sorted(fuzz.statuses.items(), key=str))
    result.check(f"{count} mutated requests, seed {seed}: answers that must not be", str(fuzz.violations.count), "0",
                 fuzz.violations.count == 0)
    result.note("answers", answers)
    if not server.is_alive:
        result.violations.append(f"the server has ended: {server.last_words()}")
        return
    spent = (server.cpu_seconds() - cpu) / max(1, fuzz.refused)
    growth = server.rss_bytes() - memory
    result.check("CPU per refused request, mean of the mutations", f"{spent * 1_000:.2f} ms",
                 f"{MOST_CPU_SECONDS * 1_000:.0f} ms", spent <= MOST_CPU_SECONDS)
    result.check("growth of memory", f"{growth / (1 << 20):.0f} MiB", f"{MOST_GROWTH_BYTES >> 20} MiB",
                 growth < MOST_GROWTH_BYTES)


def _check_health(server: Server, result: Result) -> None:
    if not server.is_alive:
        result.violations.append(f"the server has ended: {server.last_words()}")
        return
    fields = {"Authorization": f"Bearer {cases.API_KEY}"}
    answer = ask(server.port, "GET", "/readyz", fields=fields)
    if answer is None or answer.status != 200:
        result.violations.append(f"/readyz afterwards: {answer}")


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=".build/release/sojourn")
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    return run(options.binary, options.requests, options.seed).say()


if __name__ == "__main__":
    sys.exit(main())
