"""A small disk that fills up under a running server, some of the time with a kill -9 while it is full."""
from __future__ import annotations

import os
import random
import time
from typing import Iterator

from . import mounts
from .backends import Backend
from .checker import Verdict
from .history import now
from .stage import Stage
from .storm import Step, play

#: More than the log of SQLite may grow to before it is folded into the database (32 MB), and the database.
MEGABYTES = 64


def disk_full(binary: str, backend: Backend, folder: str, seed: int, seconds: float) -> tuple[Verdict, int]:
    with mounts.in_memory(folder, MEGABYTES) as disk:
        backend.data = os.path.join(disk, "data")
        stage = Stage(binary, backend, folder, seed)
        return play(stage, _steps(stage, os.path.join(disk, "ballast"), random.Random(seed)), seconds)


def _steps(stage: Stage, ballast: str, dice: random.Random) -> Iterator[Step]:
    while True:
        def step() -> None:
            time.sleep(dice.uniform(0.1, 0.6))
            begin = now()
            fill(ballast)
            time.sleep(dice.uniform(0.2, 1.5))
            killed = dice.random() < 0.3
            if killed:
                stage.servers[0].kill()
            os.remove(ballast)
            if killed:
                stage.servers[0].start()
            stage.recorder.note("fault", name="disk-full", begin=begin, end=now())
        yield step


def fill(ballast: str) -> None:
    """To the last byte."""
    with open(ballast, "wb", buffering=0) as file:
        size = 1 << 20
        while size:
            try:
                if file.write(b"x" * size) < size:
                    size //= 2
            except OSError:
                size //= 2
