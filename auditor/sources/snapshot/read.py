"""From a snapshot to an inventory: what others refer to in memory, leaves streamed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from auditor.files.errors import InputError
from auditor.model.inventory import ACCOUNT, NOT_COLLECTED, REGION, Gap, Inventory, SourceKind
from auditor.model.resource import GLOBAL, Resource
from auditor.model.resource_type import ResourceType
from auditor.sources.batch import Collection
from auditor.sources.snapshot.header import Header, Section, read_header
from auditor.sources.snapshot.line import MAX_LINE, resource_of
from auditor.types import leaf_types


@dataclass(frozen=True, slots=True)
class _Place:
    """A section and where it begins: byte offset, line from 1."""

    section: Section
    offset: int
    line: int


def open_snapshot(
    path: Path, types: Mapping[str, ResourceType], keep: frozenset[str] = frozenset()
) -> tuple[Inventory, Collection]:
    """The inventory of a snapshot, and who collected it when.

    Leaf types, and types this version has no record of, are read from the file again each time the inventory is gone through,
    unless ``keep`` names them; the rest is in memory. Raises ``InputError`` with file and line where the file is not a whole
    snapshot; for what is streamed, when it is streamed.
    """
    try:
        with path.open("rb") as file:
            header = read_header(file, path)
            places = _places(header, file, path)
            streamed = [place for place in places if _is_streamed(place.section.type, types, keep)]
            kept = [place for place in places if place not in streamed]
            resources = [resource for place in kept for resource in _resources(file, path, place)]
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=str(path)) from error
    read = frozenset((item.account, item.region) for item in resources if item.type == REGION)
    inventory = Inventory(
        SourceKind.SNAPSHOT,
        str(path),
        types,
        header.collection.collected_at,
        resources=resources,
        leaves=(lambda: _stream(path, header, streamed)) if streamed else None,
        streamed=frozenset(place.section.type for place in streamed),
        gaps=[*header.gaps, *_not_collected(header, types, read)],
        read=read,
    )
    return inventory, header.collection


def _not_collected(header: Header, types: Mapping[str, ResourceType], read: frozenset[tuple[str, str]]) -> Iterator[Gap]:
    """A gap for each listing that whoever took the snapshot did not ask for: none of it here does not mean there is none.

    Nor does it mean that a region without other machine learning is quiet.
    """
    account = header.collection.identity.account
    quiet = {(account, region) for region in header.collection.quiet_regions}
    for name in sorted(types.keys() - header.counts.keys()):
        record = types[name]
        if record.live is not None:
            probed = read | quiet if record.ml else read
            for place in sorted(probed) if record.live.scope == "region" else [(account, GLOBAL)]:
                yield Gap(*place, record.live.listing.operation, name, NOT_COLLECTED, "the snapshot was taken without it")


def _is_streamed(type_name: str, types: Mapping[str, ResourceType], keep: frozenset[str]) -> bool:
    if type_name in keep or type_name in (ACCOUNT, REGION):
        return False
    return type_name in leaf_types() or type_name not in types


def _places(header: Header, file: BinaryIO, path: Path) -> list[_Place]:
    offset, line = file.tell(), 2
    places: list[_Place] = []
    for section in header.sections:
        places.append(_Place(section, offset, line))
        offset += section.bytes
        line += section.count
    size = os.fstat(file.fileno()).st_size
    if size != offset:
        last = sum(1 for _ in file) + 1
        message = f"{offset:,} bytes expected in all, {size:,} found: the file was cut off or changed after it was written"
        raise InputError(message, file=str(path), line=last)
    return places


def _stream(path: Path, header: Header, places: list[_Place]) -> Iterator[Resource]:
    try:
        with path.open("rb") as file:
            if read_header(file, path) != header:
                raise InputError("was replaced while it was being read", file=str(path))
            for place in places:
                yield from _resources(file, path, place)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=str(path)) from error


def _resources(file: BinaryIO, path: Path, place: _Place) -> Iterator[Resource]:
    file.seek(place.offset)
    previous, last = b"", None
    for number in range(place.line, place.line + place.section.count):
        line = file.readline(MAX_LINE)
        try:
            resource = resource_of(line)
        except ValueError as error:
            raise InputError(f"not a line of a snapshot: {error}", file=str(path), line=number) from error
        if line <= previous or (last is not None and resource.id == last.id and resource.key == last.key):
            raise _misplaced(resource, last, path, number)
        if resource.type != place.section.type:
            raise InputError(f"{resource.type} found among {place.section.type}", file=str(path), line=number)
        yield resource
        previous, last = line, resource
    if file.tell() != place.offset + place.section.bytes:
        message = f"{place.section.count:,} {place.section.type} expected; the header does not fit the lines"
        raise InputError(message, file=str(path), line=place.line + place.section.count)


def _misplaced(resource: Resource, last: Resource | None, path: Path, line: int) -> InputError:
    if last is not None and resource.key == last.key:
        return InputError(f"{resource.type} {resource.id} stands twice", file=str(path), line=line)
    return InputError(f"{resource.type} {resource.id} stands out of order", file=str(path), line=line)
