"""The stores that the peers share: one Redis and one Postgres of our own, emptied for each figure."""

import os
import pwd
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from harness.processes import Failed, accepts, free_port, output, running, wait_until

START_SECONDS = 30


@dataclass(frozen=True)
class Redis:
    """A running Redis."""

    port: int
    version: str

    @property
    def url(self) -> str:
        """Its first database."""
        return f"redis://127.0.0.1:{self.port}/0"

    def clear(self) -> None:
        """Removes everything; the protocol is simple enough to need no client."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as connection:
            connection.sendall(b"FLUSHALL\r\n")
            answer = connection.recv(100)
        if not answer.startswith(b"+OK"):
            raise Failed(f"Redis answered {answer!r} to FLUSHALL")


@dataclass(frozen=True)
class Postgres:
    """A running Postgres."""

    port: int
    version: str
    folder: Path

    @property
    def url(self) -> str:
        """The database that is made anew for each figure."""
        return f"postgres://postgres@127.0.0.1:{self.port}/peers"

    def clear(self) -> None:
        """A new database, and a checkpoint, so that no figure pays for the one before."""
        psql = [program("psql"), "-X", "-q", "-d", f"postgres://postgres@127.0.0.1:{self.port}/postgres"]
        for statement in ("DROP DATABASE IF EXISTS peers WITH (FORCE)", "CREATE DATABASE peers", "CHECKPOINT"):
            output([*psql, "-v", "ON_ERROR_STOP=1", "-c", statement])


def program(name: str) -> str:
    """A program of Postgres: Debian keeps them off the PATH."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name == "15", reverse=True)
    found = next((str(folder / name) for folder in folders if (folder / name).exists()), shutil.which(name))
    if not found:
        raise Failed(f"{name} is not installed")
    return found


@contextmanager
def redis(folder: Path, appendfsync: str) -> Iterator[Redis]:
    """Starts a Redis that saves nothing, or appends and fsyncs every second."""
    folder.mkdir()
    port, log = free_port(), folder / "log"
    words = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    words += ["--appendonly", "no" if appendfsync == "off" else "yes", "--appendfsync", "everysec"]
    version = output(["redis-server", "--version"]).split("v=")[1].split()[0]
    with running(words, log) as process:
        wait_until(lambda: accepts(port), process, log, START_SECONDS, "redis-server")
        yield Redis(port, version)


@contextmanager
def postgres(folder: Path) -> Iterator[Postgres]:
    """Starts a Postgres with the settings that initdb writes; it refuses to run as root."""
    folder.mkdir()
    log = folder / "log"
    log.touch()
    user: list[str] = []
    if os.geteuid() == 0:
        postgres = pwd.getpwnam("postgres")
        for path in (folder, log):
            os.chown(path, postgres.pw_uid, postgres.pw_gid)
        user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    data, port = str(folder / "data"), free_port()
    output([*user, program("initdb"), "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "-D", data])
    words = [*user, program("postgres"), "-D", data, "-p", str(port), "-k", str(folder)]
    version = output([program("postgres"), "--version"]).split()[2]
    with running([*words, "-c", "listen_addresses=127.0.0.1"], log) as process:
        ready = [program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
        wait_until(lambda: succeeds(ready), process, log, START_SECONDS, "postgres")
        yield Postgres(port, version, folder)


def succeeds(command: list[str]) -> bool:
    """Whether a command ends well."""
    try:
        output(command)
        return True
    except Failed:
        return False
