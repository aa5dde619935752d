"""Reading policy documents: what a source holds, as statements; what cannot be read of them, as the unknown it is.

The grammar is AWS's: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from auditor.model.truth import Truth, possibly, worst
from auditor.model.values import ABSENT, Absent, Kind, OneOf, Redacted, Reference, Text, Unknown, Value

Effect: TypeAlias = Literal["Allow", "Deny"]


@dataclass(frozen=True, slots=True)
class Element:
    """An ``Action`` or ``NotAction``, a ``Resource`` or ``NotResource``: patterns, or with ``inverted`` all but those.

    A pattern is a string with ``*`` and ``?``, or a special value.
    """

    patterns: tuple[Value, ...]
    inverted: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. ``name`` is its Sid, or its position; an element is ``None`` where the statement has none.

    ``principals`` are pairs of a kind (``Service``, ``AWS``; ``*`` for everybody) and a name; ``condition`` is what a source holds
    there.
    """

    name: str
    effect: Effect
    actions: Element | None
    resources: Element | None
    principals: tuple[tuple[str, Value], ...] = ()
    inverted_principals: bool = False
    condition: Value = ABSENT

    @property
    def conditioned(self) -> bool:
        """Whether the statement holds only under a condition."""
        return self.condition not in (ABSENT, None, {})

    def conditions(self) -> Iterator[tuple[str, str, list[Value]]]:
        """The operator and the key of every condition, in small letters, and its values; question marks for what cannot be read."""
        if not self.conditioned:
            return
        if not isinstance(self.condition, dict):
            yield "?", "?", []
            return
        for operator, block in self.condition.items():
            for key, values in block.items() if isinstance(block, dict) else [("?", [])]:
                yield operator.lower(), key.lower(), values if isinstance(values, list) else [values]

    def condition_keys(self) -> Iterator[tuple[str, str]]:
        """The operator and the key of every condition."""
        return ((operator, key) for operator, key, _ in self.conditions())


Part: TypeAlias = "Statement | Unknown | OneOf"
"""A statement, one that cannot be read, or the several that stand in one place (``ABSENT`` where there may be none)."""

_ELEMENTS: Final = ("Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition")
_ALLOWED: Final = frozenset((*_ELEMENTS, "Sid"))


def statements(document: Value) -> list[Part]:
    """The statements of a policy document: a mapping, or its JSON text. What is malformed is unknown, and nothing is left out."""
    match document:
        case OneOf(values):
            return [possibly(part) for item in values if item is not ABSENT for part in statements(item)]
        case Unknown():
            return [document]
        case str():
            return statements(_parsed(document))
        case dict():
            return _listed(document.get("Statement", ABSENT))
        case _:
            return [_malformed("a policy document", document)]


def pattern_text(pattern: Value) -> str | None:
    """The widest that a pattern can be, as a string with wildcards: what is not known of a ``Text`` can be anything.

    Nothing where nothing is known of it. What refers to a resource names one, and is never a wildcard.
    """
    match pattern:
        case str():
            return pattern
        case Text(parts):
            return "".join(part if isinstance(part, str) else "*" if isinstance(part, Unknown) else "(name)" for part in parts)
        case Reference() | Redacted():
            return "(name)"
        case _:
            return None


def fits(pattern: Value, test: Callable[[str], bool]) -> Truth:
    """Whether ``pattern`` passes ``test`` in full: false where it does not at its widest, else unknown where a part of it is."""
    if pattern is ABSENT:
        return False
    widest = pattern_text(pattern)
    if widest is None:
        return worst((pattern,)) or False
    if not test(widest):
        return False
    return (worst(pattern.parts) if isinstance(pattern, Text) else None) or True


def _parsed(text: str) -> Value:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return _malformed("JSON", text)
    return document if isinstance(document, dict) else _malformed("a policy document", document)


def _listed(value: Value) -> list[Part]:
    match value:
        case list():
            return [_one(item, f"statement {position}") for position, item in enumerate(value, 1)]
        case OneOf(values):
            return [possibly(part) for item in values if item is not ABSENT for part in _listed(item)]
        case _:
            return [_one(value, "the statement")]


def _one(value: Value, name: str) -> Part:
    match value:
        case OneOf(values):
            return OneOf(tuple(item if item is ABSENT else _one(item, name) for item in values))
        case Unknown():
            return value
        case dict():
            return _statement(value, name)
        case _:
            return _malformed("a statement", value)


def _statement(value: Mapping[str, Value], name: str) -> Part:
    effect = value.get("Effect")
    if isinstance(effect, Unknown):
        return effect
    if isinstance(effect, OneOf):
        return OneOf(tuple(_one({**value, "Effect": item}, name) for item in effect.values))
    if effect not in ("Allow", "Deny") or not _ALLOWED.issuperset(value):
        return _malformed("a statement", value)
    actions, resources, principals = _element(value, "Action"), _element(value, "Resource"), _principals(value)
    if isinstance(actions, Unknown):
        return actions
    if isinstance(resources, Unknown):
        return resources
    if isinstance(principals, Unknown):
        return principals
    sid = value.get("Sid")
    return Statement(
        name=f"statement {sid}" if isinstance(sid, str) and sid else name,
        effect="Allow" if effect == "Allow" else "Deny",
        actions=actions,
        resources=resources,
        principals=principals,
        inverted_principals="NotPrincipal" in value,
        condition=value.get("Condition", ABSENT),
    )


def _element(value: Mapping[str, Value], name: str) -> Element | Unknown | None:
    plain, inverted = value.get(name, ABSENT), value.get(f"Not{name}", ABSENT)
    if plain is not ABSENT and inverted is not ABSENT:
        return _malformed(f"one of {name} and Not{name}", value)
    found = plain if inverted is ABSENT else inverted
    if found is ABSENT:
        return None
    patterns = tuple(found) if isinstance(found, list) else (found,)
    if not all(_is_pattern(pattern) for pattern in patterns):
        return _malformed(name, found)
    return Element(patterns, inverted is not ABSENT)


def _is_pattern(value: Value) -> bool:
    if isinstance(value, OneOf):
        return all(item is ABSENT or _is_pattern(item) for item in value.values)
    return isinstance(value, str | Unknown | Reference | Text | Redacted)


def _principals(value: Mapping[str, Value]) -> tuple[tuple[str, Value], ...] | Unknown:
    match value.get("NotPrincipal", value.get("Principal", ABSENT)):
        case dict() as named:
            lists = ((kind, names if isinstance(names, list) else [names]) for kind, names in named.items())
            pairs = tuple((kind, name) for kind, names in lists for name in names)
            return pairs if all(_is_pattern(name) for _, name in pairs) else _malformed("a principal", named)
        case Absent():
            return ()
        case str() | Unknown() | OneOf() as anybody:
            return (("*", anybody),)
        case other:
            return _malformed("a principal", other)


def _malformed(wanted: str, found: Value) -> Unknown:
    return Unknown(Kind.UNREAD, f"not {wanted}: {type(found).__name__}")
