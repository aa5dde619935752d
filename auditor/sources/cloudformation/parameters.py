"""What a template's parameters can be, given or not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from auditor.files.errors import InputError, closest
from auditor.files.yaml import Node
from auditor.model.secrets import digest, redact
from auditor.model.values import ABSENT, Kind, Presence, Redacted, Unknown, Value, one_of
from auditor.sources.cloudformation.scope import MAX_POSSIBILITIES, fault
from auditor.sources.cloudformation.texts import literal

NO_VALUE: Final = "AWS::NoValue"
PSEUDO: Final = (
    "AWS::AccountId",
    "AWS::NotificationARNs",
    "AWS::Partition",
    "AWS::Region",
    "AWS::StackId",
    "AWS::StackName",
    "AWS::URLSuffix",
)
"""https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/pseudo-parameter-reference.html"""


_SHOWN: Final = 60
"""Characters of a default that a reason shows."""


def parameter_values(section: Node | None, given: Mapping[str, str], file: str) -> dict[str, Value]:
    """The value of each parameter and pseudo parameter.

    One that is given is what was given. Of the others, one with ``AllowedValues`` is one of them; the rest are unknown even where
    they have a default, because whoever deploys may say otherwise. What ``NoEcho`` hides is redacted, and is never one of several.
    Raises ``InputError`` for a value given that the template does not declare or does not allow.
    """
    declared = declared_parameters(section, file)
    for name in given:
        if name not in declared and name not in PSEUDO:
            raise InputError(f"the template has no such parameter{closest(name, set(declared))}", file=file, key=name)
    values: dict[str, Value] = {name: _pseudo(name, given) for name in PSEUDO}
    values[NO_VALUE] = ABSENT
    for name, node in declared.items():
        values[name] = _given(name, node, given[name], file) if name in given else _open(name, node)
    return values


def declared_parameters(section: Node | None, file: str) -> dict[str, Node]:
    """The declaration of each parameter. Raises ``InputError`` where the section is not one."""
    if section is None:
        return {}
    if section.kind != "mapping":
        raise fault(file, section, "a mapping of parameters expected", "Parameters")
    for key, node in section.pairs:
        if node.kind != "mapping" and not str(key.content).startswith("Fn::"):
            raise fault(file, node, "a mapping with a Type expected", f"Parameters.{key.content}")
    return {str(key.content): node for key, node in section.pairs if node.kind == "mapping"}


def _pseudo(name: str, given: Mapping[str, str]) -> Value:
    return given[name] if name in given else Unknown(Kind.DEFERRED, name, Presence.YES)


def _text(node: Node, key: str) -> str | None:
    found = node.get(key)
    if found is None or found.kind != "scalar":
        return None
    value = found.scalar()
    return None if value is None else literal(value)


def _hidden(node: Node) -> bool:
    return (_text(node, "NoEcho") or "").lower() == "true"


def _allowed(node: Node) -> list[str]:
    found = node.get("AllowedValues")
    values = [item.scalar() for item in found.items if item.kind == "scalar"] if found is not None else []
    return ["" if value is None else literal(value) for value in values]


def _from_store(node: Node) -> bool:
    """Whether the parameter is the name of an SSM parameter whose value it then stands for."""
    return (_text(node, "Type") or "").startswith("AWS::SSM::Parameter::Value<")


def _open(name: str, node: Node) -> Value:
    """A parameter that nobody gave."""
    allowed = _allowed(node)
    hidden = _hidden(node)
    if allowed and len(allowed) <= MAX_POSSIBILITIES and not (hidden or _is_list(node) or _from_store(node)):
        return one_of([_typed(node, text) for text in allowed])
    default = _text(node, "Default")
    # a template that foresees the empty text leaves it open whether anything is there
    present = Presence.MAYBE if default == "" else Presence.YES
    if default is None or hidden or isinstance(redact(name, default), Redacted):
        return Unknown(Kind.DEFERRED, f"parameter {name}", present)
    return Unknown(Kind.DEFERRED, f"parameter {name} (default '{_short(default)}')", present)


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _given(name: str, node: Node, text: str, file: str) -> Value:
    _check(name, node, text, file)
    if _from_store(node):
        return Unknown(Kind.DEFERRED, f"parameter {name} (SSM parameter {text})", Presence.YES)
    return Redacted("no-echo-parameter", digest(text)) if _hidden(node) else _typed(node, text)


def _check(name: str, node: Node, text: str, file: str) -> None:
    """What a template says of lengths, ranges and patterns (Java's, and hostile ones never end) is left to CloudFormation."""
    shown = "the value given" if _hidden(node) else f"'{text}'"
    allowed = _allowed(node)
    if allowed and any(item not in allowed for item in _items(node, text)):
        raise fault(
            file,
            node.get("AllowedValues") or node,
            f"{shown} is not one of its AllowedValues{closest(text, set(allowed))}",
            name,
        )
    if _text(node, "Type") == "Number" and not isinstance(_number(text), int | float):
        raise fault(file, node, f"{shown} is not a number", name)


def _is_list(node: Node) -> bool:
    kind = _text(node, "Type") or ""
    return kind == "CommaDelimitedList" or kind.startswith("List<")


def _items(node: Node, text: str) -> list[str]:
    return [item.strip() for item in text.split(",")] if _is_list(node) else [text]


def _typed(node: Node, text: str) -> Value:
    """``text`` in the parameter's type: lists are split, numbers are numbers."""
    if _is_list(node):
        return _items(node, text)
    return _number(text) if _text(node, "Type") == "Number" else text


_NUMBER: Final = re.compile(r"[-+]?[0-9]{1,20}(\.[0-9]{1,20})?")


def _number(text: str) -> int | float | str:
    """The number that ``text`` is, or ``text``."""
    found = _NUMBER.fullmatch(text.strip())
    return text if found is None else float(text) if found[1] else int(text)
