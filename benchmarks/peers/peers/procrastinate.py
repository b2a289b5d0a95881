# /// script
# dependencies = ["procrastinate==3.10.0", "psycopg[binary,pool]==3.3.9"]
# [tool.peer]
# name = "Procrastinate"
# store = "postgres"
# worker = [
#   "{bin}/procrastinate", "--app=peers.procrastinate.app", "worker", "--concurrency", "10", "--delete-jobs",
#   "always", "--fetch-job-polling-interval", "0.1",
# ]
# setting = "10 tasks at once, ended tasks deleted, woken by NOTIFY"
# lost = "no, but it does not run again by itself: a periodic task of your own has to retry the stalled ones"
# speed = { single = 1800, bulk = 7200, drain = 340 }
# rate = 100
# prepare = true
# ///
"""Procrastinate."""

import os

from procrastinate import App, PsycopgConnector

from harness.handler import counter

CALLERS = 10
app = App(connector=PsycopgConnector(conninfo=os.environ["POSTGRES_URL"]))


@app.task(name="noop")
async def noop(payload: str) -> None:
    """Does nothing."""
    counter.handled(payload)


async def connect() -> None:
    """Before the first task."""
    await app.open_async()


async def prepare() -> None:
    """Makes its tables."""
    await app.schema_manager.apply_schema_async()


async def enqueue(payload: str) -> None:
    """One call."""
    await noop.defer_async(payload=payload)


async def enqueue_many(payloads: list[str]) -> None:
    """One statement."""
    await noop.batch_defer_async(*({"payload": payload} for payload in payloads))
