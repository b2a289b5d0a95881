# /// script
# dependencies = ["dramatiq[redis]==2.2.1", "redis==8.1.0", "hiredis==3.5.0"]
# [tool.peer]
# name = "Dramatiq"
# store = "redis"
# worker = ["{bin}/dramatiq", "peers.dramatiq", "-p", "1", "-t", "32"]
# setting = "1 process, 32 threads"
# lost = "no: put back when the worker's heartbeat is a minute old"
# speed = { single = 7700, drain = 3600 }
# rate = 500
# ///
"""Dramatiq with its Redis broker."""

import os

import dramatiq
from dramatiq.brokers.redis import RedisBroker

from harness.handler import counter

dramatiq.set_broker(RedisBroker(url=os.environ["REDIS_URL"]))


@dramatiq.actor
def noop(payload: str) -> None:
    """Does nothing."""
    counter.handled(payload)


async def enqueue(payload: str) -> None:
    """One call."""
    noop.send(payload)
