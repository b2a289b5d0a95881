"""One `sojourn serve` on SQLite in a temporary folder, and what the kernel knows about its process."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType

#: How long a server may take to say that it listens.
START_SECONDS = 30.0

_LISTENING = re.compile(rb"listening on http://127\.0\.0\.1:(\d+)")
_TICKS = os.sysconf("SC_CLK_TCK")


def clean_environment(**more: str) -> dict[str, str]:
    """An environment in which nothing of this shell changes the settings."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LOG_FORMAT": "json", **more}


def executable(binary: str) -> str:
    """The path from the root: the program is started in another folder."""
    path = Path(binary).resolve()
    if not os.access(path, os.X_OK):
        raise RuntimeError(f"{binary} is not there, or no program; build it first")
    return str(path)


class Server:
    """A context manager around the process; its port is free of anybody else's."""

    def __init__(self, binary: str, configuration: str = "", **environment: str) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="hostile-")
        if configuration:
            Path(self._folder.name, "sojourn.yaml").write_text(configuration)
        self._output = Path(self._folder.name) / "output"
        with self._output.open("wb") as output:
            self.process = subprocess.Popen(
                [executable(binary), "serve", "--port", "0", "--data", "data"], cwd=self._folder.name,
                stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=clean_environment(**environment))
        self.port = 0

    def __enter__(self) -> Server:
        try:
            self.port = self._listen()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.stop()

    def _listen(self) -> int:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.is_alive:
            match = _LISTENING.search(self._output.read_bytes())
            if match:
                return int(match[1])
            time.sleep(0.02)
        raise RuntimeError(f"the server did not start: {self.last_words()}")

    @property
    def is_alive(self) -> bool:
        """Whether the process still runs."""
        return self.process.poll() is None

    def cpu_seconds(self) -> float:
        """User and system time of all its threads, to the clock's tick."""
        after_name = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(after_name[11]) + int(after_name[12])) / _TICKS

    def rss_bytes(self) -> int:
        """Memory that it holds now."""
        text = Path(f"/proc/{self.process.pid}/statm").read_text()
        return int(text.split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def open_files(self) -> int:
        """Files and sockets that it has open."""
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def last_words(self) -> str:
        """The end of what it wrote; a trap says there which line of the source it was."""
        text = self._output.read_bytes()[-600:].decode(errors="replace")
        return f"exit status {self.process.poll()}: {text}"

    def end(self, patience: float = 60.0) -> tuple[float, int]:
        """Asks it to stop; how long that took, and the exit status. Past the patience it is killed."""
        begin = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        return time.monotonic() - begin, self.process.returncode

    def stop(self) -> None:
        """Ends it and removes its folder."""
        if self.is_alive:
            self.end(patience=10.0)
        self._folder.cleanup()
