"""What a part of the run found: numbers with their bounds, and sentences about what was wrong."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Row:
    """One number, and the bound that it had to keep."""

    name: str
    number: str
    bound: str
    is_kept: bool = True


@dataclass
class Result:
    """Numbers and violations."""

    violations: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    def note(self, name: str, number: str) -> None:
        """Adds a number that has no bound."""
        self.rows.append(Row(name, number, ""))

    def check(self, name: str, number: str, bound: str, is_kept: bool) -> None:
        """Adds a number, and a violation where it does not keep its bound."""
        self.rows.append(Row(name, number, bound, is_kept))
        if not is_kept:
            self.violations.append(f"{name}: {number}, but the bound is {bound}")

    def say(self) -> int:
        """Prints it; gives the exit status."""
        for row in self.rows:
            print(f"{row.name}: {row.number}" + (f" (bound: {row.bound})" if row.bound else ""))
        for text in self.violations:
            print(f"VIOLATION {text}")
        return 1 if self.violations else 0
