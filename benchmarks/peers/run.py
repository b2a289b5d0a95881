#!/usr/bin/env python3
"""Compares Sojourn with other task queues on this machine; README.md says what is measured and why it is fair."""

import argparse
import json
import os
import signal
import sys
import tempfile
import textwrap
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from harness import install, machine, page, servers, sojourn
from harness.arguments import parse
from harness.header import Peer, read_all
from harness.measure import Bench, Measurement
from harness.processes import Failed
from harness.report import STORES, Report, Subject
from harness.say import say
from harness.table import markdown

SOJOURN_SETTING = {
    "redis": "1,000 attempts at once; singly: 10 callers; in bulk: 8 callers, 1,000 tasks per call",
    "postgres": "1,000 attempts at once; singly: 64 callers; in bulk: 8 callers, 500 tasks per call",
    "sqlite": "1,000 attempts at once; singly: 64 callers; in bulk: 8 callers, 500 tasks per call; each commit fsynced",
}
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SOJOURN_LOST = "no: runs again when its lease ends"


def compared_with(peer: Peer) -> str:
    """Servers of their own are compared with Sojourn on Redis."""
    return "redis" if peer.store == "own" else peer.store


def subject(peer: Peer, programs: Path) -> Subject:
    """The peer's line of the table."""
    version = install.version(peer, programs)
    return Subject(peer.name, version, compared_with(peer), peer.setting, peer.lost, peer.rate)


def sojourn_subject(store: str, version: str) -> Subject:
    """Sojourn's line of the table."""
    name = f"**Sojourn**, {STORES[store]}"
    return Subject(name, version, store, SOJOURN_SETTING[store], SOJOURN_LOST, sojourn.RATE)


class Comparison:
    """The peers that could be installed, and Sojourn on each of their stores, in turn."""

    def __init__(self, options: argparse.Namespace, peers: list[Peer]) -> None:
        """Installs the peers; those that cannot be are left out with a sentence."""
        self.options = options
        self.failures: list[str] = []
        self.installed: dict[str, tuple[Peer, Path, Subject]] = {}
        cache = install.cache_folder()
        cache.mkdir(parents=True, exist_ok=True)
        for peer in peers:
            try:
                programs = install.install(peer, cache)
                self.installed[peer.name] = (peer, programs, subject(peer, programs))
            except Failed as error:
                self.note(f"{peer.name} is left out: {error}.")

    def note(self, failure: str) -> None:
        """Says so at once and in the report."""
        say(failure)
        self.failures.append(textwrap.shorten(failure, 300, placeholder=" …"))

    def stores(self) -> list[str]:
        """Those that somebody is measured on."""
        wanted = {compared_with(peer) for peer, _, _ in self.installed.values()}
        return [store for store in ("redis", "postgres", "sqlite") if store in wanted]

    def run(self, binary: Path) -> Report:
        """All rounds."""
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sojourn-peers-")))
            folder.chmod(0o755)  # Postgres runs as somebody else
            bench = self.start_servers(stack, folder)
            report = self.empty_report(binary, bench)
            for number in range(1, self.options.rounds + 1):
                self.round(f"round {number} of {self.options.rounds}", binary, bench, report)
        report.peers = [line for _, _, line in self.installed.values() if line.rounds]
        report.load_after = machine.load()
        return report

    def start_servers(self, stack: ExitStack, folder: Path) -> Bench:
        """Starts the stores that are needed."""
        redis = postgres = None
        if "redis" in self.stores():
            redis = stack.enter_context(servers.redis(folder / "redis", self.options.appendfsync))
        if "postgres" in self.stores():
            postgres = stack.enter_context(servers.postgres(folder / "postgres"))
        return Bench(folder, redis, postgres, self.options.appendfsync, self.options.tasks, self.options.seconds)

    def empty_report(self, binary: Path, bench: Bench) -> Report:
        """What is known before anything is measured."""
        versions = {}
        if bench.redis:
            aof = "no append-only file" if bench.appendfsync == "off" else "append-only file fsynced every second"
            versions["Redis"] = f"{bench.redis.version} ({aof})"
        if bench.postgres:
            versions["Postgres"] = f"{bench.postgres.version} (default settings)"
        version = sojourn.version(binary)
        lines = {store: sojourn_subject(store, version) for store in self.stores()}
        settings = {name: getattr(self.options, name) for name in ("rounds", "tasks", "seconds", "appendfsync")}
        return Report(machine.describe(), versions, lines, [], self.failures, settings, machine.load())

    def round(self, title: str, binary: Path, bench: Bench, report: Report) -> None:
        """Everybody once, so that a busy minute of the machine hits all alike."""
        say(f"{title}, load {machine.load()}")
        for store, ours in report.sojourn.items():
            self.measure(title, ours, lambda store=store: sojourn.figures(binary, store, bench))
            for peer, programs, line in self.installed.values():
                if line.store == store:
                    self.measure(title, line, Measurement(bench, peer, programs).figures)

    def measure(self, title: str, line: Subject, figures: Callable[[], dict[str, float]]) -> None:
        """One of them, once; a failure costs its own figures and nobody else's."""
        say(f"{title}: {line.name.replace('*', '')}")
        try:
            line.rounds.append(figures())
        except (Failed, OSError, ValueError) as error:
            self.note(f"{line.name} has no figures in {title}: {error}.")


def stop(*_: object) -> None:
    """Any signal ends the run as Ctrl-C does; further ones must not disturb the ending of what was started."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def check(options: argparse.Namespace) -> None:
    """What would fail at the end of the run fails before it."""
    if options.write:
        page.check(options.write)
    if options.json and not options.json.absolute().parent.is_dir():
        raise Failed(f"there is no folder for {options.json}")
    if not os.access(options.sojourn, os.X_OK):
        raise Failed(f"{options.sojourn} is not there; build it with: make build ARGS=--enable-all-traits")


def write(report: Report, options: argparse.Namespace) -> None:
    """Standard output, and the files that were asked for."""
    text = markdown(report)
    print(text)
    if options.json:
        options.json.write_text(json.dumps(report.to_json(), indent=2) + "\n")
    if options.write:
        page.rewrite(options.write, text)


def main() -> int:
    """0: measured; 1: failed; 2: wrong options; 130: stopped."""
    options = parse()
    for number in SIGNALS:
        signal.signal(number, stop)
    try:
        peers = read_all(options.only)
        check(options)
        write(Comparison(options, peers).run(options.sojourn.resolve()), options)
        return 0
    except Failed as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("stopped; everything that was started is ended")
        return 130


if __name__ == "__main__":
    sys.exit(main())
