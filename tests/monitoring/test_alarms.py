"""An alarm tells where somebody is at its other end, or at that of a composite alarm that goes off with it."""

import pytest

from auditor.model.estate import in_estate
from auditor.model.inventory import Gap, SourceKind
from auditor.model.values import Kind, Reference, Text, Unknown
from auditor.monitoring.alarms import alarm_notifies
from tests.monitoring.worlds import ACCOUNT, REGION, thing, world

ALARM, COMPOSITE, TOPIC = "AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm", "AWS::SNS::Topic"
ERRORS = thing(ALARM, "errors", AlarmName="errors")
ONCALL = f"arn:aws:sns:{REGION}:{ACCOUNT}:oncall"
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:page"
REBOOT = f"arn:aws:automate:{REGION}:ec2:reboot"
ELSEWHERE = f"arn:aws:sns:{REGION}:999988887777:central"
DEFERRED = Unknown(Kind.DEFERRED, "a parameter")
UNASKED = Unknown(Kind.UNREAD, "sns:GetTopicAttributes failed: AccessDenied")
UNREAD = Gap(ACCOUNT, REGION, "cloudwatch:DescribeAlarms", COMPOSITE, "AccessDenied", "no")


def composite(rule, *actions, name="any", **more):
    return thing(COMPOSITE, name, AlarmName=name, AlarmRule=rule, AlarmActions=list(actions), **more)


def told(*others, alarm=ERRORS, **options):
    return alarm_notifies(world(alarm, thing(TOPIC, ONCALL, TopicArn=ONCALL), *others, **options), alarm).value


@pytest.mark.parametrize(
    ("actions", "more", "answer"),
    [
        ([ONCALL], {}, True),
        ([REBOOT, FUNCTION], {}, True),
        ([REBOOT], {}, False),
        ([], {}, False),
        ([ONCALL], {"ActionsEnabled": False}, False),
    ],
)
def test_what_an_alarm_does_itself(actions, more, answer):
    assert told(alarm=thing(ALARM, "errors", AlarmName="errors", AlarmActions=actions, **more)) is answer


@pytest.mark.parametrize(
    ("runtime", "answer"),
    [
        ({"SubscriptionsConfirmed": 1}, True),
        ({"SubscriptionsConfirmed": 0, "SubscriptionsPending": 2}, False),
        ({"SubscriptionsConfirmed": UNASKED}, UNASKED),
        ({}, True),
    ],
)
def test_a_topic_that_nobody_is_subscribed_to_tells_nobody(runtime, answer):
    alarm = thing(ALARM, "errors", AlarmName="errors", AlarmActions=[ONCALL])
    topic = thing(TOPIC, ONCALL, runtime, TopicArn=ONCALL)
    assert alarm_notifies(world(alarm, topic), alarm).value == answer


@pytest.mark.parametrize(
    ("others", "answer"),
    [
        ([], False),
        ([composite("ALARM(errors)", ONCALL)], True),
        ([composite('ALARM("errors") OR ALARM("latency")', ONCALL)], True),
        ([composite('ALARM("errors") AND ALARM("latency")', FUNCTION)], True),
        ([composite("ALARM(latency) AND NOT ALARM(errors)", ONCALL)], False),
        ([composite("ALARM(errors) AND NOT ALARM(maintenance)", ONCALL)], True),
        ([composite("OK(errors)", ONCALL)], False),
        ([composite("ALARM(errors-of-others)", ONCALL)], False),
        ([composite("ALARM(errors)", REBOOT)], False),
        ([composite("ALARM(errors)")], False),
        ([composite("ALARM(errors)", ONCALL, ActionsEnabled=False)], False),
        ([composite("ALARM(errors)"), composite("ALARM(any)", ONCALL, name="all")], True),
        ([composite("ALARM(errors) OR ALARM(all)"), composite("ALARM(any)", name="all")], False),
        ([composite(Text(("ALARM(", Reference("errors"), ")")), ONCALL)], True),
    ],
)
def test_known(others, answer):
    assert told(*others) is answer


@pytest.mark.parametrize(
    ("others", "options", "kind"),
    [
        ([], {"gaps": [UNREAD]}, Kind.UNREAD),
        ([], {"kind": SourceKind.CLOUDFORMATION}, Kind.OUTSIDE),
        ([composite("NOT (ALARM(errors) OR ALARM(latency))", ONCALL)], {}, Kind.OUTSIDE),
        ([composite("ALARM(errors)", ELSEWHERE)], {}, Kind.OUTSIDE),
        ([composite(Text(("ALARM(", DEFERRED, ")")), ONCALL)], {}, Kind.DEFERRED),
        ([composite("ALARM(errors)", ONCALL, ActionsEnabled=DEFERRED)], {}, Kind.DEFERRED),
        ([composite("ALARM(errors)", DEFERRED)], {}, Kind.DEFERRED),
        ([composite("ALARM(errors)", ONCALL)], {"conditions": {"any": "IsProduction"}}, Kind.DEFERRED),
    ],
)
def test_not_known(others, options, kind):
    found = told(*others, **options)
    assert isinstance(found, Unknown)
    assert found.kind is kind


@pytest.mark.parametrize(("watched", "answer"), [("errors", True), ("of-a-shop", False)])
def test_whom_a_composite_alarm_tells_belongs_to_the_estate_where_its_alarms_do(watched, answer):
    errors = thing(ALARM, "errors", AlarmName="errors", Namespace="AWS/SageMaker")
    shop = thing(ALARM, "of-a-shop", AlarmName="of-a-shop", Namespace="AWS/SQS")
    topic = thing(TOPIC, ONCALL, TopicArn=ONCALL)
    several = composite(f'ALARM(another) OR ALARM("{watched}")', ONCALL, name="any")
    assert in_estate(world(errors, shop, topic, several), topic).value is answer
