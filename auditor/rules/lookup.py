"""Looking up a property, whatever the source left in its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from auditor.model.resource import Resource
from auditor.model.values import ABSENT, Kind, OneOf, Presence, Redacted, Reference, Text, Unknown, Value, one_of
from auditor.rules.truth import Run


def misfit(wanted: str, found: Value) -> Unknown:
    """What can be said of a value of another JSON type than the one wanted: nothing, under whatever negation."""
    return Unknown(Kind.UNREAD, f"not {wanted}: {type(found).__name__}")


def inside(block: Value, name: str, default: Value = ABSENT) -> Value:
    """The property ``name`` of ``block``. What is absent takes its ``default``; what is unknown as a whole is so in every part."""
    if type(block) is dict or isinstance(block, Mapping):
        return settled(block.get(name, ABSENT), default)
    if block is ABSENT or block is None:
        return default
    match block:
        case OneOf():
            return one_of([inside(item, name, default) for item in block.values])
        case Unknown(present=Presence.NO):
            return default
        case Unknown():
            return Unknown(block.kind, block.reason)
        case Reference() | Text():
            return Unknown(Kind.DEFERRED, "stands for a whole block")
    return misfit("a block", block)


def settled(value: Value, default: Value = ABSENT) -> Value:
    """``value``, with its ``default`` for all that is as good as absent. Never ``None``."""
    kind = type(value)
    if kind in _COMMON:
        return value
    if value is None or value is ABSENT or (kind is Unknown and value.present is Presence.NO):
        return default
    if kind is OneOf:
        return one_of([settled(item, default) for item in value.values])
    return value


_COMMON: Final = frozenset((str, bool, int, float, list, dict))


def as_text(value: Value, run: Run) -> str | Unknown | None:
    """The text that a special value surely stands for, or why it is not known; nothing where it is no text at all."""
    match value:
        case str() | Unknown():
            return value
        case Reference():
            return _name_of(value, run)
        case Text():
            parts = [as_text(part, run) for part in value.parts]
            unknown = next((part for part in parts if isinstance(part, Unknown)), None)
            return unknown or "".join(part for part in parts if isinstance(part, str))
        case Redacted():
            return Unknown(Kind.OUTSIDE, f"a secret ({value.kind}), which is not kept", Presence.YES)
    return None


def _name_of(value: Reference, run: Run) -> str | Unknown:
    inventory = run.inventory
    target = inventory.resolve(value, tuple(inventory.types), run.here)
    if isinstance(target, Resource):
        names = inventory.types[target.type].identifiers
        if names and value.attribute in ("", names[0]) and isinstance(name := target.properties.get(names[0]), str):
            return name
    attribute = f".{value.attribute}" if value.attribute else ""
    return Unknown(Kind.DEFERRED, f"{value.target}{attribute} is known once it is deployed", Presence.YES)


def leading_text(value: Value) -> str:
    """The plain text that ``value`` begins with, as far as it is certain."""
    if isinstance(value, str):
        return value
    if isinstance(value, Text) and value.parts and isinstance(value.parts[0], str):
        return value.parts[0]
    return ""
