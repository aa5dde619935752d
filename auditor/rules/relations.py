"""Tests that lead from one resource to another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from auditor.model.resource import Resource
from auditor.model.values import Kind, OneOf, Unknown, Value
from auditor.rules.clauses import ReferredBy, RefersTo
from auditor.rules.truth import FALSE, MAX_EVIDENCE, TRUE, UNKNOWN, Result, Run, Test, bounded, seen


def refers_to(clause: RefersTo, where: Mapping[str, Test | None], words: str) -> Test:
    """The value names a resource for which the test of its type holds. ``words`` say what was asked for.

    Where that test does not hold, the name is a step towards what is amiss, not amiss itself.
    """

    def test(value: Value, path: str, run: Run) -> Result:
        if value == "":
            return FALSE, (seen(path, words, value, run),)
        return follow(run.inventory.resolve(value, clause.targets, run.here), value, path, run)

    def follow(target: Value, value: Value, path: str, run: Run) -> Result:
        if isinstance(target, Unknown):
            return UNKNOWN, (seen(path, words, value, run, target),)
        if isinstance(target, OneOf):
            results = [follow(item, value, path, run) for item in target.values]
            return shared(results, value, path, run)
        own = seen(path, words, value, run)
        if not isinstance(target, Resource) or target.type not in clause.allowed:
            return FALSE, (own,)
        inner = where.get(target.type)
        if inner is None:
            return TRUE, (own,)
        truth, evidence = inner(target.properties, "", run.at(target))
        if truth is TRUE:
            return TRUE, bounded((own, *evidence))
        step = f"{path} names {target.id}"
        return truth, bounded(replace(item, hops=(step, *item.hops)) for item in evidence)

    return test


def referred_by(clause: ReferredBy, where: Test | None, words: str) -> Test:
    """Some resource names this one, and the test holds for it. Where all cannot be known, that there is none is unknown."""

    def test(_: Value, __: str, run: Run) -> Result:
        referrers = run.inventory.referrers(run.here, clause.type)
        rejected: list[Result] = []
        for other in referrers.known:
            truth, evidence = where(other.properties, "", run.at(other)) if where is not None else (TRUE, ())
            if truth is TRUE:
                named = replace(seen("referred_by", words, other.id, run), origin=other.origin)
                return TRUE, bounded((named, *evidence))
            rejected.append((truth, evidence))
        missing = run.inventory.missing(clause.type, run.here)
        open_ends = [*referrers.maybe, *([missing] if missing is not None else [])]
        undecided = [item for truth, evidence in rejected if truth is UNKNOWN for item in evidence]
        if undecided or open_ends:
            return UNKNOWN, bounded((*undecided, *(seen("referred_by", words, end, run, end) for end in open_ends)))
        reasons = [item for _, evidence in rejected for item in evidence]
        none = seen("referred_by", words, [other.id for other in referrers.known[:MAX_EVIDENCE]], run)
        return FALSE, bounded(reasons or (none,))

    return test


def shared(results: Sequence[Result], value: Value, path: str, run: Run) -> Result:
    """The result that all possibilities of ``value`` share, or UNKNOWN where they differ or there are none.

    What was not read of one possibility stays in the evidence: it decides the exit code.
    """
    unknown = [item for truth, evidence in results if truth is UNKNOWN for item in evidence]
    if results and all(truth is results[0][0] for truth, _ in results):
        return (UNKNOWN, bounded(unknown)) if unknown else results[0]
    wanted = next((evidence[0].wanted for _, evidence in results if evidence), "")
    several = seen(path, wanted, value, run, Unknown(Kind.DEFERRED, "one of several values"))
    return UNKNOWN, bounded((*(item for item in unknown if item.unknown == Kind.UNREAD), several))
