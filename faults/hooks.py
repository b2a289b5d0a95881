"""Where `sojourn worker` sends its tasks: an http handler that records when it was called and what it answered."""
from __future__ import annotations

import http.server
import socketserver
import threading
import time

from .history import Recorder
from .http_api import digest, parse, whole
from .programs import free_port


class _Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 128
    recorder: Recorder

    def handle_error(self, *_: object) -> None:
        """A worker that is killed hangs up: that is what we are here for."""


class _Handler(http.server.BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """The answer is on record before it is sent, so a success that the server knows of is always known here."""
        text = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        payload = parse(text)
        task, attempt = self.headers.get("Sojourn-Task-Id"), int(self.headers.get("Sojourn-Attempt") or 0)
        number = self.server.recorder.invoke(
            "run", id=task, attempt=attempt, ref=payload.get("ref"), digest=digest(payload))
        time.sleep(whole(payload["ms"]) / 1000)
        status = 500 if payload["do"] == "fail" or (payload["do"] == "fail_once" and attempt == 1) else 200
        self.server.recorder.done(number, "ok", status=status)
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing: the history has it all."""


class Hooks:
    """The http handlers of one scenario."""

    def __init__(self, recorder: Recorder) -> None:
        self.port = free_port()
        self._server = _Server(("127.0.0.1", self.port), _Handler)
        self._server.recorder = recorder
        threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True).start()

    def configuration(self) -> str:
        """The `handlers` of sojourn.yaml."""
        url = f"http://127.0.0.1:{self.port}/run"
        return f'handlers:\n  hook: {{ http: {{ url: "{url}", timeout: 5s, allow_private: true }} }}\n'

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
