"""A Postgres of our own, which refuses to run as root."""
from __future__ import annotations

import glob
import os
import random
import shutil
import signal

from .programs import Program, Trouble, children, free_port, run, wait_until

USER = "postgres" if os.geteuid() == 0 else None


def find_binaries() -> str | None:
    """Where the server is: Debian keeps it off the PATH."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/postgres"))
    path = found[-1] if found else shutil.which("postgres")
    return os.path.dirname(os.path.realpath(path)) if path else None


class PostgresServer:
    """A cluster in a temporary folder; each scenario gets a database of its own.

    `fsync = off`: what is killed here are processes, and the kernel keeps what they wrote. A commit still has to be
    written before its answer, and one that need not wait may still be lost. Recovery then takes no seconds.
    """

    def __init__(self, folder: str) -> None:
        binaries = find_binaries()
        if binaries is None:
            raise Trouble("there is no Postgres on this machine")
        self.binaries = binaries
        self.port = free_port()
        self.folder = os.path.join(folder, "postgres")
        os.makedirs(self.folder, mode=0o755, exist_ok=True)
        if USER:
            shutil.chown(self.folder, USER, USER)
        self.data = os.path.join(self.folder, "data")
        self._command(["initdb", "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8", "-D", self.data])
        with open(os.path.join(self.data, "postgresql.conf"), "a", encoding="utf-8") as file:
            file.write(f"listen_addresses = '127.0.0.1'\nport = {self.port}\nshared_buffers = 32MB\n"
                       f"unix_socket_directories = '{self.folder}'\nmax_connections = 100\n"
                       "fsync = off\n")
        self.program = Program("postgres", [os.path.join(binaries, "postgres"), "-D", self.data],
                               os.path.join(self.folder, "log"), user=USER)
        self._databases = 0

    def _command(self, words: list[str]) -> str:
        words = [os.path.join(self.binaries, words[0]), *words[1:]]
        if USER:
            words = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups", *words]
        return run(words, cwd=self.folder)

    def start(self) -> None:
        self.program.start()
        wait_until("Postgres answers", self._is_up, 30, 0.05)

    def _is_up(self) -> bool:
        try:
            return self.sql("SELECT 1") == "1"
        except Trouble:
            return False

    def sql(self, text: str, database: str = "postgres") -> str:
        return self._command(["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", self.folder, "-p",
                              str(self.port), "-U", "postgres", "-d", database, "-c", text]).strip()

    def new_database(self) -> str:
        self._databases += 1
        name = f"faults{self._databases}"
        self.sql(f"CREATE DATABASE {name}")
        return name

    def crash(self) -> None:
        """The immediate stop: no session finishes what it does, and the next start recovers from the log.

        Not SIGKILL: it would leave sessions and shared memory behind for a moment, and the next start would refuse.
        """
        self.program.thaw()
        self.program.send(signal.SIGQUIT)
        if self.program.wait(10) is None:
            self.program.kill()

    def kill_session(self, dice: random.Random) -> bool:
        """kill -9 of one session: the server takes all others down too and recovers by itself."""
        sessions = [pid for pid in children(self.program.pid) if b"faults" in _title(pid)]
        if not sessions:
            return False
        try:
            os.kill(dice.choice(sessions), signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True

    def stop(self) -> None:
        self.crash()


def _title(pid: int) -> bytes:
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return file.read()
    except OSError:
        return b""
