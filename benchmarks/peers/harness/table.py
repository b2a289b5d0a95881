"""The report as Markdown."""

from collections.abc import Iterable, Sequence

from harness.figures import FIGURES, Summary, ratio
from harness.report import STORES, Report, Subject

HEADINGS = {
    "single": "enqueue singly, tasks/s",
    "bulk": "in bulk, tasks/s",
    "drain": "drain, tasks/s",
    "p50_ms": "start after, p50, ms",
    "p99_ms": "p99, ms",
}


def rows(headings: Sequence[str], lines: Iterable[Sequence[str]], left: int = 1) -> str:
    """A Markdown table whose first `left` columns are text."""
    rule = ["---" if index < left else "--:" for index in range(len(headings))]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [headings, rule, *lines])


def rounded(value: float) -> str:
    """Three digits: the rest is noise."""
    if value >= 1_000:
        digits = len(str(int(value))) - 3
        return f"{round(value, -digits):,.0f}"
    if value >= 100:
        return f"{value:.0f}"
    if value >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}" if value >= 0.1 else f"{value:.2g}"


def cell(summary: Summary | None) -> str:
    """The median, and from where to where it went."""
    if not summary:
        return "–"
    if summary.low == summary.high:
        return rounded(summary.median)
    return f"{rounded(summary.median)} ({rounded(summary.low)} – {rounded(summary.high)})"


def figures_table(sojourn: Subject, peers: Sequence[Subject]) -> str:
    """What was measured, in tasks per second and milliseconds."""
    headings = ["", *HEADINGS.values(), "at tasks/s"]
    lines = []
    for subject in [sojourn, *peers]:
        found = subject.summaries
        lines.append([subject.name, *(cell(found.get(name)) for name in FIGURES), f"{subject.rate:,}"])
    return rows(headings, lines)


def ratio_table(sojourn: Subject, peers: Sequence[Subject]) -> str:
    """Sojourn ÷ peer."""
    headings = ["Sojourn ÷ peer", "enqueue singly", "in bulk", "drain", "p50", "p99"]
    lines = []
    for peer in peers:
        ours, theirs = sojourn.summaries, peer.summaries
        found = [ratio(ours.get(name), theirs.get(name)) for name in FIGURES]
        lines.append([peer.name, *("–" if value is None else rounded(value) for value in found)])
    return rows(headings, lines)


def settings_table(subjects: Sequence[Subject]) -> str:
    """How each was set up, and what a crash costs, because not all give the same guarantee."""
    headings = ["", "version", "set up", "is the task of a crashed worker lost?"]
    return rows(headings, ([each.name, each.version, each.setting, each.lost] for each in subjects), left=4)


def notes(report: Report) -> str:
    """How to read the tables."""
    wanted = report.settings
    return f"""\
Medians of {wanted["rounds"]} rounds (lowest – highest), all queues in turn in each round; no-op tasks with 100 \
bytes of payload. A ratio above 1 is good for Sojourn where it is of speeds, and bad where it is of times. Slow \
queues get fewer tasks, so that a measurement takes about {wanted["seconds"]:g} s, and a lower rate, which favours \
them. Sojourn is `sojourn bench`: client and embedded worker are one process, with leases, fencing and attempts on \
record; of the others the client is one process and the worker another, all on the same {report.machine["cores"]} \
cores. beanstalkd and NATS keep tasks in a server of their own."""


def setup(report: Report) -> str:
    """When and where."""
    machine = report.machine
    stores = ", ".join(f"{name} {version}" for name, version in report.stores.items())
    return f"""\
{machine["date"]}: {machine["processor"]}, {machine["cores"]} cores, {machine["memory"]}, {machine["system"]}, \
Linux {machine["kernel"]}, Python {machine["python"]}; {stores}. Load average before {report.load_before}, \
after {report.load_after}."""


def markdown(report: Report) -> str:
    """All of it."""
    parts = [setup(report), notes(report)]
    shown = []
    for store, title in STORES.items():
        peers = [peer for peer in report.peers if peer.store == store]
        if not peers or store not in report.sojourn:
            continue
        sojourn = report.sojourn[store]
        parts += [f"### On {title}", ratio_table(sojourn, peers), figures_table(sojourn, peers)]
        shown += [sojourn, *peers]
    if shown:
        parts += ["### Versions, settings, guarantees", settings_table(shown)]
    parts += report.failures
    return "\n\n".join(parts) + "\n"
