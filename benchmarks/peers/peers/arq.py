# /// script
# dependencies = ["arq==0.25.0", "hiredis==3.5.0"]
# [tool.peer]
# name = "arq"
# store = "redis"
# worker = ["{bin}/arq", "peers.arq.WorkerSettings"]
# setting = "100 tasks at once, results not kept, looks every 10 ms instead of every 500"
# lost = "no: it stays in the queue until it ends, and runs again after its time limit"
# speed = { single = 4100, drain = 1000 }
# rate = 200
# ///
"""arq."""

import os

from arq import create_pool
from arq.connections import ArqRedis, RedisSettings

from harness.handler import counter

CALLERS = 10
settings = RedisSettings.from_dsn(os.environ["REDIS_URL"])
pool: ArqRedis


async def noop(context: dict, payload: str) -> None:
    """Does nothing."""
    counter.handled(payload)


class WorkerSettings:
    """Read by the command `arq`."""

    functions = [noop]
    redis_settings = settings
    max_jobs = 100
    keep_result = 0
    poll_delay = 0.01


async def connect() -> None:
    """Before the first task."""
    global pool
    pool = await create_pool(settings)


async def enqueue(payload: str) -> None:
    """One call."""
    await pool.enqueue_job("noop", payload)
