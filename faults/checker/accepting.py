"""What enqueueing promises: durable, nothing else, once per key, the payload as it was, refusals without effect."""
from __future__ import annotations

from collections import defaultdict
from typing import Iterator

from ..history import Op
from .facts import TERMINAL, Facts, Violation


def durability(facts: Facts) -> Iterator[Violation]:
    """S1 and L1: what was accepted is there whenever somebody looks, and ends in one way."""
    for op in facts.enqueues:
        if not op.ok:
            continue
        task = op.result["id"]
        if task not in facts.finals:
            yield Violation("S1", f"{task} was accepted and never read in the end")
        elif facts.finals[task].result["status"] == "absent":
            yield Violation("S1", f"{task} ({op.args['ref']}) was accepted and is lost")
        elif facts.finals[task].result["status"] not in TERMINAL:
            yield Violation("L1", f"{task} never ended: {facts.finals[task].result['status']}")
        for read in facts.reads[task]:
            if read.kind == "read" and read.result["status"] == "absent" and op.received < read.sent:
                yield Violation("S1", f"{task} was accepted and a later read did not find it")


def no_phantom(facts: Facts) -> Iterator[Violation]:
    """S2: nothing runs and nothing is listed that nobody asked for, and one wish is one task."""
    wanted = {ref for ref, ops in facts.by_ref.items() if any(op.maybe for op in ops)}
    for grants in facts.grants.values():
        for grant in grants:
            if grant.ref not in facts.by_ref:
                yield Violation("S2", f"{grant.id} was granted and nobody enqueued {grant.ref}")
            elif facts.refs_of[grant.id] and grant.ref not in facts.refs_of[grant.id]:
                yield Violation("S2", f"{grant.id} was granted with the payload of {grant.ref}")
    for task, _, tags in facts.listing:
        for tag in tags:
            if tag not in wanted and tag not in facts.by_ref:
                yield Violation("S2", f"{task} exists and nobody enqueued {tag}")
    for tag, count in _counts(facts).items():
        if count > 1:
            key = any(op.args.get("key") for op in facts.by_ref[tag])
            yield Violation("S10" if key else "S2", f"there are {count} tasks of {tag}")


def _counts(facts: Facts) -> dict[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for _, _, tags in facts.listing:
        for tag in tags:
            counts[tag] += 1
    return counts


def idempotency(facts: Facts) -> Iterator[Violation]:
    """S10: one key is one task, and one request."""
    by_key: dict[str, list[Op]] = defaultdict(list)
    for op in facts.enqueues:
        if op.args.get("key"):
            by_key[op.args["key"]].append(op)
    for key, ops in by_key.items():
        taken = [op for op in ops if op.ok]
        ids = {op.result["id"] for op in taken}
        forms = {op.args["form"] for op in taken}
        if len(ids) > 1:
            yield Violation("S10", f"{key} stands for {sorted(ids)}")
        if len(forms) > 1:
            yield Violation("S10", f"{key} was accepted with two different requests")
        if sum(not op.result["duplicate"] for op in taken) > 1:
            yield Violation("S10", f"{key} was new more than once")
        for op in ops:
            others = [one for one in ops if one.args["form"] != op.args["form"] and one.sent < op.received]
            if op.result.get("status") == 422 and not others:
                yield Violation("S10", f"{key} was refused as reused, and only one request had it")


def fidelity(facts: Facts) -> Iterator[Violation]:
    """S15: the payload that is handed out is the one that came in."""
    seen = [(grant.id, grant.ref, grant.digest) for grants in facts.grants.values() for grant in grants]
    seen += [(op.args["id"], op.args["ref"], op.args["digest"]) for op in facts.by_kind["run"]]
    for task, read in facts.finals.items():
        if read.result.get("digest"):
            seen += [(task, ref, read.result["digest"]) for ref in facts.refs_of[task]]
    for task, ref, digest in seen:
        ops = facts.by_ref.get(ref)
        if ops and digest not in {op.args["digest"] for op in ops}:
            yield Violation("S15", f"the payload of {task} ({ref}) has changed")


def honest_refusals(facts: Facts) -> Iterator[Violation]:
    """S20: a 4xx leaves nothing behind, what is malformed gets one, and half a batch is never there."""
    refused = {ref for ref, ops in facts.by_ref.items() if not any(op.maybe for op in ops)}
    listed = _counts(facts)
    for op in facts.enqueues:
        if op.ok and op.args.get("spoiled"):
            yield Violation("S20", f"{op.args['ref']} was malformed and was accepted")
    for ref in refused:
        if listed.get(ref):
            yield Violation("S20", f"{ref} was refused and is there")
    for grants in facts.grants.values():
        for grant in grants:
            if grant.ref in refused:
                yield Violation("S20", f"{grant.ref} was refused and was granted as {grant.id}")
    batches: dict[str, list[str]] = defaultdict(list)
    for op in facts.enqueues:
        if op.args.get("batch"):
            batches[op.args["batch"]].append(op.args["ref"])
    for batch, refs in batches.items():
        there = sum(1 for ref in refs if listed.get(ref))
        if facts.by_kind["listing"] and 0 < there < len(refs):
            yield Violation("S20", f"of the {len(refs)} tasks of {batch} only {there} are there")


def honest_disk(facts: Facts) -> Iterator[Violation]:
    """S1: nothing new is accepted while every fsync fails."""
    for broken in facts.by_kind["fsync_fails"]:
        for op in facts.enqueues:
            inside = broken.args["begin"] <= op.sent and op.received <= broken.args["end"]
            if op.ok and inside and not op.result["duplicate"]:
                yield Violation("S1", f"{op.args['ref']} was accepted while every fsync failed")


def not_before(facts: Facts) -> Iterator[Violation]:
    """S12: what is delayed does not start early."""
    for task, refs in facts.refs_of.items():
        for ref in refs:
            ops = [op for op in facts.by_ref[ref] if op.maybe]
            start = min(op.sent for op in ops) + ops[0].args.get("delay", 0) - facts.epsilon
            starts = [grant.received for grant in facts.grants[task]] + [op.sent for op in facts.runs[task]]
            if ops[0].args.get("delay") and starts and min(starts) < start:
                yield Violation("S12", f"{task} started {start - min(starts):.3f} s too early")
    for task, reports in facts.reports.items():
        for report in reports:
            if report.state != "ok" or not report.after:
                continue
            for grant in facts.grants[task]:
                early = report.sent + report.after - facts.epsilon - grant.received
                if grant.sent > report.received and early > 0 and not _again(reports, report):
                    yield Violation("S12", f"{task} came back {early:.3f} s too early")


def _again(reports: list, report: object) -> bool:
    """Whether this report may only repeat an earlier one, which then counted from its own time."""
    return any(one is not report and one.token == report.token and one.sent < report.sent and one.may_count
               for one in reports)
