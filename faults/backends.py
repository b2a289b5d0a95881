"""The four places where tasks are kept, each with what can be done to it."""
from __future__ import annotations

import os
import random

from .postgres_server import PostgresServer
from .programs import Program, run
from .proxy import Proxy
from .redis_server import RedisServer


class Backend:
    """What a scenario has to know of where the tasks are kept. This one is SQLite."""

    name = "sqlite"
    #: Several servers, and workers without one, may share the tasks.
    is_shared = False
    #: A crash of it may forget leases, which the documentation says.
    forgets_leases = False

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.proxies: list[Proxy] = []
        self.data = os.path.join(folder, "data")

    def start(self, binary: str) -> None:
        """Makes it ready for a server."""

    def options(self) -> list[str]:
        """For `sojourn serve`."""
        return ["--data", self.data]

    def direct_options(self) -> list[str]:
        """For `sojourn worker` without a server; empty where there is no such thing."""
        return []

    def crash(self, dice: random.Random) -> None:
        """Ends it the hard way and starts it again."""

    def programs(self) -> list[Program]:
        """What can be frozen."""
        return []

    def ask_redis(self, *words: str) -> None:
        """Sends a command to the Redis of this backend, if it has one."""

    def stop(self) -> None:
        for proxy in self.proxies:
            proxy.close()


class RedisBackend(Backend):
    """Redis alone: it is the store."""

    name = "redis"
    is_shared = True

    def __init__(self, folder: str, durable: bool = True) -> None:
        super().__init__(folder)
        self.durable = durable

    def start(self, binary: str) -> None:
        self.redis = RedisServer(self.folder, self.durable)
        self.redis.start()
        self.proxies = [Proxy(self.redis.port)]

    def options(self) -> list[str]:
        return ["--redis", f"redis://127.0.0.1:{self.proxies[0].port}"]

    def direct_options(self) -> list[str]:
        return self.options()

    def crash(self, dice: random.Random) -> None:
        self.redis.kill()
        self.redis.start()

    def ask_redis(self, *words: str) -> None:
        self.redis.ask(*words)

    def programs(self) -> list[Program]:
        return [self.redis.program]

    def stop(self) -> None:
        super().stop()
        self.redis.kill()


class PostgresBackend(Backend):
    """Postgres alone. The cluster outlives the scenario, the database does not."""

    name = "postgres"
    is_shared = True
    forgets_leases = True

    def __init__(self, folder: str, cluster: PostgresServer) -> None:
        super().__init__(folder)
        self.cluster = cluster

    def start(self, binary: str) -> None:
        self.database = self.cluster.new_database()
        self.proxies = [Proxy(self.cluster.port)]
        run([binary, "migrate", *self._postgres()], cwd=self.folder)

    def _postgres(self) -> list[str]:
        return ["--postgres", f"postgres://postgres@127.0.0.1:{self.proxies[0].port}/{self.database}"]

    def options(self) -> list[str]:
        return self._postgres()

    def direct_options(self) -> list[str]:
        return self.options()

    def crash(self, dice: random.Random) -> None:
        """Half of the time all of it, half of the time one session, after which it recovers by itself."""
        if dice.random() < 0.5 and self.cluster.kill_session(dice):
            return
        self.cluster.crash()
        self.cluster.start()

    def programs(self) -> list[Program]:
        return [self.cluster.program]


class HintedBackend(PostgresBackend):
    """Postgres with hints in Redis, which may be lost at any time: so Redis keeps nothing on the disk."""

    name = "redis+postgres"

    def start(self, binary: str) -> None:
        self.redis = RedisServer(self.folder, durable=False)
        self.redis.start()
        super().start(binary)
        self.proxies.append(Proxy(self.redis.port))

    def options(self) -> list[str]:
        return [*self._postgres(), "--redis", f"redis://127.0.0.1:{self.proxies[1].port}"]

    def crash(self, dice: random.Random) -> None:
        if dice.random() < 0.5:
            super().crash(dice)
        else:
            self.redis.kill()
            self.redis.start()

    def programs(self) -> list[Program]:
        return [self.cluster.program, self.redis.program]

    def ask_redis(self, *words: str) -> None:
        self.redis.ask(*words)

    def stop(self) -> None:
        super().stop()
        self.redis.kill()


NAMES = ["sqlite", "redis", "postgres", "redis+postgres"]


def make(name: str, folder: str, cluster: PostgresServer | None) -> Backend:
    """The backend of that name; `cluster` is the Postgres that scenarios share."""
    if name == "sqlite":
        return Backend(folder)
    if name == "redis":
        return RedisBackend(folder)
    assert cluster is not None, "whoever asks for Postgres brings the cluster"
    return PostgresBackend(folder, cluster) if name == "postgres" else HintedBackend(folder, cluster)
