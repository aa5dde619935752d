"""Reading a live account for a rule book."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from auditor.audit.evaluate import needed_types
from auditor.audit.scan import Source
from auditor.model.resource_type import ResourceType
from auditor.rules import Book
from auditor.sources.batch import Unit, gather
from auditor.types import all_types

if TYPE_CHECKING:
    from auditor.sources.aws.session import Session


def needed_records(book: Book) -> Mapping[str, ResourceType]:
    """The records of what ``book`` looks at, and of everything that tells whether a region holds machine learning."""
    needed = needed_types(book)
    return {name: record for name, record in all_types().items() if name in needed or record.ml}


def read_account(
    session: Session, book: Book, regions: tuple[str, ...] = (), progress: Callable[[Unit, int], None] | None = None
) -> Source:
    """Everything that ``book`` needs of the session's account. What could not be read is in the inventory's gaps.

    Raises ``InputError`` where there are no credentials or a region's name is wrong.
    """
    from auditor.sources.aws import collect

    identity = session.identity()
    collected_at = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    types = needed_records(book)
    batches = collect(session, types, regions or None, progress=progress)
    inventory, collection = gather(batches, identity, collected_at, all_types(), f"account {identity.account}")
    return Source(inventory, collection=collection)
