"""Small libraries that lie to the server about its disk and its clock; compiled when they are needed."""
from __future__ import annotations

import os
import shutil
import struct

from .programs import run

SOURCES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "shims")


def build(name: str, folder: str) -> str:
    """Compiles a shim once per folder. Answers its path, for LD_PRELOAD."""
    path = os.path.join(folder, name + ".so")
    if not os.path.exists(path):
        compiler = shutil.which("cc") or "clang"  # which every Swift toolchain has
        run([compiler, "-shared", "-fPIC", "-O1", "-o", path, os.path.join(SOURCES, name + ".c"), "-ldl"])
    return path


class Clock:
    """The wall clock of the programs that run with `environment`."""

    def __init__(self, folder: str) -> None:
        self.file = os.path.join(folder, "clock-offset")
        self.jump_to(0)
        self.environment = {"LD_PRELOAD": build("clock_jumps", folder), "FAULTS_CLOCK_OFFSET": self.file}

    def jump_to(self, seconds: float) -> None:
        """So much ahead of the real one, from now on. One write of eight bytes, which the shim has mapped."""
        file = os.open(self.file, os.O_WRONLY | os.O_CREAT, 0o644)
        os.pwrite(file, struct.pack("=q", int(seconds * 1_000_000_000)), 0)
        os.close(file)


class Disk:
    """The fsync of the programs that run with `environment`."""

    def __init__(self, folder: str) -> None:
        self.switch = os.path.join(folder, "fsync-fails")
        self.count = os.path.join(folder, "fsync-failures")
        self.environment = {"LD_PRELOAD": build("fsync_fails", folder), "FAULTS_FSYNC_SWITCH": self.switch,
                            "FAULTS_FSYNC_LOG": self.count}

    def break_down(self) -> None:
        """From now on every fsync fails."""
        with open(self.switch, "w", encoding="utf-8"):
            pass

    def heal(self) -> None:
        if os.path.exists(self.switch):
            os.remove(self.switch)

    def failing_at(self, number: int) -> dict[str, str]:
        """An environment in which the `number`-th fsync of the process fails, and only that one."""
        return {**self.environment, "FAULTS_FSYNC_AT": str(number)}

    def failures(self) -> int:
        """How many have failed so far: a test in which none did has shown nothing."""
        return os.path.getsize(self.count) if os.path.exists(self.count) else 0


def slow_disk(folder: str, milliseconds: float) -> dict[str, str]:
    """An environment in which every fsync takes so much longer."""
    return {"LD_PRELOAD": build("slow_fsync", folder), "FAULTS_FSYNC_MICROSECONDS": str(int(milliseconds * 1_000))}
