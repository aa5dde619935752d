"""Amazon Simple Notification Service."""

from auditor.model.resource_type import INTEGER, JSON, STRING, Call, Fold, Live, ResourceType, Terraform

TOPIC = ResourceType(
    name="AWS::SNS::Topic",
    title="topic",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-sns-topic.html",
    identifiers=("TopicArn", "TopicName"),
    properties={
        "TopicArn": STRING,
        "TopicName": STRING,
        "KmsMasterKeyId": STRING,
        "Policy": JSON,
        "Subscription": [{"Protocol": STRING, "Endpoint": STRING}],
    },
    # https://docs.aws.amazon.com/sns/latest/api/API_GetTopicAttributes.html
    runtime={"SubscriptionsConfirmed": INTEGER, "SubscriptionsPending": INTEGER},
    references={
        "KmsMasterKeyId": ("AWS::KMS::Key", "AWS::KMS::Alias"),
        "Subscription[].Endpoint": ("AWS::Lambda::Function",),
    },
    folds=(
        Fold("AWS::SNS::TopicPolicy", owner="Topics[]", into="Policy", names={"": "PolicyDocument"}),
        Fold("AWS::SNS::Subscription", owner="TopicArn", into="Subscription[]"),
    ),
    live=Live(
        listing=Call("sns:ListTopics", result="Topics[]"),
        each=(
            Call("sns:GetTopicAttributes", args={"TopicArn": "TopicArn"}, result="Attributes"),
            Call(
                "sns:ListSubscriptionsByTopic",
                args={"TopicArn": "TopicArn"},
                result="Subscriptions[]",
                into="Subscriptions",
                provides=("Subscription",),
            ),
        ),
        # the name is the ARN's last part and told nowhere else
        names={"TopicName": "", "Subscription": "Subscriptions"},
        arn="TopicArn",
    ),
    terraform=Terraform(
        "aws_sns_topic",
        names={"TopicArn": "arn", "TopicName": "name", "Subscription": ""},
        folds=(
            Fold("aws_sns_topic_policy", owner="arn", into="Policy", names={"": "policy"}),
            Fold("aws_sns_topic_subscription", owner="topic_arn", into="Subscription[]"),
        ),
    ),
)
