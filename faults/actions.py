"""What can be done to a running stage. Each action breaks one thing for a while and mends it again."""
from __future__ import annotations

import random
import time
from typing import Callable

from .history import now
from .programs import Program
from .proxy import Proxy
from .stage import Stage

Action = Callable[[Stage, random.Random], None]


def kill_server(stage: Stage, dice: random.Random) -> None:
    """kill -9, and a start at once, or later, now and then when all leases would have ended."""
    server = dice.choice(stage.servers)
    server.kill()
    time.sleep(dice.choice([0, 0, 0, 0, 0.3, 2]))
    server.start()


def freeze_server(stage: Stage, dice: random.Random) -> None:
    _freeze(dice.choice(stage.servers).program, dice.uniform(0.3, 2.5))


def stop_server(stage: Stage, dice: random.Random) -> None:
    """SIGTERM; now and then SIGKILL before it has finished."""
    server = dice.choice(stage.servers)
    if dice.random() < 0.2:
        server.program.send(15)
        time.sleep(dice.uniform(0, 0.05))
        server.kill()
    else:
        server.stop()
    server.start()


def freeze_handlers(stage: Stage, dice: random.Random) -> None:
    """All but one, for more than two leases: what they hold is somebody else's when they wake up."""
    asleep = stage.handlers[:]
    asleep.remove(dice.choice(asleep))
    for program in asleep:
        program.freeze()
    time.sleep(dice.uniform(2.6, 3.4))
    for program in asleep:
        program.thaw()
    time.sleep(dice.uniform(0.2, 0.6))


def kill_handler(stage: Stage, dice: random.Random) -> None:
    _restart(dice.choice(stage.handlers))


def freeze_worker(stage: Stage, dice: random.Random) -> None:
    _freeze(dice.choice(stage.workers), dice.uniform(1.5, 3.5))


def kill_worker(stage: Stage, dice: random.Random) -> None:
    _restart(dice.choice(stage.workers))


def stop_worker(stage: Stage, dice: random.Random) -> None:
    program = dice.choice(stage.workers)
    seconds = program.stop(12)
    stage.recorder.note("stopped", name=program.name, seconds=seconds, limit=6)
    program.start()


def crash_backend(stage: Stage, dice: random.Random) -> None:
    begin = now()
    stage.backend.crash(dice)
    stage.note_crash(begin)
    time.sleep(0.5)


def freeze_backend(stage: Stage, dice: random.Random) -> None:
    _freeze(dice.choice(stage.backend.programs()), dice.uniform(0.3, 2.5))


def wipe_hints(stage: Stage, dice: random.Random) -> None:
    stage.backend.ask_redis("FLUSHALL")
    time.sleep(dice.uniform(0, 0.5))


def reset_front(stage: Stage, dice: random.Random) -> None:
    _reset(stage.proxies, dice)


def reset_back(stage: Stage, dice: random.Random) -> None:
    _reset(stage.backend.proxies, dice)


def silence_front(stage: Stage, dice: random.Random) -> None:
    _silence(stage.proxies, dice)


def silence_back(stage: Stage, dice: random.Random) -> None:
    _silence(stage.backend.proxies, dice)


def slow_front(stage: Stage, dice: random.Random) -> None:
    _slow(stage.proxies, dice)


def slow_back(stage: Stage, dice: random.Random) -> None:
    _slow(stage.backend.proxies, dice)


def lose_answers_front(stage: Stage, dice: random.Random) -> None:
    _lose(stage.proxies, dice, 0.3)


def lose_answers_back(stage: Stage, dice: random.Random) -> None:
    """Of a COMMIT or a script too: it was done, and the server cannot know."""
    _lose(stage.backend.proxies, dice, 0.03)


def forget_scripts(stage: Stage, dice: random.Random) -> None:
    """Redis forgets all scripts, and hangs up on everybody."""
    stage.backend.ask_redis("SCRIPT", "FLUSH")
    if dice.random() < 0.5:
        stage.backend.ask_redis("CLIENT", "KILL", "TYPE", "normal")


def fill_redis(stage: Stage, dice: random.Random) -> None:
    """No memory for new keys for a while."""
    stage.backend.ask_redis("CONFIG", "SET", "maxmemory", "1")
    time.sleep(dice.uniform(0.3, 1.5))
    stage.backend.ask_redis("CONFIG", "SET", "maxmemory", "0")


def _lose(proxies: list[Proxy], dice: random.Random, share: float) -> None:
    proxy = dice.choice(proxies)
    proxy.loss = share
    time.sleep(dice.uniform(0.5, 2))
    proxy.loss = 0


def _freeze(program: Program, seconds: float) -> None:
    program.freeze()
    time.sleep(seconds)
    program.thaw()


def _restart(program: Program) -> None:
    program.kill()
    program.start()


def _reset(proxies: list[Proxy], dice: random.Random) -> None:
    """All connections at once, a few times: some of them in the middle of an answer."""
    for _ in range(dice.randrange(1, 6)):
        dice.choice(proxies).reset()
        time.sleep(dice.uniform(0.01, 0.2))


def _silence(proxies: list[Proxy], dice: random.Random) -> None:
    """Nothing passes and nobody is told; afterwards it all arrives, or the connections break."""
    proxy = dice.choice(proxies)
    proxy.is_black = True
    time.sleep(dice.uniform(0.3, 2.5))
    if dice.random() < 0.5:
        proxy.reset()
        time.sleep(0.05)
    proxy.is_black = False


def _slow(proxies: list[Proxy], dice: random.Random) -> None:
    proxy = dice.choice(proxies)
    if dice.random() < 0.5:
        proxy.delay = dice.uniform(0.02, 0.4)
    else:
        proxy.trickle = dice.randrange(1, 40)
    time.sleep(dice.uniform(0.5, 2))
    proxy.heal()
