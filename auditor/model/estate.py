"""What belongs to the machine-learning estate of a source: machine learning itself and all that it reaches.

How a resource gets there stands on the records (``ResourceType.ml``, ``everywhere``, ``marks``, ``part_of``, ``references``).
"""

from __future__ import annotations

import json
import re
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from auditor.model.facts import Fact
from auditor.model.inventory import Gap, Inventory, Target
from auditor.model.paths import walk
from auditor.model.resource import GLOBAL, Resource
from auditor.model.resource_type import ResourceType
from auditor.model.values import Kind, OneOf, Presence, Text, Unknown, Value, encode

_Key: TypeAlias = tuple[str, str, str, str]
_OUTSIDE: Final = Fact(False, ("Nothing of machine learning here refers to it.",))


@dataclass(frozen=True, slots=True)
class _Step:
    """Why something belongs: a sentence, and whose membership that rests on."""

    because: str
    owner: _Key | None = None


@dataclass(slots=True)
class Estate:
    """``known`` belongs for sure; ``maybe`` may belong, and each says what would have to be known."""

    known: dict[_Key, _Step] = field(default_factory=dict)
    maybe: dict[_Key, Unknown] = field(default_factory=dict)

    def fact(self, resource: Resource) -> Fact:
        """Whether ``resource`` belongs, with the way that leads to it from machine learning."""
        if resource.key in self.known:
            return Fact(True, tuple(self._way(resource.key)))
        unknown = self.maybe.get(resource.key)
        return Fact(unknown) if unknown is not None else _OUTSIDE

    def _way(self, key: _Key | None) -> Iterator[str]:
        if key is not None:
            step = self.known[key]
            yield from self._way(step.owner)
            yield step.because


def in_estate(inventory: Inventory, resource: Resource) -> Fact:
    """The fact ``in_estate``: true, false, or unknown where something that may refer to ``resource`` is not known.

    In a template the estate is that of the template: what machine learning elsewhere may use is not looked for.
    """
    if inventory.estate is None:
        inventory.estate = _Search(inventory).estate_of()
    return inventory.estate.fact(resource)


def belongs_by_itself(record: ResourceType, resource: Resource) -> bool | Unknown:
    """Whether ``resource`` belongs whoever refers to it."""
    if record.ml or record.everywhere:
        return True
    doubts: list[Unknown] = []
    for path, pattern in record.marks.items():
        for _, value in walk(resource.properties, path):
            if re.search(pattern, value if isinstance(value, str) else json.dumps(encode(value))):
                return True
            doubts.extend(unknown for unknown in _unknowns(value) if unknown.kind is not Kind.OUTSIDE)
    return doubts[0] if doubts else False


@dataclass
class _Search:
    inventory: Inventory
    estate: Estate = field(default_factory=Estate)
    waiting: deque[tuple[Resource, str]] = field(default_factory=deque)
    """What is to be followed, and the type of the owner that it was reached from as a part."""
    as_part: set[_Key] = field(default_factory=set)
    """What was reached only as a part so far."""
    parts: defaultdict[_Key, list[tuple[Resource, str]]] = field(default_factory=lambda: defaultdict(list))
    """What belongs with its owner, by owner: the part, and the path of its reference."""
    doubts: list[tuple[Resource, Unknown]] = field(default_factory=list)
    """What may belong, found on the way."""
    doubted: dict[tuple[str, str, str], Unknown] = field(default_factory=dict)
    """Types of which any may belong, each in an account and region, with a reason."""
    unowned: list[tuple[Resource, Unknown, tuple[str, ...]]] = field(default_factory=list)
    """Parts of which it is not known to which owner, of these types, they belong."""
    unsure: Unknown | None = None
    """Why what is followed at the moment may not belong."""
    _resolved: dict[tuple[str, tuple[str, ...], str, str], Target] = field(default_factory=dict)

    def estate_of(self) -> Estate:
        self._index_parts()
        for gap in self.inventory.gaps:
            self._missed(gap)
        for resource in self.inventory:
            self._seed(resource)
        self._drain()
        while doubts := self._take_doubts():
            for resource, unknown in doubts:
                self.unsure = unknown
                self._reach(resource, _Step(unknown.reason))
                self._drain()
        return self.estate

    def _seed(self, resource: Resource) -> None:
        record = self.inventory.types.get(resource.type)
        if record is None:
            return
        belongs = belongs_by_itself(record, resource)
        if isinstance(belongs, Unknown):
            self.doubts.append((resource, belongs))
        elif belongs and resource.type in self.inventory.streamed:
            # there are too many to keep, and nobody asks about them
            self._follow(resource, record)
        elif belongs:
            self._reach(resource, _Step(f"{resource.id} is {self._what(record)}."))

    @staticmethod
    def _what(record: ResourceType) -> str:
        if record.ml:
            return f"machine learning: a{'n' if record.title[0] in 'aeiou' else ''} {record.title}"
        return "looked at wherever there is machine learning" if record.everywhere else "made for machine learning"

    def _drain(self) -> None:
        while self.waiting:
            resource, owner = self.waiting.popleft()
            self._follow(resource, self.inventory.types[resource.type], owner)
            for part, path in self.parts.get(resource.key, ()):
                self._reach(part, _Step(f"{part.id} belongs to {resource.id} ({path}).", resource.key), resource.type)

    def _reach(self, resource: Resource, step: _Step, owner: str = "") -> None:
        if resource.key in self.estate.known or resource.key in self.estate.maybe:
            if not owner and resource.key in self.as_part:
                self.as_part.remove(resource.key)
                self.waiting.append((resource, ""))
            return
        if owner:
            self.as_part.add(resource.key)
        if self.unsure is None:
            self.estate.known[resource.key] = step
        else:
            self.estate.maybe[resource.key] = self.unsure
        self.waiting.append((resource, owner))

    def _follow(self, resource: Resource, record: ResourceType, owner_type: str = "") -> None:
        owner = None if resource.type in self.inventory.streamed else resource.key
        for path, targets in record.references.items():
            if owner_type and self._are_siblings(targets, owner_type):
                continue
            for place, value in walk(resource.properties, path):
                for found in _each(self._resolve(value, targets, resource)):
                    if isinstance(found, Unknown):
                        self._may_be_any(value, found, targets, resource)
                    elif isinstance(value, OneOf):
                        reason = f"{resource.id} may name it ({place}): one of {len(value.values)}"
                        self.doubts.append((found, Unknown(Kind.DEFERRED, reason, Presence.MAYBE)))
                    else:
                        self._reach(found, _Step(f"{resource.id} names {found.id} ({place}).", owner))

    def _are_siblings(self, targets: tuple[str, ...], owner_type: str) -> bool:
        """Whether ``targets`` lie in the owner too: a VPC's route table names all subnets there, whoever they are for."""
        records = (self.inventory.types[target] for target in targets if target in self.inventory.types)
        return any(owner_type in named for record in records for named in record.references.values())

    def _resolve(self, value: Value, targets: tuple[str, ...], near: Resource) -> Target:
        if not isinstance(value, str):
            return self.inventory.resolve(value, targets, near)
        # a million jobs share a few buckets
        name = "/".join(value.split("/", 3)[:3]) if value.startswith("s3://") else value
        index = (name, targets, near.account, near.region)
        found = self._resolved.get(index)
        if found is None:
            found = self._resolved[index] = self.inventory.resolve(name, targets, near)
        return found

    def _may_be_any(self, value: Value, found: Unknown, targets: tuple[str, ...], near: Resource) -> None:
        """A value that is not known may name any resource of its types; a known one that leads nowhere names none of them."""
        if found.kind is not Kind.OUTSIDE and not isinstance(value, str):
            # of what only may belong itself, nothing was asked: it is not the reason
            reason = self.unsure or Unknown(found.kind, f"{near.id} may name it: {found.reason}", Presence.MAYBE)
            for target in targets:
                self.doubted.setdefault((target, near.account, near.region), reason)

    # -- what was not read -------------------------------------------------------------------------------------------------

    def _missed(self, gap: Gap) -> None:
        """Of a type that could not be listed, some may refer to, or hold, anything of the types that it can."""
        record = self.inventory.types.get(gap.type)
        if gap.resource or record is None:
            return
        reason = Unknown(Kind.UNREAD, f"{gap.operation} failed: {gap.code}", Presence.MAYBE)
        for targets in record.references.values():
            for target in targets:
                self.doubted.setdefault((target, gap.account, gap.region), reason)
        for part in self.inventory.types.values():
            if any(gap.type in part.references[path] for path in part.part_of):
                self.doubted.setdefault((part.name, gap.account, gap.region), reason)

    def _take_doubts(self) -> list[tuple[Resource, Unknown]]:
        """What may belong and was not followed yet."""
        doubted, self.doubted = self.doubted, {}
        doubts, self.doubts = [*self.doubts, *self._any_of(doubted), *self._parts_of_somebody()], []
        return [
            (item, unknown)
            for item, unknown in doubts
            if item.key not in self.estate.known and item.key not in self.estate.maybe
        ]

    def _parts_of_somebody(self) -> Iterator[tuple[Resource, Unknown]]:
        there = {key[2] for key in (*self.estate.known, *self.estate.maybe)}
        for part, unknown, owners in self.unowned:
            if not there.isdisjoint(owners):
                yield part, unknown

    def _any_of(self, doubted: dict[tuple[str, str, str], Unknown]) -> Iterator[tuple[Resource, Unknown]]:
        for (type_name, account, region), reason in doubted.items():
            if type_name in self.inventory.types and type_name not in self.inventory.streamed:
                for resource in self.inventory.of_type(type_name):
                    if resource.account == account and self._meet(resource, region):
                        yield resource, reason

    def _meet(self, resource: Resource, region: str) -> bool:
        live = self.inventory.types[resource.type].live
        lives_anywhere = live is not None and bool(live.region)
        return lives_anywhere or resource.region == region or GLOBAL in (resource.region, region)

    # -- parts -------------------------------------------------------------------------------------------------------------

    def _index_parts(self) -> None:
        for record in self.inventory.types.values():
            for path in record.part_of:
                for part in self.inventory.of_type(record.name):
                    self._index_part(part, path, record.references[path])

    def _index_part(self, part: Resource, path: str, targets: tuple[str, ...]) -> None:
        for _, value in walk(part.properties, path):
            for owner in _each(self._resolve(value, targets, part)):
                if isinstance(owner, Resource):
                    self.parts[owner.key].append((part, path))
                elif owner.kind is not Kind.OUTSIDE and not isinstance(value, str):
                    unknown = Unknown(owner.kind, f"not known whose it is: {owner.reason}", Presence.MAYBE)
                    self.unowned.append((part, unknown, targets))


def _each(found: Target) -> Iterator[Resource | Unknown]:
    """Everything that a value may lead to."""
    match found:
        case Resource() | Unknown():
            yield found
        case OneOf():
            for item in found.values:
                yield from _each(item)


def _unknowns(value: Value) -> Iterator[Unknown]:
    """Everything in ``value`` that is not known."""
    match value:
        case Unknown():
            yield value
        case dict():
            for item in value.values():
                yield from _unknowns(item)
        case list():
            for item in value:
                yield from _unknowns(item)
        case OneOf():
            for item in value.values:
                yield from _unknowns(item)
        case Text():
            for item in value.parts:
                yield from _unknowns(item)
