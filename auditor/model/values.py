"""What a property can hold besides plain JSON.

A property's value is a string, number, boolean, list or mapping, or one of the classes below where a source cannot say the
plain value. Every operator of the rule language gives each of them a meaning; none of them is ever taken for a pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any, Final, TypeAlias


class Absent(Enum):
    """The type of ``ABSENT``."""

    ABSENT = "absent"

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = Absent.ABSENT
"""The property is not there (CloudFormation's ``AWS::NoValue``, a field an answer leaves out)."""


class Kind(StrEnum):
    """Why a value is not known."""

    UNREAD = "unread"
    """A call was denied, failed, or is not supported; or what it answered makes no sense."""
    DEFERRED = "deferred"
    """Decided at deploy: a parameter, an import, a dynamic reference, ``after_unknown``."""
    OUTSIDE = "outside"
    """Refers to something that is not in this source."""


class Presence(StrEnum):
    """Whether an unknown value is at least known to be there."""

    YES = "yes"
    NO = "no"
    MAYBE = "maybe"


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that this source cannot tell, and why.

    ``reason`` is a clause for people: the failed call and its error code, or the expression as written in the template.
    """

    kind: Kind
    reason: str
    present: Presence = Presence.MAYBE


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a finite set: both branches of an ``If``, a parameter's AllowedValues. May hold ``ABSENT``; never nested."""

    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """Another resource of the same source, by its id there; ``attribute`` is what of it (``Arn``), empty for its own name."""

    target: str
    attribute: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A string put together from parts of which at least one is not plain (``Fn::Sub``, ``Fn::Join``, a Terraform template)."""

    parts: tuple[str | Reference | Unknown, ...]

    @property
    def begins(self) -> str:
        """The plain text it begins with."""
        first = self.parts[0] if self.parts else ""
        return first if isinstance(first, str) else ""


def whole_names(text: Text) -> Iterator[Reference | Unknown]:
    """The parts of ``text`` that may each be the name of one thing: what is not plain, between slashes, colons or the ends.

    ``${Bucket}-logs`` names another bucket than ``Bucket``; an S3 URI names a bucket in its first place alone.
    """
    parts = text.parts
    uri = text.begins.startswith("s3://")
    for index, part in enumerate(parts):
        before = parts[index - 1] if index else ""
        after = parts[index + 1] if index + 1 < len(parts) else ""
        if isinstance(part, str) or not isinstance(before, str) or not isinstance(after, str):
            continue
        if (before == "s3://" if uri else before[-1:] in ("", "/", ":")) and after[:1] in ("", "/", ":"):
            yield part


@dataclass(frozen=True, slots=True)
class Redacted:
    """A secret that was seen and not kept: what kind it looked like, and a digest that tells equal ones apart from others."""

    kind: str
    digest: str


Value: TypeAlias = Any
"""Plain JSON, or ``Unknown | OneOf | Reference | Text | Redacted | ABSENT`` at any depth."""

SPECIAL: Final = (Unknown, OneOf, Reference, Text, Redacted, Absent)


def one_of(values: list[Value]) -> Value:
    """The set of ``values``, flattened and without repeats; the value itself where only one is left."""
    seen: list[Value] = []
    for value in values:
        for item in value.values if isinstance(value, OneOf) else (value,):
            if item not in seen or any(item == other and type(item) is not type(other) for other in seen):
                seen.append(item)
    return seen[0] if len(seen) == 1 else OneOf(tuple(seen))


def over(value: Value, function: Callable[[Value], Value]) -> Value:
    """``function`` of a value, or of each possibility of a ``OneOf``."""
    if isinstance(value, OneOf):
        return one_of([function(item) for item in value.values])
    return function(value)


def encode(value: Value) -> Value:
    """As plain JSON: special values become mappings with one key that starts with ``$``; ``decode`` turns them back."""
    match value:
        case dict():
            plain = {key: encode(item) for key, item in value.items()}
            return {"$literal": plain} if any(key.startswith("$") for key in value) else plain
        case list():
            return [encode(item) for item in value]
        case Unknown():
            return {"$unknown": {"kind": value.kind.value, "reason": value.reason, "present": value.present.value}}
        case OneOf():
            return {"$one_of": [encode(item) for item in value.values]}
        case Reference():
            return {"$reference": {"target": value.target, "attribute": value.attribute}}
        case Text():
            return {"$text": [encode(part) for part in value.parts]}
        case Redacted():
            return {"$redacted": {"kind": value.kind, "digest": value.digest}}
        case Absent():
            return {"$absent": True}
        case _:
            return value


def decode(value: Value) -> Value:
    """The inverse of ``encode``. Raises ``ValueError`` for a ``$`` key that ``encode`` does not write or whose content is off."""
    if isinstance(value, list):
        return [decode(item) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        (key, content), *_ = value.items()
        if key.startswith("$"):
            return _decode_special(key, content)
    return {key: decode(item) for key, item in value.items()}


def _decode_special(key: str, content: Value) -> Value:
    try:
        match key:
            case "$literal":
                return {name: decode(item) for name, item in content.items()}
            case "$unknown":
                return Unknown(Kind(content["kind"]), content["reason"], Presence(content["present"]))
            case "$one_of":
                return OneOf(tuple(decode(item) for item in content))
            case "$reference":
                return Reference(content["target"], content["attribute"])
            case "$text":
                return Text(tuple(decode(part) for part in content))
            case "$redacted":
                return Redacted(content["kind"], content["digest"])
            case "$absent":
                return ABSENT
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ValueError(f"unreadable {key}: {error}") from error
    raise ValueError(f"unknown marker {key}")
