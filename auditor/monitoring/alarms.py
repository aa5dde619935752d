"""Whether somebody is told when an alarm goes off."""

from __future__ import annotations

import re
from typing import Final

from auditor.model.facts import Fact
from auditor.model.inventory import Inventory
from auditor.model.resource import Resource
from auditor.model.truth import Truth, all_of, any_of, elements, in_each, worst
from auditor.model.values import ABSENT, Kind, Reference, Text, Unknown, Value

_COMPOSITE: Final = "AWS::CloudWatch::CompositeAlarm"
_TOPIC: Final = ("AWS::SNS::Topic",)
_TOPIC_ARN: Final = re.compile(r"arn:[^:]*:sns:")
# functions, incidents and OpsItems tell too; a scaling policy or the reboot of an instance does not:
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
_OTHER_NOTICE: Final = re.compile(r"arn:[^:]*:(?:lambda|ssm|ssm-incidents):")
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
_CHILD: Final = re.compile(r"(?P<negated>\bNOT\s+)?\bALARM\s*\(\s*(?:\"(?P<quoted>[^\"]+)\"|(?P<bare>[^\s()\"]+))\s*\)")
_NEGATED_GROUP: Final = re.compile(r"\bNOT\s*\(")


def alarm_notifies(inventory: Inventory, alarm: Resource) -> Fact:
    """Whether ``alarm``, or a composite alarm that goes off with it, tells somebody: true, false or unknown.

    Its actions must be enabled and one of them a topic that somebody is subscribed to, a function, an incident or an OpsItem. A
    composite alarm that asks for other alarms as well (``AND``) counts: that keeps noise down and is no silence.
    """
    own = _notifies(inventory, alarm)
    if own is True:
        return Fact(True, (f"{alarm.id} tells somebody itself",))
    above = _told_by_parents(inventory, alarm, frozenset())
    silent = f"{alarm.id} tells nobody itself" if own is False else f"whether {alarm.id} tells somebody itself is not known"
    return Fact(any_of((own, above.value)), (silent, *above.because))


def _told_by_parents(inventory: Inventory, child: Resource, below: frozenset[tuple[str, ...]]) -> Fact:
    answers: list[Truth] = []
    for parent in inventory.of_type(_COMPOSITE):
        if parent.key in below or (parent.account, parent.region) != (child.account, child.region):
            continue
        goes_off = in_each(parent.properties.get("AlarmRule", ABSENT), lambda rule: _names(rule, child))
        if goes_off is False:
            continue
        tells = _notifies(inventory, parent)
        above = Fact(tells, (f"{parent.id}, which goes off with {child.id}, tells somebody",))
        if tells is not True:
            above = _told_by_parents(inventory, parent, below | {child.key})
        there = inventory.unsure(parent, child) or True
        answer = all_of((goes_off, there, any_of((tells, above.value))))
        if answer is True:
            return Fact(True, above.because)
        answers.append(answer)
    if (missing := inventory.missing(_COMPOSITE, child)) is not None:
        answers.append(missing)
    value = any_of(answers)
    return Fact(value, (f"no composite alarm {'tells' if value is False else 'is known to tell'} of {child.id}",))


def _names(rule: Value, child: Resource) -> Truth:
    """Whether the expression of a composite alarm goes off with ``child``."""
    text = _spelled(rule)
    if isinstance(text, Unknown):
        return text
    own = {child.id, child.arn, child.properties.get("AlarmName")}
    named = [match for match in _CHILD.finditer(text) if (match["quoted"] or match["bare"]) in own]
    if not named:
        return False
    if _NEGATED_GROUP.search(text):
        return Unknown(Kind.OUTSIDE, f"an expression that is not followed through its NOT: {text}")
    return any(not match["negated"] for match in named)


def _spelled(rule: Value) -> str | Unknown:
    """The expression, with a resource of the same template by its id there."""
    match rule:
        case str():
            return rule
        case Reference():
            return rule.target
        case Text():
            parts = [_spelled(part) for part in rule.parts]
            return worst(parts) or "".join(part for part in parts if isinstance(part, str))
        case Unknown():
            return rule
    return Unknown(Kind.UNREAD, "no expression")


def _notifies(inventory: Inventory, alarm: Resource) -> Truth:
    enabled = in_each(
        alarm.properties.get("ActionsEnabled", True), lambda value: value if isinstance(value, Unknown) else value is True
    )
    actions = elements(alarm.properties.get("AlarmActions", ABSENT))
    return all_of((enabled, any_of(in_each(action, lambda one: _is_notice(inventory, alarm, one)) for action in actions)))


def _is_notice(inventory: Inventory, alarm: Resource, action: Value) -> Truth:
    if action is ABSENT:
        return False
    if isinstance(action, str) and not _TOPIC_ARN.match(action):
        return bool(_OTHER_NOTICE.match(action))
    found = inventory.resolve(action, _TOPIC, alarm)
    return in_each(found, lambda one: one if isinstance(one, Unknown) else isinstance(one, Resource) and _is_heard(one))


def _is_heard(topic: Resource) -> Truth:
    """Whether somebody is subscribed. A template knows only what it declares itself, and is judged as if people were."""
    confirmed = topic.runtime.get("SubscriptionsConfirmed", ABSENT)
    return confirmed if isinstance(confirmed, Unknown) else confirmed != 0
