# /// script
# dependencies = ["huey==3.5.4"]
# [tool.peer]
# name = "Huey, SQLite"
# store = "sqlite"
# worker = [
#   "{bin}/huey_consumer", "peers.huey_sqlite.huey", "-w", "1", "-k", "thread", "-q", "-d", "0.005", "-m",
#   "0.005",
# ]
# setting = "1 thread, results not kept, WAL, `fsync=False`, looks every 5 ms"
# lost = "yes: it is taken off the table before it runs; and nothing is fsynced, so a power cut may damage the file"
# speed = { single = 28000, drain = 10000 }
# rate = 500
# ///
"""Huey on SQLite."""

import os

from huey import SqliteHuey

from harness.handler import counter

huey = SqliteHuey("peer", filename=os.environ["SQLITE_FILE"], results=False, fsync=False)


@huey.task()
def noop(payload: str) -> None:
    """Does nothing."""
    counter.handled(payload)


async def enqueue(payload: str) -> None:
    """One call."""
    noop(payload)
