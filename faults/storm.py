"""A scenario with the whole stage: load, one kind of fault again and again, peace, and the judge."""
from __future__ import annotations

import random
import threading
import time
from typing import Callable, Iterator

from . import catalogue, quiet
from .backends import Backend
from .checker import Verdict, judge
from .history import load, now
from .stage import Stage

Step = Callable[[], None]
#: How long it may take after the faults until every task has ended: leases, retries, and a slow machine.
REST = 60.0


def storm(binary: str, backend: Backend, folder: str, fault: str, seed: int, seconds: float) -> tuple[Verdict, int]:
    """Answers the verdict and how many faults there were."""
    many = fault == "zombies"
    stage = Stage(binary, backend, folder, seed, handlers=4 if many else 2, limit=60 if many else 16,
                  graceful=fault == "worker-stop")
    return play(stage, _steps(stage, backend.name, fault, seed), seconds, slow=many)


def _steps(stage: Stage, backend: str, fault: str, seed: int) -> Iterator[Step]:
    for pause, one, dice in catalogue.schedule(backend, fault, seed):
        def step() -> None:
            time.sleep(pause)
            if fault == catalogue.PAIRS:
                _both(stage, one, catalogue.companion(backend, one, dice), dice)
            else:
                _act(stage, one, dice)
        yield step


def _act(stage: Stage, fault: catalogue.Fault, dice: random.Random) -> None:
    begin = now()
    fault.action(stage, dice)
    stage.recorder.note("fault", name=fault.name, begin=begin, end=now())


def _both(stage: Stage, fault: catalogue.Fault, other: catalogue.Fault, dice: random.Random) -> None:
    beside = threading.Thread(target=_act, args=(stage, other, random.Random(dice.random())))
    beside.start()
    time.sleep(dice.uniform(0, 0.5))
    _act(stage, fault, dice)
    beside.join()


def play(stage: Stage, steps: Iterator[Step], seconds: float, slow: bool = False) -> tuple[Verdict, int]:
    """Sets the stage, takes the steps for so many seconds, and asks the judge."""
    count = 0
    try:
        stage.set_up()
        stage.start_clients(4, 0.03, slow)
        end = time.monotonic() + seconds
        time.sleep(0.5)
        while time.monotonic() < end:
            next(steps)()
            count += 1
            stage.note_the_dead()
        stage.stop_clients()
        stage.heal()
        settle(stage)
    finally:
        stage.tear_down()
    return judge(load(stage.history)), count


def settle(stage: Stage) -> None:
    """After the faults: nothing stays open, and everything is read."""
    port = stage.servers[0].port
    quiet.finish(stage.ledger, stage.recorder, port)
    quiet.come_to_rest(stage.recorder, port, REST)
    quiet.read_everything(stage.recorder, port, stage.ledger)
