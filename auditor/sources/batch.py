"""What a collector hands over, one unit at a time: the seam between reading an account and keeping or judging what was read."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol, TypeAlias

from auditor.model.inventory import REGION, Gap, Inventory, SourceKind
from auditor.model.resource import Resource
from auditor.model.resource_type import ResourceType
from auditor.model.scan import Identity

Unit: TypeAlias = tuple[str, str, str]
"""Account, region (``global`` for what is read once per account) and type name: the smallest thing that is read whole."""


JOBS_SINCE: Final = datetime.timedelta(days=90)
"""How long before a reading a job may have been made, unless somebody says otherwise; of an older one nothing is asked."""


class Resources(Protocol):
    """The resources of a unit, wherever they are kept."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Resource]: ...


@dataclass(frozen=True, slots=True)
class Batch:
    """Everything of one unit: what was read and what was not. ``calls`` counts the requests made, by operation."""

    unit: Unit
    resources: tuple[Resource, ...] = ()
    gaps: tuple[Gap, ...] = ()
    calls: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Collection:
    """Who read what and when, beside the resources themselves. ``collected_at`` is in UTC, to the second."""

    identity: Identity
    collected_at: datetime.datetime
    regions: tuple[str, ...] = ()
    """The regions with machine learning in them, which were read in full."""
    quiet_regions: tuple[str, ...] = ()
    """The regions that were probed and hold none."""
    calls: Mapping[str, int] = field(default_factory=dict)
    jobs_since: datetime.datetime | None = None
    """When the oldest jobs that were asked for were made; nothing where all were."""


def gather(
    batches: Iterable[Batch],
    identity: Identity,
    collected_at: datetime.datetime,
    types: Mapping[str, ResourceType],
    name: str,
    jobs_since: datetime.datetime | None = None,
) -> tuple[Inventory, Collection]:
    """The inventory of a live account from its batches, all kept in memory, in a stable order (type, region, id)."""
    resources: list[Resource] = []
    gaps: list[Gap] = []
    calls: dict[str, int] = {}
    probed: set[str] = set()
    for batch in batches:
        resources.extend(batch.resources)
        gaps.extend(batch.gaps)
        probed.add(batch.unit[1])
        for operation, count in batch.calls.items():
            calls[operation] = calls.get(operation, 0) + count
    resources.sort(key=lambda item: (item.type, item.account, item.region, item.id))
    gaps.sort(key=lambda gap: (gap.type, gap.account, gap.region, gap.resource, gap.operation))
    read = frozenset((item.account, item.region) for item in resources if item.type == REGION)
    inventory = Inventory(SourceKind.LIVE, name, types, collected_at, resources=resources, gaps=gaps, read=read)
    regions = tuple(sorted({region for _, region in read}))
    quiet = tuple(sorted(probed - set(regions) - {"global"}))
    return inventory, Collection(identity, collected_at, regions, quiet, dict(sorted(calls.items())), jobs_since)
