"""What a role's policies and its trust policy say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from auditor.iam.administration import Policy, administration
from auditor.iam.aws_managed import aws_managed_statement, managed_name
from auditor.iam.documents import Effect, Element, Statement, fits, pattern_text, statements
from auditor.iam.wildcards import matches
from auditor.model.facts import Fact
from auditor.model.inventory import Inventory
from auditor.model.resource import Resource
from auditor.model.truth import Truth, all_of, any_of, elements, in_each, negated, possibly
from auditor.model.values import ABSENT, Kind, OneOf, Unknown, Value

_MANAGED_POLICY: Final = ("AWS::IAM::ManagedPolicy",)
_UNREAD: Final = "no service control policy of the organization, which is not read, denies it"
# a template often leaves the suffix to a pseudo parameter; in China it ends otherwise
_PRINCIPAL: Final = re.compile(r"(?P<service>[a-z0-9-]+)\.(?:\*|amazonaws\.com(?:\.cn)?)")


# -- who may assume it ---------------------------------------------------------------------------------------------------------


def trusted_services(_inventory: Inventory, role: Resource) -> Fact:
    """The service principals (``sagemaker.amazonaws.com``) that the trust policy lets assume ``role``, sorted.

    Conditions on them are not looked at. What may stand for a service that is not named (``"Principal": "*"``, a parameter) is a
    special value in the list.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
    """
    document = role.properties.get("AssumeRolePolicyDocument", ABSENT)
    if document is ABSENT or document is None:
        return Fact(Unknown(Kind.OUTSIDE, f"{role.id} has no trust policy here"))
    if isinstance(document, Unknown):
        return Fact(document)
    parts = statements(document)
    denied = {
        name for part in parts if isinstance(part, Statement) and not part.conditioned for name in _services(part, "Deny")
    }
    trusted: dict[Value, str] = {}
    for part in parts:
        for name in _services(part, "Allow"):
            if name not in denied:
                trusted.setdefault(name, part.name if isinstance(part, Statement) else "a statement")
    plain = sorted(name for name in trusted if isinstance(name, str))
    because = tuple(f"{trusted[name]} of the trust policy lets {name} assume {role.id}" for name in plain)
    return Fact([*plain, *(name for name in trusted if not isinstance(name, str))], because)


def _services(part: Value, effect: Effect) -> Iterator[Value]:
    """The services that a statement about assuming roles is about, as names and unknowns."""
    match part:
        case Unknown() if effect == "Allow":
            yield part
        case OneOf(values) if effect == "Allow":
            found = [frozenset(_services(item, effect)) for item in values]
            yield from frozenset.intersection(*found)
            if len(set(found)) > 1:
                yield Unknown(Kind.DEFERRED, f"one of {len(values)} statements of the trust policy")
        case Statement() if part.effect == effect and part.actions is not None:
            assuming = _is_assuming(part.actions)
            if assuming is True:
                yield from _named_services(part)
            elif isinstance(assuming, Unknown) and effect == "Allow":
                yield assuming


def _named_services(part: Statement) -> Iterator[Value]:
    if part.inverted_principals:
        yield Unknown(Kind.OUTSIDE, f"{part.name} is about everybody but some")
        return
    for kind, name in part.principals:
        if kind in ("*", "Service") or name == "*":
            yield _service(part, name)


def _service(part: Statement, name: Value) -> Value:
    if name == "*":
        return Unknown(Kind.OUTSIDE, f"{part.name} is about any service")
    match = _PRINCIPAL.fullmatch(pattern_text(name) or "")
    return f"{match['service']}.amazonaws.com" if match else name


def _is_assuming(actions: Element) -> Truth:
    named = any_of(
        in_each(pattern, lambda item: fits(item, lambda widest: matches(widest, "sts:AssumeRole")))
        for pattern in actions.patterns
    )
    return negated(named) if actions.inverted else named


# -- what it may do ------------------------------------------------------------------------------------------------------------


def wildcard_administration(inventory: Inventory, role: Resource) -> Fact:
    """Whether the policies of ``role`` allow every action, or every IAM action, on every resource: true, false or unknown.

    Inline policies, attached ones, and managed policies that name the role themselves count, within the role's permissions
    boundary (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html). Conditions are not evaluated.
    """
    found = administration([*_inline(role), *_attached(inventory, role)])
    if found.value is not False:
        found = _bounded(inventory, role, found, role.properties.get("PermissionsBoundary", ABSENT))
    return Fact(True, found.because, (*found.assumptions, _UNREAD)) if found.value is True else found


def _bounded(inventory: Inventory, role: Resource, granted: Fact, boundary: Value) -> Fact:
    """What is left of ``granted`` within a boundary; within one that is undecided, what is left within each that it may be."""
    if boundary is ABSENT or boundary is None:
        return granted
    if not isinstance(boundary, OneOf):
        return _within(granted, list(_managed(inventory, role, boundary)))
    left = [_bounded(inventory, role, granted, item) for item in boundary.values]
    because = tuple(dict.fromkeys(sentence for fact in left for sentence in fact.because))
    assumptions = tuple(dict.fromkeys(sentence for fact in left for sentence in fact.assumptions))
    return Fact(in_each(OneOf(tuple(fact.value for fact in left)), lambda value: value), because, assumptions)


def _within(granted: Fact, boundary: list[Policy]) -> Fact:
    unread = [(name, part) for name, part in boundary if isinstance(part, Unknown)]
    if unread:
        absent = tuple(f"{name}, the permissions boundary, is taken to be absent: {part.reason}" for name, part in unread)
        return Fact(granted.value, granted.because, (*granted.assumptions, *absent))
    limit = administration(boundary)
    told = tuple(f"within the permissions boundary, {sentence}" for sentence in limit.because)
    return Fact(all_of((granted.value, limit.value)), (*granted.because, *told), granted.assumptions)


def _inline(role: Resource) -> Iterator[Policy]:
    for policy in elements(role.properties.get("Policies", ABSENT)):
        yield from _spread(policy, _inline_parts)


def _inline_parts(policy: Value) -> Iterator[Policy]:
    if isinstance(policy, dict):
        name = policy.get("PolicyName")
        for part in statements(policy.get("PolicyDocument", ABSENT)):
            yield f"inline policy {name}" if isinstance(name, str) else "an inline policy", part
    else:
        yield "an inline policy", policy if isinstance(policy, Unknown) else _not_a("policy", policy)


def _attached(inventory: Inventory, role: Resource) -> Iterator[Policy]:
    for arn in elements(role.properties.get("ManagedPolicyArns", ABSENT)):
        yield from _managed(inventory, role, arn)
    naming = inventory.referrers(role, _MANAGED_POLICY[0])
    for policy in naming.known:
        yield from _document(policy)
    for unknown in naming.maybe:
        yield "a managed policy", unknown


def _managed(inventory: Inventory, role: Resource, arn: Value) -> Iterator[Policy]:
    yield from _spread(arn, lambda one: _managed_parts(inventory, role, one))


def _managed_parts(inventory: Inventory, role: Resource, arn: Value) -> Iterator[Policy]:
    if (published := managed_name(arn)) is not None:
        yield f"{published} as AWS publishes it", aws_managed_statement(published)
        return
    found = inventory.resolve(arn, _MANAGED_POLICY, role)
    if isinstance(found, Resource):
        yield from _document(found)
    else:
        name = arn if isinstance(arn, str) else "a policy that is not named here"
        yield name, found if isinstance(found, Unknown) else _not_a("policy", arn)


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
    return Unknown(Kind.OUTSIDE, f"not a {wanted}: {type(found).__name__}")
