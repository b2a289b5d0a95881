"""The proxy does to connections what it says, and nothing else."""
from __future__ import annotations

import socket
import threading
import unittest

from faults.programs import free_port
from faults.proxy import Proxy


class Echo(threading.Thread):
    """Answers what it is told, on one thread per connection."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.port = free_port()
        self.listener = socket.create_server(("127.0.0.1", self.port))

    def run(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection: socket.socket) -> None:
        with connection:
            try:
                while data := connection.recv(1000):
                    connection.sendall(data)
            except OSError:
                return


class ProxyTests(unittest.TestCase):
    def setUp(self) -> None:
        self.echo = Echo()
        self.echo.start()
        self.proxy = Proxy(self.echo.port)
        self.client = socket.create_connection(("127.0.0.1", self.proxy.port), timeout=3)

    def tearDown(self) -> None:
        self.client.close()
        self.proxy.close()
        self.echo.listener.close()

    def ask(self, text: bytes) -> bytes:
        self.client.sendall(text)
        answer = b""
        while len(answer) < len(text):
            part = self.client.recv(1000)
            if not part:
                break
            answer += part
        return answer

    def test_passes_on(self) -> None:
        self.assertEqual(self.ask(b"hello"), b"hello")

    def test_resets(self) -> None:
        self.assertEqual(self.ask(b"hello"), b"hello")
        self.proxy.reset()
        with self.assertRaises(ConnectionResetError):
            self.client.recv(1)

    def test_is_silent_and_then_goes_on(self) -> None:
        self.assertEqual(self.ask(b"hello"), b"hello")
        self.proxy.is_black = True
        self.client.settimeout(0.2)
        with self.assertRaises(TimeoutError):
            self.ask(b"again")
        self.proxy.heal()
        self.client.settimeout(3)
        self.assertEqual(self.client.recv(1000), b"again")

    def test_trickles(self) -> None:
        self.proxy.trickle = 1
        self.assertEqual(self.ask(b"a few bytes"), b"a few bytes")

    def test_loses_answers(self) -> None:
        self.proxy.loss = 1
        with self.assertRaises(ConnectionResetError):
            self.ask(b"hello")

    def test_refuses_where_nobody_listens(self) -> None:
        nobody = Proxy(free_port())
        try:
            with self.assertRaises(ConnectionResetError):
                with socket.create_connection(("127.0.0.1", nobody.port), timeout=3) as client:
                    client.recv(1)
        finally:
            nobody.close()


if __name__ == "__main__":
    unittest.main()
