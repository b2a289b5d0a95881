"""Thousands of connections that hold on to a server: each says little, or nothing, or never listens."""

from __future__ import annotations

import select
import socket
import time
from dataclasses import dataclass, field
from multiprocessing.connection import Connection as Pipe

#: Source addresses, so that no one of them runs out of ports.
SOURCES = ["127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4"]

_HEAD = b"POST /tasks HTTP/1.1\r\nHost: localhost\r\n"
_BODY_HEAD = _HEAD + b"Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n"
#: An answer that fits into the kernel's buffers: its sender then counts as idle.
_LARGE_ANSWER = b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n"
#: One in so many who read nothing asks for more than the kernel buffers, which is 4 MB each: all of them would use up
#: what the kernel has for TCP, and so stop the machine instead of the server.
_GREEDY = 25
_GREEDY_ANSWERS = 200


@dataclass(frozen=True)
class Kind:
    """A way to be slow. `deadline`: seconds after which the server ends it, by its default limits."""

    name: str
    beginning: bytes
    drip: bytes
    deadline: float
    reads: bool = True


KINDS = [
    Kind("header dribble", _HEAD + b"X-Slow: ", b"a", 10),
    Kind("body dribble", _BODY_HEAD, b" ", 30),
    Kind("reads nothing", _LARGE_ANSWER, b"", 60, reads=False),
    Kind("says nothing", b"", b"", 60),
]

#: `IP_BIND_ADDRESS_NO_PORT` of Linux: the port is chosen at connect, so that sources do not compete for ports.
_BIND_ADDRESS_NO_PORT = 24

_TICK = 0.05
_TICKS_BETWEEN_DRIPS = 20
_CLOSED = select.EPOLLRDHUP | select.EPOLLHUP | select.EPOLLERR
#: After the server has cut off who reads nothing, the kernel cannot tell the client; so it comes again by the clock.
_RENEWAL = 65.0


@dataclass
class Slow:
    """One connection; `opened` is 0 until it is connected."""

    number: int
    kind: Kind
    socket: socket.socket
    opened: float = 0.0


@dataclass
class Tally:
    """What became of the connections of one kind."""

    opened: int = 0
    refused: int = 0
    lifetimes: list[float] = field(default_factory=list)


class Herd:
    """Holds `count` connections open until a time, each opened anew when the server ends it; then watches them end."""

    def __init__(self, port: int, count: int) -> None:
        self._port = port
        self._count = count
        self._poll = select.epoll(count + 16)
        self._slots: list[Slow | None] = [None] * count
        self._files: dict[int, Slow] = {}
        self._missing = list(range(count - 1, -1, -1))
        self._tick = 0
        self.tallies = {kind.name: Tally() for kind in KINDS}

    def run(self, ramp: float, attack_until: float, watch_until: float) -> None:
        """`ramp`: seconds in which the first connections are opened; the two times are monotonic."""
        per_tick = max(1, int(self._count * _TICK / ramp))
        next_tick = time.monotonic()
        while (now := time.monotonic()) < watch_until:
            if now >= next_tick:
                next_tick = max(next_tick + _TICK, now)
                if now < attack_until:
                    self._open_missing(per_tick)
                self._turn(now, now < attack_until)
            for number, event in self._poll.poll(max(0.0, next_tick - time.monotonic())):
                self._handle(self._files[number], event)

    def hang_up(self) -> None:
        """Ends what the server has not ended."""
        for slow in list(self._files.values()):
            self._forget(slow)
        self._poll.close()

    def _open_missing(self, most: int) -> None:
        for _ in range(min(most, len(self._missing))):
            self._open(self._missing.pop())

    def _open(self, number: int) -> None:
        kind = KINDS[number % len(KINDS)]
        client = socket.socket()
        client.setblocking(False)
        client.setsockopt(socket.IPPROTO_IP, _BIND_ADDRESS_NO_PORT, 1)
        if not kind.reads:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        client.bind((SOURCES[number // len(KINDS) % len(SOURCES)], 0))
        client.connect_ex(("127.0.0.1", self._port))
        slow = Slow(number, kind, client)
        self._slots[number] = slow
        self._files[client.fileno()] = slow
        self._poll.register(client, select.EPOLLOUT | _CLOSED)

    def _turn(self, now: float, is_attack: bool) -> None:
        """A twentieth of the connections say one byte more."""
        for number in range(self._tick % _TICKS_BETWEEN_DRIPS, self._count, _TICKS_BETWEEN_DRIPS):
            slow = self._slots[number]
            if slow is None or not slow.opened:
                continue
            if is_attack and not slow.kind.reads and now - slow.opened > _RENEWAL:
                self._forget(slow)
            elif slow.kind.drip:
                self._say(slow, slow.kind.drip)
        self._tick += 1

    def _handle(self, slow: Slow, event: int) -> None:
        if event & _CLOSED:
            return self._ended(slow)
        if event & select.EPOLLOUT and not slow.opened:
            slow.opened = time.monotonic()
            self.tallies[slow.kind.name].opened += 1
            self._poll.modify(slow.socket, (select.EPOLLIN if slow.kind.reads else 0) | _CLOSED)
            self._begin(slow)
        elif event & select.EPOLLIN:
            self._listen(slow)

    def _begin(self, slow: Slow) -> None:
        is_greedy = not slow.kind.reads and slow.number // len(KINDS) % _GREEDY == 0
        self._say(slow, slow.kind.beginning * (_GREEDY_ANSWERS if is_greedy else 1))

    def _say(self, slow: Slow, data: bytes) -> None:
        try:
            slow.socket.send(data)
        except BlockingIOError:
            return
        except OSError:
            self._ended(slow)

    def _listen(self, slow: Slow) -> None:
        try:
            if slow.socket.recv(4_096):
                return
        except BlockingIOError:
            return
        except OSError:
            pass
        self._ended(slow)

    def _ended(self, slow: Slow) -> None:
        if self._slots[slow.number] is not slow:
            return
        tally = self.tallies[slow.kind.name]
        if slow.opened:
            tally.lifetimes.append(time.monotonic() - slow.opened)
        else:
            tally.refused += 1
        self._forget(slow)

    def _forget(self, slow: Slow) -> None:
        del self._files[slow.socket.fileno()]
        slow.socket.close()
        self._slots[slow.number] = None
        self._missing.append(slow.number)


def attack(port: int, count: int, ramp: float, attack_until: float, watch_until: float, results: Pipe) -> None:
    """The body of the process: what it found goes into the pipe, then it waits to be told that it may hang up."""
    herd = Herd(port, count)
    herd.run(ramp, attack_until, watch_until)
    results.send(herd.tallies)
    results.recv()
    herd.hang_up()
