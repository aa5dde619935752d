"""What a scan asks of AWS, and the least IAM policy that lets it: both follow from the records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from auditor.model.resource_type import Call, Live, ResourceType

TAGS: Final = "resourcegroupstaggingapi:GetResources"
"""https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html"""

_ALWAYS: Final = {"sts:GetCallerIdentity": "sts:GetCallerIdentity", "ec2:DescribeRegions": "ec2:DescribeRegions"}


def operations(types: Mapping[str, ResourceType], *, tags: bool = True) -> Mapping[str, str]:
    """Every operation that reading ``types`` may make (``service:Operation``), with the IAM action that allows it."""
    found = dict(_ALWAYS)
    if tags:
        found[TAGS] = "tag:GetResources"
    for live in (record.live for record in types.values() if record.live is not None):
        found |= {call.operation: live.actions.get(call.operation, call.operation) for call in calls_of(live)}
    return found


def policy(types: Mapping[str, ResourceType], *, tags: bool = False) -> dict[str, Any]:
    """The least IAM policy document that reading ``types`` needs: one statement, as policies must be short.

    ``tags`` adds what reading tags needs. Every action is a listing or a description, none of which IAM can narrow to single
    resources without leaving others unread.
    """
    actions = sorted(set(operations(types, tags=tags).values()))
    statement = {"Sid": "Read", "Effect": "Allow", "Action": actions, "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def calls_of(live: Live) -> Iterator[Call]:
    """Every call that reading a type may make, in the order in which they come."""
    return (call for call in (live.prepare, live.parents, live.listing, *live.each) if call is not None)
