"""Clients that do nothing wrong: some enqueue at a steady pace, two ask for the server's health.

The pace is well below what the server can do: at its limit, the throughput would measure who else has the processor,
and that is the attackers of this very program.
"""

from __future__ import annotations

import selectors
import socket
import time
from dataclasses import dataclass, field
from multiprocessing.connection import Connection as Pipe

from .wire import request

_POSTERS = 8
#: Eight clients with 50 requests a second each; whoever is answered late does not catch up.
_SECONDS_BETWEEN_POSTS = 0.02
_SECONDS_BETWEEN_PROBES = 0.05
_SECONDS_BETWEEN_TURNS = 0.005
#: A request that takes longer has failed, and counts with this time.
_PATIENCE = 10.0

_POST = request("POST", "/tasks", b'{"type":"honest"}')
_PROBE = request("GET", "/healthz")

POST, KEPT, NEW = "post", "health on a kept connection", "health on a new connection"


@dataclass
class Record:
    """When each answer came, and after how long, by what was asked; `failures` are requests without a good answer."""

    answers: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: {POST: [], KEPT: [], NEW: []})
    failures: list[tuple[float, str]] = field(default_factory=list)


class Client:
    """One client: at most one request at a time."""

    def __init__(self, port: int, kind: str) -> None:
        self.kind = kind
        self.began = 0.0
        self.next_at = 0.0
        self.socket: socket.socket | None = None
        self._port = port
        self._received = b""

    def begin(self, selector: selectors.BaseSelector) -> None:
        """Sends a request, over a new connection where there is none."""
        self.began = time.monotonic()
        pause = _SECONDS_BETWEEN_POSTS if self.kind == POST else _SECONDS_BETWEEN_PROBES
        self.next_at = max(self.next_at + pause, self.began)
        self._received = b""
        if self.socket is None:
            self.socket = socket.socket()
            self.socket.setblocking(False)
            self.socket.connect_ex(("127.0.0.1", self._port))
            selector.register(self.socket, selectors.EVENT_WRITE, self)
        else:
            self._send()

    def ready(self, selector: selectors.BaseSelector, mask: int) -> str | None:
        """What to do when the socket is ready: None while the answer is not complete, else `ok` or what went wrong."""
        assert self.socket is not None
        try:
            if mask & selectors.EVENT_WRITE:
                selector.modify(self.socket, selectors.EVENT_READ, self)
                self._send()
                return None
            data = self.socket.recv(65_536)
        except BlockingIOError:
            return None
        except OSError as error:
            return f"{type(error).__name__}"
        if not data:
            return "closed"
        self._received += data
        return self._verdict()

    def end(self, selector: selectors.BaseSelector, keep: bool) -> None:
        """After an answer, or instead of one."""
        self.began = 0.0
        if self.socket is not None and not keep:
            selector.unregister(self.socket)
            self.socket.close()
            self.socket = None

    def _send(self) -> None:
        assert self.socket is not None
        self.socket.send(_POST if self.kind == POST else _PROBE)

    def _verdict(self) -> str | None:
        head, end, body = self._received.partition(b"\r\n\r\n")
        length = head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]
        if not end or len(body) < int(length or 0):
            return None
        status = head[9:12].decode("latin-1")
        return "ok" if status in ("200", "202") else f"status {status}"


def serve_honestly(port: int, until: float) -> Record:
    """Runs all clients until that monotonic time."""
    record = Record()
    selector = selectors.DefaultSelector()
    clients = [Client(port, POST) for _ in range(_POSTERS)] + [Client(port, KEPT), Client(port, NEW)]
    while (now := time.monotonic()) < until:
        for client in clients:
            _turn(client, now, selector, record)
        for key, mask in selector.select(_SECONDS_BETWEEN_TURNS):
            _settle(key.data, key.data.ready(selector, mask), selector, record)
    for client in clients:
        client.end(selector, keep=False)
    return record


def _turn(client: Client, now: float, selector: selectors.BaseSelector, record: Record) -> None:
    """Gives up what takes too long, and begins what is due."""
    if client.began:
        if now - client.began > _PATIENCE:
            _settle(client, "no answer", selector, record)
        return
    if now < client.next_at:
        return
    try:
        client.begin(selector)
    except OSError as error:
        _settle(client, type(error).__name__, selector, record)


def _settle(client: Client, outcome: str | None, selector: selectors.BaseSelector, record: Record) -> None:
    if outcome is None:
        return
    now = time.monotonic()
    if outcome == "ok" or client.kind != POST:
        record.answers[client.kind].append((now, now - client.began))
    if outcome != "ok":
        record.failures.append((now, f"{client.kind}: {outcome}"))
    client.end(selector, keep=outcome == "ok" and client.kind != NEW)


def work(port: int, until: float, results: Pipe) -> None:
    """The body of the process."""
    results.send(serve_honestly(port, until))
