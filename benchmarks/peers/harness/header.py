"""Reads what a peer's file says about itself: a TOML block in comments, as PEP 723 has it, so Ruby can have one too."""

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from harness.processes import Failed

PEERS = Path(__file__).resolve().parent.parent / "peers"
BLOCK = re.compile(r"(?m)^# /// script$\s(?P<lines>(?:^#(?:| .*)$\s)+?)^# ///$")
STORES = ("redis", "postgres", "sqlite", "own")


@dataclass(frozen=True)
class Peer:
    """One queue that is compared."""

    key: str
    file: Path
    name: str
    store: str
    worker: list[str]
    setting: str
    lost: str
    speed: dict[str, float]
    rate: int
    dependencies: list[str] = field(default_factory=list)
    commands: dict[str, str] = field(default_factory=dict)
    version: list[str] = field(default_factory=list)
    prepare: bool = False
    server: list[str] = field(default_factory=list)
    server_everysec: list[str] = field(default_factory=list)


def read(file: Path) -> Peer:
    """The header of one file."""
    found = BLOCK.search(file.read_text())
    if not found:
        raise Failed(f"{file.name} has no header `# /// script`")
    lines = [line.removeprefix("#").removeprefix(" ") for line in found["lines"].splitlines()]
    header = tomllib.loads("\n".join(lines))
    try:
        peer = Peer(key=file.stem, file=file, dependencies=header.get("dependencies", []), **header["tool"]["peer"])
    except (KeyError, TypeError) as error:
        raise Failed(f"the header of {file.name} lacks or has too much: {error}") from error
    check(peer)
    return peer


def check(peer: Peer) -> None:
    """A mistake in a header shows at once, not after ten minutes."""
    if peer.store not in STORES:
        raise Failed(f"store of {peer.file.name} is {peer.store!r}, not one of {', '.join(STORES)}")
    if not {"single", "drain"} <= peer.speed.keys() or min(peer.speed.values()) <= 0 or peer.rate <= 0:
        raise Failed(f"{peer.file.name} needs speed.single, speed.drain and rate, all above 0")
    if peer.store == "own" and not peer.server:
        raise Failed(f"{peer.file.name} has a store of its own but no server")


def read_all(only: list[str]) -> list[Peer]:
    """All peers, or those asked for by name of file."""
    files = sorted(file for file in PEERS.iterdir() if file.suffix in (".py", ".rb") and file.stem != "__init__")
    unknown = set(only) - {file.stem for file in files}
    if unknown:
        known = ", ".join(file.stem for file in files)
        raise Failed(f"no such peer: {', '.join(sorted(unknown))}; there are {known}")
    return [read(file) for file in files if not only or file.stem in only]
