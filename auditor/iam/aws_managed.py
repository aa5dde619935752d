"""The policies that AWS manages, by name: a template does not hold their documents, AWS publishes them.

https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from auditor.iam.documents import Part, pattern_text, statements
from auditor.iam.powers import ADMINISTRATION, Power
from auditor.model.values import Kind, Reference, Unknown, Value

# the partition of a template's ARN is often a pseudo parameter
_ARN: Final = re.compile(r"arn:[a-z*-]+:iam::aws:policy/(?:[\w+=,.@-]+/)*(?P<name>[\w+=,.@-]+)")


def _allow(*actions: str, on: str = "*", where: str = "", inverted: bool = False) -> dict[str, Value]:
    verb = "NotAction" if inverted else "Action"
    condition: dict[str, Value] = {"Condition": {"StringEquals": {where: "…"}}} if where else {}
    return {"Effect": "Allow", verb: list(actions), "Resource": on, **condition}


PUBLISHED: Final[Mapping[str, list[Value]]] = {
    "AdministratorAccess": [_allow("*")],
    "AWSMcpServiceActionsFullAccess": [_allow("*", where="aws:ViaAWSMCPService")],
    "IAMFullAccess": [_allow("iam:*")],
    "PowerUserAccess": [_allow("iam:*", "organizations:*", "account:*", inverted=True)],
    "ReadOnlyAccess": [_allow("s3:Get*")],
    "AmazonS3FullAccess": [_allow("s3:*")],
    "AmazonS3ReadOnlyAccess": [_allow("s3:Get*", "s3:List*")],
    "SecretsManagerReadWrite": [_allow("secretsmanager:*")],
    "AmazonSageMakerFullAccess": [
        _allow("iam:PassRole", on="arn:aws:iam::*:role/*", where="iam:PassedToService"),
        _allow("s3:GetObject", on="arn:aws:s3:::*", where="s3:ExistingObjectTag/SageMaker"),
        _allow("secretsmanager:GetSecretValue", where="secretsmanager:ResourceTag/SageMaker"),
    ],
    "AmazonBedrockFullAccess": [],
    "AmazonBedrockReadOnly": [],
    "AmazonEC2ContainerRegistryReadOnly": [],
    "AmazonEC2ContainerRegistryPowerUser": [],
    "AmazonSageMakerFeatureStoreAccess": [],
    "AmazonSageMakerReadOnly": [],
    "CloudWatchAgentServerPolicy": [],
    "CloudWatchLogsFullAccess": [],
}
"""What hands out any of the powers in policies that machine learning is often given, as of 2026-08.

Of every policy in AWS's reference these alone hand out all of IAM. A test reads them against copies of AWS's own documents.
https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AdministratorAccess.html
https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonSageMakerFullAccess.html
"""


def managed_name(arn: Value) -> str | None:
    """The name of the AWS managed policy that ``arn`` names; nothing where it names none."""
    text = None if isinstance(arn, Reference) else pattern_text(arn)
    match = _ARN.fullmatch(text) if text is not None else None
    return match["name"] if match else None


def published(name: str, power: Power) -> list[Part]:
    """The statements of an AWS managed policy that matter to ``power``, or one unknown where they are not known here."""
    if name in PUBLISHED:
        return statements({"Statement": PUBLISHED[name]})
    return (
        [] if power is ADMINISTRATION else [Unknown(Kind.OUTSIDE, f"{name} is AWS's own, and what it allows is not read here")]
    )


def known_of(name: str) -> list[Part]:
    """What is known here of an AWS managed policy, and an unknown for the rest of it."""
    rest = Unknown(Kind.OUTSIDE, f"{name} is AWS's own, and not all that it allows is read here")
    return [*statements({"Statement": PUBLISHED.get(name, [])}), rest]
