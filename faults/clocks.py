"""Wall clocks that jump, or that differ from server to server: neither leases nor delays may notice."""
from __future__ import annotations

import datetime
import os
import random
import time
from typing import Iterator

from .backends import Backend
from .checker import Verdict
from .history import now
from .http_api import Api
from .programs import Trouble
from .shims import Clock
from .sojourn import Server
from .stage import Stage
from .storm import Step, play

HOUR, DAY = 3_600, 86_400


def clock_jumps(binary: str, backend: Backend, folder: str, seed: int, seconds: float) -> tuple[Verdict, int]:
    clock = Clock(folder)
    stage = Stage(binary, backend, folder, seed, environment=clock.environment)
    _prove(binary, folder, clock, stage)
    return play(stage, _steps(stage, clock, random.Random(seed)), seconds)


def _steps(stage: Stage, clock: Clock, dice: random.Random) -> Iterator[Step]:
    while True:
        def step() -> None:
            begin = now()
            clock.jump_to(dice.choice([5, -5, HOUR, -HOUR, DAY, -DAY, 0.5, -0.5]))
            time.sleep(dice.uniform(0.1, 0.5))
            stage.recorder.note("fault", name="clock", begin=begin, end=now())
        yield step


def clock_skew(binary: str, backend: Backend, folder: str, seed: int, seconds: float) -> tuple[Verdict, int]:
    """Two servers share a backend, and do not agree what time it is."""
    clock = Clock(folder)
    stage = Stage(binary, backend, folder, seed)
    stage.environments.append(clock.environment)
    _prove(binary, folder, clock, stage)
    return play(stage, _skews(stage, clock, random.Random(seed)), seconds)


def _skews(stage: Stage, clock: Clock, dice: random.Random) -> Iterator[Step]:
    while True:
        def step() -> None:
            begin = now()
            server = stage.servers[1]
            server.stop()
            clock.jump_to(dice.choice([5, -5, 2, -2]))
            server.start()
            time.sleep(dice.uniform(1, 2.5))
            stage.recorder.note("fault", name="clock-skew", begin=begin, end=now())
        yield step


def _prove(binary: str, folder: str, clock: Clock, stage: Stage) -> None:
    """A server that starts while the clock is an hour ahead says so; otherwise the shim would not reach it."""
    options = ["--data", os.path.join(folder, "proof")]
    server = Server(binary, options, folder, "proof", stage.recorder, clock.environment)
    clock.jump_to(HOUR)
    try:
        server.start()
        answer = Api(server.port).post("/leases", {"types": ["none"], "limit": 1})
    finally:
        server.close()
        clock.jump_to(0)
    said = datetime.datetime.fromisoformat(answer.body["now"].replace("Z", "+00:00")).timestamp()
    if not 0.9 * HOUR < said - time.time() < 1.1 * HOUR:
        raise Trouble("the clock of the server did not jump: the shim does not reach it")
