"""From a template's text to an inventory.

Decided here, because a template leaves it open:

- A resource whose condition is decided at deploy is judged as if it were created, and its own conditions as they are then. As a part
  of another resource (a route of a table) it may be there or not.
- A satellite whose owner stands outside the template has nothing here to belong to, and is left out.
- Resources of types without a record, modules and what nested stacks hold are not judged. Naming one leads outside.
- A macro may change anything; what is written is judged. With a macro (``AWS::LanguageExtensions`` adds no names), a name that nothing
  bears is unknown instead of an error.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from auditor.files.errors import InputError
from auditor.files.yaml import Node, compose, read_text
from auditor.model.folding import Satellite, fold
from auditor.model.inventory import Inventory, SourceKind
from auditor.model.resource import Origin, Resource
from auditor.model.resource_type import Fold, ResourceType, Schema
from auditor.model.secrets import redact
from auditor.model.shape import to_declared
from auditor.model.truth import Truth
from auditor.model.values import ABSENT, Kind, OneOf, Presence, Reference, Unknown, Value, one_of, over
from auditor.sources.cloudformation.calls import TRANSFORM, Entry, entries
from auditor.sources.cloudformation.conditions import Conditions
from auditor.sources.cloudformation.intrinsics import evaluate
from auditor.sources.cloudformation.links import Names, expressed_names, link, linked
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


def read_template(
    path: Path,
    types: Mapping[str, ResourceType],
    parameters: Mapping[str, str] | None = None,
    collected_at: datetime.datetime | None = None,
) -> Inventory:
    """The resources that a template declares, of the ``types`` known, with satellites in their owners.

    ``parameters`` are what the stack will be given; pseudo parameters (``AWS::Region``) may be among them. ``collected_at`` is now
    unless given. Raises ``InputError`` for anything that CloudFormation would refuse to read and for a name that nothing bears.
    """
    file = str(path)
    root = compose(read_text(path), file)
    if root is None or root.kind != "mapping":
        raise InputError("a template expected: a mapping with Resources", file=file, line=root.line if root else 0)
    at = collected_at or datetime.datetime.now(datetime.UTC)
    declared = list(_declared(root, parameters or {}, file))
    conditions = {item.id: f"condition {item.condition} holds" for item in declared if item.exists is not True}
    kept = [_resource(item, types[item.type]) for item in declared if item.type in types and types[item.type].cloudformation]
    names = expressed_names(kept, types)
    kept = [link(resource, types, names) for resource in kept]
    inventory = Inventory(SourceKind.CLOUDFORMATION, file, types, at, resources=kept, conditions=conditions)
    whole = fold(inventory, _satellites(declared, inventory, names))
    return Inventory(SourceKind.CLOUDFORMATION, file, types, at, resources=whole, conditions=conditions)


# -- what is declared ----------------------------------------------------------------------------------------------------------


def _declared(root: Node, given: Mapping[str, str], file: str) -> Iterator[Declared]:
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
    if section is not None and (section.kind != "mapping" or section.tag):
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
    if item.value.kind != "mapping" or item.value.tag:
        raise item.scope.error("a mapping with a Type expected", item.value, item.name)
    node = item.value.get("Type")
    if node is None:
        raise item.scope.error("a resource has a Type", item.key, item.name)
    return _text(node, item, "Type")


def _text(node: Node, item: Entry, key: str) -> str:
    if not isinstance(node.content, str) or node.tag or not node.content:
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
    node = item.value.get("Properties")
    if node is None or (node.kind == "scalar" and node.scalar() is None):
        return {}
    found = evaluate(node, scope, "") if node.kind == "mapping" and not node.tag else None
    if not isinstance(found, dict | Unknown):
        raise scope.error("a mapping expected", node, f"{item.name}.Properties")
    return found


# -- what it becomes -----------------------------------------------------------------------------------------------------------


def _resource(item: Declared, record: ResourceType) -> Resource:
    found = item.properties
    if isinstance(found, Unknown):
        return Resource(item.type, item.id, dict.fromkeys(record.properties, found), item.origin, tags=found)
    origins = dict(item.origins)
    return Resource(
        type=item.type,
        id=item.id,
        properties=to_declared(found, record.properties, {}),
        origin=item.origin,
        tags=_tags(found.get("Tags", ABSENT), origins),
        origins=origins,
    )


def _tags(value: Value, origins: dict[str, Origin]) -> Mapping[str, Value] | Unknown:
    """Tags from either form: a list of Key and Value, or a mapping. All are unknown where a key is."""
    if value is ABSENT:
        return {}
    if isinstance(value, dict):
        return {key: _tag(key, item, f"Tags.{key}", origins) for key, item in value.items()}
    tags: dict[str, Value] = {}
    for index, item in enumerate(value if isinstance(value, list) else [value]):
        keys = over(item, lambda tag: tag.get("Key", ABSENT) if isinstance(tag, dict) else tag)
        names = [key for key in (keys.values if isinstance(keys, OneOf) else (keys,)) if key is not ABSENT]
        if len(names) != 1 or not isinstance(names[0], str):
            return Unknown(Kind.DEFERRED, "a tag whose key is decided at deploy", Presence.MAYBE)
        content = over(item, lambda tag: tag.get("Value", ABSENT) if isinstance(tag, dict) else ABSENT)
        tags[names[0]] = _tag(names[0], content, f"Tags[{index}]", origins)
    return tags


def _tag(key: str, value: Value, path: str, origins: dict[str, Origin]) -> Value:
    if path in origins:
        origins[f"tags.{key}"] = origins[path]
    return redact(key, value)


def _satellites(declared: list[Declared], inventory: Inventory, names: Names) -> Iterator[Satellite]:
    folds: dict[str, list[tuple[ResourceType, Fold]]] = {}
    for record in inventory.types.values():
        for form in record.folds:
            folds.setdefault(form.type, []).append((record, form))
    existing = {item.id: item for item in declared}
    for item in declared:
        for record, into in folds.get(item.type, ()):
            for value in _owners(item, into):
                owner = _possible(linked(value, (record.name,), names), record, inventory)
                yield _satellite(item, record, into, owner, sure=_is_sure(item, owner, existing))


def _possible(owner: Value, record: ResourceType, inventory: Inventory) -> Value:
    """``owner``, or where a deploy decides it, the resources that may be meant: those whose own name the template sets.

    The others get their names from AWS, so nobody can have named one beforehand.
    """
    if not isinstance(owner, Unknown):
        return owner
    named = [item.id for item in inventory.of_type(record.name) if any(path in item.properties for path in record.identifiers)]
    return one_of([Unknown(Kind.OUTSIDE, owner.reason, owner.present), *map(Reference, named)])


def _owners(item: Declared, into: Fold) -> list[Value]:
    """The values that name an owner, one for each."""
    if isinstance(item.properties, Unknown):
        return [item.properties]
    value = item.properties.get(into.owner.removesuffix("[]"), ABSENT)
    if isinstance(value, OneOf) and any(isinstance(choice, list) for choice in value.values):
        choices = [owner for choice in value.values for owner in (choice if isinstance(choice, list) else [choice])]
        return [one_of([owner, ABSENT]) for owner in choices if owner is not ABSENT]
    return value if isinstance(value, list) else [value]


def _is_sure(item: Declared, owner: Value, existing: Mapping[str, Declared]) -> bool:
    """Whether the satellite exists wherever its owner does."""
    if item.exists is True:
        return True
    held = existing.get(owner.target) if isinstance(owner, Reference) else None
    return held is not None and held.condition == item.condition


def _satellite(item: Declared, record: ResourceType, into: Fold, owner: Value, *, sure: bool) -> Satellite:
    content = _content(item.properties, record, into)
    if not sure:
        content = _perhaps(content) if into.into else {name: _perhaps(value) for name, value in content.items()}
    return Satellite(item.id, into, record.name, owner, content, item.origin, origins=item.origins)


def _perhaps(value: Value) -> Value:
    return one_of([value, ABSENT])


def _content(properties: Mapping[str, Value] | Unknown, record: ResourceType, into: Fold) -> Value:
    """What the owner gets, in the shape of its property."""
    schema: Schema = record.properties[into.into.removesuffix("[]")] if into.into else dict(record.properties)
    if isinstance(schema, list):
        schema = schema[0]
    if isinstance(properties, Unknown):
        return properties if into.into else dict.fromkeys(record.properties, properties)
    if isinstance(schema, dict):
        return to_declared(properties, schema, into.names)
    return properties.get(into.names.get("", ""), ABSENT)
