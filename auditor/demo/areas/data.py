"""Where the platform's data lies: the fraud team's buckets, images, logs and secrets kept as they should be, the others' not."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from typing import Any, Final

from auditor.demo.platform import CAPTURE_KEY, FRAUD_KEY, HOME, OUTPOST, PRODUCTION, SANDBOX
from auditor.demo.steps import Ref, Site, Step, Steps, Told, bucket, key

_REGISTRY: Final = {name: f"{name}.dkr.ecr.{HOME}.amazonaws.com" for name in (PRODUCTION, SANDBOX)}
_NOW: Final = datetime.datetime.now(datetime.UTC)


def _ago(days: int) -> datetime.datetime:
    return _NOW - datetime.timedelta(days=days)


def _document(*statements: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


# -- buckets --------------------------------------------------------------------------------------------------------------------

_ALL_FOUR: Final = {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True, "RestrictPublicBuckets": True}


def _versioned(name: str) -> Steps:
    return (Step("s3:PutBucketVersioning", {"Bucket": name, "VersioningConfiguration": {"Status": "Enabled"}}),)


def _closed(name: str) -> Steps:
    return (Step("s3:PutPublicAccessBlock", {"Bucket": name, "PublicAccessBlockConfiguration": _ALL_FOUR}),)


def _tls_only(name: str, *others: Mapping[str, Any]) -> Steps:
    denial = {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": {"AWS": "*"},
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return (Step("s3:PutBucketPolicy", {"Bucket": name, "Policy": _document(denial, *others)}),)


def _protected(name: str) -> Steps:
    return (*_versioned(name), *_closed(name), *_tls_only(name))


def _logs_to(target: str, name: str) -> Steps:
    status = {"LoggingEnabled": {"TargetBucket": target, "TargetPrefix": f"{name}/"}}
    return (Step("s3:PutBucketLogging", {"Bucket": name, "BucketLoggingStatus": status}),)


_DELIVERY: Final = {
    "Effect": "Allow",
    "Principal": {"Service": "logging.s3.amazonaws.com"},
    "Action": "s3:PutObject",
    "Resource": "arn:aws:s3:::halyard-access-logs/*",
    "Condition": {"StringEquals": {"aws:SourceAccount": PRODUCTION}},
}
_TO_ANYBODY: Final = {
    "Effect": "Allow",
    "Principal": "*",
    "Action": ["s3:GetObject", "s3:PutObject"],
    "Resource": "arn:aws:s3:::halyard-sandbox-scratch/*",
}

_BUCKETS: Final = (
    *bucket("halyard-access-logs", HOME),
    *_versioned("halyard-access-logs"),
    *_closed("halyard-access-logs"),
    *_tls_only("halyard-access-logs", _DELIVERY),
    *_protected("halyard-fraud-features"),
    *_protected("halyard-fraud-models"),
    *_protected("halyard-inference-capture"),
    *_protected("halyard-audit-logs"),
    *_logs_to("halyard-access-logs", "halyard-fraud-models"),
    *_logs_to("halyard-access-logs", "halyard-audit-logs"),
    # half of it for the whole account
    Step(
        "s3control:PutPublicAccessBlock",
        {
            "AccountId": PRODUCTION,
            "PublicAccessBlockConfiguration": {
                "BlockPublicAcls": True,
                "IgnorePublicAcls": True,
                "BlockPublicPolicy": False,
                "RestrictPublicBuckets": False,
            },
        },
    ),
    # versioned after an artifact was overwritten, and nothing else
    *_versioned("halyard-recs-models"),
)

# -- keys -----------------------------------------------------------------------------------------------------------------------


def _rotated(name: str) -> Step:
    return Step("kms:EnableKeyRotation", {"KeyId": Ref(f"key/{name}")})


def _key_policy(name: str, account: str, *others: Mapping[str, Any]) -> Step:
    own = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{account}:root"}, "Action": "kms:*", "Resource": "*"}
    return Step("kms:PutKeyPolicy", {"KeyId": Ref(f"key/{name}"), "PolicyName": "default", "Policy": _document(own, *others)})


def _imported(name: str, description: str) -> Steps:
    """A key whose material comes from outside."""
    return (
        Step("kms:CreateKey", {"Description": description, "Origin": "EXTERNAL"}, {f"key/{name}": "KeyMetadata.Arn"}),
        Step("kms:CreateAlias", {"AliasName": f"alias/{name}", "TargetKeyId": Ref(f"key/{name}")}),
    )


_PARTNER: Final = {
    "Sid": "Partner",
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::999988887777:root"},
    "Action": ["kms:Decrypt", "kms:DescribeKey"],
    "Resource": "*",
}
_ANYBODY: Final = {"Sid": "Hackday", "Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:*", "Resource": "*"}

_KEYS: Final = (
    _rotated("fraud-data"),
    _rotated("audit-logs"),
    _key_policy("inference-capture", PRODUCTION, _PARTNER),
    *_imported("fraud-ledger", "Brought along by the bank that the ledgers come from"),
)
_SANDBOX_KEYS: Final = (
    *key("sandbox-experiments", "For everything"),
    _key_policy("sandbox-experiments", SANDBOX, _ANYBODY),
    Step(
        "kms:CreateKey",
        {"Description": "Nobody remembers what for"},
        {"key/sandbox-retired": "KeyMetadata.Arn", "key/sandbox-retired/id": "KeyMetadata.KeyId"},
    ),
    Step("kms:ScheduleKeyDeletion", {"KeyId": Ref("key/sandbox-retired/id"), "PendingWindowInDays": 7}),
    *_imported("sandbox-imported", "Material of a workshop"),
)

# -- logs -----------------------------------------------------------------------------------------------------------------------


def _log_group(name: str, *, days: int = 0, key: Ref | None = None) -> Steps:
    made = Step("logs:CreateLogGroup", {"logGroupName": name} | ({"kmsKeyId": key} if key else {}))
    kept = Step("logs:PutRetentionPolicy", {"logGroupName": name, "retentionInDays": days})
    return (made, kept) if days else (made,)


_LOGS: Final = (
    *_log_group("/aws/sagemaker/TrainingJobs", days=365, key=FRAUD_KEY),
    *_log_group("/aws/sagemaker/Endpoints/fraud-scoring-production", days=731, key=CAPTURE_KEY),
    *_log_group("/aws/sagemaker/Endpoints/recs-ranking-production"),
    *_log_group("/aws/sagemaker/ProcessingJobs", days=14, key=Ref("key/fraud-ledger")),
)
_SANDBOX_LOGS: Final = (
    *_log_group("/aws/sagemaker/TrainingJobs", days=1, key=Ref("key/sandbox-retired")),
    *_log_group("/aws/sagemaker/NotebookInstances", key=Ref("key/sandbox-experiments")),
    *_log_group("/aws/sagemaker/Endpoints/churn", key=Ref("key/sandbox-imported")),
)

# -- images ---------------------------------------------------------------------------------------------------------------------


def _repository(name: str, *, careful: bool, key: Ref | None = None) -> Steps:
    params = {
        "repositoryName": name,
        "imageTagMutability": "IMMUTABLE" if careful else "MUTABLE",
        "imageScanningConfiguration": {"scanOnPush": careful},
        "encryptionConfiguration": {"encryptionType": "KMS", "kmsKey": key} if key else {"encryptionType": "AES256"},
    }
    return (Step("ecr:CreateRepository", params),)


def _pulled_by(name: str, principal: str) -> Steps:
    allowed = {
        "Effect": "Allow",
        "Principal": {"AWS": principal},
        "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
    }
    return (Step("ecr:SetRepositoryPolicy", {"repositoryName": name, "policyText": _document(allowed)}),)


def _model(name: str, role: str, account: str, image: str, artifact: str) -> Steps:
    """A model in an image of one's own."""
    params = {
        "ModelName": name,
        "ExecutionRoleArn": f"arn:aws:iam::{account}:role/{role}",
        "EnableNetworkIsolation": True,
        "PrimaryContainer": {"Image": f"{_REGISTRY[account]}/{image}", "ModelDataUrl": artifact},
    }
    return (Step("sagemaker:CreateModel", params),)


_IMAGES: Final = (
    *_repository("fraud/explainer", careful=True, key=FRAUD_KEY),
    *_pulled_by("fraud/explainer", f"arn:aws:iam::{PRODUCTION}:role/fraud-serving"),
    *_repository("recs/retriever", careful=False),
    *_model(
        "fraud-explainer-v1",
        "fraud-serving",
        PRODUCTION,
        "fraud/explainer:2026-10-02",
        "s3://halyard-fraud-models/explainer/v1/model.tar.gz",
    ),
    *_model(
        "recs-retriever-v1",
        "recs-serving",
        PRODUCTION,
        "recs/retriever:latest",
        "s3://halyard-recs-models/retriever/v1/model.tar.gz",
    ),
)
_SANDBOX_IMAGES: Final = (
    *_repository("sandbox/llm", careful=False),
    *_pulled_by("sandbox/llm", "*"),
    *_model(
        "sandbox-llm", "sandbox-everything", SANDBOX, "sandbox/llm:latest", "s3://halyard-sandbox-scratch/llm/model.tar.gz"
    ),
)

# -- secrets --------------------------------------------------------------------------------------------------------------------


def _secret(name: str, account: str, suffix: str, *, read: int, **more: Any) -> dict[str, Any]:
    """An entry of the listing; moto can rotate no secret without the function that does it. ``read`` is how many days ago."""
    return {
        "ARN": f"arn:aws:secretsmanager:{HOME}:{account}:secret:{name}-{suffix}",
        "Name": name,
        "CreatedDate": _ago(500),
        "LastAccessedDate": _ago(read),
        **more,
    }


def _secrets(account: str, *listed: dict[str, Any], opened: str = "") -> tuple[Told, ...]:
    """What is told of secrets, of which the one called ``opened`` lets everybody read it."""
    allowed = {"Effect": "Allow", "Principal": "*", "Action": "secretsmanager:GetSecretValue", "Resource": "*"}
    policies = (
        Told(
            "secretsmanager:GetResourcePolicy",
            {"ARN": item["ARN"], "Name": item["Name"]}
            | ({"ResourcePolicy": _document(allowed)} if item["Name"] == opened else {}),
            asked=f":{account}:secret:{item['Name']}-",
        )
        for item in listed
    )
    return (Told("secretsmanager:ListSecrets", {"SecretList": list(listed)}), *policies)


_ROTATED: Final = {
    "KmsKeyId": FRAUD_KEY,
    "RotationEnabled": True,
    "RotationLambdaARN": f"arn:aws:lambda:{HOME}:{PRODUCTION}:function:rotate-git-credentials",
    "RotationRules": {"AutomaticallyAfterDays": 30},
    "LastRotatedDate": _ago(12),
}
_SECRETS: Final = _secrets(
    PRODUCTION,
    _secret("AmazonSageMaker-fraud-git", PRODUCTION, "k3Yq8D", read=1, **_ROTATED),
    _secret("AmazonSageMaker-recs-git", PRODUCTION, "Tz0aWm", read=240),
)
_SANDBOX_SECRETS: Final = _secrets(
    SANDBOX, _secret("sagemaker-hackday-tokens", SANDBOX, "p9RbXe", read=3), opened="sagemaker-hackday-tokens"
)


def _parameter(name: str, kind: str, value: str) -> Step:
    return Step("ssm:PutParameter", {"Name": name, "Type": kind, "Value": value})


_PARAMETERS: Final = (
    _parameter("/sagemaker/fraud/registry-token", "SecureString", "made up"),
    _parameter("/sagemaker/recs/warehouse-password", "String", "made up as well"),
    _parameter("/sagemaker/default-bucket", "String", "halyard-shared-models"),
)

# -- catalog --------------------------------------------------------------------------------------------------------------------


def _catalog(*databases: str, key: Ref | None = None) -> tuple[Told, ...]:
    """What Glue tells, for which moto needs a parser of queries that nobody else here does. Without ``key`` nothing is encrypted."""
    at_rest: dict[str, Any] = {"CatalogEncryptionMode": "DISABLED"}
    passwords: dict[str, Any] = {"ReturnConnectionPasswordEncrypted": False}
    if key:
        at_rest = {"CatalogEncryptionMode": "SSE-KMS", "SseAwsKmsKeyId": key}
        passwords = {"ReturnConnectionPasswordEncrypted": True, "AwsKmsKeyId": key}
    settings = {"EncryptionAtRest": at_rest, "ConnectionPasswordEncryption": passwords}
    return (
        Told("glue:GetDatabases", {"DatabaseList": [{"Name": name} for name in databases]}),
        Told("glue:GetDataCatalogEncryptionSettings", {"DataCatalogEncryptionSettings": settings}),
    )


_LAKE: Final = (
    Step(
        "lakeformation:PutDataLakeSettings",
        {
            "DataLakeSettings": {
                "DataLakeAdmins": [{"DataLakePrincipalIdentifier": f"arn:aws:iam::{PRODUCTION}:role/platform-deploy"}],
                "CreateDatabaseDefaultPermissions": [],
                "CreateTableDefaultPermissions": [],
            }
        },
    ),
)
SITES: Final = (
    Site(
        PRODUCTION,
        HOME,
        (*_BUCKETS, *_KEYS, *_LOGS, *_IMAGES, *_PARAMETERS, *_LAKE),
        (*_SECRETS, *_catalog("sagemaker_featurestore", key=FRAUD_KEY)),
    ),
    Site(PRODUCTION, OUTPOST, _closed("halyard-us-models"), _catalog()),
    Site(
        SANDBOX,
        HOME,
        (
            Step("s3:PutBucketPolicy", {"Bucket": "halyard-sandbox-scratch", "Policy": _document(_TO_ANYBODY)}),
            *_SANDBOX_KEYS,
            *_SANDBOX_LOGS,
            *_SANDBOX_IMAGES,
        ),
        (*_SANDBOX_SECRETS, *_catalog("default")),
    ),
)
