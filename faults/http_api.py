"""The HTTP API as a client sees it: every request ends as ok, fail (a definite no) or info (nobody knows)."""
from __future__ import annotations

import hashlib
import http.client
import json
from typing import Any

from .history import FAIL, INFO, OK


class Answer:
    """What came back. `status` is 0 where nothing did."""

    def __init__(self, status: int, body: Any) -> None:
        self.status = status
        self.body = body

    @property
    def outcome(self) -> str:
        """5xx and silence promise nothing; 4xx promises that nothing happened."""
        if 200 <= self.status < 300:
            return OK
        return FAIL if 400 <= self.status < 500 else INFO


class Api:
    """One kept-alive connection, remade when it breaks. Not for two threads at once."""

    def __init__(self, port: int, patience: float = 5.0) -> None:
        self.port = port
        self.patience = patience
        self._connection: http.client.HTTPConnection | None = None

    def call(self, method: str, path: str, body: Any = None) -> Answer:
        """Sends it once. A request is never repeated here: whoever repeats it has to record that."""
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.patience)
        data = body if isinstance(body, (str, type(None))) else json.dumps(body)
        headers = {"Content-Type": "application/json"} if data is not None else {}
        try:
            self._connection.request(method, path, data.encode() if data is not None else None, headers)
            response = self._connection.getresponse()
            text = response.read()
            answer = Answer(response.status, parse(text))
            if response.will_close:
                self.close()
            return answer
        except (OSError, http.client.HTTPException, ValueError):
            self.close()
            return Answer(0, {})

    def get(self, path: str) -> Answer:
        return self.call("GET", path)

    def post(self, path: str, body: Any) -> Answer:
        return self.call("POST", path, body)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def parse(text: bytes) -> Any:
    """JSON whose numbers keep their spelling, as `#1.50`: a payload has to come back as it was sent."""
    return json.loads(text, parse_int=_spelled, parse_float=_spelled) if text else {}


def _spelled(number: str) -> str:
    return "#" + number


def whole(value: Any) -> int:
    """A whole number out of `parse`."""
    return int(value[1:])


def digest(payload: Any) -> str:
    """The fingerprint of a payload out of `parse`: spelling of numbers and order of keys count."""
    return hashlib.sha256(json.dumps(payload).encode()).hexdigest()[:24]
