"""The resources that a template declares, with their expressions evaluated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from auditor.files.yaml import Node
from auditor.model.resource import Origin
from auditor.model.truth import Truth
from auditor.model.values import Unknown, Value
from auditor.sources.cloudformation.calls import TRANSFORM, Entry, entries, is_short
from auditor.sources.cloudformation.conditions import Conditions
from auditor.sources.cloudformation.intrinsics import evaluate
from auditor.sources.cloudformation.parameters import parameter_values
from auditor.sources.cloudformation.scope import Scope, fault

_ADDS_NO_NAMES: Final = "AWS::LanguageExtensions"


@dataclass(frozen=True, slots=True)
class Declared:
    """One resource as declared, evaluated. ``condition`` is the name of the condition it rests on, empty where it has none."""

    id: str
    type: str
    properties: Mapping[str, Value] | Unknown
    condition: str
    exists: Truth
    origin: Origin
    origins: Mapping[str, Origin]


def declared_resources(root: Node, given: Mapping[str, str], file: str) -> Iterator[Declared]:
    """Every resource of a template that is or may be created, of whatever type.

    Raises ``InputError`` where the template is not as CloudFormation wants it, or a name is used that nothing bears.
    """
    scope = _scope(root, given, file)
    resources = _section(root, "Resources", file)
    if resources is None:
        raise fault(file, root, "a template has Resources", "Resources")
    items = list(_named(resources, scope))
    for item in items:
        if item.name in scope.resources:
            raise scope.error("this logical id stands twice", item.key, item.name)
        scope.resources[item.name] = _type_of(item)
    for item in items:
        if (found := _evaluated(item)) is not None:
            yield found


def _scope(root: Node, given: Mapping[str, str], file: str) -> Scope:
    values = parameter_values(_section(root, "Parameters", file), given, file)
    conditions = Conditions({})
    scope = Scope(file, values, _section(root, "Mappings", file), conditions, transformed=_is_transformed(root))
    section = _section(root, "Conditions", file)
    conditions.declared = {entry.name: entry for entry in _named(section, scope)} if section is not None else {}
    for name, entry in conditions.declared.items():
        conditions.truth(name, entry.key, scope)
    return scope


def _section(root: Node, name: str, file: str) -> Node | None:
    section = root.get(name)
    if section is not None and (section.kind != "mapping" or is_short(section)):
        raise fault(file, section, "a mapping expected", name)
    return section


def _named(section: Node, scope: Scope) -> Iterator[Entry]:
    """The entries of a section, but for what a transform adds to it."""
    return (entry for entry in entries(section, scope, evaluate) if entry.name != TRANSFORM)


def _is_transformed(root: Node) -> bool:
    """Whether a macro may add names: any at the top but the language extensions, or one inside the sections of names."""
    top = root.get("Transform")
    macros = top.items or [top] if top is not None else []
    inside = (root.get(name) for name in ("Conditions", "Parameters", "Resources"))
    return any(macro.content != _ADDS_NO_NAMES for macro in macros) or any(
        section is not None and section.get(TRANSFORM) is not None for section in (root, *inside)
    )


def _type_of(item: Entry) -> str:
    if item.value.kind != "mapping" or is_short(item.value):
        raise item.scope.error("a mapping with a Type expected", item.value, item.name)
    node = item.value.get("Type")
    if node is None and item.value.get(TRANSFORM) is not None:
        return ""
    if node is None:
        raise item.scope.error("a resource has a Type", item.key, item.name)
    return _text(node, item, "Type")


def _text(node: Node, item: Entry, key: str) -> str:
    if not isinstance(node.content, str) or is_short(node) or not node.content:
        raise item.scope.error("text expected", node, f"{item.name}.{key}")
    return item.scope.fill(node.content)


def _evaluated(item: Entry) -> Declared | None:
    """The resource, or nothing where its condition surely does not hold."""
    scope = item.scope
    node = item.value.get("Condition")
    condition = _text(node, item, "Condition") if node is not None else ""
    exists = scope.conditions.truth(condition, node, scope) if node is not None else True
    if exists is False:
        return None
    within = scope.assuming(scope.conditions.given(condition) if condition else scope.conditions)
    properties = _properties(item, within)
    origin = Origin(scope.file, item.key.line, item.key.column)
    return Declared(item.name, scope.resources[item.name], properties, condition, exists, origin, within.origins)


def _properties(item: Entry, scope: Scope) -> Mapping[str, Value] | Unknown:
    # a transform is handed all of the resource that it stands in, and may give back other properties
    node = item.value if item.value.get(TRANSFORM) is not None else item.value.get("Properties")
    if node is None or (node.kind == "scalar" and node.scalar() is None):
        return {}
    found = evaluate(node, scope, "") if node.kind == "mapping" and not is_short(node) else None
    if not isinstance(found, dict | Unknown):
        raise scope.error("a mapping expected", node, f"{item.name}.Properties")
    return found
