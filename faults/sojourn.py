"""The program under test: its servers and its workers."""
from __future__ import annotations

import os
import time

from .history import Recorder, now
from .http_api import Api
from .programs import Program, Trouble, free_port, wait_until
from .proxy import Proxy

#: Short intervals, so that a round of half a minute sees many leases end. The lease is asked for by each worker.
ENVIRONMENT = {
    "RETRY_BASE_MS": "30", "RETRY_JITTER_MS": "30", "RETRY_MAX_MS": "300", "RETRY_SCAN_INTERVAL_MS": "50",
    "REAPER_SCAN_INTERVAL_MS": "100", "REAPER_BATCH_SIZE": "1000", "VIS_TIMEOUT_MS": "1500",
    "SOJOURN_DRAIN_SECONDS": "2", "LOG_LEVEL": "warning", "LOG_FORMAT": "text",
}
DRAIN = 2.0
#: In what a worker prints once it has reached what it works for.
WORKER_IS_READY = "attempts at once"


class Server:
    """`sojourn serve` on a fixed port, with a proxy in front of it that clients and workers go through."""

    def __init__(self, binary: str, options: list[str], folder: str, name: str, recorder: Recorder,
                 environment: dict[str, str] | None = None) -> None:
        self.port = free_port()
        self.recorder = recorder
        self.proxy = Proxy(self.port)
        self.starts: list[float] = []
        words = [binary, "serve", "--port", str(self.port), "--concurrency", "0", *options]
        self.program = Program(name, words, os.path.join(folder, name + ".log"), folder=folder,
                               environment={**ENVIRONMENT, **(environment or {})})

    def start(self, patience: float = 30) -> None:
        """Starts it and waits until it is ready; how long that took is on record."""
        begin = now()
        self.program.start()
        api = Api(self.port, 2)
        try:
            wait_until("the server is ready", lambda: self._is_ready(api), patience)
        except Trouble as trouble:
            raise Trouble(f"{trouble}; its log ends: {self.program.tail()[-600:]}") from None
        finally:
            api.close()
        self.starts.append(now() - begin)
        self.recorder.note("started", name=self.program.name, seconds=now() - begin)

    def _is_ready(self, api: Api) -> bool:
        if not self.program.is_running:
            self.program.start()
            time.sleep(0.2)
        return api.get("/readyz").status == 200

    def kill(self) -> None:
        self.program.kill()

    def stop(self) -> None:
        """SIGTERM; how long it took is on record, and nothing where it did not end by itself."""
        seconds = self.program.stop(DRAIN + 8)
        self.recorder.note("stopped", name=self.program.name, seconds=seconds, limit=DRAIN + 3)

    def close(self) -> None:
        self.program.kill()
        self.proxy.close()


def worker(binary: str, options: list[str], folder: str, name: str, config: str) -> Program:
    """`sojourn worker`, which takes tasks of type `hook` and posts them to the harness."""
    words = [binary, "worker", "--name", name, "--concurrency", "8", "--config", config, *options]
    return Program(name, words, os.path.join(folder, name + ".log"), environment=ENVIRONMENT, folder=folder)
