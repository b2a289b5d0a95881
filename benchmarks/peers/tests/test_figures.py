"""The arithmetic."""

import unittest

from harness.figures import Summary, percentile, ratio, summaries, summarize


class FiguresTests(unittest.TestCase):
    """Medians, percentiles and ratios."""

    def test_percentile(self) -> None:
        """The cases at the edges."""
        hundred = [float(value) for value in range(1, 101)]
        for share, expected in ((0.0, 1), (0.5, 51), (0.99, 100), (1.0, 100)):
            with self.subTest(share=share):
                self.assertEqual(percentile(hundred, share), expected)
        self.assertEqual(percentile([], 0.5), 0)
        self.assertEqual(percentile([7.0], 0.99), 7)

    def test_summary(self) -> None:
        """One disturbed round does not move the median."""
        self.assertEqual(summarize([100, 2, 110]), Summary(100, 2, 110))
        self.assertEqual(summarize([1, 3]), Summary(2, 1, 3))
        self.assertIsNone(summarize([]))

    def test_summaries_leave_out_what_nobody_measured(self) -> None:
        """A peer without bulk has no bulk."""
        found = summaries([{"single": 1, "drain": 5}, {"single": 3}])
        self.assertEqual(found, {"single": Summary(2, 1, 3), "drain": Summary(5, 5, 5)})

    def test_ratio(self) -> None:
        """Of medians; never a division by nothing."""
        self.assertEqual(ratio(Summary(30, 1, 99), Summary(10, 1, 99)), 3)
        self.assertIsNone(ratio(Summary(30, 1, 99), None))
        self.assertIsNone(ratio(None, Summary(10, 1, 99)))
        self.assertIsNone(ratio(Summary(30, 1, 99), Summary(0, 0, 0)))


if __name__ == "__main__":
    unittest.main()
