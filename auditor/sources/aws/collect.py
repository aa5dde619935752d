"""Reading a live account: which units there are, in which order, and in which regions there is anything to read."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

from auditor.model.inventory import ACCOUNT, REGION, Gap
from auditor.model.resource import GLOBAL, Origin, Resource
from auditor.model.resource_type import ACCOUNT_ID, SINCE, ResourceType
from auditor.sources.aws.calls import WORKERS, Caller, UnansweredError
from auditor.sources.aws.tags import Tags
from auditor.sources.aws.unit import read_unit
from auditor.sources.batch import Batch, Unit

if TYPE_CHECKING:
    from auditor.sources.aws.session import Session

Progress: TypeAlias = Callable[[Unit, int], None]
"""Told of each unit that was read, and how many resources it holds."""
EVER: Final = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
"""Before anything in any account was made."""
_PATIENCE: Final = 1.0
"""Seconds that a reading that is given up waits for the requests under way: an answer, or no answer, can take minutes."""


def collect(
    session: Session,
    types: Mapping[str, ResourceType],
    regions: Iterable[str] | None = None,
    done: Mapping[Unit, int] | None = None,
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

    ``done`` are units read before, without gaps, and the number of their resources: they are not read again and still tell
    whether a region is quiet. ``executor`` runs the units, in threads of this process; by default a pool of its own that ends
    with the iteration. Where the iteration is given up, a thread whose request AWS does not answer lives until that times out.
    ``tags`` asks for the tags of what does not answer them by itself. Of jobs, none made before ``since`` is read.

    No AWS error is raised: what is not answered is in the batches' gaps. Raises ``InputError``, before anything is read, where
    there are no valid credentials or a region's name is wrong.
    """
    account = session.identity().account
    try:
        names, lost = session.regions(regions), None
    except UnansweredError as error:
        names, lost = session.known_regions(), error
    run = _Run(session, types, account, dict(done or {}), Tags(tags), {SINCE: since, ACCOUNT_ID: account})
    return run.batches(names, lost, executor, progress or _silent)


def _silent(unit: Unit, count: int) -> None:
    """Nobody wants to know."""


@dataclass(slots=True)
class _Probe:
    """What is known of a region so far: the ML units that are not in yet, and whether it may hold anything."""

    waiting: set[Unit]
    quiet: bool


@dataclass(slots=True)
class _Run:
    session: Session
    types: Mapping[str, ResourceType]
    account: str
    done: dict[Unit, int]
    tags: Tags
    stand_ins: Mapping[str, object]
    stop: threading.Event = field(default_factory=threading.Event)
    pending: dict[Future[Batch], Unit] = field(default_factory=dict)
    probes: dict[str, _Probe] = field(default_factory=dict)

    def batches(
        self, regions: tuple[str, ...], lost: UnansweredError | None, executor: Executor | None, progress: Progress
    ) -> Iterator[Batch]:
        pool = executor or ThreadPoolExecutor(WORKERS, thread_name_prefix="auditor")
        try:
            for batch in self._batches(regions, lost, pool):
                progress(batch.unit, len(batch.resources))
                yield batch
        finally:
            late = self._stopped()
            if executor is None:
                pool.shutdown(wait=not late)

    def _batches(self, regions: tuple[str, ...], lost: UnansweredError | None, pool: Executor) -> Iterator[Batch]:
        if lost is not None:
            yield self._without_regions(lost)
        self._submit(pool, GLOBAL, self._named(lambda record: _scope(record) == GLOBAL))
        machine_learning = self._named(lambda record: _scope(record) == "region" and record.ml)
        for region in regions:
            self.probes[region] = self._probe(region, machine_learning)
            self._submit(pool, region, machine_learning)
        for region in regions:
            yield from self._after_probe(pool, region)
        while self.pending:
            ready, _ = wait(self.pending, return_when=FIRST_COMPLETED)
            for future in sorted(ready, key=self.pending.__getitem__):
                unit = self.pending.pop(future)
                batch = future.result()
                yield batch
                yield from self._learn(pool, unit, batch)

    def _named(self, wanted: Callable[[ResourceType], bool]) -> list[str]:
        """The account first, then by name."""
        return sorted((name for name, record in self.types.items() if wanted(record)), key=lambda name: (name != ACCOUNT, name))

    def _submit(self, pool: Executor, region: str, names: list[str]) -> None:
        for name in names:
            unit = (self.account, region, name)
            if unit not in self.done:
                caller = Caller(self.session, region, self.stop, stand_ins=self.stand_ins)
                self.pending[pool.submit(read_unit, caller, unit, self.types[name], self.tags)] = unit

    def _stopped(self) -> set[Future[Batch]]:
        """Ask nothing more; what is still under way after a moment."""
        self.stop.set()
        return wait([future for future in self.pending if not future.cancel()], _PATIENCE).not_done

    # -- regions -----------------------------------------------------------------------------------------------------------

    def _probe(self, region: str, names: list[str]) -> _Probe:
        units = [(self.account, region, name) for name in names]
        subject = (self.account, region, REGION)
        found = any(self.done.get(unit) for unit in (*units, subject))
        return _Probe({unit for unit in units if unit not in self.done}, quiet=bool(units) and not found)

    def _learn(self, pool: Executor, unit: Unit, batch: Batch) -> Iterator[Batch]:
        probe = self.probes.get(unit[1])
        if probe is not None and unit in probe.waiting:
            probe.waiting.remove(unit)
            probe.quiet = probe.quiet and not batch.resources and not batch.gaps
            yield from self._after_probe(pool, unit[1])

    def _after_probe(self, pool: Executor, region: str) -> Iterator[Batch]:
        probe = self.probes[region]
        if probe.waiting or probe.quiet:
            return
        unit = (self.account, region, REGION)
        self._submit(pool, region, self._named(lambda record: _scope(record) == "region" and not record.ml))
        if unit not in self.done:
            subject = Resource(REGION, region, {"RegionName": region}, Origin("ec2:DescribeRegions"), self.account, region)
            yield Batch(unit, (subject,))

    def _without_regions(self, error: UnansweredError) -> Batch:
        gap = Gap(self.account, GLOBAL, error.operation, REGION, error.code, error.message)
        return Batch((self.account, GLOBAL, REGION), gaps=(gap,), calls={error.operation: 1})


def _scope(record: ResourceType) -> str:
    return record.live.scope if record.live is not None else ""
