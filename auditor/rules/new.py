"""The beginning of a rule: a file that loads, with examples that still have to be made true."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Final

from auditor.files.errors import InputError, closest
from auditor.model.resource_type import BOOLEAN, STRING, ResourceType, Schema
from auditor.model.values import Value
from auditor.rules.language import is_scalar
from auditor.rules.read import ID
from auditor.types import all_types

_TEMPLATE: Final = """\
id: {rule}
title: Say what holds of a good {title}, in one line
severity: medium                    # critical, high, medium, low
control: {control}    # one of controls.yaml: auditor rules list -f json shows those in use
resource: {resource}
assert:
  {path}: {operand}
why: >-
  Say what an attacker or an auditor gets from a {title} that fails.
fix:
  text: Say what to change, and what to mind when changing it.
source:
  - {source}
examples:
  - {{expect: pass, given: {good}}}
  - {{expect: fail, given: {bad}}}
"""


def skeleton(rule: str, resource: str, control: str = "volume-encryption") -> str:
    """The text of a rule file for a resource type; its examples hold, so that one can start from what works.

    Raises ``InputError`` for an id that is none, or a type that is not known.
    """
    types = all_types()
    if not ID.fullmatch(rule):
        raise InputError(f"'{rule}' is no id for a rule: small letters, digits and single hyphens expected")
    if resource not in types:
        raise InputError(f"unknown resource type '{resource}'{closest(resource, set(types))}")
    record = types[resource]
    path, good, bad = _first_clause(record)
    return _TEMPLATE.format(
        rule=rule,
        resource=resource,
        title=record.title,
        control=control,
        source=record.source,
        path=path,
        operand=json.dumps({"count": len(good)} if isinstance(good, list) else good),
        good=json.dumps(_nested(path, good)),
        bad=json.dumps(_nested(path, bad)),
    )


def _first_clause(record: ResourceType) -> tuple[str, Value, Value]:
    """A property to begin with, and a value that is asked of it and one that is not: a choice rather than a text or a list."""
    leaves = sorted(_leaves(record.properties), key=lambda leaf: (leaf[0] in record.identifiers, _rank(leaf[1])))
    path, schema = leaves[0]
    if isinstance(schema, tuple):
        return path, schema[-1], schema[0]
    if schema == BOOLEAN:
        return path, True, False
    if isinstance(schema, list):
        element: Value = {} if isinstance(schema[0], dict) else _first(schema[0])
        return path, [element], [element, element]
    return (path, "good", "bad") if schema == STRING else (path, 1, 0)


def _first(schema: Schema) -> Value:
    return schema[0] if isinstance(schema, tuple) else "one"


def _leaves(properties: Mapping[str, Schema]) -> Iterator[tuple[str, Schema]]:
    """The paths that lead to a scalar or a list without crossing a list or a free-form mapping."""
    for name, schema in properties.items():
        if isinstance(schema, dict) and "*" not in schema:
            yield from ((f"{name}.{inner}", leaf) for inner, leaf in _leaves(schema))
        elif isinstance(schema, list) or is_scalar(schema):
            yield name, schema


def _rank(schema: Schema) -> int:
    if schema == BOOLEAN or (isinstance(schema, tuple) and len(schema) > 1):
        return 0
    return 1 if schema == STRING else 3 if isinstance(schema, list) else 2


def _nested(path: str, value: Value) -> Value:
    for name in reversed(path.split(".")):
        value = {name: value}
    return value
