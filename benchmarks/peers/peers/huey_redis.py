# /// script
# dependencies = ["huey==3.5.4", "redis==8.1.0", "hiredis==3.5.0"]
# [tool.peer]
# name = "Huey, Redis"
# store = "redis"
# worker = ["{bin}/huey_consumer", "peers.huey_redis.huey", "-w", "1", "-k", "thread", "-q"]
# setting = "1 thread, results not kept"
# lost = "yes: it is taken off Redis before it runs"
# speed = { single = 13500, drain = 5600 }
# rate = 500
# ///
"""Huey on Redis."""

import os

from huey import RedisHuey

from harness.handler import counter

huey = RedisHuey("peer", url=os.environ["REDIS_URL"], results=False)


@huey.task()
def noop(payload: str) -> None:
    """Does nothing."""
    counter.handled(payload)


async def enqueue(payload: str) -> None:
    """One call."""
    noop(payload)
