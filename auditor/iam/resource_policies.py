"""Whom the policy of a bucket, key, repository, secret, topic or API lets in."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from auditor.iam.conditions import keeps_to
from auditor.iam.documents import Part, Statement, statements
from auditor.model.facts import Fact
from auditor.model.inventory import Inventory
from auditor.model.resource import Resource
from auditor.model.truth import Truth, any_of, in_each
from auditor.model.values import ABSENT, Kind, Text, Unknown, Value

# what tells callers apart, with the exact value of which S3 calls a policy not public:
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
# and whom a service acts for, or a principal belongs to:
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
_CALLER: Final = frozenset(
    (
        *("aws:principalaccount", "aws:principalarn", "aws:principalorgid", "aws:principalorgpaths", "aws:userid"),
        *("aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths", "aws:sourceowner"),
        *("aws:sourceip", "aws:sourcevpc", "aws:sourcevpce", "kms:calleraccount"),
        *("s3:dataaccesspointaccount", "s3:dataaccesspointarn"),
    )
)
# what every caller can meet by the way of asking
_MANNER: Final = frozenset(("aws:securetransport", "aws:requestedregion", "s3:tlsversion", "kms:viaservice"))
_ARN: Final = re.compile(r"arn:[^:]*:(?:iam|sts)::(?P<account>\d{12}):.+")
# what a template calls the account that it is deployed to
_OWN: Final = ("AWS::AccountId", "AWS::Partition")
_ACCOUNT: Final = re.compile(r"\d{12}")

Test = Callable[[Statement], Truth]


def bucket_policy_public(_inventory: Inventory, bucket: Resource) -> Fact:
    """Whether the policy of ``bucket`` lets everybody in: true, false or unknown. Public access blocks are not looked at."""
    return policy_public(bucket, "PolicyDocument")


def key_policy_public(_inventory: Inventory, key: Resource) -> Fact:
    """Whether the policy of ``key`` lets everybody use it: true, false or unknown."""
    return policy_public(key, "KeyPolicy")


def key_policy_accounts(_inventory: Inventory, key: Resource) -> Fact:
    """The other accounts that the policy of ``key`` lets in under no condition, sorted.

    What may stand for one is a special value: a parameter, and in a template, which does not say where it is deployed, any
    account. https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
    """
    document = key.properties.get("KeyPolicy", ABSENT)
    if document is ABSENT or document is None:
        return Fact([], (f"{key.id} has no policy that names another account",))
    found: dict[Value, None] = {}
    for part in statements(document):
        found.update(dict.fromkeys(_accounts(part, key)))
    plain = sorted(item for item in found if isinstance(item, str))
    because = tuple(f"the policy lets account {account} use {key.id}" for account in plain)
    return Fact([*plain, *(item for item in found if not isinstance(item, str))], because or ("it names no other account",))


def repository_policy_public(_inventory: Inventory, repository: Resource) -> Fact:
    """Whether the policy of ``repository`` lets everybody in: true, false or unknown."""
    return policy_public(repository, "RepositoryPolicyText")


def secret_policy_public(_inventory: Inventory, secret: Resource) -> Fact:
    """Whether the policy of ``secret`` lets everybody in: true, false or unknown."""
    return policy_public(secret, "ResourcePolicy")


def topic_policy_public(_inventory: Inventory, topic: Resource) -> Fact:
    """Whether the policy of ``topic`` lets everybody in: true, false or unknown. One that a template does not set lets in nobody."""
    return policy_public(topic, "Policy")


def is_everybody(part: Statement) -> Truth:
    """Whether a statement is about every principal of every account."""
    if part.inverted_principals:
        return Unknown(Kind.OUTSIDE, f"{part.name} is about everybody but some")
    people = (name for kind, name in part.principals if kind in ("*", "AWS"))
    return any_of(in_each(name, lambda one: one if isinstance(one, Unknown) else one == "*") for name in people)


# -- everybody -----------------------------------------------------------------------------------------------------------------


def policy_public(resource: Resource, path: str) -> Fact:
    """Whether the policy at ``path`` of ``resource`` lets everybody in: true, false or unknown.

    A statement that denies is not weighed: one that keeps some callers out makes the answer unknown.
    """
    document = resource.properties.get(path, ABSENT)
    if document is ABSENT or document is None:
        return Fact(False, (f"{resource.id} has no policy of its own",))
    parts = statements(document)
    opened = [(part, _judged(part, _lets_everybody_in)) for part in parts]
    value = any_of(truth for _, truth in opened)
    if value is False:
        return Fact(False, (f"no statement of the policy of {resource.id} lets everybody in",))
    names = [_name(part) for part, truth in opened if truth is not False]
    if value is True and (cut := any_of(_judged(part, _keeps_some_out) for part in parts)) is not False:
        return Fact(
            cut if isinstance(cut, Unknown) else Unknown(Kind.OUTSIDE, "another statement keeps some callers out"),
            (f"{' and '.join(names)} of the policy of {resource.id} lets everybody in, and another keeps some out",),
        )
    may = "lets" if value is True else "may let"
    return Fact(value, (f"{' and '.join(names)} of the policy of {resource.id} {may} everybody in",))


def _judged(part: Part, test: Test) -> Truth:
    return in_each(part, lambda one: test(one) if isinstance(one, Statement) else one if isinstance(one, Unknown) else False)


def _name(part: Part) -> str:
    return part.name if isinstance(part, Statement) else "a statement that cannot be read"


def _lets_everybody_in(part: Statement) -> Truth:
    if part.effect != "Allow":
        return False
    everybody = is_everybody(part)
    if everybody is False or not part.conditioned:
        return everybody
    if keeps_to(part, _CALLER):
        return False
    if all(key in _MANNER for _, key in part.condition_keys()):
        return everybody
    return Unknown(Kind.OUTSIDE, f"{part.name} lets everybody in under a condition")


def _keeps_some_out(part: Statement) -> Truth:
    """Whether a statement takes much away from callers of one kind. What it takes from all of them may be something else."""
    if part.effect != "Deny" or is_everybody(part) is False or part.actions is None:
        return False
    if not part.conditioned:
        return part.inverted_principals or part.actions.inverted or "*" in part.actions.patterns
    return any(key not in _MANNER for _, key in part.condition_keys())


# -- other accounts ------------------------------------------------------------------------------------------------------------


def _accounts(part: Value, resource: Resource) -> list[Value]:
    if isinstance(part, Unknown):
        return [part]
    if not isinstance(part, Statement):
        return [Unknown(Kind.DEFERRED, "a statement of the policy is decided at deploy")]
    if part.effect != "Allow" or part.conditioned or part.inverted_principals:
        return []
    named = [_account(name, resource) for kind, name in part.principals if kind == "AWS"]
    return [account for account in named if account is not None]


def _account(name: Value, resource: Resource) -> Value | None:
    """The account of a principal, where it is or may be another one than the resource's."""
    if not isinstance(name, str):
        unknown = [part for part in (name.parts if isinstance(name, Text) else [name]) if isinstance(part, Unknown)]
        return next((part for part in unknown if part.reason not in _OWN), None)
    match = _ARN.fullmatch(name)
    account = match["account"] if match else name
    if not _ACCOUNT.fullmatch(account) or account == resource.account:
        return None
    return account if resource.account else Unknown(Kind.OUTSIDE, f"{account} may be the account that it is deployed to")
