"""The corpus cases that are too large or too empty for a file: one function each, by the name in the table."""

from __future__ import annotations

from collections.abc import Callable

from .wire import request

#: The most that a body may have; a case fills it, so that its cost is the highest that is let in.
MEBIBYTE = 1 << 20

_TASK = "01979f3c-5d2a-7cc0-8a4e-0123456789ab"
_RESULT = b'{"task_id":"%s","token":"%s","outcome":"failed","error":"' % (_TASK.encode(), b"0" * 32)


def filled(before: bytes, unit: bytes, after: bytes, size: int = MEBIBYTE) -> bytes:
    """`unit` as often as it fits between the two ends."""
    return before + unit * ((size - len(before) - len(after)) // len(unit)) + after


def _fields() -> bytes:
    names = b",".join(b'"f%d":1' % number for number in range(80_000))
    return b'{"type":"t",' + names[:MEBIBYTE - 20].rsplit(b",", 1)[0] + b"}"


def _batch(count: int, last: bytes, payload: bytes = b"1") -> bytes:
    return b'{"tasks":[' + b'{"type":"t","payload":%s},' % payload * (count - 1) + last + b"]}"


def _get(fields: dict[str, str], target: str = "/healthz") -> bytes:
    return request("GET", target, None, fields)


def _chunked(chunks: bytes) -> bytes:
    fields = {"Content-Type": "application/json", "Transfer-Encoding": "chunked"}
    return request("POST", "/tasks", None, fields) + chunks


GENERATORS: dict[str, Callable[[], bytes]] = {
    "empty-body": lambda: b"",
    "only-space": lambda: b" \n\t ",
    "head-empty": lambda: b"\r\n",
    "digits-1-mib": lambda: filled(b'{"type":"t","max_retries":', b"9", b"}"),
    "run-at-1-mib": lambda: filled(b'{"type":"t","run_at":"', b"2", b'"}'),
    "spaces-1-mib": lambda: b" " * MEBIBYTE,
    "fields-1-mib": _fields,
    "one-name-1-mib": lambda: filled(b'{"', b"q", b'":1}'),
    "combining-marks-1-mib": lambda: filled(b'{"type":"', b"\xcc\x81\xcc\xa3", b'"}'),
    "escaped-name-1-mib": lambda: filled(b'{"', b"\\u0061", b'":1}'),
    "empty-objects-1-mib": lambda: filled(b'{"payload":[', b"{},", b"{}]}"),
    "empty-arrays-1-mib": lambda: filled(b'{"payload":[', b"[],", b"[]]}"),
    "numbers-in-depth-60-1-mib": lambda: filled(b'{"payload":' + b"[" * 60, b"0,", b"0" + b"]" * 60 + b"}"),
    "tags-1-mib": lambda: filled(b'{"type":"t","tags":[', b"1,", b"1]}"),
    "type-escaped-1-mib": lambda: filled(b'{"type":"', b"\\u00e9", b'"}'),
    "payload-257-kib": lambda: filled(b'{"type":"t","payload":"', b"x", b'"}', 257 * 1024),
    "open-brackets-1-mib": lambda: b"[" * MEBIBYTE,
    "strings-1-mib": lambda: filled(b'{"payload":[', b'"",', b'""]}'),
    "batch-1001": lambda: _batch(1_001, b'{"type":"t"}'),
    "batch-999-good-1-bad": lambda: _batch(1_000, b'{"type":""}'),
    "batch-1-mib-last-bad": lambda: _batch(1_000, b'{"type":1}', b'"%s"' % (b"x" * 1_000)),
    "queues-1-mib": lambda: filled(b'{"queues":[', b'"q",', b'"q"]}'),
    "task-ids-1-mib": lambda: filled(b'{"task_ids":[', b'"%s",' % _TASK.encode(), b'"x"]}'),
    "error-surrogates-1-mib": lambda: filled(b'{"results":[' + _RESULT, b"\\ud800", b'"}]}'),
    "results-1-mib": lambda: filled(b'{"results":[', _RESULT + b'"},', b"1]}"),
    "head-65-fields": lambda: _get({f"X-{number}": "v" for number in range(65)}),
    "head-3000-fields": lambda: _get({f"X-{number}": "v" for number in range(3_000)}),
    "head-17-kib-value": lambda: _get({"X-A": "v" * 17 * 1024}),
    "head-target-5-kib": lambda: _get({}, "/tasks?cursor=" + "a" * 5_000),
    "head-target-60-kib": lambda: _get({}, "/tasks?cursor=" + "a" * 60_000),
    "head-line-never-ends": lambda: b"GET /" + b"a" * MEBIBYTE,
    "body-chunked-2-mib": lambda: _chunked((b"8000\r\n" + b" " * 0x8000 + b"\r\n") * 64 + b"0\r\n\r\n"),
    "body-length-2-mib": lambda: request("POST", "/tasks", b" " * (2 * MEBIBYTE)),
    "chunks-of-one-byte": lambda: _chunked(b"1\r\n \r\n" * 20_000 + b"0\r\n\r\n"),
    "pipelined-300": lambda: request("GET", "/nothing") * 300,
}
