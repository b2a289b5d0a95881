"""Power cuts: what a disk held at one instant is mounted again, and every answer from before has to be there.

The disk is an ext4 image on a loop device. The writer is frozen for the moment of the copy, so that the copy is one
instant; what the kernel has not written back is not in it, just as after a power cut. The control is a program with
SQLite at `synchronous=NORMAL` in the writer's place: if that lost nothing, the method would prove nothing.
"""
from __future__ import annotations

import os
import random
import shutil
import sqlite3
import sys
import threading
import time
from dataclasses import dataclass

from . import mounts, quiet
from .clients import Client, Ledger
from .history import Recorder, now
from .http_api import Api
from .programs import Program, wait_until
from .sojourn import Server

MEGABYTES = 96
#: Cuts of one run; then a new disk, so that reading it all again stays short.
CUTS_PER_DISK = 15


@dataclass
class Cuts:
    """What came out of some power cuts. `checked` counts a task once for each cut that it had to survive."""

    cuts: int = 0
    checked: int = 0
    lost: int = 0


class Acknowledged:
    """Which tasks were accepted, and when the answer was there."""

    def __init__(self) -> None:
        self._answers: list[tuple[float, str]] = []

    def enqueue(self, client: Client, is_over: threading.Event) -> None:
        while not is_over.is_set():
            order = client.order()
            client.send(order)
            if order.id:
                self._answers.append((now(), order.id))

    def before(self, instant: float) -> set[str]:
        return {task for received, task in list(self._answers) if received < instant}


def cut_server(binary: str, folder: str, seed: int, cuts: int) -> Cuts:
    """Cuts the power of servers under load so many times."""
    found, dice = Cuts(), random.Random(seed)
    while found.cuts < cuts:
        place = os.path.join(folder, f"disk-{found.cuts}")
        os.makedirs(place)
        _cut_one_disk(binary, place, dice, min(CUTS_PER_DISK, cuts - found.cuts), found)
        shutil.rmtree(place)
    return found


def _cut_one_disk(binary: str, folder: str, dice: random.Random, cuts: int, found: Cuts) -> None:
    recorder = Recorder(os.path.join(folder, "history.jsonl"), "power")
    with mounts.image(folder, MEGABYTES) as (file, disk):
        server = Server(binary, ["--data", os.path.join(disk, "data")], folder, "server", recorder)
        known, ledger, is_over = Acknowledged(), Ledger(), threading.Event()
        clients = []
        try:
            server.start()
            for number in range(6):
                client = Client(f"c{number}", [server.port], recorder, ledger, dice.randrange(1 << 30))
                clients.append(threading.Thread(target=known.enqueue, args=(client, is_over), daemon=True))
                clients[-1].start()
            for _ in range(cuts):
                time.sleep(dice.uniform(0.05, 0.5))
                instant, copy = _copy(server.program, file, folder)
                found.cuts += 1
                _look(binary, folder, copy, known.before(instant), found)
        finally:
            is_over.set()
            for thread in clients:
                thread.join(10)
            server.close()
            recorder.close()


def _copy(program: Program, file: str, folder: str) -> tuple[float, str]:
    """What the disk holds now: (when, where)."""
    copy = os.path.join(folder, "copy")
    program.freeze()
    time.sleep(0.03)  # what was under way at that instant comes to its end
    instant = now()
    try:
        shutil.copyfile(file, copy)
    finally:
        program.thaw()
    return instant, copy


def _look(binary: str, folder: str, copy: str, before: set[str], found: Cuts) -> None:
    """Starts a server on the copy and asks it for everything that had been answered before that instant."""
    recorder = Recorder(os.path.join(folder, "after.jsonl"), "after")
    with mounts.mounted(copy, os.path.join(folder, "after")) as disk:
        server = Server(binary, ["--data", os.path.join(disk, "data")], folder, "after-server", recorder)
        try:
            server.start()
            there = {task["task_id"] for task in quiet.pages(Api(server.port, 20), "/tasks?limit=500")}
        finally:
            server.close()
            recorder.close()
    found.checked += len(before)
    found.lost += len(before - there)


#: After so many cuts without a loss the control is not to be believed.
CONTROL_CUTS_MAX = 60

CONTROL = """
import os, sqlite3, sys
database = sqlite3.connect(os.path.join(sys.argv[1], "control.db"), isolation_level=None)
database.execute("PRAGMA journal_mode=WAL")
database.execute("PRAGMA synchronous=NORMAL")
database.execute("CREATE TABLE IF NOT EXISTS task(id INTEGER PRIMARY KEY)")
log = os.open(sys.argv[2], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
for number in range(10_000_000):
    database.execute("INSERT INTO task VALUES (?)", (number,))
    os.write(log, b"%d\\n" % number)
"""


def cut_control(folder: str, seed: int, cuts: int) -> Cuts:
    """The same with a program that only says that it is durable: so many cuts, and on until one of them shows it.

    A quick disk has often written all by itself in the instant of a cut.
    """
    found, dice = Cuts(), random.Random(seed)
    with mounts.image(folder, MEGABYTES) as (file, disk):
        told = os.path.join(folder, "told")
        program = Program("control", [sys.executable, "-c", CONTROL, disk, told], os.path.join(folder, "control.log"))
        program.start()
        try:
            wait_until("the control writes", lambda: os.path.exists(told) and os.path.getsize(told) > 0, 10)
            while found.cuts < cuts or not found.lost and found.cuts < CONTROL_CUTS_MAX:
                time.sleep(dice.uniform(0.2, 0.6))
                program.freeze()
                with open(told, "rb") as log:
                    before = set(map(int, log.read().splitlines()))
                copy = os.path.join(folder, "copy")
                shutil.copyfile(file, copy)
                program.thaw()
                found.cuts += 1
                found.checked += len(before)
                found.lost += len(before - _rows(copy, folder))
        finally:
            program.kill()
    return found


def _rows(copy: str, folder: str) -> set[int]:
    """What of the control's table is on the disk; nothing where not even the table is."""
    with mounts.mounted(copy, os.path.join(folder, "after")) as disk:
        database = sqlite3.connect(os.path.join(disk, "control.db"))
        try:
            return {row[0] for row in database.execute("SELECT id FROM task")}
        except sqlite3.DatabaseError:
            return set()
        finally:
            database.close()
