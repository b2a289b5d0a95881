"""Hostile configurations: files, variables and flags that must be refused in words, soon, and without a secret.

    python3 -m faults.hostile.configuration --binary .build/release/sojourn
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from .cases import CORPUS
from .large_configurations import CONFIGURATIONS
from .result import Result
from .server import Server, executable
from .subprocesses import Ended, run_to_end
from .wire import Hang, ask

TABLE = CORPUS / "configurations.tsv"

#: What stands for a secret in every case that has one; it must never be shown.
CANARY = "hostile-canary-0123456789abcdef"

MOST_SECONDS = 2.0
MOST_BYTES = 300 << 20
#: By the clock on the wall, which runs on while others have the processor: past it the program hangs.
_PATIENCE = 30.0
#: A sentence that is longer says more than what is wrong.
_MOST_CHARACTERS = 400

#: Starts at once; more would only wait for a processor.
_AT_ONCE = 2

_LONG = "x" * 100_000


@dataclass(frozen=True)
class Attempt:
    """One start of the program. `faults`: how many sentences it must print; 0 where nothing is wrong."""

    name: str
    arguments: list[str]
    faults: int
    text: bytes | None = None
    variables: dict[str, str] = field(default_factory=dict)
    is_usage: bool = False


def from_files() -> list[Attempt]:
    """Every configuration file, to the command that checks it; one in four also to the server itself."""
    attempts = []
    for number, line in enumerate(line for line in TABLE.read_text().splitlines() if not line.startswith("#")):
        name, faults = line.split("\t")
        folder, _, rest = name.partition("/")
        text = CONFIGURATIONS[rest]() if folder == "generated" else (CORPUS / name).read_bytes()
        for command in ["config", "serve"] if number % 4 == 0 and faults != "0" else ["config"]:
            attempts.append(Attempt(f"{command} {name}", [command, "--config", "c.yaml"], int(faults), text))
    return attempts


def from_variables() -> list[Attempt]:
    """Variables; each of them is one fault."""
    bad = {
        "SOJOURN_PORT": ["x", "-1", "65536", "9223372036854775808", "1e3", "٨٠", " 80", "0x50", _LONG],
        "WORKER_POOL": ["99999999999999999999", "-0.5", "\x1b[31m"], "VIS_TIMEOUT_MS": ["1", "nan", "inf"],
        "SOJOURN_HOST": ["http://a", "a b", "0.0.0.0", _LONG], "LOG_LEVEL": ["loud", "\u202einfo"],
        "SOJOURN_API_KEYS": [f"short,{CANARY}", f"{CANARY} x\x01"], "SOJOURN_API_KEY": [CANARY + " "],
        "REDIS_ADDR": [f"ftp://u:{CANARY}@h", "redis://", _LONG], "REDIS_PASS": [CANARY + "\n"],
        "POSTGRES_URL": [f"mysql://u:{CANARY}@h", CANARY], "METRICS_ADDR": ["x", ":65536", "[::1", ":-1"],
        "SOJOURN_PROT": ["80"], "SOJOURN_" + "X" * 10_000: [CANARY], "SOJOURN_A\nforged: line": [CANARY],
        "SOJOURN_\x1b[31mRED": [CANARY], "SOJOURN_DATA": [_LONG],
        "SOJOURN_SERVER": [f"http://u:{CANARY}@h/", "javascript:alert(1)"],
    }
    return [Attempt(f"config {name[:20]!r}={value[:20]!r}", ["config"], 1, None, {name: value})
            for name, values in bad.items() for value in values]


def from_flags() -> list[Attempt]:
    """Flags of the server; what the command line itself refuses is followed by how to use it."""
    values = [("--port", "99999"), ("--port", "1e9"), ("--port", _LONG), ("--host", "0.0.0.0"), ("--host", ""),
              ("--concurrency", "18446744073709551616"), ("--autoscale", "everything"), ("--autoscale-policy", ""),
              ("--metrics-address", ":99999"), ("--redis", f"http://:{CANARY}@h"), ("--postgres", CANARY),
              ("--config", "missing.yaml"), ("--config", "."), ("--config", "/dev/zero"), ("--config", "")]
    usage = [["--bogus"], ["--port"], ["serve"], ["--port", "1", "--port"], ["--", "x"], ["--port=1", "--port=2", "-z"]]
    return ([Attempt(f"serve {flag} {value[:20]!r}", ["serve", flag, value], 1) for flag, value in values]
            + [Attempt(f"serve {' '.join(words)[:20]}", ["serve", *words], 1, is_usage=True) for words in usage])


def complaints(attempt: Attempt, ended: Ended) -> list[str]:
    """What is wrong with how the program ended."""
    text = ended.errors.decode("utf-8", "replace")
    lines = text.splitlines()
    wrong = []
    if ended.status != (2 if attempt.faults else 0):
        wrong.append(f"exit status {ended.status}, said {text[-300:]!r}")
    if CANARY.encode() in ended.output + ended.errors:
        wrong.append("the output shows a secret")
    if ended.seconds > MOST_SECONDS or ended.is_late:
        wrong.append(f"it took {ended.seconds:.1f} s")
    if ended.bytes > MOST_BYTES:
        wrong.append(f"it took {ended.bytes >> 20} MiB")
    if attempt.is_usage:
        lines = lines[:1] if any(line.startswith("Usage:") for line in lines[1:]) else lines
    if len(lines) != attempt.faults:
        wrong.append(f"{len(lines)} sentences for {attempt.faults} faults: {text[:300]!r}")
    wrong += [f"no clear sentence: {line[:200]!r}" for line in lines[:20] if not _is_clear(line)][:3]
    return [f"{attempt.name}: {sentence}" for sentence in wrong]


def _is_clear(line: str) -> bool:
    """A place, then what is wrong with it, on one line that cannot pretend to be another one."""
    return ": " in line and len(line) <= _MOST_CHARACTERS and all(character.isprintable() for character in line)


def run(binary: str) -> Result:
    """Every hostile start, and one with every number at the end of its range."""
    program = executable(binary)
    attempts = from_files() + from_variables() + from_flags()
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        found = pool.map(lambda attempt: try_out(program, attempt), attempts)
    wrong = [sentence for sentences in found for sentence in sentences]
    wrong += serve_extremes(binary)
    result = Result()
    result.check("configurations not refused as they must be", f"{len(wrong)} of {len(attempts) + 1}", "0", not wrong)
    result.violations += wrong
    return result


def try_out(program: str, attempt: Attempt) -> list[str]:
    """One start in a folder of its own. Only the case about that lets others read the file."""
    with tempfile.TemporaryDirectory(prefix="hostile-") as folder:
        if attempt.text is not None:
            path = Path(folder) / "c.yaml"
            path.write_bytes(attempt.text)
            path.chmod(0o644 if "readable-by-others" in attempt.name else 0o600)
        ended = run_to_end([program, *attempt.arguments], folder, attempt.variables, _PATIENCE)
        return complaints(attempt, ended)


def serve_extremes(binary: str) -> list[str]:
    """Every number at the end of its range is allowed, so the server must start with them and answer."""
    text = (CORPUS / "config/extremes.yaml").read_text()
    wrong = []
    try:
        with Server(binary, configuration=text) as server:
            for queue in ["least", "most", "hard"]:
                body = b'{"type":"t","queue":"%s"}' % queue.encode()
                answers = [ask(server.port, "POST", "/tasks", body), ask(server.port, "GET", f"/queues/{queue}")]
                wrong += [f"serve extremes.yaml: queue {queue} answers {answer}" for answer in answers
                          if answer is None or answer.status >= 500]
            if not server.is_alive:
                wrong.append(f"serve extremes.yaml: {server.last_words()}")
    except (Hang, RuntimeError, OSError, ValueError) as error:
        wrong.append(f"serve extremes.yaml: {error}")
    return wrong


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=".build/release/sojourn")
    return run(parser.parse_args().binary).say()


if __name__ == "__main__":
    sys.exit(main())
