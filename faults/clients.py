"""Clients: threads that enqueue, repeat, cancel, read and replay, whatever happens to the server."""
from __future__ import annotations

import json
import random
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from .history import OK, Recorder
from .http_api import Answer, Api, digest, parse

PLANS = ["ok"] * 14 + ["fail_once"] * 3 + ["fail", "fail_later", "refuse", "snooze", "interrupt", "discard"]


@dataclass
class Order:
    """One task that somebody wants. Its tag is its name; a repetition sends the very same bytes."""

    ref: str
    key: str | None
    body: str
    facts: dict[str, Any]
    id: str | None = None


@dataclass
class Ledger:
    """What the clients of a scenario share."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    orders: list[Order] = field(default_factory=list)
    accepted: int = 0

    def add(self, order: Order) -> None:
        with self.lock:
            self.orders.append(order)

    def some(self, dice: random.Random) -> Order | None:
        """One of the last few: an old one has long ended."""
        with self.lock:
            return dice.choice(self.orders[-dice.choice([5, 100]):]) if self.orders else None


class Client:
    """What one client does; `run` until told to stop."""

    def __init__(self, name: str, ports: list[int], recorder: Recorder, ledger: Ledger, seed: int) -> None:
        self.name = name
        self.dice = random.Random(seed)
        self.ports = ports
        self.apis = [Api(port) for port in ports]
        self.recorder = recorder
        self.ledger = ledger
        self.count = 0
        self.types = ["py", "py", "py", "hook"]
        self.paces = [0, 0, 5, 20, 60]

    def run(self, is_over: threading.Event, pause: float) -> None:
        while not is_over.is_set():
            step = self.dice.choices(
                [self.enqueue, self.race, self.repeat, self.conflict, self.spoil, self.batch, self.cancel, self.read,
                 self.replay], [62, 2, 10, 2, 2, 3, 6, 8, 2])[0]
            step()
            time.sleep(pause * self.dice.random() * 2)

    def order(self) -> Order:
        """A new wish, with a payload whose spelling is worth keeping."""
        self.count += 1
        ref = f"{self.name}-{self.count}"
        kind, plan = self.dice.choice(self.types), self.dice.choice(PLANS)
        slow = self.dice.choice(self.paces)
        if kind == "py" and plan == "ok" and self.dice.random() < 0.04:
            slow = 2_500  # longer than a lease: it lives on heartbeats
        if kind == "hook" and plan not in ("ok", "fail", "fail_once"):
            plan = "ok"
        blob = "é\u0001" * self.dice.randrange(20) + "x" * self.dice.choice([0, 10, 500, 3_000])
        payload = f'{{"ref":"{ref}","do":"{plan}","ms":{slow},"n":1.50e+{self.dice.randrange(9)},' \
                  f'"b":{json.dumps(blob)},"a":[{{}},null,-0.0]}}'
        key = f"key-{ref}" if self.dice.random() < 0.7 else None
        delay = self.dice.choice([0.4, 1.0]) if self.dice.random() < 0.1 else 0
        retries = self.dice.choice([1, 2, 4])
        body = f'{{"type":"{kind}","payload":{payload},"tags":["{ref}"],"max_retries":{retries}' \
            + (f',"idempotency_key":"{key}"' if key else "") + (f',"delay_seconds":{delay}' if delay else "") + "}"
        facts = {"ref": ref, "key": key, "digest": digest(parse(payload.encode())), "delay": delay,
                 "max_retries": retries, "type": kind, "form": digest(body)}
        return Order(ref, key, body, facts)

    def enqueue(self) -> None:
        order = self.order()
        self.ledger.add(order)
        self.send(order)

    def send(self, order: Order) -> Answer:
        """One attempt to have it accepted."""
        number = self.recorder.invoke("enqueue", **order.facts)
        answer = self._api().call("POST", "/tasks", order.body)
        if answer.outcome == OK:
            order.id = answer.body["task_id"]
            self.ledger.accepted += 1
            self.recorder.done(number, OK, id=order.id, duplicate=answer.body["duplicate"])
        else:
            self.recorder.done(number, answer.outcome, status=answer.status)
        return answer

    def race(self) -> None:
        """One wish, sent by four at once."""
        order = self.order()
        if order.key:
            self.ledger.add(order)
            others = [Client(self.name, self.ports, self.recorder, self.ledger, number) for number in range(3)]
            racers = [threading.Thread(target=other.send, args=(order,)) for other in others]
            for racer in racers:
                racer.start()
            self.send(order)
            for racer in racers:
                racer.join()

    def repeat(self) -> None:
        """As a client does that got no answer."""
        order = self.ledger.some(self.dice)
        if order and order.key:
            self.send(order)

    def conflict(self) -> None:
        """A known key with another payload: never a task, and never the first one's answer."""
        order = self.ledger.some(self.dice)
        if order and order.key:
            ref = order.ref + "-other"
            body = order.body.replace(f'"{order.ref}"', f'"{ref}"')
            payload = parse(body.encode())["payload"]
            facts = {**order.facts, "form": digest(body), "digest": digest(payload), "ref": ref}
            self.send(Order(ref, order.key, body, facts))

    def spoil(self) -> None:
        """A request that has to be refused, and to leave nothing behind."""
        order = self.order()
        wrong = self.dice.choice(['"colour":"red",', '"queue":"a b",', '"priority":"urgent",', '"delay_seconds":-1,'])
        order.facts["spoiled"] = True
        self.send(Order(order.ref, None, "{" + wrong + order.body[1:], order.facts))

    def batch(self) -> None:
        """All or nothing."""
        orders = [self.order() for _ in range(self.dice.randrange(2, 12))]
        name = f"batch-{orders[0].ref}"
        numbers = [self.recorder.invoke("enqueue", batch=name, **order.facts) for order in orders]
        answer = self._api().call("POST", "/tasks/batch", '{"tasks":[' + ",".join(one.body for one in orders) + "]}")
        for index, (order, number) in enumerate(zip(orders, numbers)):
            if answer.outcome == OK:
                order.id = answer.body["results"][index]["task_id"]
                self.ledger.accepted += 1
                self.recorder.done(number, OK, id=order.id, duplicate=answer.body["results"][index]["duplicate"])
                self.ledger.add(order)
            else:
                self.recorder.done(number, answer.outcome, status=answer.status)

    def cancel(self) -> None:
        order = self.ledger.some(self.dice)
        if order and order.id:
            number = self.recorder.invoke("cancel", id=order.id)
            answer = self._api().post(f"/tasks/{order.id}/cancel", {})
            self.recorder.done(number, answer.outcome, status=answer.status)

    def read(self) -> None:
        order = self.ledger.some(self.dice)
        if order and order.id:
            read(self._api(), self.recorder, "read", order.id)

    def replay(self) -> None:
        """Puts a few dead letters back."""
        page = self._api().get("/dead-letters?limit=5")
        if page.outcome == OK and page.body["tasks"]:
            ids = [task["task_id"] for task in page.body["tasks"]]
            number = self.recorder.invoke("replay", ids=ids)
            answer = self._api().post("/dead-letters/replay", {"task_ids": ids})
            self.recorder.done(number, answer.outcome, status=answer.status)

    def _api(self) -> Api:
        return self.dice.choice(self.apis)


def read(api: Api, recorder: Recorder, kind: str, task: str) -> str:
    """Reads one task and puts on record what it says. Answers its status, empty where there was no answer."""
    number = recorder.invoke(kind, id=task)
    answer = api.get(f"/tasks/{task}")
    if answer.status == 404:
        recorder.done(number, OK, status="absent")
        return "absent"
    if answer.outcome != OK:
        recorder.done(number, answer.outcome)
        return ""
    body = answer.body
    recorder.done(number, OK, **record(body))
    return str(body["status"])


def record(body: dict[str, Any]) -> dict[str, Any]:
    """What the checker wants to know of a task's record."""
    whole = {name: int(body[name][1:]) for name in ("attempt", "attempts_before_replay", "crashes", "max_retries")}
    return {"status": body["status"], "reason": body["reason"], "tags": body["tags"], **whole,
            "digest": digest(body["payload"]) if "payload" in body else None,
            "attempts": [[int(one["number"][1:]), one["outcome"]] for one in body["attempts"]]}


