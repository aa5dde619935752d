"""What has been read so far, one finished unit at a time, so that an interrupted snapshot goes on where it stopped.

A unit lies in two files: its lines, then its record. The record is written last and whole: a unit with a record is finished.
"""

from __future__ import annotations

import datetime
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO, Final

import orjson

from auditor import __version__
from auditor.files.atomic import replacing
from auditor.files.errors import InputError
from auditor.model.inventory import REGION, Gap
from auditor.model.resource import Resource
from auditor.model.scan import Identity
from auditor.model.shape import timestamp
from auditor.sources.batch import JOBS_SINCE, Batch, Resources, Unit
from auditor.sources.snapshot.header import gap_in, gap_out, read_header
from auditor.sources.snapshot.line import MAX_LINE, distinct, head_of, line_of, resource_of

MAX_AGE: Final = datetime.timedelta(days=1)
"""A snapshot is one picture of an account: an interrupted one is not resumed later than this."""

_MANIFEST: Final = "manifest.json"


@dataclass(frozen=True, slots=True)
class Run:
    """Which snapshot is being taken: of whom, from when (UTC), of which regions (empty: of all), with jobs from how long before."""

    identity: Identity
    started: datetime.datetime
    regions: tuple[str, ...] = ()
    jobs: datetime.timedelta = JOBS_SINCE

    @property
    def since(self) -> datetime.datetime:
        """No job made before this is read."""
        return self.started - self.jobs


@dataclass(frozen=True, slots=True)
class Finished:
    """The record of a finished unit."""

    unit: Unit
    count: int
    regions: tuple[str, ...]
    """The regions that the unit's resources show to have been read: those of ``Auditor::Region``."""
    gaps: tuple[Gap, ...]
    calls: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Lines:
    """The resources of a finished unit, read from its file each time they are gone through."""

    path: Path
    count: int

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[Resource]:
        try:
            with self.path.open("rb") as file:
                while line := file.readline(MAX_LINE):
                    yield resource_of(line)
        except (OSError, ValueError) as error:
            raise _unreadable(self.path.parent) from error


@dataclass(slots=True)
class Journal:
    """The finished units of one run, in a folder beside the snapshot that they will become."""

    folder: Path
    run: Run
    units: dict[Unit, Finished] = field(default_factory=dict)

    @property
    def done(self) -> dict[Unit, Resources]:
        """The units that need not be read again, with their resources."""
        return {unit: _Lines(self.lines_of(unit), finished.count) for unit, finished in self.units.items()}

    def add(self, batch: Batch) -> None:
        """Keep a unit, in place of what was kept of it before. Raises ``ValueError`` for a resource of another type."""
        lines, record = self.lines_of(batch.unit), self._record_of(batch.unit)
        record.unlink(missing_ok=True)
        with replacing(lines) as file:
            count = _write(file, batch)
        regions = sorted({item.region for item in batch.resources if item.type == REGION})
        finished = Finished(batch.unit, count, tuple(regions), batch.gaps, dict(batch.calls))
        _write_json(record, {**asdict(finished), "gaps": [gap_out(gap) for gap in batch.gaps]})
        self.units[batch.unit] = finished

    def lines_of(self, unit: Unit) -> Path:
        """The file with a unit's lines, sorted."""
        return self.folder / f"{_name(unit)}.lines"

    def _record_of(self, unit: Unit) -> Path:
        return self.folder / f"{_name(unit)}.json"

    def remove(self) -> None:
        """Forget the run. The manifest goes first: what is left by an interruption is then no journal any more."""
        (self.folder / _MANIFEST).unlink(missing_ok=True)
        shutil.rmtree(self.folder)


@contextmanager
def open_journal(target: Path, run: Run) -> Iterator[Journal]:
    """The journal of the snapshot ``target``: that of the interrupted run, or a new one. It is ours alone for the block.

    Raises ``InputError`` where the folder holds a run that is not this one, is under way or too old, or cannot be read or written.
    """
    folder = target.with_name(f"{target.name}.partial")
    with writing(folder):
        if target.is_dir():
            raise InputError("is a folder; a file expected", file=str(target))
        folder.mkdir(mode=0o700, exist_ok=True)
    with _alone(folder):
        with writing(folder):
            journal = _interrupted(folder, target, run) or _new(folder, run)
        yield journal


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep every other process out of ``folder`` until the block ends, or this process does in whatever way."""
    if sys.platform == "win32":
        yield  # nobody can lock a folder there
        return
    import fcntl

    with writing(folder):
        handle = os.open(folder, os.O_RDONLY)
    try:
        with writing(folder):
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise InputError("another auditor is taking this snapshot; write to another file", file=str(folder)) from error
        yield
    finally:
        os.close(handle)


def _new(folder: Path, run: Run) -> Journal:
    for left in folder.iterdir():
        left.unlink()
    _write_json(folder / _MANIFEST, _manifest(run))
    return Journal(folder, run)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn what the system refuses (no space, no permission) into an ``InputError`` about ``path``."""
    try:
        yield
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror or error}", file=str(path)) from error


def _interrupted(folder: Path, target: Path, run: Run) -> Journal | None:
    if not (folder / _MANIFEST).exists():
        return None
    try:
        found = orjson.loads((folder / _MANIFEST).read_bytes())
        started = datetime.datetime.fromisoformat(found["started"])
        if _became(target, started):
            return None
        _same_run(found, started, run, folder)
        records = (orjson.loads(file.read_bytes()) for file in folder.glob("*.json") if file.name != _MANIFEST)
        # what failed is read again, and forgotten until then: this time there may be no such unit
        units = {finished.unit: finished for finished in map(_finished, records) if not finished.gaps}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _unreadable(folder) from error
    return Journal(folder, replace(run, started=started), units)


def _manifest(run: Run) -> dict[str, Any]:
    return {
        "auditor_version": __version__,
        "account": run.identity.account,
        "regions": sorted(run.regions),
        "started": timestamp(run.started),
        "jobs": f"{run.jobs.days}d",
    }


_OF_ANOTHER: Final = {
    "auditor_version": "taken by auditor {}",
    "account": "of account {}",
    "regions": "of regions: {}",
    "jobs": "with jobs since {}",
}


def _same_run(found: Mapping[str, Any], started: datetime.datetime, run: Run, folder: Path) -> None:
    wanted = _manifest(run)
    for key, difference in _OF_ANOTHER.items():
        if found[key] != wanted[key]:
            theirs = (", ".join(found[key]) or "all") if key == "regions" else found[key]
            raise _refused(folder, f"holds an interrupted snapshot {difference.format(theirs)}")
    if run.started - started > MAX_AGE:
        raise _refused(folder, f"holds a snapshot interrupted too long ago (begun {found['started']})")


def _unreadable(folder: Path) -> InputError:
    return _refused(folder, "holds an interrupted snapshot that cannot be read")


def _refused(folder: Path, why: str) -> InputError:
    return InputError(f"{why}; remove this folder to begin anew, or write to another file", file=str(folder))


def _became(target: Path, started: datetime.datetime) -> bool:
    """Whether the run begun then is already at ``target``: it ended between putting it there and removing the journal."""
    try:
        with target.open("rb") as file:
            return read_header(file, target).collection.collected_at == started
    except (OSError, InputError):
        return False


def _finished(found: Mapping[str, Any]) -> Finished:
    account, region, type_name = found["unit"]
    gaps = tuple(gap_in(gap) for gap in found["gaps"])
    return Finished((account, region, type_name), found["count"], tuple(found["regions"]), gaps, found["calls"])


def _name(unit: Unit) -> str:
    return ".".join(unit).replace("::", "-")


def _write(file: BinaryIO, batch: Batch) -> int:
    if any(resource.type != batch.unit[2] for resource in batch.resources):
        raise ValueError(f"the unit {batch.unit} holds another type")
    count = 0
    # sorted by their heads and then turned into lines one by one: a region can have a million jobs
    for line in distinct(map(line_of, sorted(batch.resources, key=head_of))):
        file.write(line)
        count += 1
    return count


def _write_json(path: Path, value: object) -> None:
    with replacing(path) as file:
        file.write(orjson.dumps(value))
