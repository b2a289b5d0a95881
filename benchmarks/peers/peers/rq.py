# /// script
# dependencies = ["rq==2.12.0", "redis==8.1.0", "hiredis==3.5.0"]
# [tool.peer]
# name = "RQ"
# store = "redis"
# worker = [
#   "{bin}/rq", "worker", "--url", "{redis}", "--worker-class", "rq.worker.SimpleWorker", "--logging_level",
#   "WARNING", "default",
# ]
# setting = "SimpleWorker, which does not fork for each task; results not kept"
# lost = "no, but without `Retry` it does not run again: it ends among the failed"
# speed = { single = 2900, bulk = 12000, drain = 350 }
# rate = 100
# ///
"""RQ."""

import os

from redis import Redis
from rq import Queue

from harness.handler import counter

queue = Queue("default", connection=Redis.from_url(os.environ["REDIS_URL"]))


def noop(payload: str) -> None:
    """Does nothing."""
    counter.handled(payload)


async def enqueue(payload: str) -> None:
    """One call."""
    queue.enqueue(noop, payload, result_ttl=0)


async def enqueue_many(payloads: list[str]) -> None:
    """One pipeline."""
    queue.enqueue_many([Queue.prepare_data(noop, (payload,), result_ttl=0) for payload in payloads])
