"""Paths into properties: ``A.B``, ``A[].B`` (each), ``A[0].B`` (one), ``A[Name=x].B`` (the elements whose Name is x), ``A()`` (each
name in an expression: ``x`` and ``y`` of ``ALARM(x) OR ALARM("y")``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from auditor.model.values import ABSENT, OneOf, Reference, Text, Unknown, Value, one_of, over


@dataclass(frozen=True, slots=True)
class Each:
    """Every element of a list, or every value of a mapping."""


@dataclass(frozen=True, slots=True)
class At:
    """The element at one position."""

    index: int


@dataclass(frozen=True, slots=True)
class Where:
    """The elements whose ``key`` equals ``value``."""

    key: str
    value: str


@dataclass(frozen=True, slots=True)
class Named:
    """Every name that a text calls a function with."""


Step: TypeAlias = str | Each | At | Where | Named

_STEP = re.compile(
    r"(?P<named>\(\))|(?P<key>(?:(?!\(\))[^.\[\]])+)|\[(?P<index>\d*)\]|\[(?P<name>[^=\]]+)=(?P<value>[^\]]*)\]|\."
)


@lru_cache(maxsize=4096)
def parse(path: str) -> tuple[Step, ...]:
    """The steps of ``path``. Raises ``ValueError`` where it is not of the form above."""
    steps: list[Step] = []
    position = 0
    while position < len(path):
        match = _STEP.match(path, position)
        if match is None:
            raise ValueError(f"not a property path: {path}")
        position = match.end()
        if match["key"] is not None:
            steps.append(match["key"])
        elif match["named"] is not None:
            steps.append(Named())
        elif match["name"] is not None:
            steps.append(Where(match["name"], match["value"]))
        elif match["index"] is not None:
            steps.append(At(int(match["index"])) if match["index"] else Each())
    return tuple(steps)


def walk(value: Value, path: str) -> Iterator[tuple[str, Value]]:
    """Every value that ``path`` leads to, each with its own concrete path.

    An ``Unknown`` on the way is itself the value. What only one possibility of a ``OneOf`` on the way leads to is one of itself
    and ``ABSENT``: it may not be there. What is absent yields nothing.
    """
    yield from _walk(value, parse(path), "")


def _walk(value: Value, steps: tuple[Step, ...], place: str) -> Iterator[tuple[str, Value]]:
    if value is ABSENT or value is None:
        return
    if not steps or isinstance(value, Unknown):
        yield place, value
    elif isinstance(value, OneOf):
        for possibility in value.values:
            for inner, item in _walk(possibility, steps, place):
                yield inner, one_of([item, ABSENT])
    else:
        for inner, item in _step(value, steps[0], place):
            yield from _walk(item, steps[1:], inner)


def _step(value: Value, step: Step, place: str) -> Iterator[tuple[str, Value]]:
    match step:
        case str() if isinstance(value, dict) and step in value:
            yield f"{place}.{step}" if place else step, value[step]
        case Each() if isinstance(value, dict):
            for key, item in value.items():
                yield f"{place}.{key}", item
        case Each() if isinstance(value, list):
            for index, item in enumerate(value):
                yield f"{place}[{index}]", item
        case At() if isinstance(value, list) and step.index < len(value):
            yield f"{place}[{step.index}]", value[step.index]
        case Where() if isinstance(value, list):
            for index, item in enumerate(value):
                yield f"{place}[{index}]", over(item, lambda one: _where(one, step))
        case Named():
            yield from ((f"{place}()", name) for name in _names_in(value))
        case _:
            return


_CALLED = re.compile(r"\(\s*(?:\"(?P<quoted>[^\"]+)\"|(?P<bare>[^\s()\"]+))\s*\)")


def _names_in(value: Value) -> Iterator[Value]:
    """The names in an expression; what part of it is not known may be any."""
    match value:
        case str():
            yield from (found["quoted"] or found["bare"] for found in _CALLED.finditer(value))
        case Text():
            for part in value.parts:
                yield from _names_in(part) if isinstance(part, str) else [part]


def _where(item: Value, step: Where) -> Value:
    """``item``, or ``ABSENT`` where its key is another; one of the two where that is not decided."""
    if isinstance(item, Unknown):
        return item
    key = item.get(step.key, ABSENT) if isinstance(item, dict) else ABSENT
    if isinstance(key, Unknown | Reference | Text):
        return one_of([item, ABSENT])
    return over(key, lambda one: item if _equal(one, step.value) else ABSENT)


def _equal(value: Value, wanted: str) -> bool:
    return str(value).lower() == wanted if isinstance(value, bool) else bool(value == wanted)
