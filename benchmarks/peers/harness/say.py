"""What happens is told on standard error, so that standard output stays for the table."""

import sys


def say(line: str) -> None:
    """One line, at once."""
    print(f"==> {line}", file=sys.stderr, flush=True)
