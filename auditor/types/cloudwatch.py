"""Amazon CloudWatch."""

from auditor.model.resource_type import BOOLEAN, INTEGER, NUMBER, STRING, Call, Live, ResourceType, Schema, Terraform

_DIMENSIONS: Schema = [{"Name": STRING, "Value": STRING}]

ALARM = ResourceType(
    name="AWS::CloudWatch::Alarm",
    title="alarm",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-cloudwatch-alarm.html",
    identifiers=("AlarmName",),
    properties={
        "AlarmName": STRING,
        "ActionsEnabled": BOOLEAN,
        "AlarmActions": [STRING],
        "Namespace": STRING,
        "MetricName": STRING,
        "Dimensions": _DIMENSIONS,
        "Metrics": [
            {
                "Id": STRING,
                "Expression": STRING,
                "MetricStat": {
                    "Metric": {"Namespace": STRING, "MetricName": STRING, "Dimensions": _DIMENSIONS},
                    "Period": INTEGER,
                    "Stat": STRING,
                },
            }
        ],
        "Statistic": STRING,
        "ExtendedStatistic": STRING,
        "ComparisonOperator": STRING,
        "Threshold": NUMBER,
        "Period": INTEGER,
        "EvaluationPeriods": INTEGER,
        "TreatMissingData": STRING,
    },
    runtime={"StateValue": STRING},
    defaults={"ActionsEnabled": True},
    references={
        "Dimensions[Name=EndpointName].Value": ("AWS::SageMaker::Endpoint",),
        "Metrics[].MetricStat.Metric.Dimensions[Name=EndpointName].Value": ("AWS::SageMaker::Endpoint",),
        "AlarmActions[]": ("AWS::SNS::Topic",),
    },
    live=Live(
        listing=Call("cloudwatch:DescribeAlarms", params={"AlarmTypes": ["MetricAlarm"]}, result="MetricAlarms[]"),
        arn="AlarmArn",
    ),
    terraform=Terraform(
        "aws_cloudwatch_metric_alarm",
        names={
            "Dimensions": "dimensions{}",
            "Metrics": "metric_query",
            "Metrics[].MetricStat": "metric",
            "Metrics[].MetricStat.Metric": ".",
            "Metrics[].MetricStat.Metric.Dimensions": "dimensions{}",
        },
    ),
)
