"""Reading units side by side: each is listed, and as soon as the estate reaches a thing it is asked about, wherever that was read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from auditor.model.resource_type import Call, ResourceType
from auditor.sources.aws.calls import WORKERS, Caller
from auditor.sources.aws.reach import Reach
from auditor.sources.aws.tags import Tags
from auditor.sources.aws.tasks import Tasks
from auditor.sources.aws.unit import NOT_ASKED, Found, Reading
from auditor.sources.batch import Batch, Resources, Unit

if TYPE_CHECKING:
    from auditor.sources.aws.session import Session


@dataclass(slots=True)
class _Open:
    """A unit that was listed and is not put together yet. Of ``left`` things something was not asked, or not answered yet."""

    reading: Reading
    left: int


_Token: TypeAlias = "tuple[_Open, Found] | Unit"
"""What waits for being reached: a thing, to be asked about, or a unit of an earlier run that did not ask about all that it holds."""


@dataclass(slots=True)
class Units:
    """The units of one reading. What of them belongs to the estate does not depend on the order in which they come in."""

    session: Session
    types: Mapping[str, ResourceType]
    tags: Tags
    stand_ins: Mapping[str, object]
    tasks: Tasks[Batch]
    _reach: Reach[_Token] = field(init=False)
    _whole: frozenset[str] = field(init=False)
    """The types of which everything is asked."""
    _open: dict[Unit, _Open] = field(default_factory=dict)
    _again: set[Unit] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._reach = Reach(self.types)
        scoped = any(record.ml for record in self.types.values())
        self._whole = frozenset(name for name, record in self.types.items() if record.ml or record.everywhere or not scoped)

    def begin(self, unit: Unit) -> None:
        """Read ``unit``. Raises ``ValueError`` where its type is not read from an account."""
        record = self.types[unit[2]]
        if record.live is None:
            raise ValueError(f"{record.name} is not read from an account")
        caller = Caller(self.session, unit[1], self.tasks.stop, stand_ins=self.stand_ins)
        reading = Reading(caller, unit, record, record.live, self.tags)
        if record.live.each:
            self.tasks.start(reading.list_all, lambda _: self._listed(reading))
        else:
            self.tasks.start(partial(_read, reading), self._read)

    def learn(self, unit: Unit, resources: Resources) -> None:
        """Take into account what an earlier run has read. Where it asked too little of ``unit``, that is read again."""
        for resource in resources:
            is_whole = NOT_ASKED not in (*resource.properties.values(), *resource.runtime.values())
            self._reach.add(resource, None if is_whole else unit)

    def batches(self) -> Iterator[Batch]:
        """What was begun, as it is finished. More may be begun meanwhile."""
        self._follow()
        yield from self.tasks.results()
        # nobody is left to refer to what was not reached
        for unit in list(self._open.values()):
            self._put_together(unit)
        yield from self.tasks.results()

    # -- one unit ----------------------------------------------------------------------------------------------------------

    def _read(self, batch: Batch) -> Batch:
        for resource in batch.resources:
            self._reach.add(resource)
        self._follow()
        return batch

    def _listed(self, reading: Reading) -> None:
        things = list(reading.found.values())
        unit = self._open[reading.unit] = _Open(reading, len(things))
        is_whole = reading.unit[2] in self._whole
        first = tuple(call for call in reading.live.each if is_whole or call.scout)
        if first:
            self._ask(unit, things, first, reached=False)
        if not first or not things:
            self._asked(unit, things, reached=False)

    def _ask(self, unit: _Open, things: list[Found], calls: tuple[Call, ...], *, reached: bool) -> None:
        # few enough to a task that every thread has something to do until the end
        size = max(1, len(things) // (4 * WORKERS))
        for start in range(0, len(things), size):
            some = things[start : start + size]
            self.tasks.start(partial(unit.reading.ask, some, calls), partial(self._asked, unit, some, reached=reached))

    def _asked(self, unit: _Open, things: list[Found], _: None = None, *, reached: bool) -> None:
        for thing in things:
            unit.left -= not thing.unasked
            self._reach.add(unit.reading.seen(thing), (unit, thing) if thing.unasked else None, reached=reached)
        self._follow()
        if not unit.left:
            self._put_together(unit)

    def _follow(self) -> None:
        """Ask about whatever was reached meanwhile."""
        for token in self._reach.taken():
            match token:
                case (_Open() as unit, Found() as thing):
                    self._ask(unit, [thing], thing.unasked, reached=True)
                case (str(), str(), str()) as unit if unit not in self._again:
                    self._again.add(unit)
                    self.begin(unit)

    def _put_together(self, unit: _Open) -> None:
        del self._open[unit.reading.unit]
        self.tasks.start(unit.reading.batch, lambda batch: batch)


def _read(reading: Reading) -> Batch:
    reading.list_all()
    return reading.batch()
