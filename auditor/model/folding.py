"""Satellites into their owners: one form of a thing, whatever a template wrote it as."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from auditor.model.inventory import Inventory
from auditor.model.resource import Origin, Resource
from auditor.model.resource_type import Fold
from auditor.model.values import ABSENT, Kind, OneOf, Redacted, Unknown, Value, one_of, over


@dataclass(frozen=True, slots=True)
class Satellite:
    """Something a template declares by itself that belongs into another resource.

    ``owner`` is the value that names the owner (or a list of them), of type ``owner_type``; ``content`` what the owner gets, in
    the shape of its property ``fold.into``; ``origins`` the places of the content's own properties, by path.
    """

    id: str
    fold: Fold
    owner_type: str
    owner: Value
    content: Value
    origin: Origin
    region: str = ""
    origins: Mapping[str, Origin] = field(default_factory=dict)


@dataclass(slots=True)
class _Owner:
    """An owner while its satellites are put in."""

    resource: Resource
    properties: dict[str, Value] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)


def fold(inventory: Inventory, satellites: Iterable[Satellite]) -> list[Resource]:
    """The resources of ``inventory``, each with the satellites that belong into it.

    A satellite whose owner is decided at deploy, or hidden, may belong into any owner of its type: each gets it or does not, so
    that nothing passes for want of it. One that names an owner outside this source has no place here and is left out: whatever
    refers to that owner is unknown anyway.
    """
    owners = {
        resource.key: _Owner(resource, dict(resource.properties), dict(resource.origins)) for resource in inventory.resources
    }
    undecided: list[tuple[_Owner, Satellite]] = []
    for satellite in satellites:
        for value in satellite.owner if isinstance(satellite.owner, list) else [satellite.owner]:
            certain, maybe = _owners(inventory, satellite, value)
            for resource in certain:
                _put(owners[resource.key], satellite)
            undecided.extend((owners[resource.key], satellite) for resource in maybe)
    for owner, satellite in undecided:
        _put_maybe(owner, satellite)
    return [dataclasses.replace(item.resource, properties=item.properties, origins=item.origins) for item in owners.values()]


def _owners(inventory: Inventory, satellite: Satellite, value: Value) -> tuple[list[Resource], list[Resource]]:
    """The resources that own ``satellite``, and those that may."""
    near = Resource(satellite.fold.type, satellite.id, {}, satellite.origin, region=satellite.region)
    found = inventory.resolve(value, (satellite.owner_type,), near)
    if isinstance(found, Resource):
        return [found], []
    possible = found.values if isinstance(found, OneOf) else (found,)
    written = value.values if isinstance(value, OneOf) else (value,)
    owners = inventory.of_type(satellite.owner_type)
    if any(isinstance(item, Unknown) and item.kind is not Kind.OUTSIDE for item in possible):
        return [], owners
    if any(isinstance(item, Redacted) for item in written):
        return [], owners
    # a name that nothing bears may be that of an owner whose own is not known
    unfound = any(isinstance(item, Unknown) for item in possible) and any(isinstance(item, str) for item in written)
    return [], [item for item in owners if item in possible or (unfound and not inventory.is_named(item))]


def _put(owner: _Owner, satellite: Satellite) -> None:
    into = satellite.fold.into
    if not into:
        owner.properties.update(satellite.content)
        owner.origins.update(dict.fromkeys(satellite.content, satellite.origin))
        owner.origins.update(satellite.origins)
    elif into.endswith("[]"):
        place = _append(owner, into.removesuffix("[]"), satellite.content, satellite.origin)
        owner.origins.update({f"{place}.{path}": origin for path, origin in satellite.origins.items()})
    else:
        owner.properties[into] = satellite.content
        owner.origins[into] = satellite.origin
        owner.origins.update({f"{into}.{path}": origin for path, origin in satellite.origins.items()})


def _put_maybe(owner: _Owner, satellite: Satellite) -> None:
    into = satellite.fold.into
    if into.endswith("[]"):
        _append(owner, into.removesuffix("[]"), one_of([satellite.content, ABSENT]), satellite.origin)
        return
    for name, content in {into: satellite.content}.items() if into else satellite.content.items():
        owner.properties[name] = one_of([owner.properties.get(name, ABSENT), content])
        owner.origins.setdefault(name, satellite.origin)


def _append(owner: _Owner, name: str, item: Value, origin: Origin) -> str:
    """The place of ``item``, put at the end of a list; at the end of each where the list is one of several.

    A plan of what exists already tells a satellite twice: by itself, and as the provider read it with its owner.
    """
    held = owner.properties.get(name, ABSENT)
    if isinstance(held, list) and item in held:
        return f"{name}[{held.index(item)}]"
    owner.properties[name] = over(held, lambda one: [*_listed(one), item])
    longest = max(len(_listed(one)) for one in (held.values if isinstance(held, OneOf) else (held,)))
    place = f"{name}[{longest}]"
    owner.origins[place] = origin
    return place


def _listed(value: Value) -> list[Value]:
    return [] if value is ABSENT else value if isinstance(value, list) else [value]
