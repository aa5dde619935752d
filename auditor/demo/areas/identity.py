"""Who may do what: roles, users and their credentials. The fraud team's are made for one persona each, the others grew."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from auditor.demo.platform import HOME, OUTPOST, PRODUCTION, SANDBOX
from auditor.demo.steps import Site, Step, Steps, Told, model, statement

_SAGEMAKER: Final = "sagemaker.amazonaws.com"
_NOW: Final = datetime.datetime.now(datetime.UTC)


def _document(*statements: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def _trust(principal: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", **more}


def _role(
    name: str, *inline: Mapping[str, Any], trusts: Sequence[Mapping[str, Any]], persona: str = "", attached: str = ""
) -> Steps:
    """A role with the statements ``trusts`` as its trust policy, made for one persona or for none."""
    tags = [{"Key": "persona", "Value": persona}] if persona else []
    steps = [Step("iam:CreateRole", {"RoleName": name, "AssumeRolePolicyDocument": _document(*trusts), "Tags": tags})]
    if inline:
        own = {"RoleName": name, "PolicyName": "work", "PolicyDocument": _document(*inline)}
        steps.append(Step("iam:PutRolePolicy", own))
    if attached:
        steps.append(Step("iam:AttachRolePolicy", {"RoleName": name, "PolicyArn": f"arn:aws:iam::aws:policy/{attached}"}))
    return tuple(steps)


def _group(name: str, *inline: Mapping[str, Any]) -> Steps:
    own = {"GroupName": name, "PolicyName": "work", "PolicyDocument": _document(*inline)}
    return (Step("iam:CreateGroup", {"GroupName": name}), Step("iam:PutGroupPolicy", own))


def _user(name: str, *inline: Mapping[str, Any], group: str = "") -> Steps:
    steps = [Step("iam:CreateUser", {"UserName": name})]
    if group:
        steps.append(Step("iam:AddUserToGroup", {"UserName": name, "GroupName": group}))
    if inline:
        own = {"UserName": name, "PolicyName": "own", "PolicyDocument": _document(*inline)}
        steps.append(Step("iam:PutUserPolicy", own))
    return tuple(steps)


# -- the report of credentials --------------------------------------------------------------------------------------------------

_COLUMNS: Final = (
    *("user", "arn", "user_creation_time", "password_enabled", "password_last_used", "password_last_changed"),
    *("password_next_rotation", "mfa_active", "access_key_1_active", "access_key_1_last_rotated"),
    *("access_key_1_last_used_date", "access_key_2_active", "access_key_2_last_rotated", "access_key_2_last_used_date"),
)


def _ago(days: int) -> str:
    return (_NOW - datetime.timedelta(days=days)).isoformat(timespec="seconds")


def _credentials(
    account: str, user: str, *, password: int | None = None, mfa: bool = False, key: tuple[int, int] | None = None
) -> str:
    """A row: days since the ``password`` was used, and since the ``key`` was made and used; without one where it is left out."""
    is_root = user == "<root_account>"
    cells = {
        "user": user,
        "arn": f"arn:aws:iam::{account}:root" if is_root else f"arn:aws:iam::{account}:user/{user}",
        "user_creation_time": _ago(900),
        "password_enabled": "not_supported" if is_root else str(password is not None).lower(),
        "password_last_used": "N/A" if password is None else _ago(password),
        "password_last_changed": "not_supported" if is_root else "N/A" if password is None else _ago(600),
        "mfa_active": str(mfa).lower(),
        "access_key_1_active": str(key is not None).lower(),
        "access_key_1_last_rotated": "N/A" if key is None else _ago(key[0]),
        "access_key_1_last_used_date": "N/A" if key is None else _ago(key[1]),
        "access_key_2_active": "false",
    }
    return ",".join(cells.get(column, "N/A") for column in _COLUMNS)


def _report(*rows: str) -> Told:
    table = "\n".join((",".join(_COLUMNS), *rows))
    answer = {"Content": table.encode(), "ReportFormat": "text/csv", "GeneratedTime": _NOW}
    return Told("iam:GetCredentialReport", answer)


_READY: Final = Told("iam:GenerateCredentialReport", {"State": "COMPLETE"})

# -- production -----------------------------------------------------------------------------------------------------------------

_FOR_US: Final = {"StringEquals": {"aws:SourceAccount": PRODUCTION}}

_PRODUCTION: Final = (
    *_role(
        "fraud-feature-jobs",
        statement(["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::halyard-fraud-features/*"),
        statement(["logs:CreateLogStream", "logs:PutLogEvents"], "*"),
        trusts=[_trust({"Service": _SAGEMAKER}, Condition=_FOR_US)],
        persona="compute",
    ),
    *_role(
        "recs-research",
        trusts=[_trust({"Service": _SAGEMAKER})],
        persona="data-scientist",
        attached="AmazonSageMakerFullAccess",
    ),
    # began as one team's shortcut to everything the nightly export touches
    *_role(
        "recs-export",
        statement("s3:*", "*"),
        statement(["kms:Decrypt", "kms:GenerateDataKey"], "*"),
        statement("secretsmanager:GetSecretValue", "*"),
        trusts=[
            _trust({"Service": [_SAGEMAKER, "glue.amazonaws.com"]}),
            _trust({"AWS": f"arn:aws:iam::{SANDBOX}:root"}),
        ],
    ),
    *_group("analysts", statement(["sagemaker:Describe*", "sagemaker:List*"], "*")),
    *_user("ada", group="analysts"),
    *_user("report-mailer", statement("s3:GetObject", "arn:aws:s3:::halyard-recs-models/reports/*")),
    *_user("ci-publisher", statement(["sagemaker:CreateModel", "sagemaker:UpdateEndpoint"], "*")),
)

_PRODUCTION_CREDENTIALS: Final = _report(
    _credentials(PRODUCTION, "<root_account>", password=410, mfa=True),
    _credentials(PRODUCTION, "ada", password=2, mfa=True),
    _credentials(PRODUCTION, "report-mailer", key=(40, 1)),
    _credentials(PRODUCTION, "ci-publisher", key=(700, 3)),
)

_EXTERNAL_ACCESS: Final = Told(
    "accessanalyzer:ListAnalyzers",
    {
        "analyzers": [
            {
                "arn": f"arn:aws:access-analyzer:{HOME}:{PRODUCTION}:analyzer/external-access",
                "name": "external-access",
                "type": "ACCOUNT",
                "createdAt": _NOW,
                "status": "ACTIVE",
            }
        ]
    },
)

# -- the sandbox ----------------------------------------------------------------------------------------------------------------

_SANDBOX: Final = (
    *_role(
        "sandbox-demo",
        statement("s3:GetObject", "arn:aws:s3:::halyard-sandbox-scratch/*"),
        trusts=[_trust({"Service": _SAGEMAKER}), _trust({"AWS": "*"})],
    ),
    # the notebook's role will do
    *model(
        "sandbox-churn-v1",
        f"arn:aws:iam::{SANDBOX}:role/sandbox-everything",
        "s3://halyard-sandbox-scratch/out/model.tar.gz",
        team="sandbox",
        isolated=False,
    ),
    *_user("hackday", statement("*", "*")),
)

_SANDBOX_CREDENTIALS: Final = _report(
    _credentials(SANDBOX, "<root_account>", password=3, key=(1500, 12)),
    _credentials(SANDBOX, "hackday", password=200, key=(400, 390)),
)

_SANDBOX_SUMMARY: Final = Told(
    "iam:GetAccountSummary",
    {
        "SummaryMap": {
            "AccountMFAEnabled": 0,
            "AccountAccessKeysPresent": 1,
            "AccountPasswordPresent": 1,
            "AccountSigningCertificatesPresent": 0,
        }
    },
)

SITES: Final = (
    Site(PRODUCTION, HOME, _PRODUCTION, (_EXTERNAL_ACCESS,)),
    Site(PRODUCTION, OUTPOST, (), (_READY, _PRODUCTION_CREDENTIALS)),
    Site(SANDBOX, HOME, _SANDBOX),
    Site(SANDBOX, OUTPOST, (), (_READY, _SANDBOX_CREDENTIALS, _SANDBOX_SUMMARY)),
)
