"""What watches the endpoints: Model Monitor where it was begun in time, functions of one's own, alarms and whom they tell."""

from __future__ import annotations

import datetime
import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any, Final

from auditor.demo.platform import FRAUD_KEY, HOME, OUTPOST, PRODUCTION
from auditor.demo.steps import Ref, Site, Step, Steps, Told, key, role, statement

_NOW: Final = datetime.datetime.now(datetime.UTC)
_MADE: Final = _NOW - datetime.timedelta(days=41)
_ONCALL: Final = f"arn:aws:sns:{HOME}:{PRODUCTION}:ml-oncall"
_ALERTS: Final = Ref("key/ml-alerts")
# the account of Model Monitor's own image in Ireland:
# https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-pre-built-container.html
_ANALYZER: Final = f"468650794304.dkr.ecr.{HOME}.amazonaws.com/sagemaker-model-monitor-analyzer"
# https://docs.aws.amazon.com/sagemaker/latest/dg-ecr-paths/ecr-eu-west-1.html
_CLARIFY: Final = f"131013547314.dkr.ecr.{HOME}.amazonaws.com/sagemaker-clarify-processing:1.0"


def _role(name: str) -> str:
    return f"arn:aws:iam::{PRODUCTION}:role/{name}"


# -- what monitoring jobs have in common ---------------------------------------------------------------------------------------

_SUBNETS: Final = {
    "Subnets": [Ref("subnet/private-a"), Ref("subnet/private-b")],
    "SecurityGroupIds": [Ref("group/ml-platform")],
}
_CLOSED: Final = {"EnableNetworkIsolation": True, "EnableInterContainerTrafficEncryption": True, "VpcConfig": _SUBNETS}
_OPEN: Final = {"EnableNetworkIsolation": False, "EnableInterContainerTrafficEncryption": False}


def _cluster(key: Ref | None) -> dict[str, Any]:
    size = {"InstanceCount": 2, "InstanceType": "ml.m5.xlarge", "VolumeSizeInGB": 30}
    return {"ClusterConfig": {**size, **({"VolumeKmsKeyId": key} if key else {})}}


def _output(uri: str, key: Ref | None) -> dict[str, Any]:
    place = {"S3Output": {"S3Uri": uri, "LocalPath": "/opt/ml/processing/output", "S3UploadMode": "EndOfJob"}}
    return {"MonitoringOutputs": [place], **({"KmsKeyId": key} if key else {})}


def _input(endpoint: str) -> dict[str, Any]:
    return {"EndpointInput": {"EndpointName": endpoint, "LocalPath": "/opt/ml/processing/input"}}


def _baseline(folder: str, *names: str) -> dict[str, Any]:
    return {f"{name}Resource": {"S3Uri": f"{folder}{name.lower()}.json"} for name in names}


def _definitions(team: str, endpoint: str, bucket: str, *, careful: bool) -> Steps:
    """The four definitions of an endpoint, all of them as they should be, or none."""
    guarded = FRAUD_KEY if careful else None
    common = {
        "RoleArn": _role(f"{team}-training"),
        "JobResources": _cluster(guarded),
        "NetworkConfig": _CLOSED if careful else _OPEN,
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
    }
    environment = {"dataset_format": '{"sagemakerCaptureJson": {}}'} if careful else {"LABELS_DB_PASSWORD": "r4nk1ng-l4b3ls"}

    def definition(kind: str, folder: str, image: str, *compared: str, truth: bool = False, config: bool = False) -> Step:
        place = f"s3://{bucket}/{folder}/"
        specification: dict[str, Any] = {"ImageUri": image, "Environment": environment}
        if config:
            specification["ConfigUri"] = f"{place}analysis_config.json"
        given = _input(endpoint) | ({"GroundTruthS3Input": {"S3Uri": f"s3://{bucket}/truth/"}} if truth else {})
        own = {
            "JobDefinitionName": f"{team}-{folder}",
            f"{kind}AppSpecification": specification,
            f"{kind}JobInput": given,
            f"{kind}JobOutputConfig": _output(f"{place}results/", guarded),
            **({f"{kind}BaselineConfig": _baseline(place, *compared)} if careful else {}),
        }
        return Step(f"sagemaker:Create{kind}JobDefinition", common | own)

    return (
        definition("DataQuality", "data-quality", _ANALYZER, "Constraints", "Statistics"),
        definition("ModelQuality", "model-quality", _ANALYZER, "Constraints", truth=True),
        definition("ModelBias", "bias", _CLARIFY, "Constraints", truth=True, config=True),
        definition("ModelExplainability", "attribution", _CLARIFY, "Constraints", config=True),
    )


# -- schedules -----------------------------------------------------------------------------------------------------------------


def _schedule(
    name: str,
    endpoint: str,
    kind: str,
    *,
    definition: str = "",
    inline: Mapping[str, Any] | None = None,
    status: str = "Scheduled",
    last: str = "Completed",
    hours: int = 1,
) -> tuple[dict[str, Any], Told]:
    """A schedule as it is listed, and as it is described; its last execution was so many ``hours`` ago."""
    scheduled = _NOW - datetime.timedelta(hours=hours)
    identity = {
        "MonitoringScheduleName": name,
        "MonitoringScheduleArn": f"arn:aws:sagemaker:{HOME}:{PRODUCTION}:monitoring-schedule/{name}",
        "CreationTime": _MADE,
        "LastModifiedTime": _MADE,
        "MonitoringScheduleStatus": status,
        "EndpointName": endpoint,
        "MonitoringType": kind,
    }
    settings = {"MonitoringJobDefinition": dict(inline)} if inline else {"MonitoringJobDefinitionName": definition}
    described = {
        **identity,
        "MonitoringScheduleConfig": {
            "ScheduleConfig": {"ScheduleExpression": "cron(0 * ? * * *)"},
            "MonitoringType": kind,
            **settings,
        },
        "LastMonitoringExecutionSummary": {
            "MonitoringScheduleName": name,
            "ScheduledTime": scheduled,
            "CreationTime": scheduled,
            "LastModifiedTime": scheduled,
            "MonitoringExecutionStatus": last,
            "EndpointName": endpoint,
            **({"FailureReason": "Job inputs had no data"} if last == "Failed" else {}),
        },
    }
    listed = identity | ({"MonitoringJobDefinitionName": definition} if definition else {})
    return listed, Told("sagemaker:DescribeMonitoringSchedule", described, asked=f'"{name}"')


def _inline(endpoint: str, bucket: str, role: str, *, careful: bool) -> dict[str, Any]:
    """A definition within a schedule, as all were before there were four kinds."""
    guarded = FRAUD_KEY if careful else None
    return {
        "MonitoringInputs": [_input(endpoint)],
        "MonitoringOutputConfig": _output(f"s3://{bucket}/hourly/", guarded),
        "MonitoringResources": _cluster(guarded),
        "MonitoringAppSpecification": {"ImageUri": _ANALYZER},
        "NetworkConfig": _CLOSED if careful else _OPEN,
        "RoleArn": _role(role),
        "Environment": {"publish_cloudwatch_metrics": "Enabled"} if careful else {"FEATURES_TOKEN": "ft-58b1c0e29d7a4413"},
        **({"BaselineConfig": _baseline(f"s3://{bucket}/hourly/", "Constraints", "Statistics")} if careful else {}),
    }


_FRAUD: Final = "fraud-scoring-production"
_RECS: Final = "recs-ranking-production"

_SCHEDULES: Final = (
    _schedule("fraud-data-quality", _FRAUD, "DataQuality", definition="fraud-data-quality"),
    _schedule("fraud-model-quality", _FRAUD, "ModelQuality", definition="fraud-model-quality"),
    _schedule("fraud-bias", _FRAUD, "ModelBias", definition="fraud-bias"),
    _schedule("fraud-attribution", _FRAUD, "ModelExplainability", definition="fraud-attribution"),
    _schedule(
        "fraud-hourly",
        _FRAUD,
        "DataQuality",
        inline=_inline(_FRAUD, "halyard-fraud-models", "fraud-training", careful=True),
    ),
    # begun with a notebook's defaults; since the capture broke there is nothing for it to read
    _schedule(
        "recs-hourly",
        _RECS,
        "DataQuality",
        inline=_inline(_RECS, "halyard-recs-models", "recs-training", careful=False),
        last="Failed",
        hours=9 * 24,
    ),
    _schedule("recs-model-quality", _RECS, "ModelQuality", definition="recs-model-quality", status="Stopped", hours=80 * 24),
    _schedule("recs-staging-bias", "recs-ranking-staging", "ModelBias", definition="recs-bias", last="CompletedWithViolations"),
)

# -- alarms, topics, functions -------------------------------------------------------------------------------------------------


def _watch(name: str, metric: str, namespace: str, threshold: float, *actions: str, **dimensions: str) -> Step:
    params = {
        "AlarmName": name,
        "Namespace": namespace,
        "MetricName": metric,
        "Dimensions": [{"Name": of, "Value": value} for of, value in dimensions.items()],
        "Statistic": "Average",
        "Period": 300,
        "EvaluationPeriods": 3,
        "Threshold": threshold,
        "ComparisonOperator": "GreaterThanThreshold",
        "AlarmActions": list(actions),
    }
    return Step("cloudwatch:PutMetricAlarm", params)


_COMPOSITE: Final = {
    "AlarmName": "fraud-staging-is-slow-and-failing",
    "AlarmArn": f"arn:aws:cloudwatch:{HOME}:{PRODUCTION}:alarm:fraud-staging-is-slow-and-failing",
    "AlarmRule": 'ALARM("fraud-scoring-staging-latency") AND ALARM("fraud-scoring-staging-error-rate")',
    "ActionsEnabled": True,
    "AlarmActions": [_ONCALL],
    "StateValue": "OK",
}


def _topic(region: str, name: str, statements: list[dict[str, Any]], *, confirmed: int, key: Ref | None = None) -> Told:
    """What a topic says of itself: moto counts no subscriptions."""
    arn = f"arn:aws:sns:{region}:{PRODUCTION}:{name}"
    attributes = {
        "TopicArn": arn,
        "Owner": PRODUCTION,
        "Policy": json.dumps({"Version": "2012-10-17", "Statement": [{**item, "Resource": arn} for item in statements]}),
        "SubscriptionsConfirmed": str(confirmed),
        "SubscriptionsPending": "1",
        **({"KmsMasterKeyId": key} if key else {}),
    }
    return Told("sns:GetTopicAttributes", {"Attributes": attributes}, asked=name)


_OWN_ALARMS: Final = {
    "Effect": "Allow",
    "Principal": {"Service": "cloudwatch.amazonaws.com"},
    "Action": "sns:Publish",
    "Condition": {"StringEquals": {"aws:SourceAccount": PRODUCTION}},
}
_ANYBODY: Final = {"Effect": "Allow", "Principal": "*", "Action": ["sns:Subscribe", "sns:Publish"]}


def _function(name: str, **environment: str) -> Step:
    params = {
        "FunctionName": name,
        "Runtime": "python3.12",
        "Role": _role("monitoring-functions"),
        "Handler": "index.handler",
        "Code": {"ZipFile": _code()},
        "Environment": {"Variables": environment},
    }
    return Step("lambda:CreateFunction", params, {f"function/{name}": "FunctionArn"})


def _code() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr(zipfile.ZipInfo("index.py"), "def handler(event, context): ...\n")
    return written.getvalue()


_STEPS: Final = (
    *key("ml-alerts", "Notifications of alarms"),
    *_definitions("fraud", _FRAUD, "halyard-fraud-models", careful=True),
    *_definitions("recs", "recs-ranking-staging", "halyard-recs-models", careful=False),
    _watch(
        "fraud-amount-drift",
        "feature_baseline_drift_amount",
        "aws/sagemaker/Endpoints/data-metrics",
        0.1,
        _ONCALL,
        Endpoint=_FRAUD,
        MonitoringSchedule="fraud-data-quality",
    ),
    # tells nobody itself: a composite alarm does, where requests fail as well
    _watch(
        "fraud-scoring-staging-latency",
        "ModelLatency",
        "AWS/SageMaker",
        400_000,
        EndpointName="fraud-scoring-staging",
        VariantName="primary",
    ),
    *role(
        "monitoring-functions",
        statement("s3:GetObject", "arn:aws:s3:::halyard-inference-capture/*"),
        trusts="lambda.amazonaws.com",
    ),
    # what took the place of Model Monitor where it had not been begun in time
    _function(
        "fraud-staging-drift",
        ENDPOINT="fraud-scoring-staging",
        CAPTURE="s3://halyard-inference-capture/fraud-staging/",
        BASELINE="s3://halyard-fraud-models/graph/v2/baseline.parquet",
    ),
    _function("recs-notifier", CHANNEL="#recs", PAGER_TOKEN="pg-71d0a6e4c2f94b8e"),  # noqa: S106 (nobody's)
    Step(
        "sns:Subscribe",
        {
            "TopicArn": f"arn:aws:sns:{HOME}:{PRODUCTION}:recs-dashboard",
            "Protocol": "lambda",
            "Endpoint": Ref("function/recs-notifier"),
        },
    ),
)

SITES: Final = (
    Site(
        PRODUCTION,
        HOME,
        _STEPS,
        (
            Told("sagemaker:ListMonitoringSchedules", {"MonitoringScheduleSummaries": [listed for listed, _ in _SCHEDULES]}),
            *(described for _, described in _SCHEDULES),
            Told("cloudwatch:DescribeAlarms", {"CompositeAlarms": [_COMPOSITE], "MetricAlarms": []}, asked="CompositeAlarm"),
            _topic(HOME, "ml-oncall", [_OWN_ALARMS], confirmed=3, key=_ALERTS),
            _topic(HOME, "recs-dashboard", [_OWN_ALARMS, _ANYBODY], confirmed=1),
        ),
    ),
    # made with the outpost, and never subscribed to
    Site(PRODUCTION, OUTPOST, (), (_topic(OUTPOST, "ml-oncall", [_OWN_ALARMS], confirmed=0),)),
)
