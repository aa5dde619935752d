"""Amazon CloudWatch Logs."""

from auditor.model.resource_type import INTEGER, STRING, Call, Live, ResourceType, Terraform

LOG_GROUP = ResourceType(
    name="AWS::Logs::LogGroup",
    title="log group",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-logs-loggroup.html",
    identifiers=("LogGroupName",),
    properties={
        "LogGroupName": STRING,
        "LogGroupClass": ("STANDARD", "INFREQUENT_ACCESS", "DELIVERY"),
        "KmsKeyId": STRING,
        "RetentionInDays": INTEGER,
    },
    defaults={"LogGroupClass": "STANDARD"},
    references={"KmsKeyId": ("AWS::KMS::Key", "AWS::KMS::Alias")},
    # https://docs.aws.amazon.com/sagemaker/latest/dg/logging-cloudwatch.html
    marks={"LogGroupName": "^/aws/(?:vendedlogs/)?(?:sagemaker|bedrock)"},
    live=Live(
        listing=Call("logs:DescribeLogGroups", result="logGroups[]"),
        names={
            "LogGroupName": "logGroupName",
            "LogGroupClass": "logGroupClass",
            "KmsKeyId": "kmsKeyId",
            "RetentionInDays": "retentionInDays",
        },
        arn="logGroupArn",
    ),
    terraform=Terraform("aws_cloudwatch_log_group", names={"LogGroupName": "name"}),
)
