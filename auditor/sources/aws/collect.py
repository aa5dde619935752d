"""Reading a live account: which units there are, and in which regions there is anything to read."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

from auditor.model.inventory import ACCOUNT, REGION, Gap
from auditor.model.resource import GLOBAL, Origin, Resource
from auditor.model.resource_type import ACCOUNT_ID, SINCE, ResourceType
from auditor.sources.aws.calls import WORKERS, UnansweredError
from auditor.sources.aws.tags import Tags
from auditor.sources.aws.tasks import Tasks
from auditor.sources.aws.units import Units
from auditor.sources.batch import Batch, Resources, Unit

if TYPE_CHECKING:
    from auditor.sources.aws.session import Session

Progress: TypeAlias = Callable[[Unit, int], None]
"""Told of each unit that was read, and how many resources it holds."""
EVER: Final = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
"""Before anything in any account was made."""


def collect(
    session: Session,
    types: Mapping[str, ResourceType],
    regions: Iterable[str] | None = None,
    done: Mapping[Unit, Resources] | None = None,
    progress: Progress | None = None,
    executor: Executor | None = None,
    *,
    tags: bool = False,
    since: datetime.datetime = EVER,
) -> Iterator[Batch]:
    """Everything of ``types`` in the account of ``session``, a batch for each unit, as units come in.

    ``regions`` limits the reading to some; all enabled ones otherwise. A region is first probed with the listings of the ``ml``
    types. Where all of them answer and hold nothing it is quiet, and nothing else is asked there. Every other region is read in
    full and gets an ``Auditor::Region``: a probe that failed does not make a region quiet. Where ``types`` has no ``ml`` type,
    no region is quiet.

    Everything is listed; single things are asked about (``Live.each``) as soon as they turn out to belong to the estate. Of those
    that never do, what was not asked is ``unit.NOT_ASKED``. Where ``types`` has no ``ml`` type, everything is asked about.

    ``done`` are units read before, without gaps: they still tell whether a region is quiet and what belongs to the estate. They are
    read again only where they hold something that does and was not asked about. ``executor`` runs the units, in threads of this
    process; by default a pool of its own that ends with the iteration. Where the iteration is given up, a thread whose request AWS
    does not answer lives until that times out. ``tags`` asks for the tags of what does not answer them by itself. Of jobs, none made
    before ``since`` is read.

    No AWS error is raised: what is not answered is in the batches' gaps. Raises ``InputError``, before anything is read, where
    there are no valid credentials or a region's name is wrong.
    """
    account = session.identity().account
    try:
        names, lost = session.regions(regions), None
    except UnansweredError as error:
        names, lost = session.known_regions(), error
    pool = executor or ThreadPoolExecutor(WORKERS, thread_name_prefix="auditor")
    units = Units(session, types, Tags(tags), {SINCE: since, ACCOUNT_ID: account}, Tasks(pool))
    return _Run(units, account, done or {}).batches(names, lost, progress or _silent, None if executor else pool)


def _silent(unit: Unit, count: int) -> None:
    """Nobody wants to know."""


@dataclass(slots=True)
class _Probe:
    """What is known of a region so far: the ML units that are not in yet, and whether it may hold anything."""

    waiting: set[Unit]
    quiet: bool


@dataclass(slots=True)
class _Run:
    units: Units
    account: str
    done: Mapping[Unit, Resources]
    probes: dict[str, _Probe] = field(default_factory=dict)

    def batches(
        self, regions: tuple[str, ...], lost: UnansweredError | None, progress: Progress, pool: Executor | None
    ) -> Iterator[Batch]:
        """All batches; ``pool`` ends with them."""
        try:
            for batch in self._batches(regions, lost):
                progress(batch.unit, len(batch.resources))
                yield batch
        finally:
            late = self.units.tasks.give_up()
            if pool is not None:
                pool.shutdown(wait=not late)

    def _batches(self, regions: tuple[str, ...], lost: UnansweredError | None) -> Iterator[Batch]:
        if lost is not None:
            yield self._without_regions(lost)
        for unit, resources in self.done.items():
            self.units.learn(unit, resources)
        self._begin(GLOBAL, self._named(lambda record: _scope(record) == GLOBAL))
        for region in regions:
            machine_learning = self._regional(region, ml=True)
            self.probes[region] = self._probe(region, machine_learning)
            self._begin(region, machine_learning)
        for region in regions:
            yield from self._after_probe(region)
        for batch in self.units.batches():
            yield batch
            yield from self._learn(batch)

    def _named(self, wanted: Callable[[ResourceType], bool]) -> list[str]:
        """The account first, then by name."""
        return sorted(
            (name for name, record in self.units.types.items() if wanted(record)), key=lambda name: (name != ACCOUNT, name)
        )

    def _regional(self, region: str, *, ml: bool) -> list[str]:
        """The types that ``region`` can have anything of."""
        return self._named(lambda record: _scope(record) == "region" and record.ml is ml and region not in _lacking(record))

    def _begin(self, region: str, names: list[str]) -> None:
        for unit in ((self.account, region, name) for name in names):
            if unit not in self.done:
                self.units.begin(unit)

    # -- regions -----------------------------------------------------------------------------------------------------------

    def _probe(self, region: str, names: list[str]) -> _Probe:
        units = [(self.account, region, name) for name in names]
        subject = (self.account, region, REGION)
        found = any(len(self.done.get(unit, ())) for unit in (*units, subject))
        return _Probe({unit for unit in units if unit not in self.done}, quiet=bool(units) and not found)

    def _learn(self, batch: Batch) -> Iterator[Batch]:
        region = batch.unit[1]
        probe = self.probes.get(region)
        if probe is not None and batch.unit in probe.waiting:
            probe.waiting.remove(batch.unit)
            probe.quiet = probe.quiet and not batch.resources and not batch.gaps
            yield from self._after_probe(region)

    def _after_probe(self, region: str) -> Iterator[Batch]:
        probe = self.probes[region]
        if probe.waiting or probe.quiet:
            return
        unit = (self.account, region, REGION)
        self._begin(region, self._regional(region, ml=False))
        if unit not in self.done:
            subject = Resource(REGION, region, {"RegionName": region}, Origin("ec2:DescribeRegions"), self.account, region)
            yield Batch(unit, (subject,))

    def _without_regions(self, error: UnansweredError) -> Batch:
        gap = Gap(self.account, GLOBAL, error.operation, REGION, error.code, error.message)
        return Batch((self.account, GLOBAL, REGION), gaps=(gap,), calls={error.operation: 1})


def _scope(record: ResourceType) -> str:
    return record.live.scope if record.live is not None else ""


def _lacking(record: ResourceType) -> tuple[str, ...]:
    return record.live.lacking if record.live is not None else ()
