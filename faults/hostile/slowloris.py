"""Slow connections by the thousand against a server with its default limits, while honest clients go on.

    python3 -m faults.hostile.slowloris --binary .build/release/sojourn --connections 10000 --seconds 60
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing.connection import Connection as Pipe

from . import honest_clients, slow_clients
from .honest_clients import KEPT, NEW, POST, Record
from .report import percentile
from .result import Result
from .server import Server
from .slow_clients import KINDS, Tally

MOST_HEALTH_SECONDS = 0.25
LEAST_SHARE = 0.8
#: An attack that does not come about shows nothing: the machine is too busy, or the server lets nobody in.
_LEAST_HELD = 0.95
#: How late the server may end a connection: it looks once a second, and lingers for two. Who is beyond the most
#: connections waits unseen until it is let in; that is one in a thousand, so the 99th percentile counts.
_LATENESS = 5.0
#: Memory that one slow connection may hold, and what may be added to it in any case.
_MOST_BYTES_PER_CONNECTION = 48 << 10
_MOST_BYTES_BESIDES = 50 << 20
#: Files besides the slow connections, for one process.
_OTHER_FILES = 200
#: Nobody who is owed an answer is left by then.
_MOST_SECONDS_TO_END = 10.0
#: What the store may open after the first task.
_OWN_FILES = 4
_BASELINE_SECONDS = {False: 10.0, True: 3.0}
_SHORT_ATTEMPTS = 2
#: Opened faster, the connections would queue in the kernel, and their time would begin before the server's.
_RAMP_SECONDS = {False: 10.0, True: 1.0}


@dataclass
class Watched:
    """What the kernel said about the server while it was attacked."""

    rss_before: int
    sockets_before: int
    rss: list[int] = field(default_factory=list)
    sockets: list[int] = field(default_factory=list)
    #: How it ended before it was asked to.
    last_words: str = ""
    #: Seconds until it had ended when it was asked to, and its exit status; only where all were watched to their end.
    end: tuple[float, int] | None = None


@dataclass(frozen=True)
class Schedule:
    """The times of a run, on the monotonic clock."""

    count: int
    baseline_from: float
    attack_from: float
    full_from: float
    attack_until: float
    watch_until: float

    @property
    def is_watched_to_the_end(self) -> bool:
        """Whether every kind reaches its deadline."""
        return self.watch_until - self.attack_until >= max(kind.deadline for kind in KINDS)


def schedule(count: int, seconds: float, is_short: bool) -> Schedule:
    """Short: only those who dribble a header are watched to their end."""
    begin = time.monotonic() + 0.5
    attack = begin + _BASELINE_SECONDS[is_short]
    full = attack + _RAMP_SECONDS[is_short]
    until = full + seconds
    first = min(kind.deadline for kind in KINDS)
    watch = max(full + first, until) if is_short else until + max(kind.deadline for kind in KINDS)
    return Schedule(count, begin, attack, full, until, watch + _LATENESS / (2 if is_short else 1))


def run(binary: str, count: int, seconds: float, is_short: bool) -> Result:
    """The attack. The short one is made again where it failed: neighbours on the machine can spoil it, not mend it."""
    raise_file_limit(count + _OTHER_FILES)
    result = Result()
    for _ in range(_SHORT_ATTEMPTS if is_short else 1):
        result = _run_once(binary, count, seconds, is_short)
        if not result.violations:
            break
    return result


def _run_once(binary: str, count: int, seconds: float, is_short: bool) -> Result:
    with Server(binary) as server:
        times = schedule(count, seconds, is_short)
        record, tallies, watched = _attack(server, times)
        result = honest_result(record, times)
        _check_slow(tallies, is_short, result)
        _check_server(watched, times, result)
    return result


def raise_file_limit(needed: int) -> None:
    """The server inherits the limit."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < needed:
        raise RuntimeError(f"{needed} open files are needed, but this machine allows {hard}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _attack(server: Server, times: Schedule) -> tuple[Record, dict[str, Tally], Watched]:
    fork = multiprocessing.get_context("fork")
    (honest, honest_end), (slow, slow_end) = fork.Pipe(), fork.Pipe()
    ramp = times.full_from - times.attack_from
    processes = [
        fork.Process(target=honest_clients.work, args=(server.port, times.attack_until, honest_end)),
        fork.Process(target=_attack_later, args=(server.port, ramp, times, slow_end))]
    for process in processes:
        process.start()
    try:
        watched = Watched(server.rss_bytes(), server.open_files())
        while time.monotonic() < times.watch_until and server.is_alive:
            if time.monotonic() > times.attack_from:
                watched.rss.append(server.rss_bytes())
                watched.sockets.append(server.open_files())
            else:
                watched.rss_before = server.rss_bytes()
            time.sleep(0.25)
        record, tallies = honest.recv(), slow.recv()
        if not server.is_alive:
            watched.last_words = server.last_words()
        elif times.is_watched_to_the_end:
            watched.sockets.append(server.open_files())
            watched.end = server.end()
        slow.send("hang up")
        return record, tallies, watched
    finally:
        for process in processes:
            process.join(5)
            if process.is_alive():
                process.kill()


def _attack_later(port: int, ramp: float, times: Schedule, results: Pipe) -> None:
    time.sleep(max(0.0, times.attack_from - time.monotonic()))
    slow_clients.attack(port, times.count, ramp, times.attack_until, times.watch_until, results)


def honest_result(record: Record, times: Schedule) -> Result:
    """What the attack did to those who do nothing wrong."""
    result = Result()
    before = _rate(record, times.baseline_from + 1, times.attack_from)
    during = _rate(record, times.full_from, times.attack_until)
    share = during / before if before else 0.0
    result.check(
        "honest throughput under attack, 400/s offered", f"{during:.0f}/s of {before:.0f}/s before, {share:.0%}",
        f"{LEAST_SHARE:.0%}", share >= LEAST_SHARE)
    for kind in (KEPT, NEW):
        calm = [seconds for at, seconds in record.answers[kind] if at < times.attack_from]
        slow = [seconds for at, seconds in record.answers[kind] if at >= times.full_from]
        p99 = percentile(slow, 99)
        result.check(
            f"{kind}, p99", f"{_ms(p99)} (before {_ms(percentile(calm, 99))}, highest {_ms(max(slow, default=0))})",
            _ms(MOST_HEALTH_SECONDS), bool(slow) and p99 < MOST_HEALTH_SECONDS)
    failures = Counter(text for _, text in record.failures)
    text = ", ".join(f"{count} × {text}" for text, count in failures.most_common(5)) or "0"
    result.check("honest requests that failed", text, "0", not failures)
    return result


def _rate(record: Record, begin: float, end: float) -> float:
    return sum(begin <= at < end for at, _ in record.answers[POST]) / max(0.1, end - begin)


def _check_slow(tallies: dict[str, Tally], is_short: bool, result: Result) -> None:
    for kind in KINDS:
        tally = tallies[kind.name]
        age = f"{tally.opened} opened, {len(tally.lifetimes)} ended by the server"
        if tally.lifetimes:
            age += f" after {percentile(tally.lifetimes, 50):.1f} s, p99 {percentile(tally.lifetimes, 99):.1f} s"
        is_due = kind.reads and (not is_short or kind.deadline == min(each.deadline for each in KINDS))
        if not is_due:
            result.note(kind.name, age)
            continue
        is_kept = (len(tally.lifetimes) == tally.opened
                   and percentile(tally.lifetimes, 99) <= kind.deadline + _LATENESS)
        result.check(kind.name, age, f"{kind.deadline:.0f} s", is_kept)


def _check_server(watched: Watched, times: Schedule, result: Result) -> None:
    if watched.last_words:
        result.violations.append(f"the server has ended: {watched.last_words}")
    most = max(watched.sockets) - watched.sockets_before
    result.check(
        "slow connections that the server held at once", f"{most} of {times.count}", f"{_LEAST_HELD:.0%}",
        most >= times.count * _LEAST_HELD)
    growth = max(watched.rss) - watched.rss_before
    bound = _MOST_BYTES_BESIDES + times.count * _MOST_BYTES_PER_CONNECTION
    result.check("growth of memory", f"{growth >> 20} MiB ({growth // times.count // 1024} KiB per connection)",
                 f"{bound >> 20} MiB", growth <= bound)
    left = watched.sockets[-1] - watched.sockets_before
    if times.is_watched_to_the_end:
        result.check("connections that the server holds afterwards", str(left), "0", left <= _OWN_FILES)
    else:
        result.note("connections that the server holds at the end", str(left))
    if watched.end:
        seconds, status = watched.end
        result.check(
            "end after SIGTERM, beside those who still read nothing", f"after {seconds:.1f} s with status {status}",
            f"{_MOST_SECONDS_TO_END:.0f} s, status 0", seconds <= _MOST_SECONDS_TO_END and status == 0)


def _ms(seconds: float) -> str:
    return f"{seconds * 1_000:.0f} ms"


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=".build/release/sojourn")
    parser.add_argument("--connections", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--short", action="store_true", help="watch only those who dribble a header to their end")
    options = parser.parse_args()
    return run(options.binary, options.connections, options.seconds, options.short).say()


if __name__ == "__main__":
    sys.exit(main())
