"""How often a secret is changed."""

import pytest

from auditor.iam.rotation import rotation_days
from auditor.model.resource import Origin, Resource
from auditor.model.values import ABSENT, Kind, Text, Unknown

PARAMETER = Unknown(Kind.DEFERRED, "a parameter")


@pytest.mark.parametrize(
    ("rules", "days"),
    [
        (ABSENT, ABSENT),
        ({}, ABSENT),
        (PARAMETER, Kind.DEFERRED),
        ({"AutomaticallyAfterDays": 30}, 30),
        ({"AutomaticallyAfterDays": PARAMETER}, Kind.DEFERRED),
        # as AWS tells it
        ({"AutomaticallyAfterDays": 31, "ScheduleExpression": "cron(0 8 1 * ? *)"}, 31),
        ({"ScheduleExpression": "rate(365 days)"}, 365),
        ({"ScheduleExpression": "rate(1 day)"}, 1),
        ({"ScheduleExpression": "rate(36 hours)"}, 2),
        ({"ScheduleExpression": "cron(0 8 1 1 ? *)"}, Kind.OUTSIDE),
        ({"ScheduleExpression": PARAMETER}, Kind.DEFERRED),
        ({"ScheduleExpression": Text(("rate(", PARAMETER, " days)"))}, Kind.OUTSIDE),
    ],
)
def test_days_between_two_rotations(rules, days):
    secret = Resource("AWS::SecretsManager::Secret", "git", {"RotationRules": rules}, Origin("test"))
    value = rotation_days(None, secret).value
    assert (value.kind if isinstance(value, Unknown) else value) == days
