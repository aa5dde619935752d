"""From a template's text to an inventory.

Decided here, because a template leaves it open:

- A resource whose condition is decided at deploy is judged as if it were created, and its own conditions as they are then. As a part
  of another resource (a route of a table) it may be there or not.
- A satellite whose owner stands outside the template has nothing here to belong to, and is left out. One whose owner a deploy decides
  may belong to each whose own name the template sets.
- Resources of types without a record, modules and what nested stacks hold are not judged. Naming one leads outside.
- A macro may change anything; what is written is judged. With a macro (``AWS::LanguageExtensions`` adds no names), a name that nothing
  bears is unknown instead of an error.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from auditor.files.errors import InputError
from auditor.files.yaml import compose, read_text
from auditor.model.folding import fold
from auditor.model.inventory import Inventory, SourceKind
from auditor.model.resource import Origin, Resource
from auditor.model.resource_type import ResourceType
from auditor.model.secrets import redact
from auditor.model.shape import to_declared
from auditor.model.values import ABSENT, Kind, OneOf, Presence, Unknown, Value, over
from auditor.sources.cloudformation.declared import Declared, declared_resources
from auditor.sources.cloudformation.links import expressed_names, link
from auditor.sources.cloudformation.parameters import PSEUDO, declared_parameters
from auditor.sources.cloudformation.satellites import satellites


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
    declared = list(declared_resources(root, parameters or {}, file))
    conditions = {item.id: f"condition {item.condition} holds" for item in declared if item.exists is not True}
    kept = [_resource(item, types[item.type]) for item in declared if item.type in types and types[item.type].cloudformation]
    names = expressed_names(kept, types)
    kept = [link(resource, types, names) for resource in kept]
    inventory = Inventory(SourceKind.CLOUDFORMATION, file, types, at, resources=kept, conditions=conditions)
    whole = fold(inventory, satellites(declared, inventory, names))
    known = types.keys() | {form.type for record in types.values() for form in record.folds}
    unjudged = Counter(item.type for item in declared if item.type not in known)
    return Inventory(SourceKind.CLOUDFORMATION, file, types, at, resources=whole, conditions=conditions, unjudged=unjudged)


def parameter_names(path: Path) -> frozenset[str]:
    """The parameters that a template takes, pseudo parameters among them. Raises ``InputError`` where it cannot be parsed."""
    root = compose(read_text(path), str(path))
    section = root.get("Parameters") if root is not None else None
    return frozenset(declared_parameters(section, str(path))) | frozenset(PSEUDO)


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
        choices = [choice for choice in (item.values if isinstance(item, OneOf) else (item,)) if choice is not ABSENT]
        keys = {choice.get("Key") if isinstance(choice, dict) else None for choice in choices}
        key = keys.pop() if len(keys) == 1 else None
        if not isinstance(key, str):
            return Unknown(Kind.DEFERRED, "a tag whose key is decided at deploy", Presence.MAYBE)
        content = over(item, lambda tag: tag if tag is ABSENT else tag.get("Value", ABSENT))
        tags[key] = _tag(key, content, f"Tags[{index}]", origins)
    return tags


def _tag(key: str, value: Value, path: str, origins: dict[str, Origin]) -> Value:
    if path in origins:
        origins[f"tags.{key}"] = origins[path]
    return redact(key, value)
