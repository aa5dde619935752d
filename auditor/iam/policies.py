"""The policies of a role, a user or a group: inline, attached, and those that name it themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from auditor.iam.aws_managed import managed_name
from auditor.iam.documents import Part, statements
from auditor.iam.powers import Policy
from auditor.model.inventory import Inventory
from auditor.model.resource import Resource
from auditor.model.truth import elements, possibly
from auditor.model.values import ABSENT, Kind, OneOf, Unknown, Value

MANAGED_POLICY: Final = ("AWS::IAM::ManagedPolicy",)

Published: TypeAlias = Callable[[str], list[Part]]
"""What is known of a policy that AWS manages, by its name, where the source does not hold its document."""


def policies_of(inventory: Inventory, principal: Resource, published: Published) -> Iterator[Policy]:
    """The statements of every policy of a role, a user or a group, each with its policy's name. A user's groups are not followed."""
    for policy in elements(principal.properties.get("Policies", ABSENT)):
        yield from _spread(policy, _inline_parts)
    for arn in elements(principal.properties.get("ManagedPolicyArns", ABSENT)):
        yield from managed(inventory, principal, arn, published)
    naming = inventory.referrers(principal, MANAGED_POLICY[0])
    for policy in naming.known:
        yield from _document(policy)
    for unknown in naming.maybe:
        yield "a managed policy", unknown


def managed(inventory: Inventory, principal: Resource, arn: Value, published: Published) -> Iterator[Policy]:
    """The statements of the managed policy that ``arn`` names, read from ``principal``: an attached one, or its boundary."""
    yield from _spread(arn, lambda one: _managed_parts(inventory, principal, one, published))


def _inline_parts(policy: Value) -> Iterator[Policy]:
    if isinstance(policy, dict):
        name = policy.get("PolicyName")
        for part in statements(policy.get("PolicyDocument", ABSENT)):
            yield f"inline policy {name}" if isinstance(name, str) else "an inline policy", part
    else:
        yield "an inline policy", policy if isinstance(policy, Unknown) else _not_a("policy", policy)


def _managed_parts(inventory: Inventory, principal: Resource, arn: Value, published: Published) -> Iterator[Policy]:
    found = inventory.resolve(arn, MANAGED_POLICY, principal)
    if isinstance(found, Resource):
        yield from _document(found)
    elif (name := managed_name(arn)) is not None:
        for part in published(name):
            yield f"{name} as AWS publishes it", part
    else:
        label = arn if isinstance(arn, str) else "a policy that is not named here"
        yield label, found if isinstance(found, Unknown) else _not_a("policy", arn)


def _document(policy: Resource) -> Iterator[Policy]:
    for part in statements(policy.properties.get("PolicyDocument", ABSENT)):
        yield f"managed policy {policy.id}", part


def _spread(value: Value, read: Callable[[Value], Iterator[Policy]]) -> Iterator[Policy]:
    """The statements behind a value; behind one that is undecided, those of each possibility as ones that may be absent."""
    if not isinstance(value, OneOf):
        yield from read(value)
        return
    for item in value.values:
        if item is not ABSENT:
            yield from ((name, possibly(part)) for name, part in _spread(item, read))


def _not_a(wanted: str, found: Value) -> Unknown:
    return Unknown(Kind.UNREAD, f"not a {wanted}: {type(found).__name__}")
