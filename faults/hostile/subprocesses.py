"""A program run to its end, with what the kernel says it took."""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
from dataclasses import dataclass

from .server import clean_environment


@dataclass(frozen=True)
class Ended:
    """How a program ended. A negative status is the number of the signal that killed it."""

    status: int
    output: bytes
    errors: bytes
    seconds: float
    bytes: int
    is_late: bool


def run_to_end(command: list[str], folder: str, variables: dict[str, str], patience: float) -> Ended:
    """Runs it. `seconds` is CPU time, which a busy machine does not stretch; past `patience` it is killed."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=errors,
            env=clean_environment(**variables))
        late = threading.Event()

        def kill() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(patience, kill)
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        texts = []
        for file in (output, errors):
            file.seek(0)
            texts.append(file.read())
        return Ended(
            process.returncode, texts[0], texts[1], usage.ru_utime + usage.ru_stime, usage.ru_maxrss << 10,
            late.is_set())
