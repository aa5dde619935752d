"""AWS Security Hub."""

from auditor.model.resource_type import BOOLEAN, STRING, Call, Live, ResourceType, Terraform

_OFF = ("InvalidAccessException: Account",)
"""https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_DescribeHub.html"""

HUB = ResourceType(
    name="AWS::SecurityHub::Hub",
    title="Security Hub",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-securityhub-hub.html",
    everywhere=True,
    properties={"AutoEnableControls": BOOLEAN},
    runtime={"SubscribedAt": STRING},
    defaults={"AutoEnableControls": True},
    live=Live(listing=Call("securityhub:DescribeHub", absent=_OFF), arn="HubArn"),
    terraform=Terraform("aws_securityhub_account"),
)

STANDARD = ResourceType(
    name="AWS::SecurityHub::Standard",
    title="enabled standard",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-securityhub-standard.html",
    everywhere=True,
    identifiers=("StandardsArn",),
    properties={"StandardsArn": STRING},
    runtime={"StandardsStatus": STRING},
    live=Live(
        listing=Call("securityhub:GetEnabledStandards", result="StandardsSubscriptions[]", absent=_OFF),
        arn="StandardsSubscriptionArn",
    ),
    terraform=Terraform("aws_securityhub_standards_subscription"),
)
