# /// script
# dependencies = ["taskiq[uv]==0.13.0", "taskiq-redis==1.2.4", "redis==8.1.0", "hiredis==3.5.0"]
# [tool.peer]
# name = "taskiq"
# store = "redis"
# worker = [
#   "{bin}/taskiq", "worker", "peers.taskiq:broker", "--workers", "1", "--max-async-tasks", "100",
#   "--log-level", "WARNING",
# ]
# setting = "ListQueueBroker, 1 process, 100 tasks at once, uvloop"
# lost = "yes: the list broker does not acknowledge; the stream broker does"
# speed = { single = 4800, drain = 3300 }
# rate = 500
# ///
"""taskiq with its list broker for Redis."""

import os

from taskiq_redis import ListQueueBroker

from harness.handler import counter

CALLERS = 10
# The client's own limit of 5 s ends a worker that waits longer for a task.
broker = ListQueueBroker(os.environ["REDIS_URL"], socket_timeout=None)


@broker.task
async def noop(payload: str) -> None:
    """Does nothing."""
    counter.handled(payload)


async def connect() -> None:
    """Before the first task."""
    await broker.startup()


async def enqueue(payload: str) -> None:
    """One call."""
    await noop.kiq(payload)
