"""Telling intrinsic functions from plain values, in their short and their long form, and expanding loops."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from auditor.files.yaml import Node
from auditor.model.values import Kind, Presence, Unknown, Value
from auditor.sources.cloudformation.scope import Scope
from auditor.sources.cloudformation.texts import describe, literal

TRANSFORM: Final = "Fn::Transform"
_LOOP: Final = "Fn::ForEach::"
_WITHOUT_PREFIX: Final = ("Ref", "Condition")


@dataclass(frozen=True, slots=True)
class Call:
    """A function by its full name (``Ref``, ``Fn::Sub``, ``Condition``) and the node of its argument."""

    name: str
    argument: Node


def is_short(node: Node) -> bool:
    """Whether ``node`` calls a function by its short form. YAML's own tags (``!!str``) call nothing."""
    return node.tag.startswith("!")


def call_of(node: Node, scope: Scope) -> Call | None:
    """The function that ``node`` calls; nothing where it is a plain value.

    ``Condition`` in its long form is a plain key, as policies have it; only a condition takes it for a function.
    Raises ``InputError`` where a function shares its mapping with other keys, which leaves both without meaning.
    """
    if is_short(node):
        short = node.tag[1:]
        return Call(short if short in _WITHOUT_PREFIX else f"Fn::{short}", dataclasses.replace(node, tag=""))
    for key, value in node.pairs:
        name = str(key.content)
        if name.startswith("Fn::") and not name.startswith(_LOOP):
            if len(node.pairs) > 1 and name != TRANSFORM:
                raise scope.error(f"{name} must be the only key of its mapping", key)
            return Call(name, value)
        if name == "Ref" and len(node.pairs) == 1:
            return Call(name, value)
    return None


def arguments(node: Node, scope: Scope, name: str, least: int, most: int | None = None) -> list[Node]:
    """The elements of a function's argument list. Raises ``InputError`` where there are too few or too many."""
    most = least if most is None else most
    if node.kind != "sequence" or is_short(node) or not least <= len(node.items) <= most:
        wanted = str(least) if most == least else f"{least} to {most}"
        raise scope.error(f"a list of {wanted} expected", node, name)
    return node.items


def text_argument(node: Node, scope: Scope, name: str) -> str:
    """A function's argument that must be plain text. Raises ``InputError`` where it is not."""
    if node.kind != "scalar" or is_short(node) or not isinstance(node.content, str):
        raise scope.error("text expected", node, name)
    return scope.fill(node.content)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a mapping with its loops expanded: the key's text and node, the value, and the scope it stands in."""

    name: str
    key: Node
    value: Node
    scope: Scope


def entries(mapping: Node, scope: Scope, evaluate: Callable[[Node, Scope], Value]) -> Iterator[Entry]:
    """The entries of a mapping, each ``Fn::ForEach`` of it expanded.

    A loop over a list that is decided at deploy gives its entries once, its identifier unknown: what holds for that round holds for
    every one.
    """
    for key, value in mapping.pairs:
        name = str(key.content)
        if name.startswith(_LOOP):
            yield from _rounds(name, value, scope, evaluate)
        else:
            yield Entry(scope.fill(name), key, value, scope)


def _rounds(name: str, node: Node, scope: Scope, evaluate: Callable[[Node, Scope], Value]) -> Iterator[Entry]:
    identifier, collection, body = arguments(node, scope, name, 3)
    if body.kind != "mapping":
        raise scope.error("a mapping expected as the third of its list", body, name)
    variable = text_argument(identifier, scope, name)
    for item in _items(collection, scope, evaluate):
        scope.spend(node)
        yield from entries(body, scope.inside(variable, item), evaluate)


def _items(node: Node, scope: Scope, evaluate: Callable[[Node, Scope], Value]) -> list[str | Unknown]:
    """What a loop goes over: the plain items, and one unknown for all that a deploy decides."""
    found = evaluate(node, scope)
    if isinstance(found, str | bool | int | float | dict):
        raise scope.error("a list expected as the second of its list", node, "Fn::ForEach")
    items = found if isinstance(found, list) else [found]
    known: list[str | Unknown] = [literal(item) for item in items if isinstance(item, str | bool | int | float)]
    undecided = next((item for item in items if not isinstance(item, str | bool | int | float)), None)
    return known if undecided is None else [*known, Unknown(Kind.DEFERRED, f"each of {describe(undecided)}", Presence.YES)]
