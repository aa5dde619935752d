"""What the demo's platform consists of: the machine learning of a payments company, good and bad side by side.

The fraud team takes care, the recommendations team is in a hurry. They share a production account, at home in Ireland with an
outpost in Virginia; a sandbox account is where the rest of the company tries things out.
"""

from __future__ import annotations

from typing import Final

from auditor.demo.steps import (
    Ref,
    Site,
    alarm,
    bucket,
    endpoint,
    error_rate_alarm,
    key,
    model,
    network,
    notebook,
    policy,
    role,
    route_to_internet,
    route_to_nat,
    routes,
    statement,
    subnet,
    topic,
    trail,
    training_job,
)

PRODUCTION: Final = "111122223333"
SANDBOX: Final = "444455556666"
HOME: Final = "eu-west-1"
OUTPOST: Final = "us-east-1"

ADMINISTRATOR: Final = "arn:aws:iam::aws:policy/AdministratorAccess"


def _role(name: str, account: str = PRODUCTION) -> str:
    return f"arn:aws:iam::{account}:role/{name}"


def _topic(name: str, region: str = HOME) -> str:
    return f"arn:aws:sns:{region}:{PRODUCTION}:{name}"


FRAUD_KEY: Final = Ref("key/fraud-data")
CAPTURE_KEY: Final = Ref("key/inference-capture")

_FOUNDATION: Final = (
    *key("fraud-data", "Training data, models and volumes of the fraud team"),
    *key("inference-capture", "Captured requests and answers"),
    *key("audit-logs", "CloudTrail"),
    *bucket("halyard-fraud-features", HOME, key=FRAUD_KEY),
    *bucket("halyard-fraud-models", HOME, key=FRAUD_KEY),
    *bucket("halyard-inference-capture", HOME, key=CAPTURE_KEY),
    *bucket("halyard-recs-clickstream", HOME),
    *bucket("halyard-recs-models", HOME),
    *bucket("halyard-shared-models", HOME, managed_key=True),
    *bucket("halyard-audit-logs", HOME, key=Ref("key/audit-logs")),
    *trail("organisation-audit", "halyard-audit-logs", every_region=True, key=Ref("key/audit-logs")),
    *topic("ml-oncall"),
    *topic("recs-dashboard"),
)

_NETWORK: Final = (
    *network("ml-platform", "10.20.0.0/16"),
    *routes("ml-platform", "private"),
    *routes("ml-platform", "public"),
    *route_to_internet("ml-platform", "public"),
    *subnet("ml-platform", "public-a", "10.20.0.0/24", "eu-west-1a", routes="public"),
    *route_to_nat("ml-platform", "private", public="public-a"),
    *subnet("ml-platform", "private-a", "10.20.10.0/24", "eu-west-1a", routes="private"),
    *subnet("ml-platform", "private-b", "10.20.11.0/24", "eu-west-1b", routes="private"),
    *subnet("ml-platform", "isolated-c", "10.20.20.0/24", "eu-west-1c"),
    # before the platform: one route table for all, and it leads outside
    *network("analytics-2019", "10.9.0.0/16"),
    *route_to_internet("analytics-2019", "main"),
    *subnet("analytics-2019", "analytics-a", "10.9.1.0/24", "eu-west-1a"),
)

_ROLES: Final = (
    *role(
        "fraud-training",
        statement(
            ["s3:GetObject", "s3:PutObject"], ["arn:aws:s3:::halyard-fraud-features/*", "arn:aws:s3:::halyard-fraud-models/*"]
        ),
        statement(
            ["logs:CreateLogStream", "logs:PutLogEvents"], f"arn:aws:logs:{HOME}:{PRODUCTION}:log-group:/aws/sagemaker/*"
        ),
    ),
    *role("fraud-serving", statement("s3:GetObject", "arn:aws:s3:::halyard-fraud-models/*")),
    *role("fraud-notebooks", statement(["s3:GetObject", "s3:ListBucket"], "arn:aws:s3:::halyard-fraud-*")),
    *policy("recs-do-anything", statement("*", "*")),
    *role("recs-notebooks", attached=[Ref("policy/recs-do-anything")]),
    *role("recs-training", statement("s3:*", "arn:aws:s3:::halyard-recs-*"), attached=[ADMINISTRATOR]),
    *role(
        "recs-serving",
        statement(["s3:GetObject"], ["arn:aws:s3:::halyard-recs-models/*", "arn:aws:s3:::halyard-shared-models/*"]),
    ),
    *role("platform-deploy", statement("*", "*"), trusts="codebuild.amazonaws.com"),
)

_FRAUD: Final = (
    *notebook(
        "fraud-investigation",
        _role("fraud-notebooks"),
        team="fraud",
        direct_internet=False,
        subnet="private-a",
        network="ml-platform",
    ),
    *notebook(
        "fraud-labelling",
        _role("fraud-notebooks"),
        team="fraud",
        direct_internet=False,
        subnet="isolated-c",
        network="ml-platform",
    ),
    # meant for a week of looking around, and put where it was quick to reach
    *notebook(
        "fraud-exploration",
        _role("fraud-notebooks"),
        team="fraud",
        direct_internet=False,
        subnet="public-a",
        network="ml-platform",
    ),
    *training_job(
        "fraud-xgboost-run-118",
        _role("fraud-training"),
        team="fraud",
        data="s3://halyard-fraud-features/2026/11/",
        output="s3://halyard-fraud-models/xgboost/",
        isolated=True,
        volume_key=FRAUD_KEY,
        output_key=FRAUD_KEY,
    ),
    *training_job(
        "fraud-graph-run-31",
        _role("fraud-training"),
        team="fraud",
        data="s3://halyard-fraud-features/graph/",
        output="s3://halyard-fraud-models/graph/",
        instances=4,
        isolated=True,
        encrypted_traffic=True,
        volume_key=FRAUD_KEY,
        output_key=f"arn:aws:kms:{HOME}:{PRODUCTION}:alias/fraud-data",
    ),
    *model(
        "fraud-scorer-v7",
        _role("fraud-serving"),
        "s3://halyard-fraud-models/xgboost/v7/model.tar.gz",
        team="fraud",
        isolated=True,
        network="ml-platform",
        subnet="private-b",
    ),
    *model(
        "fraud-graph-v2", _role("fraud-serving"), "s3://halyard-fraud-models/graph/v2/model.tar.gz", team="fraud", isolated=True
    ),
    *endpoint(
        "fraud-scoring-production",
        "fraud-scorer-v7",
        team="fraud",
        capture_to="s3://halyard-inference-capture/fraud/",
        sampling=100,
    ),
    *alarm("fraud-scoring-production", "ModelLatency", 200_000, _topic("ml-oncall")),
    *error_rate_alarm("fraud-scoring-production", 0.01, _topic("ml-oncall")),
    *endpoint(
        "fraud-scoring-staging",
        "fraud-graph-v2",
        team="fraud",
        capture_to="s3://halyard-inference-capture/fraud-staging/",
        sampling=20,
    ),
    *error_rate_alarm("fraud-scoring-staging", 0.05, _topic("ml-oncall")),
)

_SCALE_OUT: Final = (
    f"arn:aws:autoscaling:{HOME}:{PRODUCTION}:scalingPolicy:0f5f4c1c:resource/sagemaker/endpoint/recs-ranking-production"
    "/variant/primary:policyName/scale-out"
)

_RECOMMENDATIONS: Final = (
    *notebook("recs-playground", _role("recs-notebooks"), team="recs", direct_internet=True),
    *notebook(
        "recs-archive",
        _role("recs-notebooks"),
        team="recs",
        direct_internet=True,
        subnet="analytics-a",
        network="analytics-2019",
    ),
    *training_job(
        "recs-two-tower-run-7",
        _role("recs-training"),
        team="recs",
        data="s3://halyard-recs-clickstream/2026/",
        output="s3://halyard-recs-models/two-tower/",
        instances=2,
    ),
    *training_job(
        "recs-mixed-cluster-run-2",
        _role("recs-training"),
        team="recs",
        data="s3://halyard-recs-clickstream/2026/",
        output="s3://halyard-recs-models/mixed/",
        groups=[("ml.p4d.24xlarge", 1), ("ml.c5n.18xlarge", 2)],
    ),
    *training_job(
        "recs-item2vec-run-54",
        _role("recs-training"),
        team="recs",
        data="s3://halyard-recs-clickstream/items/",
        output="s3://halyard-recs-models/item2vec/",
        volume_key=FRAUD_KEY,
    ),
    *model(
        "recs-ranker-v3", _role("recs-serving"), "s3://halyard-recs-models/ranker/v3/model.tar.gz", team="recs", isolated=False
    ),
    *model(
        "recs-pipeline-v1",
        _role("recs-serving"),
        "s3://halyard-shared-models/tokenizer/model.tar.gz",
        "s3://halyard-recs-models/two-tower/v1/model.tar.gz",
        team="recs",
        isolated=False,
    ),
    *endpoint(
        "recs-ranking-production",
        "recs-ranker-v3",
        team="recs",
        capture_to="s3://halyard-inference-capture/recs/",
        sampling=50,
    ),
    # it scales the endpoint and tells nobody
    *alarm("recs-ranking-production", "InvocationsPerInstance", 900, _SCALE_OUT),
    *endpoint("recs-ranking-staging", "recs-ranker-v3", team="recs"),
    # switched off during an incident and never switched on again
    *alarm("recs-ranking-staging", "Invocation5XXErrors", 10, _topic("recs-dashboard"), enabled=False),
    *endpoint("recs-retrieval-canary", "recs-pipeline-v1", team="recs", serverless=True),
)

_OUTPOST: Final = (
    *bucket("halyard-us-models", OUTPOST),
    *topic("ml-oncall"),
    *notebook("us-pricing-research", _role("recs-notebooks"), team="recs", direct_internet=True),
    *model(
        "us-ranker-v1",
        _role("recs-serving"),
        "s3://halyard-us-models/ranker/model.tar.gz",
        team="recs",
        isolated=True,
        region=OUTPOST,
    ),
    *endpoint("us-ranking", "us-ranker-v1", team="recs"),
    *alarm("us-ranking", "ModelLatency", 400_000, _topic("ml-oncall", OUTPOST)),
)

_SANDBOX: Final = (
    *bucket("halyard-sandbox-scratch", HOME),
    *bucket("halyard-sandbox-logs", HOME),
    *trail("sandbox-audit", "halyard-sandbox-logs", every_region=False),
    *role("sandbox-everything", statement("*", "*")),
    *notebook("sandbox-hackday", _role("sandbox-everything", SANDBOX), team="sandbox", direct_internet=True),
    *training_job(
        "sandbox-churn-run-1",
        _role("sandbox-everything", SANDBOX),
        team="sandbox",
        data="s3://halyard-sandbox-scratch/churn/",
        output="s3://halyard-sandbox-scratch/out/",
    ),
)

SITES: Final = (
    Site(PRODUCTION, HOME, (*_FOUNDATION, *_NETWORK, *_ROLES, *_FRAUD, *_RECOMMENDATIONS)),
    Site(PRODUCTION, OUTPOST, _OUTPOST),
    Site(SANDBOX, HOME, _SANDBOX),
)

REGIONS: Final = (
    *("ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ca-central-1"),
    *("eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1", "us-east-1", "us-east-2", "us-west-1"),
    "us-west-2",
)
"""Enabled in every account: https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html"""

CAPTURE_STOPPED: Final = frozenset(("recs-ranking-production",))
"""Endpoints whose capture is configured and does not work: the role may no longer write to the bucket."""

MATERIAL_EXPIRES: Final = frozenset((SANDBOX,))
"""Accounts whose imported key material expires."""

ROOT_MFA: Final = frozenset((PRODUCTION,))
"""Accounts whose root user has a second factor."""

TRAIL_BROKEN: Final = frozenset(((PRODUCTION, OUTPOST),))
"""Where a trail that is on no longer arrives: the status of a trail is told for each region by itself
(https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetTrailStatus.html)."""
