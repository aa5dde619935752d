"""Amazon CloudWatch."""

from typing import Final

from auditor.model.resource_type import (
    BOOLEAN,
    INTEGER,
    JSON,
    NUMBER,
    STRING,
    Call,
    Live,
    ResourceType,
    Schema,
    Terraform,
)

_DIMENSIONS: Schema = [{"Name": STRING, "Value": STRING}]
_QUERIES: Schema = [
    {
        "Id": STRING,
        "Expression": STRING,
        "MetricStat": {
            "Metric": {"Namespace": STRING, "MetricName": STRING, "Dimensions": _DIMENSIONS},
            "Period": INTEGER,
            "Stat": STRING,
        },
    }
]
_OF_MACHINE_LEARNING: Final = r"(?i)^(?:aws/sagemaker|/?aws/sagemaker/|aws/bedrock)"
_ACTIONS: Final = ("AWS::SNS::Topic", "AWS::Lambda::Function", "AWS::ApplicationAutoScaling::ScalingPolicy")
_ALARMS: Final = ("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm")
_NOTIFIED: Final = dict.fromkeys(("AlarmActions[]", "OKActions[]", "InsufficientDataActions[]"), _ACTIONS)
# Model Monitor's metrics are of an Endpoint or an EndpointName, and of a MonitoringSchedule or a ScheduleName:
# https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-byoc-cloudwatch.html and
# https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-interpreting-cloudwatch.html
_NAMED_BY: Final = {
    "EndpointName": "AWS::SageMaker::Endpoint",
    "Endpoint": "AWS::SageMaker::Endpoint",
    "MonitoringSchedule": "AWS::SageMaker::MonitoringSchedule",
    "ScheduleName": "AWS::SageMaker::MonitoringSchedule",
}


def _of(dimensions: str) -> dict[str, tuple[str, ...]]:
    """What a metric is of, by the path of its dimensions."""
    return {f"{dimensions}[Name={name}].Value": (target,) for name, target in _NAMED_BY.items()}


_WATCHED: Final = {**_of("Dimensions"), **_of("Metrics[].MetricStat.Metric.Dimensions")}

ALARM = ResourceType(
    name="AWS::CloudWatch::Alarm",
    title="alarm",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-cloudwatch-alarm.html",
    identifiers=("AlarmName",),
    properties={
        "AlarmName": STRING,
        "ActionsEnabled": BOOLEAN,
        "AlarmActions": [STRING],
        "OKActions": [STRING],
        "InsufficientDataActions": [STRING],
        "Namespace": STRING,
        "MetricName": STRING,
        "Dimensions": _DIMENSIONS,
        "Metrics": _QUERIES,
        "Statistic": STRING,
        "ExtendedStatistic": STRING,
        "ComparisonOperator": STRING,
        "Threshold": NUMBER,
        "ThresholdMetricId": STRING,
        "Period": INTEGER,
        "EvaluationPeriods": INTEGER,
        "TreatMissingData": STRING,
    },
    runtime={"StateValue": STRING},
    defaults={"ActionsEnabled": True},
    references={**_WATCHED, **_NOTIFIED},
    part_of=tuple(_WATCHED),
    marks={"Namespace": _OF_MACHINE_LEARNING, "Metrics[].MetricStat.Metric.Namespace": _OF_MACHINE_LEARNING},
    live=Live(
        listing=Call("cloudwatch:DescribeAlarms", params={"AlarmTypes": ["MetricAlarm"]}, result="MetricAlarms[]"),
        arn="AlarmArn",
    ),
    terraform=Terraform(
        "aws_cloudwatch_metric_alarm",
        names={
            "Dimensions": "dimensions{}",
            "OKActions": "ok_actions",
            "Metrics": "metric_query",
            "Metrics[].MetricStat": "metric",
            "Metrics[].MetricStat.Metric": ".",
            "Metrics[].MetricStat.Metric.Dimensions": "dimensions{}",
        },
    ),
)

COMPOSITE_ALARM = ResourceType(
    name="AWS::CloudWatch::CompositeAlarm",
    title="composite alarm",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-cloudwatch-compositealarm.html",
    identifiers=("AlarmName",),
    properties={
        "AlarmName": STRING,
        "AlarmRule": STRING,
        "ActionsEnabled": BOOLEAN,
        "AlarmActions": [STRING],
        "OKActions": [STRING],
        "InsufficientDataActions": [STRING],
        "ActionsSuppressor": STRING,
    },
    runtime={"StateValue": STRING},
    defaults={"ActionsEnabled": True},
    references={**_NOTIFIED, "AlarmRule()": _ALARMS, "ActionsSuppressor": _ALARMS},
    part_of=("AlarmRule()",),
    live=Live(
        listing=Call("cloudwatch:DescribeAlarms", params={"AlarmTypes": ["CompositeAlarm"]}, result="CompositeAlarms[]"),
        arn="AlarmArn",
    ),
    terraform=Terraform(
        "aws_cloudwatch_composite_alarm",
        names={"OKActions": "ok_actions", "ActionsSuppressor": "actions_suppressor.alarm"},
    ),
)

ANOMALY_DETECTOR = ResourceType(
    name="AWS::CloudWatch::AnomalyDetector",
    title="anomaly detector",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-cloudwatch-anomalydetector.html",
    identifiers=("Id",),
    properties={
        "Id": STRING,
        "SingleMetricAnomalyDetector": {
            "Namespace": STRING,
            "MetricName": STRING,
            "Dimensions": _DIMENSIONS,
            "Stat": STRING,
        },
        "MetricMathAnomalyDetector": {"MetricDataQueries": _QUERIES},
    },
    runtime={"StateValue": STRING},
    references={
        **_of("SingleMetricAnomalyDetector.Dimensions"),
        **_of("MetricMathAnomalyDetector.MetricDataQueries[].MetricStat.Metric.Dimensions"),
    },
    part_of=tuple(_of("SingleMetricAnomalyDetector.Dimensions")),
    marks={"SingleMetricAnomalyDetector.Namespace": _OF_MACHINE_LEARNING},
    live=Live(
        listing=Call(
            "cloudwatch:DescribeAnomalyDetectors",
            params={"AnomalyDetectorTypes": ["SINGLE_METRIC", "METRIC_MATH"]},
            result="AnomalyDetectors[]",
        ),
        names={"Id": "AnomalyDetectorId"},
    ),
)

INSIGHT_RULE = ResourceType(
    name="AWS::CloudWatch::InsightRule",
    title="Contributor Insights rule",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudwatch-insightrule.html",
    identifiers=("RuleName",),
    properties={"RuleName": STRING, "RuleState": STRING, "RuleBody": JSON},
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/ContributorInsights-RuleSyntax.html
    references={"RuleBody.LogGroupNames[]": ("AWS::Logs::LogGroup",)},
    part_of=("RuleBody.LogGroupNames[]",),
    # a name may end in *, and then names no single log group
    marks={"RuleBody": r"(?i)/aws/(?:sagemaker|bedrock)"},
    live=Live(
        listing=Call("cloudwatch:DescribeInsightRules", result="InsightRules[]"),
        names={"RuleName": "Name", "RuleState": "State", "RuleBody": "Definition"},
        arn="arn:{partition}:cloudwatch:{region}:{account}:insight-rule/{Name}",
    ),
    terraform=Terraform("aws_cloudwatch_contributor_insight_rule", names={"RuleBody": "rule_definition"}),
)

DASHBOARD = ResourceType(
    name="AWS::CloudWatch::Dashboard",
    title="dashboard",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-cloudwatch-dashboard.html",
    identifiers=("DashboardName",),
    properties={"DashboardName": STRING, "DashboardBody": JSON},
    # what a dashboard shows is told by a call for each: one that says nothing by its name is not asked
    marks={"DashboardName": r"(?i)sagemaker|bedrock"},
    live=Live(
        listing=Call("cloudwatch:ListDashboards", result="DashboardEntries[]"),
        each=(Call("cloudwatch:GetDashboard", args={"DashboardName": "DashboardName"}, provides=("DashboardBody",)),),
        arn="DashboardArn",
    ),
    terraform=Terraform("aws_cloudwatch_dashboard"),
)
