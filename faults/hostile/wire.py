"""A raw HTTP/1.1 client: it sends what no library would send, and reads only what a server must answer."""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass

#: How long an answer may take before the server counts as hanging.
PATIENCE = 5.0

_END = b"\r\n\r\n"
_STATUS = re.compile(rb"HTTP/1\.1 (\d{3}) ")


class Hang(Exception):
    """The server neither answered nor closed the connection in time."""


@dataclass(frozen=True)
class Answer:
    """One response: its status, its fields by lower-case name, and its body."""

    status: int
    fields: dict[str, str]
    body: bytes

    @property
    def is_stream(self) -> bool:
        """Whether the body goes on for ever, as server-sent events do."""
        return self.fields.get("content-type", "").startswith("text/event-stream")


class Connection:
    """One connection to the server on loopback."""

    def __init__(self, port: int, patience: float = PATIENCE) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=patience)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._rest = b""

    def send(self, raw: bytes) -> None:
        """Sends bytes; a server that has refused already may stop taking them, which is no fault."""
        try:
            self._socket.sendall(raw)
        except TimeoutError:
            raise Hang("it stopped reading") from None
        except OSError:
            pass

    def finish(self) -> None:
        """Says that nothing more will be sent."""
        try:
            self._socket.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def answer(self, is_head: bool = False) -> Answer | None:
        """The next final answer, or None where the server has closed the connection. `is_head`: without a body."""
        while True:
            head = self._take_head()
            if head is None:
                return None
            status, fields = _parse(head)
            if status >= 200:
                break
        has_body = not is_head and status not in (204, 304) and not fields.get("content-type", "").startswith("text/ev")
        length = int(fields.get("content-length", "0")) if has_body else 0
        return Answer(status, fields, self._take(length))

    @property
    def surplus(self) -> bytes:
        """What has come in after the last answer."""
        return self._rest

    def close(self) -> None:
        """Hangs up."""
        self._socket.close()

    def _take_head(self) -> bytes | None:
        while _END not in self._rest:
            if not self._receive():
                if self._rest:
                    raise ValueError(f"the server sent half a head: {self._rest[:80]!r}")
                return None
        head, self._rest = self._rest.split(_END, 1)
        return head

    def _take(self, count: int) -> bytes:
        while len(self._rest) < count:
            if not self._receive():
                raise ValueError("the server sent half a body")
        body, self._rest = self._rest[:count], self._rest[count:]
        return body

    def _receive(self) -> bool:
        try:
            data = self._socket.recv(65_536)
        except TimeoutError:
            raise Hang("no answer and no end") from None
        except ConnectionError:
            return False
        self._rest += data
        return bool(data)


def _parse(head: bytes) -> tuple[int, dict[str, str]]:
    first, _, rest = head.partition(b"\r\n")
    match = _STATUS.match(first)
    if match is None:
        raise ValueError(f"the server sent no status line: {first[:80]!r}")
    fields = {}
    for line in rest.decode("latin-1").split("\r\n") if rest else []:
        name, _, value = line.partition(":")
        fields[name.lower()] = value.strip()
    return int(match[1]), fields


def request(method: str, target: str, body: bytes | None = None, fields: dict[str, str] | None = None) -> bytes:
    """The bytes of a good request, but for what is in its parts."""
    lines = [f"{method} {target} HTTP/1.1", "Host: localhost"]
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in (fields or {}).items()]
    return "\r\n".join(lines).encode("latin-1") + _END + (body or b"")


def ask(port: int, method: str, target: str, body: bytes | None = None,
        fields: dict[str, str] | None = None) -> Answer | None:
    """One request on a connection of its own."""
    connection = Connection(port)
    try:
        connection.send(request(method, target, body, fields))
        return connection.answer(is_head=method == "HEAD")
    finally:
        connection.close()
