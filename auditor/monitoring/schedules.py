"""Which kinds of monitoring the schedules of an endpoint do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from auditor.model.facts import Fact
from auditor.model.inventory import Inventory
from auditor.model.paths import walk
from auditor.model.resource import Resource
from auditor.model.truth import Truth, worst
from auditor.model.values import ABSENT, Kind, Unknown, Value

_SCHEDULE: Final = "AWS::SageMaker::MonitoringSchedule"
_KINDS: Final = ("DataQuality", "ModelQuality", "ModelBias", "ModelExplainability")
_DEFINITIONS: Final = {f"AWS::SageMaker::{kind}JobDefinition": kind for kind in _KINDS}
_ON: Final = ("Scheduled", "Pending")
"""https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeMonitoringSchedule.html"""


def monitored_kinds(inventory: Inventory, endpoint: Resource) -> Fact:
    """The kinds of monitoring (``DataQuality``, …) that the schedules of ``endpoint`` do, of those that are on; sorted.

    A schedule names its endpoint itself or through its job definition. What may be a kind more is a special value in the list; where
    there is nothing else, the fact is unknown.
    """
    kinds: dict[str, str] = {}
    doubts: list[Value] = []
    off: list[str] = []
    for schedule in _schedules(inventory, endpoint, doubts):
        on = _is_on(inventory, schedule)
        if on is False:
            off.append(f"{schedule.id} is {schedule.runtime.get('MonitoringScheduleStatus')}")
            continue
        kind = on if isinstance(on, Unknown) else _kind(inventory, schedule)
        if isinstance(kind, str):
            kinds.setdefault(kind, f"{schedule.id} monitors {endpoint.id}: {kind}")
        else:
            doubts.append(kind)
    if (missing := inventory.missing(_SCHEDULE, endpoint)) is not None:
        doubts.append(missing)
    if kinds:
        return Fact([*sorted(kinds), *doubts], tuple(kinds[kind] for kind in sorted(kinds)))
    if doubts:
        return Fact(worst(doubts) or Unknown(Kind.DEFERRED, "the kind of its monitoring is decided at deploy"), tuple(off))
    return Fact([], tuple(off) or (f"no monitoring schedule names {endpoint.id}",))


def _schedules(inventory: Inventory, endpoint: Resource, doubts: list[Value]) -> Iterator[Resource]:
    """Those that name ``endpoint``, each once. Why others may do so is added to ``doubts``."""
    seen: set[tuple[str, ...]] = set()
    named = [endpoint]
    for definition in _DEFINITIONS:
        if definition in inventory.types:
            naming = inventory.referrers(endpoint, definition)
            named.extend(naming.known)
            doubts.extend(naming.maybe)
    for target in named:
        naming = inventory.referrers(target, _SCHEDULE)
        doubts.extend(naming.maybe)
        for schedule in naming.known:
            if schedule.key not in seen:
                seen.add(schedule.key)
                yield schedule


def _is_on(inventory: Inventory, schedule: Resource) -> Truth:
    if not inventory.kind.has_runtime:
        return True
    status = schedule.runtime.get("MonitoringScheduleStatus", ABSENT)
    if status is ABSENT or isinstance(status, Unknown):
        return status if isinstance(status, Unknown) else Unknown(Kind.UNREAD, f"the status of {schedule.id} was not told")
    return bool(status in _ON)


def _kind(inventory: Inventory, schedule: Resource) -> Value:
    """What ``schedule`` says it does, else what its definition is for. One without either is of the first kind that there was."""
    told = next((value for _, value in walk(schedule.properties, "MonitoringScheduleConfig.MonitoringType")), ABSENT)
    if told is not ABSENT:
        return told
    name = next(
        (value for _, value in walk(schedule.properties, "MonitoringScheduleConfig.MonitoringJobDefinitionName")), ABSENT
    )
    found = inventory.resolve(name, tuple(_DEFINITIONS), schedule)
    if isinstance(found, Resource):
        return _DEFINITIONS[found.type]
    return found if isinstance(found, Unknown) else _KINDS[0]
