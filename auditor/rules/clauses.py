"""A rule's clauses after they were checked: a tree that says what is asked, of what, and where in the file it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from auditor.model.truth import Truth
from auditor.model.values import Value
from auditor.rules.truth import Run

Place: TypeAlias = tuple[int, int]
"""Line and column of a clause, from 1: what tells it from every other of its file."""

Decide: TypeAlias = Callable[[Value, str, Run], Truth]
"""Whether an operator holds for a value at a path of a resource, or why that cannot be said."""


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part holds: the entries of a mapping, or ``all``."""

    parts: tuple[Clause, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One part at least holds."""

    parts: tuple[Clause, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Clause
    place: Place


@dataclass(frozen=True, slots=True)
class Property:
    """``of`` holds for what stands at ``path``.

    ``space`` is ``runtime``, ``tags`` or ``facts``, or empty for declared properties. ``steps`` are the names on the way, each
    with AWS's default for it.
    """

    path: str
    space: str
    steps: tuple[tuple[str, Value], ...]
    of: Clause
    place: Place


@dataclass(frozen=True, slots=True)
class OrAbsent:
    """The leave to be absent."""

    place: Place


@dataclass(frozen=True, slots=True)
class Asked:
    """Every operator holds for one value, or it is absent where that is allowed."""

    parts: tuple[Clause, ...]
    place: Place
    or_absent: OrAbsent | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """One operator with its operand built in; ``words`` say what it asks for."""

    name: str
    words: str
    decide: Decide
    place: Place


@dataclass(frozen=True, slots=True)
class Quantified:
    """``each``, ``some`` or ``none`` of the elements of a list satisfy ``element``."""

    name: str
    element: Clause
    place: Place


@dataclass(frozen=True, slots=True)
class RefersTo:
    """The value names a resource of one of the ``allowed`` types, of the ``targets`` its path may name, for which ``where`` holds.

    ``where`` holds a clause for each allowed type, or nothing.
    """

    targets: tuple[str, ...]
    allowed: tuple[str, ...]
    where: Mapping[str, Clause]
    words: str
    place: Place


@dataclass(frozen=True, slots=True)
class ReferredBy:
    """A resource of ``type`` names this one, and ``where`` holds for it."""

    type: str
    where: Clause | None
    words: str
    place: Place


Clause: TypeAlias = AllOf | AnyOf | Not | Property | Asked | OrAbsent | Operation | Quantified | RefersTo | ReferredBy


@dataclass(frozen=True, slots=True)
class Reads:
    """What a rule looks at besides its own resource.

    ``facts`` by name; ``referrers`` the types it looks back at (who names this one); ``targets`` those it follows a name to.
    """

    facts: frozenset[str] = frozenset()
    referrers: frozenset[str] = frozenset()
    targets: frozenset[str] = frozenset()
