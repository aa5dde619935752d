"""Three-valued logic: true, false, or unknown and why; and going over lists that are not decided."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from auditor.model.values import ABSENT, Kind, OneOf, Unknown, Value

Truth: TypeAlias = "bool | Unknown"


def any_of(parts: Iterable[Truth]) -> Truth:
    """True where one part is, else unknown where one part is."""
    return _combined(parts, deciding=True)


def all_of(parts: Iterable[Truth]) -> Truth:
    """False where one part is, else unknown where one part is."""
    return _combined(parts, deciding=False)


def negated(part: Truth) -> Truth:
    """The opposite; what is unknown stays so."""
    return part if isinstance(part, Unknown) else not part


def in_each(value: Value, test: Callable[[Value], Truth]) -> Truth:
    """``test`` of a value; of a ``OneOf`` what all its possibilities agree on."""
    if not isinstance(value, OneOf):
        return test(value)
    answers = [in_each(item, test) for item in value.values]
    if unknown := worst(answers):
        return unknown
    if len(set(answers)) == 1:
        return answers[0]
    return Unknown(Kind.DEFERRED, f"one of {len(value.values)} values, decided at deploy")


def worst(parts: Iterable[object]) -> Unknown | None:
    """The unknown among ``parts`` to report: one that was not read before the others, for somebody can still read it."""
    unknown = [part for part in parts if isinstance(part, Unknown)]
    return next((part for part in unknown if part.kind is Kind.UNREAD), unknown[0] if unknown else None)


def elements(value: Value) -> Iterator[Value]:
    """The elements of a list. Of a list that is undecided, each that it may have, as one that may be absent.

    What is no list at all is its own only element, for the reader of elements to reject; what is absent has none.
    """
    if isinstance(value, list):
        yield from value
    elif isinstance(value, OneOf):
        for item in value.values:
            yield from (possibly(element) for element in elements(item))
    elif value is not ABSENT and value is not None:
        yield value


def possibly(value: Value) -> OneOf:
    """``value``, or nothing."""
    return OneOf((*value.values, ABSENT)) if isinstance(value, OneOf) else OneOf((value, ABSENT))


def _combined(parts: Iterable[Truth], *, deciding: bool) -> Truth:
    seen = list(parts)
    if any(part is deciding for part in seen):
        return deciding
    return worst(seen) or (not deciding)
