"""The part of a page that is replaced."""

import tempfile
import unittest
from pathlib import Path

from harness.page import check, replaced, rewrite
from harness.processes import Failed

PAGE = "# Title\n\n<!-- peers:begin -->\nold\n<!-- peers:end -->\n\nThe rest.\n"


class PageTests(unittest.TestCase):
    """Nothing outside the marks may change."""

    def test_replaces_only_what_is_between_the_marks(self) -> None:
        """Twice, because the second run must find the marks again."""
        once = replaced(PAGE, "new | table\n")
        self.assertEqual(
            once, "# Title\n\n<!-- peers:begin -->\n\nnew | table\n\n<!-- peers:end -->\n\nThe rest.\n"
        )
        self.assertEqual(replaced(once, "new | table\n"), once)

    def test_refuses_a_page_without_its_marks(self) -> None:
        """It would lose text."""
        for page in ("", "<!-- peers:begin -->", "<!-- peers:end --><!-- peers:begin -->", PAGE + PAGE):
            with self.subTest(page=page), self.assertRaises(Failed):
                replaced(page, "new")

    def test_rewrites_a_file(self) -> None:
        """And leaves nothing beside it."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "page.md"
            with self.assertRaises(Failed):
                check(file)
            file.write_text(PAGE)
            check(file)
            rewrite(file, "new")
            self.assertIn("\nnew\n", file.read_text())
            self.assertEqual(list(Path(folder).iterdir()), [file])


if __name__ == "__main__":
    unittest.main()
