"""The configurations that are too large for a file of the corpus: one function each, by the name in the table."""

from __future__ import annotations

from collections.abc import Callable

_MEBIBYTE = 1 << 20


def _lines(line: str, count: int) -> str:
    return "".join(line.format(number) for number in range(count))


def _every_private_character() -> str:
    return "server: { data: \"" + "".join(map(chr, range(0xE000, 0xF900))) + "\" }\n"


CONFIGURATIONS: dict[str, Callable[[], bytes]] = {
    "over-1-mib": lambda: b"# " + b"x" * _MEBIBYTE,
    "depth-100000": lambda: b"[" * 100_000,
    "queues-3000": lambda: ("queues:\n" + _lines("  q{0}: {{ max_retries: -1 }}\n", 3_000)).encode(),
    "long-key": lambda: b"k" * 1_000 + b": 1\n",
    "long-scalar": lambda: b"server: { host: " + b"h" * 900_000 + b" }\n",
    "not-utf-8": lambda: b"\xff\xfe" * 1_000,
    "unknown-keys-4000": lambda: _lines("k{0}: 1\n", 4_000).encode(),
    "short-api-keys-4001": lambda: b"server: { api_keys: [" + b"k," * 4_000 + b"k] }\n",
    "comment-1-mib": lambda: b"# x\n" * (_MEBIBYTE // 4),
    "anchors-4000": lambda: _lines("a{0}: &a{0} 1\n", 4_000).encode(),
    "every-private-character": lambda: _every_private_character().encode(),
    "line-breaks-1-mib": lambda: b"\r" * (_MEBIBYTE - 10) + b"x",
}
