"""For peers whose protocol allows several calls to be on their way at once on one connection."""

import asyncio
from collections.abc import Callable


class Together:
    """Sends in one piece what callers ask for in the same moment, as a client that pipelines does."""

    def __init__(self, send: Callable[[list[str]], None]) -> None:
        """`send` returns when the server has accepted every payload."""
        self.send = send
        self.waiting: list[str] = []
        self.sent: asyncio.Future[None] | None = None

    async def enqueue(self, payload: str) -> None:
        """Returns when this payload has been accepted."""
        self.waiting.append(payload)
        if self.sent:
            await self.sent
            return
        self.sent = sent = asyncio.get_running_loop().create_future()
        await asyncio.sleep(0)  # the others' turn to ask
        payloads, self.waiting, self.sent = self.waiting, [], None
        self.send(payloads)
        sent.set_result(None)
