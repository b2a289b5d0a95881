"""The bounds of the command line."""

import contextlib
import io
import unittest

from harness.arguments import parse


class ArgumentTests(unittest.TestCase):
    """What is refused, and what comes without being said."""

    def test_defaults(self) -> None:
        """A whole run."""
        options = parse([])
        self.assertEqual((options.only, options.rounds, options.tasks, options.seconds), ([], 3, 500_000, 4.0))
        self.assertEqual((options.appendfsync, options.json, options.write), ("off", None, None))

    def test_names(self) -> None:
        """Spaces and a comma too many do no harm."""
        self.assertEqual(parse(["--only", "rq, celery,"]).only, ["rq", "celery"])

    def test_out_of_bounds(self) -> None:
        """Each is refused with the option's name."""
        wrong = (
            ("--rounds", "0"), ("--rounds", "21"), ("--rounds", "1.5"), ("--tasks", "99"), ("--tasks", "5000001"),
            ("--seconds", "0.4"), ("--seconds", "nan"), ("--seconds", "soon"), ("--appendfsync", "always"),
        )
        for option, value in wrong:
            with self.subTest(option=option, value=value):
                errors = io.StringIO()
                with contextlib.redirect_stderr(errors), self.assertRaises(SystemExit) as ended:
                    parse([option, value])
                self.assertEqual(ended.exception.code, 2)
                self.assertIn(option, errors.getvalue())


if __name__ == "__main__":
    unittest.main()
