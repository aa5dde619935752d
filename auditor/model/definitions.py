"""What stands in the definition of a pipeline."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from auditor.model.facts import Fact
from auditor.model.inventory import Inventory
from auditor.model.paths import walk
from auditor.model.resource import Resource
from auditor.model.secrets import redact
from auditor.model.values import ABSENT, SPECIAL, Kind, OneOf, Presence, Redacted, Text, Unknown, Value

_BODY: Final = "PipelineDefinition.PipelineDefinitionBody"
_IN_S3: Final = Unknown(Kind.OUTSIDE, "the definition is an object in S3, which is not read", Presence.YES)


def definition_secrets(_: Inventory, pipeline: Resource) -> Fact:
    """The fact ``definition_secrets``: the places in the pipeline's definition where a secret is written out.

    What is found is told even where the rest cannot be known; that there is none is told only of what is known in full.
    """
    body = next((value for _, value in walk(pipeline.properties, _BODY)), ABSENT)
    if body is ABSENT:
        return Fact(_IN_S3) if any(walk(pipeline.properties, "PipelineDefinition.PipelineDefinitionS3Location")) else Fact([])
    found = dict(_special(redact("", body), ""))
    places = [place for place, value in found.items() if isinstance(value, Redacted)]
    if places:
        return Fact(places, tuple(f"{place or 'the definition'} holds a secret." for place in places))
    return Fact(next((doubt for value in found.values() if (doubt := _doubt(value)) is not None), []))


def _doubt(value: Value) -> Unknown | None:
    """Why it is not known whether ``value``, in which no secret was seen, is one."""
    match value:
        case Unknown():
            return value
        case Text(parts=parts):
            return next((part for part in parts if isinstance(part, Unknown)), None)
        case OneOf(values=values) if any(isinstance(item, Unknown | Redacted) for item in values):
            return Unknown(Kind.DEFERRED, f"one of {len(values)}", Presence.YES)
    return None


def _special(value: Value, place: str) -> Iterator[tuple[str, Value]]:
    """Every value in a document that is not plain, by its place."""
    if isinstance(value, SPECIAL):
        yield place, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _special(item, f"{place}.{key}" if place else key)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _special(item, f"{place}[{index}]")
