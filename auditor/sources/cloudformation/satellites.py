"""What a template declares by itself and belongs into another resource: a route into its table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from auditor.model.folding import Satellite
from auditor.model.inventory import Inventory
from auditor.model.resource_type import Fold, ResourceType, Schema
from auditor.model.shape import to_declared
from auditor.model.values import ABSENT, Kind, OneOf, Presence, Reference, Text, Unknown, Value, one_of
from auditor.sources.cloudformation.declared import Declared
from auditor.sources.cloudformation.links import Names, linked
from auditor.sources.cloudformation.texts import describe


def satellites(declared: list[Declared], inventory: Inventory, names: Names) -> Iterator[Satellite]:
    """The satellites among what is ``declared``, one for each owner they name. ``inventory`` holds the owners."""
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
    if isinstance(owner, OneOf):
        return one_of([_possible(item, record, inventory) for item in owner.values])
    if not isinstance(owner, Unknown | Text) or (
        isinstance(owner, Text) and any(isinstance(part, Reference) for part in owner.parts)
    ):
        return owner
    named = [item.id for item in inventory.of_type(record.name) if any(path in item.properties for path in record.identifiers)]
    return one_of([Unknown(Kind.OUTSIDE, describe(owner), Presence.YES), *map(Reference, named)])


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
    if isinstance(schema, dict) and "" not in into.names:
        return to_declared(properties, schema, into.names)
    return to_declared(properties, {"It": schema}, {"It": into.names.get("", "")}).get("It", ABSENT)
