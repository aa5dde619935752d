"""The beginning of a rule: a file that loads, with examples that still have to be made true."""

from __future__ import annotations

from typing import Final

from auditor.files.errors import InputError, closest
from auditor.model.resource_type import BOOLEAN, ResourceType, Schema
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
  - {{expect: pass, given: {{{path}: {good}}}}}
  - {{expect: fail, given: {{{path}: {bad}}}}}
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
    path, operand, good, bad = _first_clause(record)
    return _TEMPLATE.format(
        rule=rule,
        resource=resource,
        title=record.title,
        control=control,
        source=record.source,
        path=path,
        operand=operand,
        good=good,
        bad=bad,
    )


def _first_clause(record: ResourceType) -> tuple[str, str, str, str]:
    """A property to begin with, what is asked of it, and a value that has it and one that does not."""
    candidates = {name: schema for name, schema in record.properties.items() if name not in record.identifiers}
    for name, schema in {**candidates, **record.properties}.items():
        if isinstance(schema, tuple) and len(schema) > 1:
            return name, schema[-1], schema[-1], schema[0]
        if schema == BOOLEAN:
            return name, "true", "true", "false"
    return _text_or_number({**candidates, **record.properties})


def _text_or_number(properties: dict[str, Schema]) -> tuple[str, str, str, str]:
    name, schema = next((name, schema) for name, schema in properties.items() if is_scalar(schema))
    return (name, "good", "good", "bad") if schema == "string" else (name, "1", "1", "0")
