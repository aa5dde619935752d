"""How often a secret is changed by itself."""

from __future__ import annotations

import re
from typing import Final

from auditor.model.facts import Fact
from auditor.model.inventory import Inventory
from auditor.model.resource import Resource
from auditor.model.truth import worst
from auditor.model.values import ABSENT, Kind, Unknown, Value

_RATE: Final = re.compile(r"rate\((?P<number>\d+) (?P<unit>day|hour)s?\)")


def rotation_days(_inventory: Inventory, secret: Resource) -> Fact:
    """The days from one rotation of ``secret`` to the next, rounded up; absent where it has no schedule.

    AWS works them out from the schedule once it has rotated; until then, and in templates, a ``cron`` leaves them unknown.
    https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotationRulesType.html
    """
    rules = secret.properties.get("RotationRules", ABSENT)
    if not isinstance(rules, dict):
        return Fact(rules)
    days, schedule = (rules.get(name, ABSENT) for name in ("AutomaticallyAfterDays", "ScheduleExpression"))
    if days is not ABSENT:
        return Fact(days, (f"{secret.id} is rotated after a number of days",))
    if schedule is ABSENT:
        return Fact(ABSENT, (f"{secret.id} has no schedule of rotation",))
    return Fact(_days(schedule), (f"{secret.id} is rotated by a schedule",))


def _days(schedule: Value) -> Value:
    found = _RATE.fullmatch(schedule) if isinstance(schedule, str) else None
    if found is not None:
        return int(found["number"]) if found["unit"] == "day" else -(-int(found["number"]) // 24)
    return worst((schedule,)) or Unknown(Kind.OUTSIDE, "how many days lie between two rotations of the schedule")
