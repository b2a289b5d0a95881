"""The corpus: files and generators, and the one table that says how each case must be answered."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .generators import GENERATORS
from .wire import request

CORPUS = Path(__file__).parent / "corpus"
TABLE = CORPUS / "expected.tsv"

#: The key of the server that wants one.
API_KEY = "hostile-corpus-key-0123456789"


@dataclass(frozen=True)
class Case:
    """One case: its bytes on the wire and what must follow.

    `ending` says how the connection is left: `open` (it takes another request), `closed` (the server ends it), or `cut`
    (the client stops sending in the middle of a request, and the server ends it).
    """

    name: str
    raw: bytes
    body: bytes | None
    target: str
    statuses: tuple[int, ...]
    ending: str

    @property
    def needs_key(self) -> bool:
        """Whether it is for the server that wants an API key."""
        return self.name.startswith("http-keys/")

    @property
    def is_refused(self) -> bool:
        """Whether nothing in it is accepted."""
        return all(status >= 400 for status in self.statuses)


def load() -> list[Case]:
    """All cases, in the order of the table. A file that the table does not know is a mistake."""
    cases = [_case(line) for line in TABLE.read_text().splitlines() if not line.startswith("#")]
    files = {f"{path.parent.name}/{path.name}" for kind in ("json", "http", "http-keys")
             for path in (CORPUS / kind).iterdir()}
    unknown = (files | {f"generated/{name}" for name in GENERATORS}) ^ {case.name for case in cases}
    if unknown:
        raise ValueError(f"only in the corpus, or only in its table: {', '.join(sorted(unknown))}")
    return cases


def _case(line: str) -> Case:
    name, target, expected = line.split("\t")
    folder, _, rest = name.partition("/")
    data = GENERATORS[rest]() if folder == "generated" else (CORPUS / name).read_bytes()
    body = None if target == "-" else data
    raw = data if body is None else request("POST", target, data)
    *statuses, ending = expected.split()
    if ending not in ("open", "closed", "cut"):
        raise ValueError(f"{name} has no ending")
    return Case(name, raw, body, target, _statuses(statuses), ending)


def _statuses(words: list[str]) -> tuple[int, ...]:
    """`404*300` stands for three hundred of them."""
    result: list[int] = []
    for word in words:
        status, _, count = word.partition("*")
        result += [int(status)] * int(count or 1)
    return tuple(result)
