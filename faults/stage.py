"""Everything that takes part in one scenario: backend, servers, workers, handlers, clients."""
from __future__ import annotations

import os
import random
import sys
import threading

from .backends import Backend
from .clients import Client, Ledger
from .history import Recorder, now
from .hooks import Hooks
from .programs import Program, wait_until
from .proxy import Proxy
from .sojourn import WORKER_IS_READY, Server, worker

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class Stage:
    """Starts it all, and ends it all."""

    def __init__(self, binary: str, backend: Backend, folder: str, seed: int, *, handlers: int = 2, limit: int = 16,
                 environment: dict[str, str] | None = None, graceful: bool = False) -> None:
        self.binary = binary
        self.backend = backend
        self.folder = folder
        self.dice = random.Random(seed)
        self.history = os.path.join(folder, "history")
        os.makedirs(self.history, exist_ok=True)
        self.recorder = self.new_recorder("harness")
        self.recorder.note("setup", backend=backend.name, seed=seed, epsilon=0.06,
                           forgets_leases=backend.forgets_leases, graceful=graceful)
        #: One for each server, in turn.
        self.environments = [environment or {}]
        self.hooks = Hooks(self.new_recorder("hooks"))
        self.config = os.path.join(folder, "worker.yaml")
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(self.hooks.configuration())
        self.servers: list[Server] = []
        self.handlers: list[Program] = []
        self.workers: list[Program] = []
        self.limit = limit
        self._handler_count = handlers
        self.servers_may_end = False
        self.ledger = Ledger()
        self.clients: list[threading.Thread] = []
        self._is_over = threading.Event()

    def new_recorder(self, name: str) -> Recorder:
        return Recorder(os.path.join(self.history, name + ".jsonl"), name)

    @property
    def proxies(self) -> list[Proxy]:
        return [server.proxy for server in self.servers]

    def set_up(self) -> None:
        self.backend.start(self.binary)
        for number in range(2 if self.backend.is_shared else 1):
            environment = self.environments[number % len(self.environments)]
            self.servers.append(Server(self.binary, self.backend.options(), self.folder, f"server{number}",
                                       self.recorder, environment))
        for server in self.servers:
            server.start()
        for number in range(self._handler_count):
            self.handlers.append(self.new_handler(f"handler{number}"))
        through_server = ["--server", f"http://127.0.0.1:{self.servers[0].proxy.port}"]
        for number, options in enumerate([through_server, self.backend.direct_options()]):
            if options:
                self.workers.append(worker(self.binary, options, self.folder, f"worker{number}", self.config))
        for program in self.handlers + self.workers:
            program.start()
        for program in self.workers:
            wait_until(f"{program.name} is ready", lambda: program.has_said(WORKER_IS_READY), 30)

    def new_handler(self, name: str) -> Program:
        ports = [word for server in self.servers for word in ("--port", str(server.proxy.port))]
        words = [sys.executable, "-m", "faults.handler", *ports, "--name", name, "--limit", str(self.limit),
                 "--history", os.path.join(self.history, name + ".jsonl"), "--seed", str(self.dice.randrange(1 << 30))]
        return Program(name, words, os.path.join(self.folder, name + ".log"), environment={"PYTHONPATH": ROOT})

    def start_clients(self, count: int, pause: float, is_slow: bool) -> None:
        """`is_slow`: their tasks take about a second and run in handlers of ours, so that many are held at a time."""
        ports = [server.proxy.port for server in self.servers]
        for number in range(count):
            name = f"c{number}"
            client = Client(name, ports, self.new_recorder(name), self.ledger, self.dice.randrange(1 << 30))
            if is_slow:
                client.types, client.paces = ["py"], [300, 800, 1_500]
            thread = threading.Thread(target=client.run, args=(self._is_over, pause), daemon=True)
            self.clients.append(thread)
            thread.start()

    def stop_clients(self) -> None:
        self._is_over.set()
        for thread in self.clients:
            thread.join(15)

    def heal(self) -> None:
        """Everything that was broken works again, and whoever was killed is back."""
        for proxy in self.proxies + self.backend.proxies:
            proxy.heal()
        for program in self.backend.programs() + [server.program for server in self.servers] \
                + self.handlers + self.workers:
            program.thaw()
        self.note_the_dead()

    def note_the_dead(self) -> None:
        """Whoever ended without being told to did something wrong, and is started again."""
        for server in self.servers:
            if not server.program.is_running:
                if not self.servers_may_end:
                    self.recorder.note("died", name=server.program.name, log=server.program.tail())
                server.start()
        for program in self.handlers + self.workers:
            if not program.is_running:
                # A worker may say that it cannot be started now; once it works it goes on.
                if program in self.handlers or program.has_said(WORKER_IS_READY):
                    self.recorder.note("died", name=program.name, log=program.tail())
                program.start()

    def note_crash(self, begin: float) -> None:
        """The backend crashed at some instant from `begin` on; sessions that were not yet told may go on for a bit."""
        self.recorder.note("crash", begin=begin, end=now() + 0.5)

    def tear_down(self) -> None:
        self._is_over.set()
        for program in self.handlers + self.workers:
            program.kill()
        for server in self.servers:
            server.close()
        self.hooks.close()
        self.backend.stop()
