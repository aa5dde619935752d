"""Seeing that two expressions name the same thing.

An endpoint configuration called ``!Sub "${Stage}-config"`` and an endpoint that asks for ``!Sub "${Stage}-config"`` belong together,
whatever ``Stage`` will be.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeAlias

from auditor.model.paths import At, Each, Step, Where, parse, walk
from auditor.model.resource import Resource
from auditor.model.resource_type import ResourceType
from auditor.model.values import OneOf, Reference, Text, Unknown, Value, one_of, whole_names
from auditor.sources.cloudformation.parameters import PSEUDO

Names: TypeAlias = Mapping[tuple[str, "Text | Unknown"], str]
"""The id of the one resource of a type whose name is an expression."""


def expressed_names(resources: list[Resource], types: Mapping[str, ResourceType]) -> Names:
    """The resources that are called by an expression. One that several share names none of them."""
    found: dict[tuple[str, Text | Unknown], set[str]] = {}
    for resource in resources:
        for path in types[resource.type].identifiers:
            for _, value in walk(resource.properties, path):
                if isinstance(value, Text | Unknown) and _says_which(value):
                    found.setdefault((resource.type, value), set()).add(resource.id)
    return {name: next(iter(ids)) for name, ids in found.items() if len(ids) == 1}


def _says_which(value: Text | Unknown) -> bool:
    """Whether equal values mean equal names: an expression of parameters, not the reason why something is not known."""
    if isinstance(value, Text):
        return all(_says_which(part) for part in value.parts if isinstance(part, Unknown))
    return value.reason in PSEUDO or value.reason.startswith("parameter ")


def linked(value: Value, targets: tuple[str, ...], names: Names) -> Value:
    """``value``, or a reference to the resource of one of the ``targets`` types that is called by the same expression.

    In text (``s3://${Name}/x``) the part that names it becomes the reference.
    """
    if isinstance(value, OneOf):
        return one_of([linked(item, targets, names) for item in value.values])
    if not names or not isinstance(value, Text | Unknown):
        return value
    named = _named(value, targets, names)
    if named is not None or isinstance(value, Unknown):
        return named or value
    found = {part: _named(part, targets, names) for part in whole_names(value) if isinstance(part, Unknown)}
    return Text(tuple(found.get(part) or part if isinstance(part, Unknown) else part for part in value.parts))


def _named(value: Text | Unknown, targets: tuple[str, ...], names: Names) -> Reference | None:
    return next((Reference(names[target, value]) for target in targets if (target, value) in names), None)


def link(resource: Resource, types: Mapping[str, ResourceType], names: Names) -> Resource:
    """``resource`` with its references to what is called by an expression."""
    properties: Value = resource.properties
    for path, targets in types[resource.type].references.items():
        properties = _changed(properties, parse(path), partial(linked, targets=targets, names=names))
    return resource if properties is resource.properties else dataclasses.replace(resource, properties=properties)


def _changed(value: Value, steps: tuple[Step, ...], change: Callable[[Value], Value]) -> Value:
    """``value`` with what ``steps`` lead to changed; itself where nothing is."""
    if not steps:
        return change(value)
    if isinstance(value, OneOf):
        items = [_changed(item, steps, change) for item in value.values]
        return value if all(new is old for new, old in zip(items, value.values, strict=True)) else one_of(items)
    if isinstance(value, dict) and isinstance(steps[0], str) and steps[0] in value:
        old = value[steps[0]]
        new = _changed(old, steps[1:], change)
        return value if new is old else {**value, steps[0]: new}
    if isinstance(value, list):
        chosen = [
            _changed(item, steps[1:], change) if _is_at(item, index, steps[0]) else item for index, item in enumerate(value)
        ]
        return value if all(new is old for new, old in zip(chosen, value, strict=True)) else chosen
    return value


def _is_at(item: Value, index: int, step: Step) -> bool:
    match step:
        case Each():
            return True
        case At():
            return index == step.index
        case Where():
            return isinstance(item, dict) and item.get(step.key) == step.value
        case _:
            return False
