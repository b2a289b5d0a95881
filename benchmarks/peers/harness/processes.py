"""Starts processes, and ends all of them however the comparison ends."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path


class Failed(Exception):
    """What did not work, in one sentence."""


def free_port() -> int:
    """A port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def last_lines(text: str, count: int) -> str:
    """The end of a log, in one line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return " | ".join(lines[-count:])


def output(command: Sequence[str], environment: Mapping[str, str] | None = None, seconds: float = 300) -> str:
    """Standard output of a command that has to succeed; its process group ends with it."""
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL, "text": True}
    try:
        process = subprocess.Popen(command, env=environment, start_new_session=True, **options)
    except OSError as error:
        raise Failed(f"{command[0]} does not start: {error}") from error
    with process:
        try:
            out, errors = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            raise Failed(f"{Path(command[0]).name} took longer than {seconds:.0f} s") from None
        finally:
            end_group(process)
    if process.returncode != 0:
        raise Failed(f"{Path(command[0]).name} failed: {last_lines(errors or out, 1)}")
    return out


@contextmanager
def running(
    command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None, patience: float = 8
) -> Iterator[subprocess.Popen]:
    """A process that runs during a `with` block, in a group of its own so that Ctrl-C reaches only the driver."""
    with log.open("ab") as file:
        try:
            process = subprocess.Popen(
                command, env=environment, stdin=subprocess.DEVNULL, stdout=file, stderr=file, start_new_session=True
            )
        except OSError as error:
            raise Failed(f"{command[0]} does not start: {error}") from error
    try:
        yield process
    finally:
        end(process, patience)


def end(process: subprocess.Popen, patience: float) -> None:
    """Asks first; what does not end is killed, with its children."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            pass
    end_group(process)


def end_group(process: subprocess.Popen) -> None:
    """Kills what is left of the group."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def wait_until(ready: Callable[[], bool], process: subprocess.Popen, log: Path, seconds: float, what: str) -> None:
    """Looks twenty times a second, which disturbs nobody; fails when the process has ended."""
    deadline = time.monotonic() + seconds
    while not ready():
        if process.poll() is not None:
            raise Failed(f"{what} ended: {last_lines(log.read_text(errors='replace'), 3)}")
        if time.monotonic() > deadline:
            raise Failed(f"{what} took longer than {seconds:.0f} s: {last_lines(log.read_text(errors='replace'), 3)}")
        time.sleep(0.05)


def accepts(port: int) -> bool:
    """Whether somebody listens there."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    except OSError:
        return False
