"""Requests that are nearly right. A seed and a number give the same request for ever, so a finding can be repeated."""

from __future__ import annotations

import random
from dataclasses import dataclass

from .wire import request

_TASK = "01979f3c-5d2a-7cc0-8a4e-0123456789ab"
_LEASE = f'"task_id":"{_TASK}","token":"{"0" * 32}"'

#: Good requests that have a body.
POSTS: list[tuple[str, str]] = [
    ("/tasks", '{"type":"t","payload":{"a":[1,2.5e3,"x\\u00e9"]},"queue":"q","priority":"high","delay_seconds":1}'),
    ("/task", '{"type":"t","retry":{"strategy":"fixed","base_ms":10},"tags":["a"],"max_retries":3}'),
    ("/tasks", '{"type":"t","idempotency_key":"k","deadline_seconds":9,"tenant":"n"}'),
    ("/tasks/batch", '{"tasks":[{"type":"t"},{"type":"u","timeout_seconds":0.5,"run_at":"2030-01-01T00:00:00Z"}]}'),
    ("/leases", '{"queues":["q"],"limit":10,"lease_seconds":30,"worker":"w","types":["t"]}'),
    ("/leases/extend", '{"leases":[{%s}],"lease_seconds":30}' % _LEASE),
    ("/leases/complete", '{"results":[{%s,"outcome":"failed","error":"e\\u0000","retry_after_seconds":1.5}]}' % _LEASE),
    ("/leases/leave", '{"worker":"w"}'),
    ("/dead-letters/replay", '{"queue":"q","limit":5,"error":"e"}'),
    ("/queues/q/pause", "{}"),
    ("/queues/q/resume", "{}"),
    (f"/tasks/{_TASK}/cancel", "{}"),
]

#: Good addresses.
ADDRESSES = [
    "/tasks?limit=5&queue=q&status=queued", f"/tasks/{_TASK}", "/dead-letters?error=x&type=t&limit=9", "/queues/q",
    "/dead-letters/replays", "/queues", "/stats", "/healthz", "/metrics", "/tasks?tag=a&tenant=n&type=t&cursor=x",
]

#: What mutations like to put in.
SPLINTERS: list[bytes] = [
    b"null", b"{", b"}", b"[", b"]", b'"', b",", b":", b"1e400", b"-1", b"9223372036854775808", b"\\u0000", b"\\ud800",
    b"\0", b"true", b"0.0000001", b"{}", b"[[[[[[[[", b'"type":', b"NaN", b"\xef\xbb\xbf", b"\xc3\xa9", b"\r\n", b"\n",
    b"\xff", b"%00", b"%", b"-0", b"1e-400", b"18446744073709551616", b'"a":1,"a":2', b"\r\n\r\n",
    b"Content-Length: 5\r\n", b"Transfer-Encoding: chunked\r\n", b"\xed\xa0\x80", b"\\", b"9" * 400,
]

_ADDRESS_SPLINTERS = [
    "%00", "%", "&", "=", "?", "..", "/", "%ff", "{}", "*", "#", "a", ";", "%2f", "limit=-1", "&limit=9", "+", "//",
    "%F0%9F%92%A9", "'", "cursor=%7B%7D", "a" * 300,
]

_METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"]


@dataclass(frozen=True)
class Planned:
    """One request of a run. `is_framed`: the server can tell where it ends, so that others may follow it."""

    raw: bytes
    method: str
    target: str
    body: bytes
    is_framed: bool


def mutated(data: bytes, chance: random.Random, most: int = 4) -> bytes:
    """`data` with up to `most` changes, each of a kind that has broken a parser somewhere."""
    result = bytearray(data)
    for _ in range(chance.randint(1, most)):
        at = chance.randint(0, len(result))
        kind = chance.randrange(6)
        if kind == 0 and at < len(result):
            result[at] = chance.randrange(256)
        elif kind == 1:
            del result[at:at + chance.randint(1, 9)]
        elif kind == 2:
            result[at:at] = result[max(0, at - 12):at]
        elif kind == 3:
            del result[at:]
        elif kind == 4 and at < len(result):
            result[at] ^= 1 << chance.randrange(8)
        else:
            result[at:at] = chance.choice(SPLINTERS)
    return bytes(result)


class Plan:
    """The requests of one seed. `corpus` are bodies and whole requests that join the good ones as a beginning."""

    def __init__(self, seed: int, bodies: list[tuple[str, bytes]] | None = None, wholes: list[bytes] | None = None):
        self._seed = seed
        self._bodies = [(target, body.encode()) for target, body in POSTS] + (bodies or [])
        self._wholes = wholes or []

    def request(self, number: int) -> Planned:
        """The request with that number: six of ten change a body, one an address, three a whole request."""
        chance = random.Random(f"{self._seed}:{number}")
        kind = chance.randrange(10)
        if kind < 6:
            return self._changed_body(chance)
        return self._changed_address(chance) if kind == 6 else self._changed_whole(chance)

    def _changed_body(self, chance: random.Random) -> Planned:
        target, body = chance.choice(self._bodies)
        body = mutated(body, chance)
        return Planned(request("POST", target, body), "POST", target, body, True)

    def _changed_address(self, chance: random.Random) -> Planned:
        target = chance.choice(ADDRESSES)
        for _ in range(chance.randint(1, 8)):
            at = chance.randint(1, len(target))
            target = target[:at] + chance.choice(_ADDRESS_SPLINTERS) + target[at:]
        method = chance.choice(_METHODS[:6]) if chance.randrange(4) == 0 else "GET"
        return Planned(request(method, target), method, target, b"", True)

    def _changed_whole(self, chance: random.Random) -> Planned:
        if self._wholes and chance.randrange(2) == 0:
            whole = chance.choice(self._wholes)
        else:
            target, body = chance.choice(self._bodies)
            whole = request(chance.choice(_METHODS) if chance.randrange(4) == 0 else "POST", target, body)
        raw = mutated(whole, chance)
        # A server skips line ends before a request.
        method = raw.lstrip(b"\r\n").split(b" ", 1)[0].decode("latin-1")[:8]
        return Planned(raw, method, "", b"", False)
