"""AWS WAF."""

from auditor.model.resource_type import STRING, Call, Fold, Live, ResourceType, Terraform

WEB_ACL = ResourceType(
    name="AWS::WAFv2::WebACL",
    title="web ACL",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-wafv2-webacl.html",
    identifiers=("Name", "Arn"),
    properties={
        "Arn": STRING,
        "Name": STRING,
        "Rules": [{"Name": STRING}],
        # what it stands before; a stage of an API tells it by itself
        "ResourceArns": [STRING],
    },
    references={"ResourceArns[]": ("AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::ApiGateway::RestApi")},
    part_of=("ResourceArns[]",),
    folds=(Fold("AWS::WAFv2::WebACLAssociation", owner="WebACLArn", into="ResourceArns[]", names={"": "ResourceArn"}),),
    live=Live(
        listing=Call("wafv2:ListWebACLs", params={"Scope": "REGIONAL"}, result="WebACLs[]"),
        each=(
            Call(
                "wafv2:ListResourcesForWebACL",
                params={"ResourceType": "APPLICATION_LOAD_BALANCER"},
                args={"WebACLArn": "ARN"},
                result="ResourceArns",
                into="ResourceArns",
                provides=("ResourceArns",),
                scout=True,
            ),
            Call(
                "wafv2:GetWebACL",
                params={"Scope": "REGIONAL"},
                args={"Name": "Name", "Id": "Id"},
                result="WebACL",
                provides=("Rules",),
            ),
        ),
        names={"Arn": "ARN"},
        arn="ARN",
    ),
    terraform=Terraform(
        "aws_wafv2_web_acl",
        names={"Rules": "rule", "ResourceArns": ""},
        folds=(Fold("aws_wafv2_web_acl_association", owner="web_acl_arn", into="ResourceArns[]", names={"": "resource_arn"}),),
    ),
)
