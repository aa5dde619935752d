"""Putting text together from parts of which some are not plain."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator
from typing import Final

from auditor.files.yaml import Node
from auditor.model.secrets import redact
from auditor.model.values import ABSENT, Kind, OneOf, Presence, Redacted, Reference, Text, Unknown, Value, one_of
from auditor.sources.cloudformation.scope import MAX_POSSIBILITIES, MAX_TEXT, Scope

Part = str | Reference | Unknown

_BEGIN: Final = "{{resolve:"
_END: Final = "}}"


def join(parts: list[Value], separator: str, node: Node, scope: Scope) -> Value:
    """The text of ``parts`` with ``separator`` between; one for each combination where parts have several possibilities.

    Absent parts are left out. Raises ``InputError`` for a part that is a list or a mapping, and for a text beyond the bound.
    """
    choices = [part.values if isinstance(part, OneOf) else (part,) for part in parts]
    if math.prod(map(len, choices)) > MAX_POSSIBILITIES:
        choices = [items if len(items) == 1 else (_one_of_many(items),) for items in choices]
    return one_of([_joined(chosen, separator, node, scope) for chosen in itertools.product(*choices)])


def _one_of_many(items: tuple[Value, ...]) -> Unknown:
    return Unknown(Kind.DEFERRED, f"one of {len(items)} values", Presence.YES)


def _joined(values: tuple[Value, ...], separator: str, node: Node, scope: Scope) -> Value:
    parts: list[Part] = []
    for value in values:
        if value is ABSENT:
            continue
        if parts and separator:
            parts.append(separator)
        parts.extend(_parts(value, node, scope))
    size = sum(len(part) for part in parts if isinstance(part, str)) + len(parts)
    if size > MAX_TEXT:
        raise scope.error(f"text of more than {MAX_TEXT:,} characters", node)
    scope.spend(node, 1 + size // 64)
    return assemble(parts)


def _parts(value: Value, node: Node, scope: Scope) -> Iterable[Part]:
    match value:
        case Text():
            return value.parts
        case str() | Reference() | Unknown():
            return (value,)
        case Redacted():
            return (Unknown(Kind.DEFERRED, "a secret", Presence.YES),)
        case bool() | int() | float():
            return (literal(value),)
    raise scope.error(f"text expected, found a {'list' if isinstance(value, list) else 'mapping'}", node)


def literal(value: str | float | bool) -> str:
    """A scalar as CloudFormation writes it into text."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def assemble(parts: Iterable[Part]) -> Value:
    """The parts as one value: plain text where all are, the part itself where there is one, else a ``Text``.

    Text with a literal secret in it is redacted; plain text is left for the shaping of properties to redact, by name too.
    A dynamic reference (``{{resolve:…}}``) becomes an ``Unknown`` whose reason is the reference as written.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
    """
    merged = list(_resolved(_merged(parts)))
    if len(merged) < 2:
        return merged[0] if merged else ""
    return redact("", Text(tuple(merged)))


def _merged(parts: Iterable[Part]) -> list[Part]:
    merged: list[Part] = []
    for plain, group in itertools.groupby(parts, key=lambda part: isinstance(part, str)):
        if plain:
            if text := "".join(part for part in group if isinstance(part, str)):
                merged.append(text)
        else:
            merged.extend(group)
    return merged


def _resolved(parts: list[Part]) -> Iterator[Part]:
    """The parts, with each dynamic reference (it may span several) made one of its own."""
    reference: str | None = None
    for part in parts:
        if not isinstance(part, str):
            if reference is None:
                yield part
            else:
                reference += describe(part)
            continue
        at = 0
        while at < len(part):
            start = at
            if reference is None:
                at = _before(part, _BEGIN, at)
                if at > start:
                    yield part[start:at]
                reference = "" if at < len(part) else None
            else:
                at = min(_before(part, _END, at) + len(_END), len(part))
                reference += part[start:at]
                if part.endswith(_END, start, at):
                    yield Unknown(Kind.DEFERRED, reference, Presence.YES)
                    reference = None
    if reference is not None:
        yield reference


def _before(text: str, sign: str, at: int) -> int:
    """Where ``sign`` stands in ``text`` next, or the end."""
    found = text.find(sign, at)
    return len(text) if found < 0 else found


def describe(value: Value) -> str:
    """A value in words, for the reason of an unknown: expressions as ``Fn::Sub`` writes them."""
    match value:
        case str():
            return value
        case Reference():
            return f"${{{value.target}.{value.attribute}}}" if value.attribute else f"${{{value.target}}}"
        case Text():
            return "".join(describe(part) for part in value.parts)
        case Unknown():
            return f"${{{value.reason.removeprefix('parameter ').partition(' (')[0]}}}"
        case OneOf():
            return f"one of {len(value.values)} values"
        case bool() | int() | float():
            return literal(value)
        case _:
            return "a value"
