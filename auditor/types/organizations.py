"""AWS Organizations."""

from auditor.model.resource_type import STRING, Call, Live, ResourceType, Terraform

ORGANIZATION = ResourceType(
    name="AWS::Organizations::Organization",
    title="organization",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-organizations-organization.html",
    everywhere=True,
    identifiers=("Id",),
    properties={"Id": STRING, "FeatureSet": ("ALL", "CONSOLIDATED_BILLING"), "ManagementAccountId": STRING},
    defaults={"FeatureSet": "ALL"},
    live=Live(
        scope="global",
        listing=Call(
            "organizations:DescribeOrganization", result="Organization", absent=("AWSOrganizationsNotInUseException",)
        ),
        names={"ManagementAccountId": "MasterAccountId"},
        arn="Arn",
    ),
    terraform=Terraform("aws_organizations_organization", names={"ManagementAccountId": "master_account_id"}),
)
