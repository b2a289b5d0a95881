"""The headers of the peers."""

import tempfile
import unittest
from pathlib import Path

from harness.header import read, read_all
from harness.processes import Failed

GOOD = """# /// script
# dependencies = ["thing==1.0"]
# [tool.peer]
# name = "Thing"
# store = "redis"
# worker = ["{bin}/thing"]
# setting = "default"
# lost = "no"
# speed = { single = 10, drain = 20 }
# rate = 5
# ///
"""


class HeaderTests(unittest.TestCase):
    """What a newcomer writes."""

    def read(self, text: str) -> object:
        """As if it stood in a file."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "thing.py"
            file.write_text(text)
            return read(file)

    def test_reads_a_header(self) -> None:
        """All of it."""
        peer = self.read(GOOD + '"""Thing."""\n')
        self.assertEqual((peer.key, peer.name, peer.dependencies), ("thing", "Thing", ["thing==1.0"]))
        self.assertEqual((peer.speed["drain"], peer.rate, peer.server), (20, 5, []))

    def test_refuses_a_bad_header(self) -> None:
        """With what is wrong, before anything is measured."""
        wrong = {
            "no header": "",
            "lacks": GOOD.replace('# name = "Thing"\n', ""),
            "too much": GOOD.replace("# rate = 5", "# rate = 5\n# colour = 7"),
            "store": GOOD.replace("redis", "mongo"),
            "server": GOOD.replace("redis", "own"),
            "above 0": GOOD.replace("drain = 20", "drain = 0"),
            "needs speed.single": GOOD.replace("single = 10, ", ""),
        }
        for reason, text in wrong.items():
            with self.subTest(reason=reason), self.assertRaisesRegex(Failed, reason):
                self.read(text)

    def test_all_peers_have_good_headers(self) -> None:
        """Each pins what it installs, with names that do not meet."""
        peers = read_all([])
        self.assertGreaterEqual(len(peers), 11)
        self.assertEqual(len({peer.name for peer in peers}), len(peers))
        for peer in peers:
            with self.subTest(peer=peer.key):
                self.assertTrue(all("==" in each for each in peer.dependencies))
                self.assertTrue(peer.dependencies or peer.version, "its version cannot be told")

    def test_unknown_peer(self) -> None:
        """The answer says which there are."""
        with self.assertRaisesRegex(Failed, "no such peer: resque; there are arq"):
            read_all(["rq", "resque"])


if __name__ == "__main__":
    unittest.main()
