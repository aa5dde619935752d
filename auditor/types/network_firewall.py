"""AWS Network Firewall."""

from auditor.model.resource_type import BOOLEAN, STRING, Call, Live, ResourceType, Terraform

_POLICY = "AWS::NetworkFirewall::FirewallPolicy"

FIREWALL = ResourceType(
    name="AWS::NetworkFirewall::Firewall",
    title="network firewall",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-networkfirewall-firewall.html",
    identifiers=("FirewallName", "FirewallArn"),
    properties={
        "FirewallName": STRING,
        "FirewallArn": STRING,
        "FirewallPolicyArn": STRING,
        "VpcId": STRING,
        "SubnetMappings": [{"SubnetId": STRING}],
        "DeleteProtection": BOOLEAN,
    },
    defaults={"DeleteProtection": False},
    references={
        "FirewallPolicyArn": (_POLICY,),
        "VpcId": ("AWS::EC2::VPC",),
        "SubnetMappings[].SubnetId": ("AWS::EC2::Subnet",),
    },
    part_of=("VpcId",),
    live=Live(
        listing=Call("network-firewall:ListFirewalls", result="Firewalls[]"),
        each=(
            Call(
                "network-firewall:DescribeFirewall",
                args={"FirewallArn": "FirewallArn"},
                result="Firewall",
                scout=True,
            ),
        ),
        arn="FirewallArn",
    ),
    terraform=Terraform(
        "aws_networkfirewall_firewall",
        names={"FirewallName": "name", "FirewallArn": "arn", "SubnetMappings": "subnet_mapping"},
    ),
)

FIREWALL_POLICY = ResourceType(
    name=_POLICY,
    title="network firewall policy",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-networkfirewall-firewallpolicy.html",
    identifiers=("FirewallPolicyName", "FirewallPolicyArn"),
    properties={
        "FirewallPolicyName": STRING,
        "FirewallPolicyArn": STRING,
        "FirewallPolicy": {
            "StatelessDefaultActions": [STRING],
            "StatelessFragmentDefaultActions": [STRING],
            "StatelessRuleGroupReferences": [{"ResourceArn": STRING}],
            "StatefulRuleGroupReferences": [{"ResourceArn": STRING}],
            "StatefulDefaultActions": [STRING],
        },
    },
    live=Live(
        listing=Call("network-firewall:ListFirewallPolicies", result="FirewallPolicies[]"),
        each=(
            Call(
                "network-firewall:DescribeFirewallPolicy",
                args={"FirewallPolicyArn": "Arn"},
                result="FirewallPolicy",
                into="FirewallPolicy",
                provides=("FirewallPolicy",),
            ),
        ),
        names={"FirewallPolicyName": "Name", "FirewallPolicyArn": "Arn"},
        arn="Arn",
    ),
    terraform=Terraform(
        "aws_networkfirewall_firewall_policy",
        names={
            "FirewallPolicyName": "name",
            "FirewallPolicyArn": "arn",
            "FirewallPolicy.StatelessRuleGroupReferences": "stateless_rule_group_reference",
            "FirewallPolicy.StatefulRuleGroupReferences": "stateful_rule_group_reference",
        },
    ),
)
