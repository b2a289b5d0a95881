"""An fsync that fails: all of them for a while, or the k-th of a process. What was accepted is kept all the same."""
from __future__ import annotations

import random
import time
from typing import Iterator

from .backends import Backend
from .checker import Verdict
from .history import now
from .http_api import Api
from .programs import Trouble
from .shims import Disk
from .sojourn import Server
from .stage import Stage
from .storm import Step, play


def fsync_failure(binary: str, backend: Backend, folder: str, seed: int, seconds: float) -> tuple[Verdict, int]:
    disk = Disk(folder)
    stage = Stage(binary, backend, folder, seed, environment=disk.environment)
    stage.servers_may_end = True  # ending is an honest answer to a disk that does not keep what it is given
    verdict, count = play(stage, _steps(stage, disk, random.Random(seed)), seconds)
    if not disk.failures():
        raise Trouble("no fsync failed: the shim does not reach the server")
    return verdict, count


def _steps(stage: Stage, disk: Disk, dice: random.Random) -> Iterator[Step]:
    while True:
        def step() -> None:
            time.sleep(dice.uniform(0.1, 0.4))
            begin = now()
            if dice.random() < 0.5:
                _all_fail(stage, disk, dice)
            else:
                _one_fails(stage, disk, dice)
            stage.recorder.note("fault", name="fsync", begin=begin, end=now())
        yield step


def _all_fail(stage: Stage, disk: Disk, dice: random.Random) -> None:
    """For a while. A server that no longer trusts its disk refuses everything until somebody starts it again."""
    disk.break_down()
    broken = now()
    time.sleep(dice.uniform(0.1, 0.8))
    stage.recorder.note("fsync_fails", begin=broken, end=now())
    server = stage.servers[0]
    if server.program.is_running and dice.random() < 0.3:
        server.kill()
    disk.heal()
    time.sleep(0.2)
    _supervise(server)


def _supervise(server: Server) -> None:
    """What a supervisor does that looks at /readyz."""
    api = Api(server.port)
    if not server.program.is_running or api.get("/readyz").status != 200:
        server.kill()
        server.start()
    api.close()


def _one_fails(stage: Stage, disk: Disk, dice: random.Random) -> None:
    """The k-th fsync of a new process, and then never again: a disk that forgets that it failed."""
    server = stage.servers[0]
    server.kill()
    before = disk.failures()
    honest = server.program.environment
    server.program.environment = {**honest, **disk.failing_at(dice.randrange(1, 60))}
    server.program.start()  # not `server.start`: it may well end before it is ready
    time.sleep(dice.uniform(0.3, 1.0))
    server.program.environment = honest
    # One whose turn has not come would end when nobody looks any more.
    if disk.failures() == before or dice.random() < 0.3:
        server.kill()
    time.sleep(0.2)
    _supervise(server)
