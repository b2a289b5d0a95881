"""A server of a few lines that makes one mistake, so that the judge can be judged."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable

_GOOD = b'{"status":"ok"}'


def answer(status: int, body: bytes, kind: str = "application/json") -> bytes:
    """The bytes of a response."""
    return b"HTTP/1.1 %d X\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s" % (
        status, kind.encode(), len(body), body)


def good() -> bytes:
    """A response that nobody can complain about."""
    return answer(200, _GOOD)


class FakeServer:
    """Answers every request head with what `mistake` gives for its number; None leaves it without an answer."""

    def __init__(self, mistake: Callable[[int], bytes | None]) -> None:
        self._mistake = mistake
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._count = 0
        #: Whether a connection is over after one answer.
        self.hang_up = False
        self._lock = threading.Lock()
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> FakeServer:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, contextlib.suppress(OSError):
            while client.recv(1 << 20):
                with self._lock:
                    self._count += 1
                    response = self._mistake(self._count)
                if response is not None:
                    client.sendall(response)
                if self.hang_up:
                    return
