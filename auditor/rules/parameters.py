"""What a rule lets its users set, and the values that hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from auditor.files.errors import InputError, closest
from auditor.files.yaml import Node
from auditor.rules.document import Document


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that an ``auditor.yaml`` may set: what it is by default, what it is now, and why one would change it."""

    name: str
    default: object
    value: object
    why: str


@dataclass(slots=True)
class Parameters:
    """The parameters of one rule while it is read; ``used`` are those that a clause asked for."""

    rule: str
    known: dict[str, Parameter] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)


def read_parameters(document: Document, node: Node | None, rule: str, configured: Mapping[str, object]) -> Parameters:
    """The rule's parameters with their ``configured`` values.

    Raises ``InputError`` where a value is set that the rule does not have, or one of another JSON type than the default.
    """
    found = Parameters(rule)
    if node is not None and node.kind != "mapping":
        raise document.error(node, "a mapping expected", "parameters")
    for key, entry in node.pairs if node is not None else ():
        name = str(key.content)
        entries = document.entries(entry, f"parameter {name}", ("default", "why"))
        default = entries["default"].plain_value()
        found.known[name] = Parameter(name, default, configured.get(name, default), document.word(entries["why"], "why"))
    for name, value in configured.items():
        if name not in found.known:
            raise InputError(f"{rule} has no parameter '{name}'{closest(name, set(found.known))}", key=f"{rule}.{name}")
        if _type(value) != _type(default := found.known[name].default):
            raise InputError(f"{_type(default)} expected, not {_type(value)}", key=f"{rule}.{name}")
    return found


def _type(value: object) -> str:
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "text"
    return "a list" if isinstance(value, list) else "a mapping" if isinstance(value, dict) else "nothing"
