"""Three-valued logic: what is said of a value, and the evidence that says it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final, TypeAlias

from auditor.model.finding import Evidence
from auditor.model.inventory import Inventory
from auditor.model.resource import Resource
from auditor.model.values import Kind, Unknown, Value, encode


class Truth(Enum):
    """Kleene's three: what holds, what does not, and what nobody can say."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"


TRUE: Final = Truth.TRUE
FALSE: Final = Truth.FALSE
UNKNOWN: Final = Truth.UNKNOWN

Result: TypeAlias = tuple[Truth, tuple[Evidence, ...]]

MAX_EVIDENCE: Final = 12
"""Pieces of evidence that one clause keeps: a list of a thousand bad elements is told by its first dozen."""


@dataclass(slots=True)
class Run:
    """One rule on one resource: where to look, whom it is about, which resource is looked at, what was assumed so far."""

    inventory: Inventory
    subject: Resource
    here: Resource
    assumptions: list[str] = field(default_factory=list)

    def at(self, resource: Resource) -> Run:
        """The same, looking at another resource."""
        return Run(self.inventory, self.subject, resource, self.assumptions)


Test: TypeAlias = Callable[[Any, str, Run], Result]
"""Judges a value at a path of the resource looked at. A clause is a test of a whole block, an operator of a single value."""


def truth_of(holds: bool) -> Truth:
    """A plain yes or no."""
    return TRUE if holds else FALSE


def all_of(results: Sequence[Result]) -> Result:
    """FALSE where one is, else UNKNOWN where one is, else TRUE; with the evidence of those that decided it."""
    truths = [truth for truth, _ in results]
    return _decided(FALSE if FALSE in truths else UNKNOWN if UNKNOWN in truths else TRUE, results)


def any_of(results: Sequence[Result]) -> Result:
    """TRUE where one is, else UNKNOWN where one is, else FALSE; with the evidence of those that decided it."""
    truths = [truth for truth, _ in results]
    return _decided(TRUE if TRUE in truths else UNKNOWN if UNKNOWN in truths else FALSE, results)


def negated(result: Result) -> Result:
    """The opposite, for the same reasons; what is unknown stays so."""
    truth, evidence = result
    return FALSE if truth is TRUE else TRUE if truth is FALSE else UNKNOWN, evidence


def _decided(truth: Truth, results: Sequence[Result]) -> Result:
    if len(results) == 1:
        return results[0]
    return truth, bounded(item for one, evidence in results if one is truth for item in evidence)


def bounded(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """``MAX_EVIDENCE`` pieces at most: what was unread before all else, since it decides the exit code."""
    pieces = tuple(evidence)
    if len(pieces) <= MAX_EVIDENCE:
        return pieces
    return tuple(sorted(pieces, key=lambda item: item.unknown != Kind.UNREAD)[:MAX_EVIDENCE])


def seen(path: str, wanted: str, value: Value, run: Run, unknown: Unknown | None = None) -> Evidence:
    """What was found at ``path``; ``unknown`` says why that decides nothing.

    Where the value itself is known, the reason is told as the one step behind it.
    """
    found = value if type(value) in _PLAIN else encode(value)
    resource = run.here
    owner = "" if resource is run.subject else resource.id
    if unknown is None:
        return Evidence(path, wanted, found, resource.origin_of(path), owner)
    hops = () if unknown is value else (unknown.reason,)
    return Evidence(path, wanted, found, resource.origin_of(path), owner, unknown.kind.value, hops)


def found_out(decision: bool | Unknown, path: str, wanted: str, value: Value, run: Run) -> Result:
    """An operator's answer with its evidence."""
    if isinstance(decision, Unknown):
        return UNKNOWN, (seen(path, wanted, value, run, decision),)
    return truth_of(decision), (seen(path, wanted, value, run),)


_PLAIN: Final = frozenset((str, bool, int, float))
