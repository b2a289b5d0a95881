"""The table of the last long run, for docs/reliability.md."""
from __future__ import annotations

import datetime
import os
import platform
import shutil
import sqlite3

from .backends import NAMES
from .catalogue import FAULTS, MIXED, PAIRS, SPECIAL, words_of
from .postgres_server import find_binaries
from .page import replaced
from .programs import Trouble, run
from .rounds import Round

BEGIN, END = "<!-- faults:begin -->", "<!-- faults:end -->"
TITLES = {"sqlite": "SQLite", "redis": "Redis", "postgres": "Postgres", "redis+postgres": "Redis + Postgres"}


def summary(rounds: list[Round]) -> str:
    """One sentence for all of them."""
    done = [one for one in rounds if not one.left_out]

    def total(name: str) -> str:
        return f"{sum(one.counts.get(name, 0) for one in done if one.fault != 'power-cut'):,}"

    def longest(name: str) -> str:
        return f"{max((one.counts.get(name, 0) for one in done), default=0) / 1000:.1f}"

    cut = [one for one in done if one.fault == "power-cut"]
    cuts = f" and {sum(one.faults for one in cut):,} power cuts" if cut else ""
    faults = sum(one.faults for one in done if one.fault != "power-cut")
    return (f"{len(done)} rounds with {faults:,} faults{cuts}: {total('tasks')} tasks accepted, "
            f"{total('info')} requests without an answer, {total('granted')} attempts handed out "
            f"({total('again')} of them again although the one before had not failed), "
            f"{total('stale')} stale reports and heartbeats refused, {sum(one.lost for one in done)} tasks lost, "
            f"{sum(len(one.violations) for one in done)} violations; the slowest start took {longest('start_ms')} s, "
            f"the slowest stop {longest('stop_ms')} s, "
            f"and after the faults every task had ended within {longest('rest_ms')} s")


def table(rounds: list[Round]) -> list[str]:
    lines = ["| fault | " + " | ".join(TITLES[name] for name in NAMES) + " |", "| --- |" + " --: |" * len(NAMES)]
    for fault in [fault.name for fault in FAULTS] + [MIXED, PAIRS, *SPECIAL]:
        cells = [_cell([one for one in rounds if (one.backend, one.fault) == (name, fault)]) for name in NAMES]
        if any(cells):
            lines.append(f"| {words_of(fault)} | " + " | ".join(cells) + " |")
    return lines


def _cell(rounds: list[Round]) -> str:
    """How many faults, over how many tasks, and what they broke."""
    if not rounds:
        return ""
    if any(one.left_out for one in rounds):
        return "left out"
    if any(one.trouble for one in rounds):
        return "not finished"
    broken = sum(len(one.violations) for one in rounds)
    end = f"**{broken} violations**" if broken else "✓"
    return f"{sum(one.faults for one in rounds):,} × / {sum(one.counts.get('tasks', 0) for one in rounds):,} {end}"


def page(rounds: list[Round], binary: str, seed: int, minutes: float) -> str:
    """What stands between the marks."""
    lines = [f"{_today()}, {_machine()}, {_versions(binary)}; seed {seed}, {minutes:.0f} minutes.", "",
             summary(rounds) + ".", "", *table(rounds), ""]
    lines += [f"Power cuts: {one.remark}{one.lost} of {one.counts['tasks']:,}.\n" for one in rounds
              if one.fault == "power-cut" and not one.left_out]
    lines += [f"Left out on {TITLES[one.backend]}: {one.fault}, because {one.left_out}."
              for one in rounds if one.left_out]
    lines += [f"- {one.backend} {one.fault}, seed {one.seed}: {finding}" for one in rounds
              for finding in one.findings()]
    return "\n".join(lines).rstrip() + "\n"


def write(path: str, text: str) -> None:
    """Replaces what stands between the marks of that page."""
    with open(path, encoding="utf-8") as file:
        old = file.read()
    try:
        new = replaced(old, BEGIN, f"\n{text}", END)
    except ValueError as error:
        raise Trouble(f"{path}: {error}") from error
    with open(path, "w", encoding="utf-8") as file:
        file.write(new)


def _today() -> str:
    today = datetime.date.today()
    return f"{today.day} {today:%B %Y}"


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    return f"{os.cpu_count()} cores, {memory:.0f} GiB, Linux {platform.release().split('-')[0]}"


def _versions(binary: str) -> str:
    names = [_first_line([binary, "--version"]), f"SQLite {sqlite3.sqlite_version}"]
    redis = shutil.which("redis-server")
    if redis:
        words = _first_line([redis, "--version"]).split()
        names += ["Redis " + word[2:] for word in words if word.startswith("v=")]
    postgres = find_binaries()
    if postgres:
        names.append("Postgres " + _first_line([os.path.join(postgres, "postgres"), "--version"]).split()[2])
    return ", ".join(names)


def _first_line(words: list[str]) -> str:
    return run(words).splitlines()[0].strip()
