"""Reading a live account, for a rule book or into a snapshot."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.audit.evaluate import needed_types
from auditor.audit.scan import Source
from auditor.model.resource_type import ResourceType
from auditor.rules import Book
from auditor.sources.batch import JOBS_SINCE, Batch, Resources, Unit, gather
from auditor.types import all_types

if TYPE_CHECKING:
    from auditor.sources.aws.session import Session
    from auditor.sources.snapshot import Header


def needed_records(book: Book) -> Mapping[str, ResourceType]:
    """The records of what ``book`` looks at, and of everything that tells whether a region holds machine learning."""
    needed = needed_types(book)
    return {name: record for name, record in all_types().items() if name in needed or record.ml}


def read_account(
    session: Session,
    book: Book,
    regions: tuple[str, ...] = (),
    progress: Callable[[Unit, int], None] | None = None,
    jobs: datetime.timedelta = JOBS_SINCE,
) -> Source:
    """Everything that ``book`` needs of the session's account, of jobs those made no longer than ``jobs`` ago.

    What could not be read is in the inventory's gaps.

    Raises ``InputError`` where there are no credentials or a region's name is wrong.
    """
    from auditor.sources.aws import collect

    identity = session.identity()
    collected_at = _now()
    types = needed_records(book)
    since = collected_at - jobs
    batches = collect(session, types, regions or None, progress=progress, since=since)
    inventory, collection = gather(batches, identity, collected_at, types, f"account {identity.account}", since)
    return Source(inventory, collection=collection)


def take_snapshot(
    session: Session,
    path: Path,
    regions: tuple[str, ...] = (),
    progress: Callable[[Unit, int], None] | None = None,
    jobs: datetime.timedelta = JOBS_SINCE,
) -> Header:
    """Read everything that any rule could ask for into the snapshot ``path``, going on where an interrupted run stopped.

    Of jobs, those made no longer than ``jobs`` ago.

    Raises ``InputError`` where there are no credentials, a region's name is wrong, or ``path`` cannot be written.
    """
    from auditor.sources.aws import collect
    from auditor.sources.snapshot import Run, write_snapshot

    def read(run: Run, done: Mapping[Unit, Resources]) -> Iterable[Batch]:
        return collect(session, all_types(), regions or None, done=done, progress=progress, since=run.since)

    return write_snapshot(path, Run(session.identity(), _now(), regions, jobs), read)


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC).replace(microsecond=0)
