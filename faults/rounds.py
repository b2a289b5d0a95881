"""One round of one fault on one backend, in a folder of its own that is kept where something was wrong."""
from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field

from . import backends, mounts, power_cut
from .catalogue import SPECIAL, weight_of
from .checker import Verdict, Violation
from .clocks import clock_jumps, clock_skew
from .disk_full import disk_full
from .fsync_failure import fsync_failure
from .postgres_server import PostgresServer
from .programs import Trouble
from .storm import storm

KEPT = os.path.join(".build", "faults")


@dataclass
class Round:
    """What came out of it."""

    backend: str
    fault: str
    seed: int
    faults: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    violations: list[Violation] = field(default_factory=list)
    seconds: float = 0
    #: Why it was left out, in one sentence.
    left_out: str = ""
    #: Why the harness could not finish it; that says nothing about what it tests.
    trouble: str = ""
    kept: str = ""
    remark: str = ""

    @property
    def is_clean(self) -> bool:
        return not self.violations and not self.trouble

    def line(self) -> str:
        head = f"{self.backend} {self.fault}"
        if self.left_out:
            return f"left out  {head}: {self.left_out}"
        if self.trouble:
            return f"TROUBLE   {head}: {self.trouble}, seed {self.seed}"
        counts = self.counts
        told = f"enqueued {counts.get('ok', 0)} ok {counts.get('info', 0)} info, granted {counts.get('granted', 0)}" \
               f" ({counts.get('again', 0)} again), stale refused {counts.get('stale', 0)}, " if counts else ""
        word = "ok      " if self.is_clean else "VIOLATED"
        return f"{word}  {head}: {self.faults} faults, {told}{self.remark}lost {self.lost}, " \
               f"violations {len(self.violations)}, seed {self.seed}, {self.seconds:.0f} s"

    def findings(self) -> list[str]:
        """One line for each rule that was broken: how often, and the first time."""
        counts = Counter(one.rule for one in self.violations)
        first = {one.rule: one for one in reversed(self.violations)}
        return [f"{first[rule]}" + (f" (and {count - 1} more)" if count > 1 else "") for rule, count in counts.items()]

    @property
    def lost(self) -> int:
        return self.counts.get("lost", 0)


class Runner:
    """Runs rounds. The Postgres cluster is made once, by the first who needs it."""

    def __init__(self, binary: str, seconds: float, cuts: int, weighted: bool = False) -> None:
        self.binary = os.path.abspath(binary)
        self.seconds = seconds
        self.cuts = cuts
        self.weighted = weighted
        self.folder = _folder()
        self._cluster: PostgresServer | None = None
        self._no_disks = mounts.why_not()

    def close(self) -> None:
        if self._cluster:
            self._cluster.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, backend: str, fault: str, seed: int) -> Round:
        result = Round(backend, fault, seed)
        if fault in ("power-cut", "disk-full") and self._no_disks:
            result.left_out = self._no_disks
            return result
        folder, start = _folder(), time.monotonic()
        try:
            self._play(result, folder)
        except Trouble as trouble:
            result.trouble = str(trouble)
        finally:
            result.seconds = time.monotonic() - start
            if not result.is_clean:
                result.kept = self._keep(folder, result)
            shutil.rmtree(folder, ignore_errors=True)
        return result

    def _play(self, result: Round, folder: str) -> None:
        if result.fault == "power-cut":
            self._cut_power(result, folder)
            return
        if result.fault == "control":
            self._control(result, folder)
            return
        if "postgres" in result.backend and self._cluster is None:
            self._cluster = PostgresServer(self.folder)
            self._cluster.start()
        backend = backends.make(result.backend, folder, self._cluster)
        verdict: Verdict
        if result.fault in SPECIAL:
            play = {"clock": clock_jumps, "clock-skew": clock_skew, "disk-full": disk_full,
                    "fsync": fsync_failure}[result.fault]
            verdict, result.faults = play(self.binary, backend, folder, result.seed, self.seconds)
        else:
            seconds = self.seconds * (weight_of(result.fault) if self.weighted else 1)
            verdict, result.faults = storm(self.binary, backend, folder, result.fault, result.seed, seconds)
        result.counts, result.violations = verdict.counts, verdict.violations

    def _control(self, result: Round, folder: str) -> None:
        """A store that does lose: a harness that does not see it is not worth its time."""
        backend = backends.RedisBackend(folder, durable=False)
        verdict, result.faults = storm(self.binary, backend, folder, "backend-crash", result.seed, self.seconds)
        lost = verdict.counts["lost"]
        result.counts = {**verdict.counts, "lost": 0}
        result.remark = f"{lost} losses seen, as there had to be; otherwise "
        if not lost:
            result.violations.append(Violation("control", "Redis lost everything and the judge saw nothing"))

    def _cut_power(self, result: Round, folder: str) -> None:
        control = power_cut.cut_control(folder, result.seed, max(3, self.cuts // 10))
        cuts = power_cut.cut_server(self.binary, folder, result.seed, self.cuts)
        result.faults = cuts.cuts
        result.counts = {"tasks": cuts.checked, "ok": cuts.checked, "lost": cuts.lost}
        result.remark = f"of the control with synchronous=NORMAL {control.lost} of {control.checked} lost, of ours "
        if not control.lost:
            raise Trouble("the control lost nothing, so the power cuts prove nothing")
        if cuts.lost:
            result.violations.append(Violation("S1", f"{cuts.lost} of {cuts.checked} were lost in {cuts.cuts} cuts"))

    def _keep(self, folder: str, result: Round) -> str:
        kept = os.path.join(KEPT, f"{result.backend}-{result.fault}-{result.seed}")
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(folder, kept, ignore=shutil.ignore_patterns("*.so", "image", "copy", "disk", "small"))
        return kept


def _folder() -> str:
    """The server of Postgres is another user, who has to get in."""
    folder = tempfile.mkdtemp(prefix="faults-")
    os.chmod(folder, 0o755)
    return folder
