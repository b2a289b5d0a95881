# /// script
# [tool.peer]
# name = "beanstalkd"
# store = "own"
# commands = { beanstalkd = "beanstalkd" }
# version = ["beanstalkd", "-v"]
# server = ["beanstalkd", "-l", "127.0.0.1", "-p", "{port}"]
# server_everysec = ["beanstalkd", "-l", "127.0.0.1", "-p", "{port}", "-b", "{folder}", "-f", "1000"]
# worker = ["{bin}/python", "-m", "peers.beanstalkd"]
# setting = "a minimal client on one connection, up to 100 commands on their way at once; singly: 10 callers"
# lost = "no: given to another when the connection ends; all is lost with the server unless it keeps a log (`-b`)"
# speed = { single = 54000, bulk = 93000, drain = 45000 }
# rate = 1000
# ///
"""beanstalkd, spoken to directly: its protocol is short, and a library would cost more than the queue."""

import os
import socket
from typing import BinaryIO

from harness.handler import counter
from harness.together import Together

CALLERS = 10
AT_ONCE = 100
TIME_TO_RUN = 60
stream: BinaryIO


def open_stream() -> BinaryIO:
    """A connection to the server."""
    connection = socket.create_connection(("127.0.0.1", int(os.environ["PEER_PORT"])))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection.makefile("rwb", buffering=1 << 20)


async def connect() -> None:
    """Before the first task."""
    global stream
    stream = open_stream()


def put(payload: str) -> bytes:
    """The command that enqueues."""
    return f"put 0 0 {TIME_TO_RUN} {len(payload)}\r\n{payload}\r\n".encode()


def expect(count: int, word: bytes) -> None:
    """Reads so many answers."""
    for _ in range(count):
        answer = stream.readline()
        if not answer.startswith(word):
            raise RuntimeError(f"beanstalkd answered {answer!r}")


def send(payloads: list[str]) -> None:
    """Commands in a row, then their answers."""
    stream.write(b"".join(map(put, payloads)))
    stream.flush()
    expect(len(payloads), b"INSERTED")


enqueue = Together(send).enqueue


async def enqueue_many(payloads: list[str]) -> None:
    """A thousand commands in a row."""
    send(payloads)


def reserved() -> bytes | None:
    """The next answer to a reservation: runs the task and returns its number; None where nothing waited."""
    words = stream.readline().split()
    if words[0] != b"RESERVED":
        return None
    payload = stream.read(int(words[2]) + 2)
    counter.handled(payload.decode())
    return words[1]


def work() -> None:
    """Waits for one task, and asks in the same breath for as many more as the last time suggests."""
    deletions, ask = b"", 1
    while True:
        stream.write(deletions + b"reserve\r\n" + b"reserve-with-timeout 0\r\n" * (ask - 1))
        stream.flush()
        expect(deletions.count(b"\n"), b"DELETED")
        tasks = [task for task in (reserved() for _ in range(ask)) if task]
        deletions = b"".join(b"delete %s\r\n" % task for task in tasks)
        ask = max(1, min(AT_ONCE, 2 * len(tasks)))


if __name__ == "__main__":
    stream = open_stream()
    work()
