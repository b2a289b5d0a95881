"""Enqueues with a peer's own client, in the peer's own Python: `-m harness.produce PEER WHAT COUNT RATE`."""

import asyncio
import importlib
import json
import sys
import time
from collections.abc import Callable
from types import ModuleType

from harness.handler import payload

BATCH = 1_000
WARM_UP = 1_000


async def single(peer: ModuleType, count: int) -> None:
    """One task per call; peers with an asynchronous client say how many callers serve them best."""
    numbers = iter(range(count))

    async def caller() -> None:
        for _ in numbers:
            await peer.enqueue(payload())

    async with asyncio.TaskGroup() as group:
        for _ in range(getattr(peer, "CALLERS", 1)):
            group.create_task(caller())


async def bulk(peer: ModuleType, count: int) -> None:
    """Up to 1,000 tasks per call."""
    for done in range(0, count, BATCH):
        await peer.enqueue_many([payload() for _ in range(min(BATCH, count - done))])


async def steady(peer: ModuleType, count: int, rate: float) -> None:
    """A task at each of its times, whether or not earlier calls have been answered."""
    start = time.monotonic()
    async with asyncio.TaskGroup() as group:
        for index in range(count):
            await asyncio.sleep(max(0.0, start + index / rate - time.monotonic()))
            group.create_task(peer.enqueue(payload()))


async def timed(enqueue: Callable, peer: ModuleType, count: int) -> dict[str, float]:
    """The speed after a warm-up: connections open, caches fill."""
    await enqueue(peer, min(WARM_UP, count // 10))
    start = time.monotonic()
    await enqueue(peer, count)
    return {"tasks_per_second": count / (time.monotonic() - start)}


async def act(peer: ModuleType, what: str, count: int, rate: float) -> dict[str, float]:
    """Does `what`; a peer without `enqueue_many` fills its queue singly."""
    if hasattr(peer, "connect"):
        await peer.connect()
    match what:
        case "prepare":
            await peer.prepare()
        case "single":
            return await timed(single, peer, count)
        case "bulk":
            return await timed(bulk, peer, count)
        case "fill":
            await (bulk if hasattr(peer, "enqueue_many") else single)(peer, count)
        case "steady":
            await steady(peer, count, rate)
    return {}


def main() -> None:
    """Prints one JSON object as the last line."""
    name, what, count, rate = sys.argv[1:]
    peer = importlib.import_module(f"peers.{name}")
    print(json.dumps(asyncio.run(act(peer, what, int(count), float(rate)))))


if __name__ == "__main__":
    main()
