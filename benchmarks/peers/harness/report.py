"""What one run found: it becomes the table and the JSON object."""

from dataclasses import dataclass, field
from typing import Any

from harness.figures import Summary, summaries

STORES = {"redis": "Redis", "postgres": "Postgres", "sqlite": "SQLite"}


@dataclass
class Subject:
    """One queue: a peer, or Sojourn on one store."""

    name: str
    version: str
    store: str  # the backend of Sojourn that it is compared with
    setting: str
    lost: str
    rate: int
    rounds: list[dict[str, float]] = field(default_factory=list)

    @property
    def summaries(self) -> dict[str, Summary]:
        """Medians, lowest and highest."""
        return summaries(self.rounds)


@dataclass
class Report:
    """Everything that is printed."""

    machine: dict[str, str]
    stores: dict[str, str]
    sojourn: dict[str, Subject]
    peers: list[Subject]
    failures: list[str]
    settings: dict[str, Any]
    load_before: str
    load_after: str = ""

    def to_json(self) -> dict[str, Any]:
        """Every round of every figure."""
        subjects = [*self.sojourn.values(), *self.peers]
        return {
            "machine": self.machine,
            "stores": self.stores,
            "settings": self.settings,
            "load_before": self.load_before,
            "load_after": self.load_after,
            "failures": self.failures,
            "queues": [
                {
                    "name": subject.name,
                    "version": subject.version,
                    "store": subject.store,
                    "setting": subject.setting,
                    "lost": subject.lost,
                    "rate": subject.rate,
                    "rounds": subject.rounds,
                    "median": {name: summary.median for name, summary in subject.summaries.items()},
                }
                for subject in subjects
            ],
        }
