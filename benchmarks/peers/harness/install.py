"""Installs what a peer needs: Debian's packages where a command is missing, PyPI's into a folder of the cache."""

import os
import shutil
import sys
from pathlib import Path

from harness.header import Peer
from harness.processes import Failed, output
from harness.say import say

SERVERS = {
    "redis": {"redis-server": "redis-server"},
    "postgres": {"/usr/lib/postgresql/15/bin/postgres": "postgresql-15"},
}

INSTALL_SECONDS = 900


def cache_folder() -> Path:
    """Where the environments are kept between runs; it may be removed at any time."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sojourn-peers"


def install(peer: Peer, cache: Path) -> Path:
    """Makes `peer` runnable; returns the folder of its programs."""
    for command, package in {**SERVERS.get(peer.store, {}), **peer.commands}.items():
        need_command(command, package)
    return environment(peer, cache) if peer.file.suffix == ".py" else cache


def need_command(command: str, package: str) -> None:
    """Asks Debian only for what is not there already."""
    if shutil.which(command):
        return
    install_package(package)
    if not shutil.which(command):
        raise Failed(f"{package} is installed but has no {command}")


def install_package(package: str) -> None:
    """With apt-get, as root or with a sudo that does not ask."""
    if not shutil.which("apt-get"):
        raise Failed(f"{package} is not installed, and there is no apt-get here")
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    words = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120"]
    say(f"installing {package}")
    try:
        output([*words, "update"], seconds=INSTALL_SECONDS)
    except Failed as error:
        say(f"{error}; trying to install all the same")
    output([*words, "install", "-y", "--no-install-recommends", package], seconds=INSTALL_SECONDS)


def environment(peer: Peer, cache: Path) -> Path:
    """A Python environment of its own for each peer, so that the pins of one never move another's."""
    folder = cache / peer.key
    stamp, wanted = folder / "installed", "\n".join([sys.version, *peer.dependencies])
    if not (stamp.exists() and stamp.read_text() == wanted):
        say(f"installing {peer.name}: {' '.join(peer.dependencies) or 'nothing but Python'}")
        shutil.rmtree(folder, ignore_errors=True)
        make_environment(folder, with_pip=bool(peer.dependencies))
        if peer.dependencies:
            pip = [f"{folder}/bin/python", "-m", "pip", "install", "-q", *peer.dependencies]
            output(pip, seconds=INSTALL_SECONDS)
        stamp.write_text(wanted)
    return folder / "bin"


def make_environment(folder: Path, with_pip: bool) -> None:
    """Debian keeps what puts pip into an environment in a package of its own."""
    words = [sys.executable, "-m", "venv", "--clear", str(folder), *([] if with_pip else ["--without-pip"])]
    try:
        output(words)
    except Failed:
        install_package("python3-venv")
        output(words)


def version(peer: Peer, programs: Path) -> str:
    """What the peer says, or what pip has installed under the name that its first dependency has."""
    if peer.version:
        words = output([word.format(bin=programs) for word in peer.version]).split()
        return next((word for word in words if any(letter.isdigit() for letter in word)), "unknown").removeprefix("v")
    package = peer.dependencies[0].split("=")[0].split("[")[0]
    question = f"from importlib.metadata import version; print(version('{package}'))"
    return output([f"{programs}/python", "-c", question]).strip()
