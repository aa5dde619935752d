"""Amazon VPC: what lets traffic through, and what does not."""

from typing import Final

from auditor.model.resource_type import BOOLEAN, INTEGER, STRING, Call, Fold, Live, ResourceType, Schema, Terraform

_VPC = ("AWS::EC2::VPC",)
_SUBNET = ("AWS::EC2::Subnet",)
_GROUP = ("AWS::EC2::SecurityGroup",)
_PREFIX_LIST = ("AWS::EC2::PrefixList",)


def _rule(end: str) -> dict[str, Schema]:
    """A rule of a security group. AWS and Terraform write several addresses into one, CloudFormation a single one."""
    return {
        "IpProtocol": STRING,
        "FromPort": INTEGER,
        "ToPort": INTEGER,
        "CidrIp": [STRING],
        "CidrIpv6": [STRING],
        f"{end}PrefixListId": [STRING],
        f"{end}SecurityGroupId": [STRING],
    }


def _live_names(of: str, place: str, end: str) -> dict[str, str]:
    return {
        of: place,
        f"{of}[].CidrIp": "IpRanges",
        f"{of}[].CidrIp[]": "CidrIp",
        f"{of}[].CidrIpv6": "Ipv6Ranges",
        f"{of}[].CidrIpv6[]": "CidrIpv6",
        f"{of}[].{end}PrefixListId": "PrefixListIds",
        f"{of}[].{end}PrefixListId[]": "PrefixListId",
        f"{of}[].{end}SecurityGroupId": "UserIdGroupPairs",
        f"{of}[].{end}SecurityGroupId[]": "GroupId",
    }


def _block_names(of: str, place: str, end: str) -> dict[str, str]:
    return {
        of: place,
        f"{of}[].IpProtocol": "protocol",
        f"{of}[].CidrIp": "cidr_blocks",
        f"{of}[].CidrIpv6": "ipv6_cidr_blocks",
        f"{of}[].{end}PrefixListId": "prefix_list_ids",
        f"{of}[].{end}SecurityGroupId": "security_groups",
    }


def _rule_names(end: str) -> dict[str, str]:
    return {
        "CidrIp": "cidr_ipv4",
        "CidrIpv6": "cidr_ipv6",
        f"{end}PrefixListId": "prefix_list_id",
        f"{end}SecurityGroupId": "referenced_security_group_id",
    }


SECURITY_GROUP = ResourceType(
    name="AWS::EC2::SecurityGroup",
    title="security group",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-securitygroup.html",
    identifiers=("GroupId",),
    properties={
        "GroupId": STRING,
        "GroupName": STRING,
        "VpcId": STRING,
        "SecurityGroupIngress": [_rule("Source")],
        "SecurityGroupEgress": [_rule("Destination")],
        # Terraform's older resource tells the direction in the rule
        "Rules": [{"Type": ("ingress", "egress"), **_rule("Source")}],
    },
    references={
        "VpcId": _VPC,
        "SecurityGroupIngress[].SourcePrefixListId[]": _PREFIX_LIST,
        "SecurityGroupIngress[].SourceSecurityGroupId[]": _GROUP,
        "SecurityGroupEgress[].DestinationPrefixListId[]": _PREFIX_LIST,
        "SecurityGroupEgress[].DestinationSecurityGroupId[]": _GROUP,
        "Rules[].SourcePrefixListId[]": _PREFIX_LIST,
        "Rules[].SourceSecurityGroupId[]": _GROUP,
    },
    folds=(
        Fold("AWS::EC2::SecurityGroupIngress", owner="GroupId", into="SecurityGroupIngress[]"),
        Fold("AWS::EC2::SecurityGroupEgress", owner="GroupId", into="SecurityGroupEgress[]"),
    ),
    live=Live(
        listing=Call("ec2:DescribeSecurityGroups", result="SecurityGroups[]"),
        names={
            **_live_names("SecurityGroupIngress", "IpPermissions", "Source"),
            **_live_names("SecurityGroupEgress", "IpPermissionsEgress", "Destination"),
            "Rules": "",
        },
        arn="SecurityGroupArn",
    ),
    terraform=Terraform(
        "aws_security_group",
        also=("aws_default_security_group",),
        names={
            "GroupId": "id",
            "GroupName": "name",
            **_block_names("SecurityGroupIngress", "ingress", "Source"),
            **_block_names("SecurityGroupEgress", "egress", "Destination"),
            "Rules": "",
        },
        folds=(
            Fold(
                "aws_vpc_security_group_ingress_rule",
                owner="security_group_id",
                into="SecurityGroupIngress[]",
                names=_rule_names("Source"),
            ),
            Fold(
                "aws_vpc_security_group_egress_rule",
                owner="security_group_id",
                into="SecurityGroupEgress[]",
                names=_rule_names("Destination"),
            ),
            Fold(
                "aws_security_group_rule",
                owner="security_group_id",
                into="Rules[]",
                names={
                    "IpProtocol": "protocol",
                    "CidrIp": "cidr_blocks",
                    "CidrIpv6": "ipv6_cidr_blocks",
                    "SourcePrefixListId": "prefix_list_ids",
                    "SourceSecurityGroupId": "source_security_group_id",
                },
            ),
        ),
    ),
)

_ENTRY: Final[dict[str, Schema]] = {
    "RuleNumber": INTEGER,
    "Protocol": STRING,
    "RuleAction": ("allow", "deny"),
    "CidrBlock": STRING,
    "Ipv6CidrBlock": STRING,
}
_BLOCK: Final[dict[str, Schema]] = {**_ENTRY, "FromPort": INTEGER, "ToPort": INTEGER}
_BLOCK_NAMES = {"RuleNumber": "rule_no", "RuleAction": "action"}

NETWORK_ACL = ResourceType(
    name="AWS::EC2::NetworkAcl",
    title="network ACL",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-networkacl.html",
    identifiers=("Id",),
    properties={
        "Id": STRING,
        "VpcId": STRING,
        "Entries": [{**_ENTRY, "Egress": BOOLEAN, "PortRange": {"From": INTEGER, "To": INTEGER}}],
        # Terraform keeps the directions apart
        "Ingress": [_BLOCK],
        "Egress": [_BLOCK],
        "Associations": [{"SubnetId": STRING}],
        # Terraform lists them
        "SubnetIds": [STRING],
    },
    runtime={"IsDefault": BOOLEAN},
    defaults={"Entries[].Egress": False},
    references={"VpcId": _VPC, "Associations[].SubnetId": _SUBNET, "SubnetIds[]": _SUBNET},
    part_of=("VpcId",),
    folds=(
        Fold("AWS::EC2::NetworkAclEntry", owner="NetworkAclId", into="Entries[]"),
        Fold("AWS::EC2::SubnetNetworkAclAssociation", owner="NetworkAclId", into="Associations[]"),
    ),
    live=Live(
        listing=Call("ec2:DescribeNetworkAcls", result="NetworkAcls[]"),
        names={"Id": "NetworkAclId", "Ingress": "", "Egress": "", "SubnetIds": ""},
        arn="arn:{partition}:ec2:{region}:{account}:network-acl/{NetworkAclId}",
    ),
    terraform=Terraform(
        "aws_network_acl",
        also=("aws_default_network_acl",),
        names={
            "Entries": "",
            **{f"Ingress[].{name}": place for name, place in _BLOCK_NAMES.items()},
            **{f"Egress[].{name}": place for name, place in _BLOCK_NAMES.items()},
            "Associations": "",
        },
        folds=(
            Fold(
                "aws_network_acl_rule",
                owner="network_acl_id",
                into="Entries[]",
                names={"PortRange": ".", "PortRange.From": "from_port", "PortRange.To": "to_port"},
            ),
            Fold("aws_network_acl_association", owner="network_acl_id", into="Associations[]"),
        ),
    ),
)

PREFIX_LIST = ResourceType(
    name="AWS::EC2::PrefixList",
    title="prefix list",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-prefixlist.html",
    identifiers=("PrefixListId",),
    properties={"PrefixListId": STRING, "PrefixListName": STRING, "AddressFamily": STRING, "Entries": [{"Cidr": STRING}]},
    runtime={"OwnerId": STRING},
    live=Live(
        listing=Call("ec2:DescribeManagedPrefixLists", result="PrefixLists[]"),
        each=(
            Call(
                "ec2:GetManagedPrefixListEntries",
                args={"PrefixListId": "PrefixListId"},
                result="Entries[]",
                into="Entries",
                provides=("Entries",),
            ),
        ),
        arn="PrefixListArn",
    ),
    terraform=Terraform(
        "aws_ec2_managed_prefix_list",
        names={"PrefixListId": "id", "PrefixListName": "name", "Entries": "entry"},
        folds=(Fold("aws_ec2_managed_prefix_list_entry", owner="prefix_list_id", into="Entries[]"),),
    ),
)
