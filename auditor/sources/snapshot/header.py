"""The first line of a snapshot: who read what of which account and when, and what the rest of the file holds."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

import orjson

from auditor import __version__
from auditor.files.errors import InputError
from auditor.model.inventory import Gap
from auditor.model.scan import Identity
from auditor.model.shape import timestamp
from auditor.sources.batch import Collection
from auditor.sources.snapshot.line import MAX_LINE

FORMAT_VERSION: Final = 1
"""Raised when an older reader would misread a newer file. Fields are only ever added within a version."""

_FORMAT: Final = "auditor_snapshot"
BEGIN: Final = b'{"auditor_snapshot":'
"""How every snapshot begins, and nothing else does."""


@dataclass(frozen=True, slots=True)
class Section:
    """All lines of one type. They stand together, in the header's order, and fill the file to its end."""

    type: str
    count: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Header:
    """What a snapshot says of itself. ``version`` is that of the program that wrote it."""

    collection: Collection
    gaps: tuple[Gap, ...]
    sections: tuple[Section, ...]
    version: str = __version__

    @property
    def counts(self) -> dict[str, int]:
        """The number of resources of each type."""
        return {section.type: section.count for section in self.sections}


def encode_header(header: Header) -> bytes:
    """The header's line with its line end."""
    collection = header.collection
    return orjson.dumps(
        {
            _FORMAT: FORMAT_VERSION,
            "auditor_version": header.version,
            "collected_at": timestamp(collection.collected_at),
            "jobs_since": timestamp(collection.jobs_since) if collection.jobs_since else None,
            "identity": asdict(collection.identity),
            "partition": _partition(collection.identity.arn),
            "regions": collection.regions,
            "quiet_regions": collection.quiet_regions,
            "resources": [asdict(section) for section in header.sections],
            "calls": dict(sorted(collection.calls.items())),
            "gaps": [gap_out(gap) for gap in header.gaps],
        },
        option=orjson.OPT_APPEND_NEWLINE,
    )


def _partition(arn: str) -> str:
    return arn.split(":")[1] if arn.startswith("arn:") else ""


def gap_out(gap: Gap) -> dict[str, Any]:
    """A gap as JSON, without what is empty. Names and messages that are not text through and through are made so."""
    return {
        name: value.encode(errors="replace").decode() if isinstance(value, str) else value
        for name, value in asdict(gap).items()
        if value
    }


def gap_in(found: Mapping[str, Any]) -> Gap:
    """The inverse of ``gap_out``. Raises ``TypeError`` where it is not a gap."""
    gap = Gap(**{"account": "", "region": "", "message": "", **found, "provides": _texts(found.get("provides", []))})
    _texts([gap.account, gap.region, gap.operation, gap.type, gap.code, gap.message, gap.resource])
    return gap


def _texts(found: Any) -> tuple[str, ...]:
    if not (isinstance(found, list) and all(isinstance(item, str) for item in found)):
        raise TypeError("a list of texts expected")
    return tuple(found)


def read_header(file: BinaryIO, path: Path) -> Header:
    """The header, leaving ``file`` at the first resource. Raises ``InputError`` where it is no snapshot this version reads."""
    line = file.readline(MAX_LINE)
    if not line.startswith(BEGIN):
        raise InputError(f"not a snapshot: {BEGIN.decode()} expected at its beginning", file=str(path), line=1)
    try:
        found = orjson.loads(line)
        version = found[_FORMAT]
        if not isinstance(version, int) or version > FORMAT_VERSION:
            writer = found.get("auditor_version", "unknown")
            message = (
                f"format {version}, written by auditor {writer}; this version reads up to {FORMAT_VERSION}: upgrade auditor"
            )
            raise InputError(message, file=str(path), line=1, key=_FORMAT)
        return _header(found)
    except KeyError as error:
        raise InputError("is missing from the header", file=str(path), line=1, key=str(error.args[0])) from error
    except (TypeError, ValueError, AttributeError) as error:
        raise InputError(f"the header cannot be read: {error}", file=str(path), line=1) from error


def _header(found: Mapping[str, Any]) -> Header:
    since = found.get("jobs_since")
    collection = Collection(
        identity=Identity(*_texts([found["identity"]["account"], found["identity"]["arn"]])),
        collected_at=_time(found["collected_at"], "collected_at"),
        regions=_texts(found["regions"]),
        quiet_regions=_texts(found["quiet_regions"]),
        calls={operation: _whole(count) for operation, count in found["calls"].items()},
        jobs_since=_time(since, "jobs_since") if since is not None else None,
    )
    sections = tuple(_section(section) for section in found["resources"])
    if len({section.type for section in sections}) < len(sections):
        raise ValueError("a type stands twice among the resources")
    return Header(collection, tuple(gap_in(gap) for gap in found["gaps"]), sections, str(found["auditor_version"]))


def _time(text: str, key: str) -> datetime.datetime:
    found = datetime.datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(f"{key} lacks its offset")
    return found


def _section(found: Mapping[str, Any]) -> Section:
    return Section(_texts([found["type"]])[0], _whole(found["count"]), _whole(found["bytes"]))


def _whole(number: Any) -> int:
    if type(number) is not int or number < 0:
        raise ValueError(f"a whole number expected, not {number!r}")
    return number
