"""Who may assume a role."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from auditor.iam.conditions import keeps_to
from auditor.iam.documents import Effect, Element, Part, Statement, fits, pattern_text, statements
from auditor.iam.wildcards import matches
from auditor.model.facts import Fact
from auditor.model.inventory import Inventory
from auditor.model.resource import Resource
from auditor.model.truth import Truth, any_of, elements, in_each, negated
from auditor.model.values import ABSENT, Kind, OneOf, Presence, Unknown, Value

MACHINE_LEARNING: Final = ("bedrock-agentcore.amazonaws.com", "bedrock.amazonaws.com", "sagemaker.amazonaws.com")
"""The services that notebooks, jobs, models and agents run in.

https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html
https://docs.aws.amazon.com/bedrock/latest/userguide/agents-permissions.html
https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/runtime-permissions.html
"""

# a template often leaves the suffix to a pseudo parameter; in China it ends otherwise
_PRINCIPAL: Final = re.compile(r"(?P<service>[a-z0-9-]+)\.(?:\*|amazonaws\.com(?:\.cn)?)")
_ARN: Final = re.compile(r"arn:[^:]*:(?:iam|sts)::(?P<account>[^:]+):.+")
_ACCOUNT: Final = re.compile(r"\d{12}")
# whom a service acts for, and whom a principal belongs to:
# https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
_ON_BEHALF_OF: Final = frozenset(("aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths"))
_BELONGS_TO: Final = frozenset(
    ("aws:principalaccount", "aws:principalarn", "aws:principalorgid", "aws:principalorgpaths", *_ON_BEHALF_OF)
)


def trusted_services(_inventory: Inventory, role: Resource) -> Fact:
    """The service principals (``sagemaker.amazonaws.com``) that the trust policy lets assume ``role``, sorted.

    Conditions on them are not looked at. What may stand for a service that is not named (``"Principal": "*"``, a parameter) is a
    special value in the list.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
    """
    parts = _trust(role)
    if isinstance(parts, Unknown):
        return Fact(parts)
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


def execution_role(inventory: Inventory, role: Resource) -> Fact:
    """Whether SageMaker or Bedrock may assume ``role`` to run something: true, false or unknown.

    Service-linked roles are none of those: AWS alone writes them.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html
    """
    path = role.properties.get("Path", ABSENT)
    if isinstance(path, str) and path.startswith("/aws-service-role/"):
        return Fact(False, (f"{role.id} is a service-linked role",))
    trusted = trusted_services(inventory, role)
    if isinstance(trusted.value, Unknown):
        return trusted
    found = [name for name in elements(trusted.value) if name in MACHINE_LEARNING]
    if found:
        return Fact(True, tuple(sentence for sentence in trusted.because if any(str(name) in sentence for name in found)))
    special = next((name for name in elements(trusted.value) if not isinstance(name, str)), None)
    if special is not None:
        unknown = special if isinstance(special, Unknown) else Unknown(Kind.DEFERRED, "the service is decided at deploy")
        return Fact(unknown)
    return Fact(False, (f"neither SageMaker nor Bedrock may assume {role.id}",))


def confused_deputy_guard(_inventory: Inventory, role: Resource) -> Fact:
    """Whether SageMaker and Bedrock may assume ``role`` only on behalf of a named account, resource or organization.

    https://docs.aws.amazon.com/sagemaker/latest/dg/security-confused-deputy-prevention.html
    """
    parts = _trust(role)
    if isinstance(parts, Unknown):
        return Fact(parts)
    open_ones = [(part, in_each(part, _lets_in_unguarded)) for part in parts]
    value = negated(any_of(found for _, found in open_ones))
    because = tuple(
        f"{part.name} of the trust policy does not say on whose behalf"
        if isinstance(part, Statement)
        else "a statement may not"
        for part, found in open_ones
        if found is True
    )
    return Fact(value, because or ("every statement that lets a service in says on whose behalf",))


def trusted_by_anybody(_inventory: Inventory, role: Resource) -> Fact:
    """Whether the trust policy lets every AWS account, or everybody, assume ``role``: true, false or unknown."""
    parts = _trust(role)
    if isinstance(parts, Unknown):
        return Fact(parts)
    found = [(part, in_each(part, _lets_in_anybody)) for part in parts]
    value = any_of(truth for _, truth in found)
    if value is True and any(isinstance(part, Statement) and _keeps_some_out(part) for part in parts):
        value = Unknown(Kind.OUTSIDE, "another statement of the trust policy keeps some out")
    because = tuple(
        f"{part.name} of the trust policy lets anybody in"
        for part, truth in found
        if truth is True and isinstance(part, Statement)
    )
    return Fact(value, because or ("no statement of the trust policy lets everybody in",))


def trusted_accounts(_inventory: Inventory, role: Resource) -> Fact:
    """The other accounts that the trust policy lets assume ``role``, sorted.

    What may stand for one (a parameter; in a template any account, for it does not say where it is deployed) is a special value.
    """
    parts = _trust(role)
    if isinstance(parts, Unknown):
        return Fact(parts)
    found = dict.fromkeys(account for part in parts for account in _accounts(part, role))
    plain = sorted(item for item in found if isinstance(item, str))
    because = tuple(f"the trust policy lets account {account} assume {role.id}" for account in plain)
    return Fact([*plain, *(item for item in found if not isinstance(item, str))], because or ("it names no other account",))


# -- statements ----------------------------------------------------------------------------------------------------------------


def _trust(role: Resource) -> list[Part] | Unknown:
    document = role.properties.get("AssumeRolePolicyDocument", ABSENT)
    if document is ABSENT or document is None:
        return Unknown(Kind.OUTSIDE, f"{role.id} has no trust policy here")
    return document if isinstance(document, Unknown) else statements(document)


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


def _lets_in(part: Value) -> Truth:
    """Whether a statement lets somebody assume the role."""
    if isinstance(part, Unknown):
        return part
    if not isinstance(part, Statement) or part.effect != "Allow" or part.actions is None:
        return False
    return _is_assuming(part.actions)


def _lets_in_unguarded(part: Value) -> Truth:
    assuming = _lets_in(part)
    if assuming is not True or not isinstance(part, Statement):
        return assuming
    named = [name for name in _named_services(part) if not isinstance(name, str) or name in MACHINE_LEARNING]
    if not named:
        return False
    guard = _guarded(part, _ON_BEHALF_OF)
    if guard is True or any(isinstance(name, str) for name in named):
        return negated(guard)
    return Unknown(Kind.OUTSIDE, f"{part.name} may be about SageMaker or Bedrock")


def _lets_in_anybody(part: Value) -> Truth:
    assuming = _lets_in(part)
    if assuming is not True or not isinstance(part, Statement):
        return assuming
    everybody = part.inverted_principals or any(kind in ("*", "AWS") and name == "*" for kind, name in part.principals)
    if not everybody:
        return any_of(name for kind, name in part.principals if kind in ("*", "AWS") and isinstance(name, Unknown))
    if not part.conditioned:
        return True
    if _guarded(part, _BELONGS_TO) is True:
        return False
    return Unknown(Kind.OUTSIDE, f"{part.name} of the trust policy lets anybody in under a condition")


def _keeps_some_out(part: Statement) -> bool:
    """Whether a statement denies assuming the role to more than those that it names: to all but some, or under a condition."""
    if part.effect != "Deny" or part.actions is None or _is_assuming(part.actions) is False:
        return False
    everybody = part.inverted_principals or any(name == "*" for _, name in part.principals)
    # to deny what does not come over TLS is usual
    return everybody and {key for _, key in part.condition_keys()} != {"aws:securetransport"}


def _guarded(part: Statement, keys: frozenset[str]) -> Truth:
    """Whether a statement holds only where one of ``keys`` has a value that it names."""
    if keeps_to(part, keys):
        return True
    unread = any(key == "?" for _, key in part.condition_keys())
    return Unknown(Kind.OUTSIDE, f"the condition of {part.name} cannot be read") if unread else False


def _accounts(part: Value, role: Resource) -> Iterator[Value]:
    assuming = _lets_in(part)
    if isinstance(part, OneOf):
        for item in part.values:
            for account in _accounts(item, role):
                yield Unknown(Kind.DEFERRED, f"{account} or not, decided at deploy", Presence.MAYBE)
    elif isinstance(assuming, Unknown):
        yield Unknown(assuming.kind, assuming.reason, Presence.MAYBE)
    elif assuming and isinstance(part, Statement) and not part.inverted_principals:
        for kind, name in part.principals:
            if kind == "AWS" and name != "*":
                yield from _account(name, role)


def _account(name: Value, role: Resource) -> Iterator[Value]:
    if not isinstance(name, str):
        yield Unknown(Kind.DEFERRED, "a principal of the trust policy is decided at deploy", Presence.MAYBE)
        return
    match = _ARN.fullmatch(name)
    account = match["account"] if match else name
    if not _ACCOUNT.fullmatch(account):
        # the id of a principal that was deleted, which nobody can be any more:
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
        return
    if not role.account:
        yield Unknown(Kind.OUTSIDE, f"{account} may be the account that it is deployed to", Presence.MAYBE)
    elif account != role.account:
        yield account
