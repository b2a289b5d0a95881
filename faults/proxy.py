"""A TCP proxy on loopback that can reset, black-hole, delay, trickle and lose what passes through it."""
from __future__ import annotations

import collections
import random
import selectors
import socket
import struct
import threading
import time

from .programs import free_port

CHUNK = 65_536
TICK = 0.004


class _Pipe:
    """One direction of a connection, with what has been read and not yet been passed on."""

    def __init__(self, source: socket.socket, target: socket.socket, has_answers: bool) -> None:
        self.source = source
        self.target = target
        self.has_answers = has_answers
        self.waiting: collections.deque[tuple[float, bytes]] = collections.deque()
        self.ended = False


class Proxy:
    """Listens on `port` and passes on to `target`. All its work is done on one thread."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.port = free_port()
        self.is_black = False
        self.delay = 0.0
        self.trickle = 0
        #: The share of answers that are swallowed, and their connection broken: the request has been done by then.
        self.loss = 0.0
        self._dice = random.Random(self.port)
        self._reset = False
        self._over = False
        self._pipes: dict[socket.socket, _Pipe] = {}
        self._selector = selectors.DefaultSelector()
        self._listener = socket.create_server(("127.0.0.1", self.port), backlog=256)
        self._listener.setblocking(False)
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def reset(self) -> None:
        """Breaks all connections with RST."""
        self._reset = True

    def heal(self) -> None:
        self.is_black, self.delay, self.trickle, self.loss = False, 0.0, 0, 0.0

    def close(self) -> None:
        self._over = True
        self._thread.join(2)

    def _run(self) -> None:
        while not self._over:
            busy = self.is_black or any(pipe.waiting for pipe in self._pipes.values())
            for key, _ in self._selector.select(TICK if busy else 0.02):
                if key.fileobj is self._listener:
                    self._accept()
                elif not self.is_black:
                    self._read(key.fileobj)  # type: ignore[arg-type]
            if self._reset:
                self._reset = False
                self._break_all()
            if not self.is_black:
                for pipe in list(self._pipes.values()):
                    self._pass_on(pipe)
            elif self._pipes:
                time.sleep(TICK)
        self._break_all()
        self._listener.close()
        self._selector.close()

    def _accept(self) -> None:
        try:
            near, _ = self._listener.accept()
        except OSError:
            return
        try:
            far = socket.create_connection(("127.0.0.1", self.target), timeout=1)
        except OSError:
            _hang_up(near)
            return
        for one, other, has_answers in ((near, far, False), (far, near, True)):
            one.setblocking(False)
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._pipes[one] = _Pipe(one, other, has_answers)
            self._selector.register(one, selectors.EVENT_READ)

    def _read(self, source: socket.socket) -> None:
        pipe = self._pipes.get(source)
        if pipe is None:
            return
        try:
            data = source.recv(CHUNK)
        except BlockingIOError:
            return
        except OSError:
            self._drop(pipe)
            return
        if data and pipe.has_answers and self._dice.random() < self.loss:
            self._break(pipe)
        elif data:
            pipe.waiting.append((time.monotonic() + self.delay, data))
        else:
            pipe.ended = True
            self._selector.unregister(source)

    def _pass_on(self, pipe: _Pipe) -> None:
        while pipe.waiting and pipe.waiting[0][0] <= time.monotonic():
            due, data = pipe.waiting.popleft()
            part = data[:self.trickle] if self.trickle else data
            try:
                sent = pipe.target.send(part)
            except BlockingIOError:
                sent = 0
            except OSError:
                self._drop(pipe)
                return
            if sent < len(data):
                pipe.waiting.appendleft((due, data[sent:]))
                break
        if pipe.ended and not pipe.waiting:
            self._drop(pipe)

    def _drop(self, pipe: _Pipe) -> None:
        """Both directions go: half a connection is of no use to HTTP, Redis and Postgres."""
        for one in (pipe.source, pipe.target):
            if self._pipes.pop(one, None) is not None:
                if one in self._selector.get_map():
                    self._selector.unregister(one)
                one.close()

    def _break_all(self) -> None:
        for pipe in list(self._pipes.values()):
            self._break(pipe)

    def _break(self, pipe: _Pipe) -> None:
        for one in (pipe.source, pipe.target):
            _linger_not(one)
        self._drop(pipe)


def _linger_not(one: socket.socket) -> None:
    """Closing then sends RST instead of FIN."""
    try:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    except OSError:
        pass


def _hang_up(one: socket.socket) -> None:
    _linger_not(one)
    one.close()
