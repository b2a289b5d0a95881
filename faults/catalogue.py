"""Which faults are run on what, and the seeded schedule of a round."""
from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Iterator

from . import actions
from .actions import Action

SHARED = ("redis", "postgres", "redis+postgres")
ALL = ("sqlite", *SHARED)


@dataclass(frozen=True)
class Fault:
    """A fault, in words, with the backends for which it makes sense."""

    name: str
    words: str
    action: Action
    backends: tuple[str, ...] = ALL
    #: Seconds between two of them, at most.
    pause: float = 1.0
    #: How much longer than the others.
    weight: float = 1.0

    @property
    def starts_nothing(self) -> bool:
        """Whether it may be done beside another one: only the main thread starts processes."""
        return not self.name.endswith(("-kill", "-stop", "-crash"))


FAULTS = [
    Fault("server-kill", "`kill -9` of a server", actions.kill_server, pause=0.6, weight=3),
    Fault("server-stop", "SIGTERM to a server, sometimes SIGKILL before it ended", actions.stop_server),
    Fault("server-freeze", "SIGSTOP of a server", actions.freeze_server),
    Fault("handler-kill", "`kill -9` of a worker over HTTP", actions.kill_handler, pause=0.7),
    Fault("zombies", "SIGSTOP of workers over HTTP for two to three leases", actions.freeze_handlers, pause=0.3,
          weight=2),
    Fault("worker-kill", "`kill -9` of `sojourn worker`", actions.kill_worker),
    Fault("worker-stop", "SIGTERM to `sojourn worker`", actions.stop_worker),
    Fault("worker-freeze", "SIGSTOP of `sojourn worker`", actions.freeze_worker),
    Fault("net-reset", "connections to the server reset", actions.reset_front, pause=0.5),
    Fault("net-silence", "connections to the server silent, then whole or broken", actions.silence_front),
    Fault("net-slow", "connections to the server slow, or a few bytes at a time", actions.slow_front),
    Fault("net-loss", "answers of the server lost after the work was done", actions.lose_answers_front, pause=0.3),
    Fault("backend-crash", "backend killed and started again", actions.crash_backend, SHARED, 1.5),
    Fault("backend-freeze", "SIGSTOP of the backend", actions.freeze_backend, SHARED),
    Fault("backend-reset", "connections to the backend reset", actions.reset_back, SHARED, 0.5),
    Fault("backend-silence", "connections to the backend silent, then whole or broken", actions.silence_back, SHARED),
    Fault("backend-slow", "connections to the backend slow, or a few bytes at a time", actions.slow_back, SHARED),
    Fault("backend-loss", "answers of the backend lost after the work was done", actions.lose_answers_back, SHARED,
          0.3),
    Fault("scripts-flushed", "SCRIPT FLUSH, sometimes with all clients hung up on", actions.forget_scripts,
          ("redis", "redis+postgres"), 0.5),
    Fault("redis-full", "no memory left in Redis", actions.fill_redis, ("redis", "redis+postgres")),
    Fault("hints-wiped", "FLUSHALL under the hints", actions.wipe_hints, ("redis+postgres",), 0.8),
]
MIXED, PAIRS = "mixed", "pairs"
#: Those that need a stage of their own.
SPECIAL = {"clock": ALL, "clock-skew": SHARED, "disk-full": ("sqlite",), "fsync": ("sqlite",), "power-cut": ("sqlite",),
           "control": ("redis",)}
SPECIAL_WORDS = {
    "clock": "wall clock jumps by 5 s, 1 h, 1 d, forwards and back",
    "clock-skew": "the second of two servers with a clock that is some seconds off",
    "disk-full": "disk full, with `kill -9` of the server while it is",
    "fsync": "every fsync fails for a while, or the k-th one does",
    "power-cut": "power cut",
    "control": "control: a Redis that keeps nothing, killed; the judge has to see the loss",
    MIXED: "all that make sense for the backend, one after the other",
    PAIRS: "two of them at once",
}


def faults_of(backend: str) -> list[Fault]:
    return [fault for fault in FAULTS if backend in fault.backends]


def names_of(backend: str) -> list[str]:
    """Everything that is run on a backend."""
    special = [name for name, backends in SPECIAL.items() if backend in backends]
    return [fault.name for fault in faults_of(backend)] + [MIXED, PAIRS] + special


def words_of(name: str) -> str:
    return SPECIAL_WORDS.get(name) or next(fault.words for fault in FAULTS if fault.name == name)


def schedule(backend: str, name: str, seed: int) -> Iterator[tuple[float, Fault, random.Random]]:
    """For ever: a pause, a fault, and the dice for it. The same seed gives the same ones."""
    dice = random.Random(seed)
    choice = faults_of(backend) if name in (MIXED, PAIRS) else [fault for fault in FAULTS if fault.name == name]
    while True:
        fault = dice.choice(choice)
        yield dice.uniform(0.05, fault.pause), fault, random.Random(dice.randrange(1 << 62))


def companion(backend: str, fault: Fault, dice: random.Random) -> Fault:
    """Another one that may be done beside it."""
    return dice.choice([one for one in faults_of(backend) if one.starts_nothing and one is not fault])


def weight_of(name: str) -> float:
    """How much longer than the others it is run in a long run."""
    return next((fault.weight for fault in FAULTS if fault.name == name), 1.0)
