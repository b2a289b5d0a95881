"""What a part of the run found: numbers with their bounds, and sentences about what was wrong."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Result:
    """Rows of `name, number, bound`, and the violations."""

    violations: list[str] = field(default_factory=list)
    rows: list[tuple[str, str, str]] = field(default_factory=list)

    def check(self, name: str, number: str, bound: str, is_kept: bool) -> None:
        """Adds a row, and a violation where the bound is not kept."""
        self.rows.append((name, number, bound))
        if not is_kept:
            self.violations.append(f"{name}: {number}, but the bound is {bound}")

    def say(self) -> int:
        """Prints it; gives the exit status."""
        for name, number, bound in self.rows:
            print(f"{name}: {number} (bound: {bound})")
        for text in self.violations:
            print(f"VIOLATION {text}")
        return 1 if self.violations else 0
