"""What the policies of roles and users let them do."""

from __future__ import annotations

from functools import partial
from typing import Final

from auditor.iam.actions import Allowed, allowed_actions, within
from auditor.iam.aws_managed import known_of, managed_name, published
from auditor.iam.personas import PERSONAS
from auditor.iam.policies import managed, policies_of
from auditor.iam.powers import ADMINISTRATION, DECRYPTING, PASSING, READING, REVEALING, WRITING, Policy, Power, held
from auditor.iam.wildcards import matches
from auditor.model.facts import Fact
from auditor.model.inventory import Inventory
from auditor.model.resource import Resource
from auditor.model.truth import Truth, all_of, any_of, elements, in_each, negated
from auditor.model.values import ABSENT, Kind, OneOf, Reference, Unknown, Value

_ORGANIZATION: Final = "AWS::Organizations::Organization"
_UNREAD: Final = "no service control policy of the organization, which is not read, denies it"


def wildcard_administration(inventory: Inventory, role: Resource) -> Fact:
    """Whether the policies of ``role`` allow every action, or every IAM action, on every resource: true, false or unknown."""
    return _has(ADMINISTRATION, inventory, role)


def aws_managed_policies(_inventory: Inventory, role: Resource) -> Fact:
    """The names of the policies of AWS's own that are attached to ``role``, in order; what may be one is a special value."""
    attached = list(elements(role.properties.get("ManagedPolicyArns", ABSENT)))
    names = [name for arn in attached if (name := managed_name(arn)) is not None]
    special = [arn for arn in attached if not isinstance(arn, str | Reference) and managed_name(arn) is None]
    because = f"of AWS's own policies, {', '.join(names) or 'none'} are attached to {role.id}"
    return Fact([*names, *special], (because,))


def writes_every_bucket(inventory: Inventory, role: Resource) -> Fact:
    """Whether ``role`` may write objects into every bucket: true, false or unknown."""
    return _has(WRITING, inventory, role)


def reads_every_bucket(inventory: Inventory, role: Resource) -> Fact:
    """Whether ``role`` may read the objects of every bucket: true, false or unknown."""
    return _has(READING, inventory, role)


def passes_every_role(inventory: Inventory, role: Resource) -> Fact:
    """Whether ``role`` may hand every role of the account to a service: true, false or unknown."""
    return _has(PASSING, inventory, role)


def decrypts_with_every_key(inventory: Inventory, role: Resource) -> Fact:
    """Whether ``role`` may decrypt with every key that lets the account's policies decide: true, false or unknown."""
    return _has(DECRYPTING, inventory, role)


def reads_every_secret(inventory: Inventory, role: Resource) -> Fact:
    """Whether ``role`` may read every secret of Secrets Manager: true, false or unknown."""
    return _has(REVEALING, inventory, role)


def _has(power: Power, inventory: Inventory, role: Resource) -> Fact:
    """Whether the policies of ``role`` hand out ``power``: true, false or unknown.

    Inline policies, attached ones, and managed policies that name the role themselves count, within the role's permissions
    boundary (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html).
    """
    found = held(power, list(policies_of(inventory, role, partial(published, power=power))))
    if found.value is not False:
        found = _bounded(power, inventory, role, found, role.properties.get("PermissionsBoundary", ABSENT))
    if found.value is not True or _is_outside_any_organization(inventory, role):
        return found
    return Fact(True, found.because, (*found.assumptions, _UNREAD))


def _is_outside_any_organization(inventory: Inventory, role: Resource) -> bool:
    """Whether no service control policy restricts ``role``: its account is in no organization, or manages it.

    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
    """
    own = [found for found in inventory.of_type(_ORGANIZATION) if found.account == role.account]
    manages = all(found.properties.get("ManagementAccountId") == role.account for found in own)
    return manages and inventory.closed(_ORGANIZATION, role)


def _bounded(power: Power, inventory: Inventory, role: Resource, granted: Fact, boundary: Value) -> Fact:
    """What is left of ``granted`` within a boundary; within one that is undecided, what is left within each that it may be."""
    if boundary is ABSENT or boundary is None:
        return granted
    if not isinstance(boundary, OneOf):
        return _within(power, granted, list(managed(inventory, role, boundary, partial(published, power=power))))
    left = [_bounded(power, inventory, role, granted, item) for item in boundary.values]
    because = tuple(dict.fromkeys(sentence for fact in left for sentence in fact.because))
    assumptions = tuple(dict.fromkeys(sentence for fact in left for sentence in fact.assumptions))
    return Fact(in_each(OneOf(tuple(fact.value for fact in left)), lambda value: value), because, assumptions)


def _within(power: Power, granted: Fact, boundary: list[Policy]) -> Fact:
    unread = [(name, part) for name, part in boundary if isinstance(part, Unknown)]
    if unread:
        absent = tuple(f"{name}, the permissions boundary, is taken to be absent: {part.reason}" for name, part in unread)
        return Fact(granted.value, granted.because, (*granted.assumptions, *absent))
    limit = held(power, boundary)
    told = tuple(f"within the permissions boundary, {sentence}" for sentence in limit.because)
    return Fact(all_of((granted.value, limit.value)), (*granted.because, *told), granted.assumptions)


# -- which actions at all ------------------------------------------------------------------------------------------------------

_GROUP: Final = ("AWS::IAM::Group",)
_SERVICES: Final = ("sagemaker", "bedrock", "bedrock-agentcore")
"""https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html"""


def within_persona(inventory: Inventory, role: Resource) -> Fact:
    """Whether every action that ``role`` may take is one of the persona that its tag ``persona`` declares: true, false or unknown.

    What a wildcard stands for is not looked up: ``s3:Get*`` beside a persona's ``s3:GetObject`` is unknown, ``s3:*`` is too much.
    """
    declared = role.tags if isinstance(role.tags, Unknown) else role.tags.get("persona", ABSENT)
    if isinstance(declared, Unknown):
        return Fact(declared)
    actions = PERSONAS.get(declared) if isinstance(declared, str) else None
    if actions is None:
        return Fact(Unknown(Kind.OUTSIDE, f"{role.id} declares no persona that is known: {', '.join(PERSONAS)}"))
    names = frozenset(name.lower() for name in actions)
    found = [(allowed, _beyond(allowed, names)) for allowed in _actions(inventory, role)]
    because = tuple(
        f"{allowed.where} allows {allowed.pattern}, which is not of the persona {declared}"
        for allowed, value in found
        if value is True
    )
    excess = any_of(value for _, value in found)
    return Fact(negated(excess), because or (f"no statement is known to allow more than the persona {declared}",))


def _beyond(allowed: Allowed, names: frozenset[str]) -> Truth:
    pattern = allowed.pattern.lower()
    if pattern in names:
        return False
    of_these = any(matches(pattern, name) for name in names)
    if isinstance(allowed.value, Unknown):
        return allowed.value
    # no persona has all that a service can do
    if not of_these or pattern.rpartition(":")[2] == "*":
        return True
    return Unknown(Kind.OUTSIDE, f"whether {allowed.pattern} stands for more than the persona's actions")


def machine_learning_permissions(inventory: Inventory, user: Resource) -> Fact:
    """Whether the policies of ``user`` and of the user's groups allow anything in SageMaker or Bedrock: true, false or unknown."""
    touching = [allowed for allowed in _actions(inventory, user) if any(_reaches(allowed, name) for name in _SERVICES)]
    value = any_of(allowed.value for allowed in touching)
    because = tuple(f"{allowed.where} allows {allowed.pattern}" for allowed in touching if allowed.value is True)
    return Fact(value, because or ("no statement is known to allow anything in SageMaker or Bedrock",))


def _reaches(allowed: Allowed, service: str) -> bool:
    """Whether what is allowed has actions of a service; where all of a service is excepted it has none."""
    excepted = any(matches(pattern, f"{service}:*") for pattern in allowed.excepted)
    return not excepted and matches(allowed.pattern.partition(":")[0], service)


def _actions(inventory: Inventory, principal: Resource) -> list[Allowed]:
    """What a role or a user may do at all, within its permissions boundary; one that cannot be read is taken to be absent."""
    parts = list(policies_of(inventory, principal, known_of))
    for name in elements(principal.properties.get("Groups", ABSENT)):
        group = inventory.resolve(name, _GROUP, principal)
        if isinstance(group, Resource):
            parts += policies_of(inventory, group, known_of)
        elif isinstance(group, Unknown):
            parts.append((f"the group {name}" if isinstance(name, str) else "a group", group))
    allowed = allowed_actions(parts)
    boundary = principal.properties.get("PermissionsBoundary", ABSENT)
    if boundary is ABSENT or boundary is None:
        return allowed
    limit = list(managed(inventory, principal, boundary, known_of))
    return allowed if any(isinstance(part, Unknown) for _, part in limit) else within(allowed, limit)
