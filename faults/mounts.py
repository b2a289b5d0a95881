"""Disks of our own: a small one in memory, and images on loop devices. Both need root."""
from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from typing import Iterator

from .programs import Trouble, run


def why_not() -> str | None:
    """Why there can be no disks here, in one sentence; nothing where there can."""
    if os.geteuid() != 0:
        return "mounting needs root"
    if not all(shutil.which(tool) for tool in ("mount", "umount", "mkfs.ext4")):
        return "mount or mkfs.ext4 is missing"
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        try:
            with image(folder, 8):
                return None
        except Trouble as trouble:
            return f"an image cannot be mounted here ({str(trouble)[:100]})"


@contextlib.contextmanager
def in_memory(folder: str, megabytes: int) -> Iterator[str]:
    """A disk that is soon full."""
    path = os.path.join(folder, "small")
    os.makedirs(path, exist_ok=True)
    run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "faults", path])
    try:
        yield path
    finally:
        unmount(path)


@contextlib.contextmanager
def image(folder: str, megabytes: int) -> Iterator[tuple[str, str]]:
    """An ext4 in a file: (file, where it is mounted). It writes back by itself only every five minutes."""
    file, path = os.path.join(folder, "image"), os.path.join(folder, "disk")
    with open(file, "wb") as new:
        new.truncate(megabytes << 20)
    run(["mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0", file])
    with mounted(file, path, "commit=300"):
        yield file, path


@contextlib.contextmanager
def mounted(file: str, path: str, options: str = "defaults") -> Iterator[str]:
    os.makedirs(path, exist_ok=True)
    run(["mount", "-o", f"loop,{options}", file, path])
    try:
        yield path
    finally:
        unmount(path)


def unmount(path: str) -> None:
    """Lazily, where somebody still looks at it: nothing may stay mounted."""
    try:
        run(["umount", path])
    except Trouble:
        run(["umount", "-l", path])
