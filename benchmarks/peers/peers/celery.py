# /// script
# dependencies = ["celery[redis]==5.7.0", "hiredis==3.5.0"]
# [tool.peer]
# name = "Celery"
# store = "redis"
# worker = [
#   "{bin}/celery", "-A", "peers.celery", "worker", "-P", "threads", "-c", "50", "-l", "WARNING",
#   "--without-gossip", "--without-mingle", "--without-heartbeat",
# ]
# setting = "50 threads, prefetch 16 each, early acknowledgement, results ignored, no gossip, mingle or heartbeat"
# lost = "yes: it is acknowledged before it runs; `acks_late` keeps it; prefetched ones come back after an hour"
# speed = { single = 2400, drain = 1100 }
# rate = 200
# ///
"""Celery with Redis as its broker."""

import os

from celery import Celery

from harness.handler import counter

app = Celery("peers", broker=os.environ["REDIS_URL"])
app.conf.update(
    task_ignore_result=True,
    worker_prefetch_multiplier=16,
    worker_enable_remote_control=False,
    broker_connection_retry_on_startup=True,
)


@app.task(name="noop")
def noop(payload: str) -> None:
    """Does nothing."""
    counter.handled(payload)


async def enqueue(payload: str) -> None:
    """One call."""
    noop.delay(payload)
