# /// script
# dependencies = ["huey==3.5.4"]
# [tool.peer]
# name = "Huey, SQLite"
# store = "sqlite"
# worker = ["{bin}/huey_consumer", "peers.huey_sqlite.huey", "-w", "1", "-k", "thread", "-q"]
# setting = "1 thread, results not kept, its defaults for SQLite (WAL, no fsync per commit)"
# lost = "yes: it is taken off the table before it runs; and not every commit is fsynced"
# speed = { single = 25000, drain = 12000 }
# rate = 500
# ///
"""Huey on SQLite."""

import os

from huey import SqliteHuey

from harness.handler import counter

huey = SqliteHuey("peer", filename=os.environ["SQLITE_FILE"], results=False)


@huey.task()
def noop(payload: str) -> None:
    """Does nothing."""
    counter.handled(payload)


async def enqueue(payload: str) -> None:
    """One call."""
    noop(payload)
