"""What a clause asks for, in words: the items of a Markdown list, indented by two spaces a level."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

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


def decided(clause: Clause) -> list[str]:
    """One item for each thing that must hold."""
    match clause:
        case AllOf():
            return [line for part in clause.parts for line in decided(part)]
        case AnyOf():
            return _under("- at least one of:", *(_alternative(part) for part in clause.parts))
        case Not():
            return _under("- not:", decided(clause.part))
        case Property():
            return _of(f"`{clause.path}`", decided(clause.of))
        case Asked():
            return _asked(clause)
        case Quantified():
            return _quantified(clause)
        case RefersTo():
            return _relation(clause.words, next(iter(clause.where.values()), None))
        case ReferredBy():
            return _relation(clause.words, clause.where)
        case Operation(name="matches" | "not_matches"):
            # Markdown would read an expression's brackets as its own
            before, word, expression = clause.words.partition(" matches ")
            return [f"- {before}{word}`{expression}`"]
        case Operation():
            return [f"- {clause.words}"]
        case OrAbsent():
            return ["- nothing"]


def _asked(clause: Asked) -> list[str]:
    parts = [decided(part) for part in clause.parts]
    lines = [line for part in parts for line in part]
    if all(len(part) == 1 for part in parts):
        lines = [f"- {' and '.join(line.removeprefix('- ') for line in lines)}"]
    if clause.or_absent is None:
        return lines
    first, *rest = lines
    return [f"- nothing, or {first.removeprefix('- ')}", *rest] if _is_one(lines) else _under("- nothing, or:", lines)


_OF_BLOCKS: Final = {"each": "at least one element, each with", "some": "an element with", "none": "no element with"}
_OF_VALUES: Final = {"each": "at least one element, each", "some": "an element that is", "none": "no element that is"}


def _quantified(clause: Quantified) -> list[str]:
    inner = decided(clause.element)
    if isinstance(clause.element, Asked) and len(inner) == 1:
        return [f"- {_OF_VALUES[clause.name]} {inner[0].removeprefix('- ')}"]
    return _under(f"- {_OF_BLOCKS[clause.name]}:", inner)


def _relation(words: str, where: Clause | None) -> list[str]:
    return [f"- {words}"] if where is None else _under(f"- {words}, with:", decided(where))


def _alternative(clause: Clause) -> list[str]:
    """An item for each alternative, however many clauses it has."""
    lines = decided(clause)
    return lines if _is_one(lines) else _under("- all of:", lines)


def _of(name: str, inner: list[str]) -> list[str]:
    first, *rest = inner
    return [f"- {name}: {first.removeprefix('- ')}", *rest] if _is_one(inner) else _under(f"- {name}:", inner)


def _is_one(lines: list[str]) -> bool:
    return sum(line.startswith("- ") for line in lines) == 1


def _under(title: str, *groups: Iterable[str]) -> list[str]:
    return [title, *(f"  {line}" for group in groups for line in group)]
