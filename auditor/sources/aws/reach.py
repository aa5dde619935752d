"""What the estate reaches, as far as it is read: of everything else, no single thing is asked about."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Generic, TypeAlias, TypeVar

from auditor.model.estate import belongs_by_itself
from auditor.model.inventory import behind_gateway, names_of
from auditor.model.paths import walk
from auditor.model.resource import Resource
from auditor.model.resource_type import ResourceType
from auditor.model.values import Value

T = TypeVar("T")

_Name: TypeAlias = tuple[str, str]
"""A type, and a name that one of its resources may bear."""
_URI: Final = "s3://"


@dataclass(slots=True)
class _Thing(Generic[T]):
    """What is known of a resource: its names, those it refers to, and those of its owners."""

    names: tuple[_Name, ...]
    refers: tuple[_Name, ...]
    owners: tuple[_Name, ...]
    token: T | None
    reached: bool = False


@dataclass(frozen=True, slots=True)
class _Paths:
    """Where a type's references stand, each with the types it may name that have to be reached to belong."""

    refers: tuple[tuple[str, tuple[str, ...]], ...]
    owners: tuple[tuple[str, tuple[str, ...]], ...]


class Reach(Generic[T]):
    """Fed with every resource that is read, in any order, it hands out the tokens of those that turn out to belong.

    What belongs here is no less than what the estate knows to belong (``model.estate``), once all is read: a name is taken to mean
    whatever bears it, in any region. Of what is no longer of interest, only the names are kept.
    """

    def __init__(self, types: Mapping[str, ResourceType]) -> None:
        self._types = types
        self._named: set[_Name] = set()
        """What the estate refers to."""
        self._held: set[_Name] = set()
        """The names of what it reaches, of the types with which others belong."""
        self._by_name: dict[_Name, list[_Thing[T]]] = {}
        self._by_owner: dict[_Name, list[_Thing[T]]] = {}
        self._woken: list[T] = []
        self._sure = frozenset(name for name, record in types.items() if record.ml or record.everywhere)
        self._paths = {name: self._paths_of(record) for name, record in types.items()}
        self._owning = frozenset(
            target for record in types.values() for path in record.part_of for target in record.references[path]
        )

    def add(self, resource: Resource, token: T | None = None, *, reached: bool = False) -> None:
        """Learn of a resource. Where it is ``reached`` already, there is more to know of it than before."""
        record = self._types.get(resource.type)
        if record is None:
            return
        thing = self._thing(resource, record, token)
        if reached or self._is_reached(thing) or belongs_by_itself(record, resource) is not False:
            self._reach(thing)
            return
        for name in thing.names:
            self._by_name.setdefault(name, []).append(thing)
        for owner in thing.owners:
            self._by_owner.setdefault(owner, []).append(thing)

    def taken(self) -> list[T]:
        """The tokens of what was reached since they were taken last."""
        woken, self._woken = self._woken, []
        return woken

    def _is_reached(self, thing: _Thing[T]) -> bool:
        return not self._named.isdisjoint(thing.names) or not self._held.isdisjoint(thing.owners)

    def _reach(self, first: _Thing[T]) -> None:
        waiting = deque([first])
        while waiting:
            thing = waiting.popleft()
            if thing.reached:
                continue
            thing.reached = True
            if thing.token is not None:
                self._woken.append(thing.token)
                # it may wait under further names
                thing.token = None
            for name in thing.refers:
                self._named.add(name)
                waiting.extend(self._by_name.pop(name, ()))
            for name in thing.names:
                if name[0] in self._owning:
                    self._held.add(name)
                    waiting.extend(self._by_owner.pop(name, ()))

    # -- one resource ------------------------------------------------------------------------------------------------------

    def _paths_of(self, record: ResourceType) -> _Paths:
        return _Paths(
            tuple((path, self._unsure(targets)) for path, targets in record.references.items() if self._unsure(targets)),
            tuple((path, record.references[path]) for path in record.part_of),
        )

    def _unsure(self, targets: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(target for target in targets if target in self._types and target not in self._sure)

    def _thing(self, resource: Resource, record: ResourceType, token: T | None) -> _Thing[T]:
        paths = self._paths[resource.type]
        matter = resource.type not in self._sure or resource.type in self._owning
        names = tuple((resource.type, name) for name in _own_names(resource, record)) if matter else ()
        refers, owners = (
            tuple((target, name) for path, targets in found for name in _names_at(resource, path) for target in targets)
            for found in (paths.refers, paths.owners)
        )
        return _Thing(names, refers, owners, token)


def _own_names(resource: Resource, record: ResourceType) -> set[str]:
    found = {resource.id, resource.arn}
    for path in record.identifiers:
        found.update(value for _, value in walk(resource.properties, path) if isinstance(value, str))
    return found - {""}


def _names_at(resource: Resource, path: str) -> Iterator[str]:
    for _, value in walk(resource.properties, path):
        yield from _names_in(value)


def _names_in(value: Value) -> Iterator[str]:
    if isinstance(value, str):
        # of the address of an object, which are a million, the bucket alone is a name
        yield from names_of(behind_gateway(value)) if not value.startswith(_URI) else (_bucket_of(value),)


def _bucket_of(uri: str) -> str:
    return uri.removeprefix(_URI).split("/", 1)[0]
