"""The policies that AWS manages, by name: an account's listing does not hold their documents, AWS publishes them.

https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
"""

from __future__ import annotations

import re
from typing import Final

from auditor.iam.documents import Element, Statement, pattern_text
from auditor.model.values import Reference, Value

# the partition of a template's ARN is often a pseudo parameter
_ARN: Final = re.compile(r"arn:[a-z*-]+:iam::aws:policy/(?:[\w+=,.@-]+/)*(?P<name>[\w+=,.@-]+)")

# Of every policy in AWS's reference these alone have a statement that allows every action, or every IAM action, on
# every resource:
# https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AdministratorAccess.html
# https://docs.aws.amazon.com/aws-managed-policy/latest/reference/IAMFullAccess.html
# https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSMcpServiceActionsFullAccess.html
_EVERYWHERE: Final = Element(("*",))
_WILDCARDS: Final = {
    "AdministratorAccess": Statement("the statement", "Allow", Element(("*",)), _EVERYWHERE),
    "IAMFullAccess": Statement("the statement", "Allow", Element(("iam:*",)), _EVERYWHERE),
    "AWSMcpServiceActionsFullAccess": Statement("the statement", "Allow", Element(("*",)), _EVERYWHERE, conditioned=True),
}
_OTHERS: Final = Statement("every statement", "Allow", Element(()), Element(()))


def managed_name(arn: Value) -> str | None:
    """The name of the AWS managed policy that ``arn`` names; nothing where it names none."""
    text = None if isinstance(arn, Reference) else pattern_text(arn)
    match = _ARN.fullmatch(text) if text is not None else None
    return match["name"] if match else None


def aws_managed_statement(name: str) -> Statement:
    """The statement of the policy that hands out administration by a wildcard; for any other policy one that allows nothing."""
    return _WILDCARDS.get(name, _OTHERS)
