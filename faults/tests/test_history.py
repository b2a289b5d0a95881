"""What is written is what is read, killed writers included."""
from __future__ import annotations

import math
import os
import tempfile
import unittest

from faults.history import INFO, OK, Recorder, load
from faults.http_api import Answer, digest, parse


class HistoryTests(unittest.TestCase):
    def test_answers_find_their_requests(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            recorder = Recorder(os.path.join(folder, "a.jsonl"), "a")
            first = recorder.invoke("read", id="1")
            recorder.invoke("read", id="2")
            recorder.done(first, OK, status="queued")
            third = recorder.invoke("read", id="3")
            recorder.done(third, INFO)
            recorder.close()
            ops = load(folder)
        self.assertEqual([op.outcome for op in ops], [OK, INFO, INFO])
        self.assertEqual(ops[0].result, {"status": "queued"})
        self.assertLess(ops[0].sent, ops[0].received)
        self.assertEqual([op.received for op in ops[1:]], [math.inf, math.inf], "it may still happen")

    def test_only_a_definite_no_is_a_failure(self) -> None:
        outcomes = [Answer(status, {}).outcome for status in (202, 422, 503, 507, 0)]
        self.assertEqual(outcomes, ["ok", "fail", "info", "info", "info"])

    def test_the_spelling_of_a_payload_counts(self) -> None:
        one = digest(parse(b'{"a":1.50,"b":1}'))
        self.assertEqual(one, digest(parse(b'{ "a" : 1.50, "b" : 1 }')))
        for other in (b'{"a":1.5,"b":1}', b'{"b":1,"a":1.50}', b'{"a":"1.50","b":1}', b'{"a":1.50,"b":1.0}'):
            self.assertNotEqual(one, digest(parse(other)))


if __name__ == "__main__":
    unittest.main()
