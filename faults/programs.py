"""Processes that are started, frozen and killed, and never left behind."""
from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import subprocess
import time
from typing import Callable

_ports_given: set[int] = set()
SETPRIV = shutil.which("setpriv")


class Trouble(Exception):
    """The harness cannot go on; this says nothing about what it tests."""


def free_port() -> int:
    """A free port below the ephemeral ones: a server that is down must find its port free when it comes back."""
    for _ in range(1000):
        port = random.SystemRandom().randrange(20_000, 32_000)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        if port not in _ports_given:
            _ports_given.add(port)
            return port
    raise Trouble("there is no free port")


def wait_until(what: str, condition: Callable[[], bool], seconds: float, step: float = 0.01) -> float:
    """Looks until it holds. Answers how long that took."""
    start = time.monotonic()
    while not condition():
        if time.monotonic() - start > seconds:
            raise Trouble(f"{what}: not within {seconds:g} s")
        time.sleep(step)
    return time.monotonic() - start


def children(parent: int) -> list[int]:
    """The processes that `parent` started, by /proc."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                if int(file.read().rpartition(")")[2].split()[1]) == parent:
                    found.append(int(name))
        except OSError:
            continue
    return found


class Program:
    """A process with a log. Start it from the main thread only: the kernel ends it with the thread that started it."""

    def __init__(self, name: str, words: list[str], log: str, *, environment: dict[str, str] | None = None,
                 user: str | None = None, folder: str | None = None) -> None:
        self.name = name
        self.words = words
        self.log = log
        self.environment = environment or {}
        self.user = user
        self.folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._frozen: list[int] = []
        self._log_start = 0

    @property
    def pid(self) -> int:
        return self._process.pid if self._process else 0

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        with open(self.log, "ab") as log:
            self._log_start = log.tell()
            self._process = subprocess.Popen(
                self._dying_with_us() + self.words, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env={**os.environ, **self.environment}, cwd=self.folder)

    def _dying_with_us(self) -> list[str]:
        if not SETPRIV:
            return []
        user = [f"--reuid={self.user}", f"--regid={self.user}", "--clear-groups"] if self.user else []
        return [SETPRIV, *user, "--pdeathsig", "KILL"]

    def send(self, number: int) -> None:
        if self._process and self._process.poll() is None:
            self._process.send_signal(number)

    def freeze(self) -> None:
        """Stops it and its children where they are."""
        if self.is_running:
            self._frozen = [self.pid, *children(self.pid)]
            for pid in self._frozen:
                _signal(pid, signal.SIGSTOP)

    def thaw(self) -> None:
        for pid in self._frozen:
            _signal(pid, signal.SIGCONT)
        self._frozen = []

    def kill(self) -> None:
        """SIGKILL, and waits until it is gone."""
        self.thaw()
        self.send(signal.SIGKILL)
        self.wait(10)

    def stop(self, patience: float) -> float | None:
        """SIGTERM; answers how long it took, nothing where it had to be killed."""
        self.thaw()
        start = time.monotonic()
        self.send(signal.SIGTERM)
        if self.wait(patience) is None:
            self.kill()
            return None
        return time.monotonic() - start

    def wait(self, seconds: float) -> int | None:
        """The exit code, or nothing while it runs."""
        if self._process is None:
            return 0
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def has_said(self, text: str) -> bool:
        """Whether that is in its log since it was started."""
        with open(self.log, "rb") as file:
            file.seek(self._log_start)
            return text.encode() in file.read()

    def tail(self) -> str:
        """The end of its log."""
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return file.read()[-2000:]


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def run(words: list[str], seconds: float = 60, **options: object) -> str:
    """Runs a program to its end."""
    try:
        done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds,
                              check=False, **options)  # type: ignore[call-overload]
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Trouble(f"{words[0]}: {error}") from None
    if done.returncode != 0:
        raise Trouble(f"{' '.join(words[:3])} …: {(done.stderr or done.stdout).strip()[-500:]}")
    return done.stdout
