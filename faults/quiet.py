"""How a scenario ends: what was left open is asked again, everything comes to rest, and every task is read."""
from __future__ import annotations

import time
from typing import Any

from .clients import Client, Ledger, read
from .history import INFO, OK, Recorder, now
from .http_api import Api, whole

OPEN = ("pending", "processing", "scheduled", "retrying")


def finish(ledger: Ledger, recorder: Recorder, port: int, seconds: float = 20) -> None:
    """Asks again for everything with a key that got no answer, as a client would."""
    client = Client("finish", [port], recorder, ledger, 0)
    end = time.monotonic() + seconds
    for order in list(ledger.orders):
        while order.key and not order.id and time.monotonic() < end:
            if client.send(order).outcome != INFO:
                break
            time.sleep(0.1)


def come_to_rest(recorder: Recorder, port: int, seconds: float) -> float:
    """Waits until no task is open. What is left after that time is on record."""
    api, start = Api(port), now()
    left = -1
    while now() - start < seconds:
        answer = api.get("/stats")
        if answer.outcome == OK:
            left = sum(whole(answer.body[name]) for name in OPEN)
            if left == 0:
                break
        time.sleep(0.1)
    api.close()
    recorder.note("quiet", left=left, seconds=now() - start)
    return now() - start


def read_everything(recorder: Recorder, port: int, ledger: Ledger) -> None:
    """The last word on every task: the list of all, the dead letters, and each record by itself."""
    api = Api(port, 20)
    tasks = pages(api, "/tasks?limit=500")
    number = recorder.invoke("listing")
    recorder.done(number, OK, tasks=[[task["task_id"], task["status"], task["tags"]] for task in tasks])
    number = recorder.invoke("dead")
    recorder.done(number, OK, ids=[task["task_id"] for task in pages(api, "/dead-letters?limit=500")])
    known = {order.id for order in ledger.orders if order.id} | {task["task_id"] for task in tasks}
    for task in sorted(known):
        for _ in range(5):
            if read(api, recorder, "final", task):
                break
            time.sleep(0.2)
    api.close()


def pages(api: Api, path: str) -> list[dict[str, Any]]:
    """All pages of a listing; a page that fails is asked for again."""
    found: list[dict[str, Any]] = []
    cursor = ""
    for _ in range(1000):
        answer = api.get(path + (f"&cursor={cursor}" if cursor else ""))
        if answer.outcome != OK:
            time.sleep(0.2)
            continue
        found += answer.body["tasks"]
        cursor = answer.body["cursor"] or ""
        if not cursor:
            break
    return found
