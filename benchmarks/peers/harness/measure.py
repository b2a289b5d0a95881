"""The figures of one peer in one round."""

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from harness.header import Peer
from harness.processes import accepts, free_port, output, running, wait_until
from harness.servers import START_SECONDS, Postgres, Redis

HERE = Path(__file__).resolve().parent.parent
PATIENCE = 15  # times what a figure should take
STOP_SECONDS = 1  # the store is cleared anyway, so a worker need not end in peace


@dataclass(frozen=True)
class Bench:
    """What all measurements share."""

    folder: Path
    redis: Redis | None
    postgres: Postgres | None
    appendfsync: str
    tasks: int
    seconds: float


class Measurement:
    """One peer, with a place for its data."""

    def __init__(self, bench: Bench, peer: Peer, programs: Path) -> None:
        """`programs` is the folder that installing it returned."""
        self.bench, self.peer, self.programs = bench, peer, programs
        self.port = 0

    def figures(self) -> dict[str, float]:
        """All of them, each on an empty store."""
        found = {"single": self.enqueue("single"), "drain": self.drain()}
        if "bulk" in self.peer.speed:
            found["bulk"] = self.enqueue("bulk")
        return {**found, **self.waits()}

    def count(self, figure: str) -> int:
        """As many tasks as should take the wanted seconds; never more than asked for."""
        return max(100, min(self.bench.tasks, int(self.peer.speed[figure] * self.bench.seconds)))

    def enqueue(self, how: str) -> float:
        """Tasks per second that one client enqueues."""
        with self.place() as folder:
            return self.produce(how, self.count(how), folder)["tasks_per_second"]

    def drain(self) -> float:
        """Tasks per second that one worker handles while they wait in line; the first tenth is a warm-up."""
        count = self.count("drain")
        warm_up = count // 10
        with self.place() as folder:
            self.produce("fill", count + warm_up, folder)
            with self.worker(folder, warm_up, count + warm_up) as report:
                return count / report("last", self.bench.seconds)["seconds"]

    def waits(self) -> dict[str, float]:
        """Milliseconds from enqueue to start at a constant rate; the first task and the first second are a warm-up."""
        rate, seconds = self.peer.rate, self.bench.seconds
        count = int(rate * seconds)
        with self.place() as folder, self.worker(folder, 1 + rate, 1 + rate + count) as report:
            self.produce("steady", 1, folder)
            report("first", START_SECONDS / PATIENCE)
            self.produce("steady", rate + count, folder)
            last = report("last", seconds)
        return {"p50_ms": last["p50_ms"], "p99_ms": last["p99_ms"]}

    @contextmanager
    def place(self) -> Iterator[Path]:
        """An empty store, and a folder for files and reports."""
        self.port = free_port()
        if self.peer.store == "redis" and self.bench.redis:
            self.bench.redis.clear()
        if self.peer.store == "postgres" and self.bench.postgres:
            self.bench.postgres.clear()
        with tempfile.TemporaryDirectory(dir=self.bench.folder) as name:
            folder = Path(name)
            with self.server(folder):
                if self.peer.prepare:
                    self.produce("prepare", 0, folder)
                yield folder

    @contextmanager
    def server(self, folder: Path) -> Iterator[None]:
        """The peer's own server, if it has one."""
        everysec = self.bench.appendfsync == "everysec" and self.peer.server_everysec
        words = self.peer.server_everysec if everysec else self.peer.server
        if not words:
            yield
            return
        (folder / "data").mkdir()
        log = folder / "server.log"
        with running(self.fill_in(words, folder), log) as process:
            wait_until(lambda: accepts(self.port), process, log, START_SECONDS, words[0])
            yield

    @contextmanager
    def worker(self, folder: Path, warm_up: int, expected: int) -> Iterator:
        """Runs the peer's worker; yields what waits for one of its reports."""
        log = folder / "worker.log"
        environment = self.environment(folder) | {"PEER_WARM_UP": str(warm_up), "PEER_EXPECTED": str(expected)}
        with running(self.fill_in(self.peer.worker, folder), log, environment, STOP_SECONDS) as process:

            def report(name: str, seconds: float) -> dict[str, float]:
                file = folder / f"{name}.json"
                patience = START_SECONDS + PATIENCE * seconds
                wait_until(file.exists, process, log, patience, f"the worker of {self.peer.name}")
                return json.loads(file.read_text())

            yield report

    def produce(self, what: str, count: int, folder: Path) -> dict[str, float]:
        """Runs the peer's client."""
        words = [f"{self.programs}/python", "-m", "harness.produce", self.peer.key]
        if self.peer.file.suffix == ".rb":
            words = ["ruby", str(self.peer.file)]
        words += [what, str(count), str(self.peer.rate)]
        return json.loads(output(words, self.environment(folder)).splitlines()[-1])

    def environment(self, folder: Path) -> dict[str, str]:
        """Where the stores are."""
        places = {
            "PYTHONPATH": str(HERE),
            "PEER_PORT": str(self.port),
            "PEER_REPORTS": str(folder),
            "SQLITE_FILE": str(folder / "peer.sqlite"),
        }
        if self.bench.redis:
            places["REDIS_URL"] = self.bench.redis.url
        if self.bench.postgres:
            places["POSTGRES_URL"] = self.bench.postgres.url
        return {**os.environ, **places}

    def fill_in(self, words: list[str], folder: Path) -> list[str]:
        """The header's command with the places of this run."""
        places = {"bin": self.programs, "peers": HERE / "peers", "port": self.port, "folder": folder / "data"}
        places["redis"] = self.bench.redis.url if self.bench.redis else ""
        return [word.format(**places) for word in words]
