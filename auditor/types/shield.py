"""AWS Shield Advanced. Shield Standard is on everywhere and has no settings."""

from auditor.model.resource_type import STRING, Call, Live, ResourceType, Terraform

PROTECTION = ResourceType(
    name="AWS::Shield::Protection",
    title="Shield Advanced protection",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-shield-protection.html",
    identifiers=("ProtectionId",),
    properties={"ProtectionId": STRING, "Name": STRING, "ResourceArn": STRING},
    references={"ResourceArn": ("AWS::ElasticLoadBalancingV2::LoadBalancer",)},
    part_of=("ResourceArn",),
    live=Live(
        scope="global",
        # without a subscription there is nothing to list:
        # https://docs.aws.amazon.com/waf/latest/DDOSAPIReference/API_ListProtections.html
        listing=Call("shield:ListProtections", result="Protections[]", absent=("ResourceNotFoundException",)),
        names={"ProtectionId": "Id"},
        arn="ProtectionArn",
    ),
    terraform=Terraform("aws_shield_protection", names={"ProtectionId": "id"}),
)
