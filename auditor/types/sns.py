"""Amazon Simple Notification Service."""

from auditor.model.resource_type import STRING, Call, Live, ResourceType, Terraform

TOPIC = ResourceType(
    name="AWS::SNS::Topic",
    title="topic",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-sns-topic.html",
    identifiers=("TopicArn", "TopicName"),
    properties={"TopicArn": STRING, "TopicName": STRING, "KmsMasterKeyId": STRING},
    references={"KmsMasterKeyId": ("AWS::KMS::Key", "AWS::KMS::Alias")},
    # the name is the ARN's last part and told nowhere else
    live=Live(
        listing=Call("sns:ListTopics", result="Topics[]"),
        names={"TopicName": ""},
        untold=("KmsMasterKeyId",),
        arn="TopicArn",
    ),
    terraform=Terraform("aws_sns_topic", names={"TopicArn": "arn", "TopicName": "name"}),
)
