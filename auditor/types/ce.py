"""AWS Cost Anomaly Detection, a part of Cost Explorer. It is one service for all regions."""

from auditor.model.resource_type import JSON, NUMBER, STRING, Call, Live, ResourceType

ANOMALY_MONITOR = ResourceType(
    name="AWS::CE::AnomalyMonitor",
    title="cost anomaly monitor",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ce-anomalymonitor.html",
    everywhere=True,
    identifiers=("MonitorArn",),
    properties={
        "MonitorArn": STRING,
        "MonitorName": STRING,
        "MonitorType": ("DIMENSIONAL", "CUSTOM"),
        "MonitorDimension": STRING,
        "MonitorSpecification": JSON,
    },
    runtime={"LastEvaluatedDate": STRING},
    live=Live(scope="global", listing=Call("ce:GetAnomalyMonitors", result="AnomalyMonitors[]"), arn="MonitorArn"),
)

ANOMALY_SUBSCRIPTION = ResourceType(
    name="AWS::CE::AnomalySubscription",
    title="cost anomaly subscription",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ce-anomalysubscription.html",
    everywhere=True,
    identifiers=("SubscriptionArn",),
    properties={
        "SubscriptionArn": STRING,
        "SubscriptionName": STRING,
        "MonitorArnList": [STRING],
        "Subscribers": [{"Address": STRING, "Type": ("EMAIL", "SNS"), "Status": ("CONFIRMED", "DECLINED")}],
        "Frequency": ("DAILY", "IMMEDIATE", "WEEKLY"),
        "Threshold": NUMBER,
    },
    references={"MonitorArnList[]": ("AWS::CE::AnomalyMonitor",), "Subscribers[].Address": ("AWS::SNS::Topic",)},
    live=Live(
        scope="global", listing=Call("ce:GetAnomalySubscriptions", result="AnomalySubscriptions[]"), arn="SubscriptionArn"
    ),
)
