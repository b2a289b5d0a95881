# /// script
# dependencies = ["pgqueuer==1.6.0", "asyncpg==0.32.0", "uvloop==0.23.0"]
# [tool.peer]
# name = "PgQueuer"
# store = "postgres"
# worker = ["{bin}/python", "-m", "peers.pgqueuer"]
# setting = "asyncpg, batches of 100, uvloop"
# lost = "no: taken over when its heartbeat is 30 s old"
# speed = { single = 2900, bulk = 36000, drain = 13900 }
# rate = 200
# prepare = true
# ///
"""PgQueuer."""

import os

import asyncpg
import uvloop
from pgqueuer import AsyncpgDriver, AsyncpgPoolDriver, Job, PgQueuer, Queries

from harness.handler import counter

CALLERS = 10
queries: Queries


async def connect() -> None:
    """Before the first task."""
    global queries
    queries = Queries(AsyncpgPoolDriver(await asyncpg.create_pool(os.environ["POSTGRES_URL"], max_size=CALLERS)))


async def prepare() -> None:
    """Makes its tables."""
    await queries.install()


async def enqueue(payload: str) -> None:
    """One call."""
    await queries.enqueue("noop", payload.encode())


async def enqueue_many(payloads: list[str]) -> None:
    """One statement."""
    count = len(payloads)
    await queries.enqueue(["noop"] * count, [payload.encode() for payload in payloads], [0] * count)


async def work() -> None:
    """The worker."""
    queuer = PgQueuer(AsyncpgDriver(await asyncpg.connect(os.environ["POSTGRES_URL"])))

    @queuer.entrypoint("noop")
    async def noop(job: Job) -> None:
        counter.handled(job.payload.decode())

    await queuer.run(batch_size=100)


if __name__ == "__main__":
    uvloop.run(work())
