"""A redis-server of our own. It speaks just enough RESP to be emptied."""
from __future__ import annotations

import os
import shutil
import socket

from .programs import Program, free_port, wait_until


class RedisServer:
    """On a port of its own, with every write on the disk before its answer.

    `always` and not `everysec`: with the latter Redis answers before it writes whenever an fsync is under way, so a
    `kill -9` of it may lose up to two seconds. That is Redis's promise, not ours.
    """

    def __init__(self, folder: str, durable: bool = True) -> None:
        self.port = free_port()
        self.folder = os.path.join(folder, "redis")
        os.makedirs(self.folder, exist_ok=True)
        append = ["--appendonly", "yes", "--appendfsync", "always"] if durable else ["--appendonly", "no"]
        words = [shutil.which("redis-server") or "redis-server", "--port", str(self.port), "--bind", "127.0.0.1",
                 "--dir", self.folder, "--save", "", *append]
        self.program = Program("redis", words, os.path.join(self.folder, "log"))

    def start(self) -> None:
        self.program.start()
        wait_until("Redis answers", lambda: self.ask("PING") == "+PONG", 20)

    def ask(self, *words: str) -> str:
        """The first line of the answer, empty where there is none."""
        request = f"*{len(words)}\r\n" + "".join(f"${len(word)}\r\n{word}\r\n" for word in words)
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
                connection.sendall(request.encode())
                return connection.recv(4096).decode(errors="replace").split("\r\n")[0]
        except OSError:
            return ""

    def kill(self) -> None:
        self.program.kill()
