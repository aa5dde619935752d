"""From batches to a snapshot: journaled as they come, put together at the end."""

from __future__ import annotations

import heapq
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from auditor.files.atomic import replacing
from auditor.model.resource import GLOBAL
from auditor.sources.batch import Batch, Collection, Resources, Unit
from auditor.sources.snapshot.header import Header, Section, encode_header
from auditor.sources.snapshot.journal import Journal, Run, open_journal, writing
from auditor.sources.snapshot.line import distinct
from auditor.types import leaf_types


def write_snapshot(path: Path, run: Run, collect: Callable[[Run, Mapping[Unit, Resources]], Iterable[Batch]]) -> Header:
    """Write the snapshot ``path`` from the batches that ``collect`` hands over, and return its header.

    ``collect`` is given the run, which may have begun earlier, and the units that it has finished before; it reads the others.
    Each batch is kept on disk as it comes (in ``<path>.partial``, beside the file), so no more than one is in memory, and after
    an interruption of any kind ``path`` is as it was before: the same call then goes on where the last one stopped. A resumed
    snapshot's time of collection is that of its first run.

    Raises ``InputError`` where ``path`` cannot be written, another run's unfinished work lies beside it, or another process is at it.
    """
    with open_journal(path, run) as journal:
        for batch in collect(journal.run, journal.done):
            with writing(path):
                journal.add(batch)
        with writing(path):
            header = _assemble(journal, path)
            journal.remove()
        return header


def _assemble(journal: Journal, path: Path) -> Header:
    body, whole = journal.folder / "body", journal.folder / "whole"
    with body.open("wb") as file:
        sections = tuple(_section(journal, type_name, file) for type_name in _order({unit[2] for unit in journal.units}))
    gaps = sorted(
        (gap for finished in journal.units.values() for gap in finished.gaps),
        key=lambda gap: (gap.type, gap.account, gap.region, gap.resource, gap.operation),
    )
    header = Header(_collection(journal), tuple(gaps), sections)
    with replacing(whole) as file, body.open("rb") as lines:
        file.write(encode_header(header))
        shutil.copyfileobj(lines, file, 1 << 20)
    whole.replace(path)
    return header


def _order(types: Iterable[str]) -> list[str]:
    """What others refer to first; leaves last, so that a reader streams the end of the file."""
    leaves = leaf_types()
    return sorted(types, key=lambda name: (name in leaves, name))


def _section(journal: Journal, type_name: str, out: BinaryIO) -> Section:
    count, start = 0, out.tell()
    with ExitStack() as opened:
        files = [opened.enter_context(journal.lines_of(unit).open("rb")) for unit in journal.units if unit[2] == type_name]
        lines: Iterator[bytes] = distinct(heapq.merge(*files))
        for line in lines:
            out.write(line)
            count += 1
    return Section(type_name, count, out.tell() - start)


def _collection(journal: Journal) -> Collection:
    calls: dict[str, int] = {}
    for finished in journal.units.values():
        for operation, count in finished.calls.items():
            calls[operation] = calls.get(operation, 0) + count
    regions = {region for finished in journal.units.values() for region in finished.regions}
    quiet = {unit[1] for unit in journal.units} - regions - {GLOBAL}
    run = journal.run
    return Collection(run.identity, run.started, tuple(sorted(regions)), tuple(sorted(quiet)), calls, run.since)
