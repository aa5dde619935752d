"""A rule with one clause less: what every clause is worth shows in the examples that notice it gone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from auditor.rules.clauses import (
    AllOf,
    AnyOf,
    Asked,
    Clause,
    Not,
    Operation,
    OrAbsent,
    Property,
    Quantified,
    ReferredBy,
    RefersTo,
)
from auditor.rules.rule import Judge, Rule


class Written(NamedTuple):
    """A clause as it stands in the file: one that holds for several types of target is written once."""

    kind: str
    line: int
    column: int


def droppable(rule: Rule) -> dict[Written, str]:
    """Every clause whose loss would make another rule, with a title for people.

    A clause that is all there is in its parent goes with it and is not named besides.
    """
    roots = [root for root in (rule.when, rule.asserts) if root is not None]
    return {_written(clause): _title(clause) for root in roots for part in root.parts for clause in _walk(part, covered=False)}


def without(written: Written, rule: Rule, *, runtime: bool) -> Judge | None:
    """The rule without one clause; nothing where none is left to assert."""
    return rule.judge(lambda clause: _written(clause) != written, runtime=runtime)


def _walk(clause: Clause, *, covered: bool) -> Iterator[Clause]:
    if not covered and not isinstance(clause, Asked):
        yield clause
        covered = True
    inner = _inside(clause)
    leaves_parent = isinstance(clause, RefersTo | ReferredBy)
    for part in inner:
        yield from _walk(part, covered=covered and len(inner) == 1 and not leaves_parent)


def _inside(clause: Clause) -> list[Clause]:
    match clause:
        case AllOf() | AnyOf():
            return list(clause.parts)
        case Asked():
            return [*clause.parts, *([clause.or_absent] if clause.or_absent is not None else [])]
        case Not():
            return [clause.part]
        case Property():
            return [clause.of]
        case Quantified():
            return [clause.element]
        case RefersTo():
            return [part for where in clause.where.values() for part in _inside(where)]
        case ReferredBy():
            return _inside(clause.where) if clause.where is not None else []
        case Operation() | OrAbsent():
            return []


def _title(clause: Clause) -> str:
    match clause:
        case Property():
            return clause.path
        case Operation() | Quantified():
            return clause.name
    return _TITLES[type(clause)]


_TITLES: dict[type, str] = {
    AllOf: "one of the alternatives",
    AnyOf: "any",
    Not: "not",
    OrAbsent: "or_absent",
    RefersTo: "refers_to",
    ReferredBy: "referred_by",
}


def _written(clause: Clause) -> Written:
    return Written(type(clause).__name__, *clause.place)
