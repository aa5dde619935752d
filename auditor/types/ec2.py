"""Amazon VPC: networks, subnets, the routes between them, and what records or blocks their traffic."""

from auditor.model.resource_type import BOOLEAN, STRING, Call, Fold, Live, ResourceType, Terraform

_VPC = ("AWS::EC2::VPC",)
_SUBNET = ("AWS::EC2::Subnet",)

VPC = ResourceType(
    name="AWS::EC2::VPC",
    title="VPC",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-vpc.html",
    identifiers=("VpcId",),
    properties={"VpcId": STRING, "CidrBlock": STRING, "EnableDnsSupport": BOOLEAN, "EnableDnsHostnames": BOOLEAN},
    runtime={"IsDefault": BOOLEAN},
    defaults={"EnableDnsSupport": True, "EnableDnsHostnames": False},
    live=Live(
        listing=Call("ec2:DescribeVpcs", result="Vpcs[]"),
        each=(
            Call(
                "ec2:DescribeVpcAttribute",
                params={"Attribute": "enableDnsSupport"},
                args={"VpcId": "VpcId"},
                provides=("EnableDnsSupport",),
            ),
            Call(
                "ec2:DescribeVpcAttribute",
                params={"Attribute": "enableDnsHostnames"},
                args={"VpcId": "VpcId"},
                provides=("EnableDnsHostnames",),
            ),
        ),
        names={"EnableDnsSupport": "EnableDnsSupport.Value", "EnableDnsHostnames": "EnableDnsHostnames.Value"},
        arn="arn:{partition}:ec2:{region}:{account}:vpc/{VpcId}",
    ),
    terraform=Terraform("aws_vpc", names={"VpcId": "id"}, also=("aws_default_vpc",)),
)

SUBNET = ResourceType(
    name="AWS::EC2::Subnet",
    title="subnet",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-subnet.html",
    identifiers=("SubnetId",),
    properties={
        "SubnetId": STRING,
        "VpcId": STRING,
        "CidrBlock": STRING,
        "AvailabilityZone": STRING,
        "MapPublicIpOnLaunch": BOOLEAN,
    },
    defaults={"MapPublicIpOnLaunch": False},
    references={"VpcId": _VPC},
    live=Live(listing=Call("ec2:DescribeSubnets", result="Subnets[]"), arn="SubnetArn"),
    terraform=Terraform("aws_subnet", names={"SubnetId": "id"}, also=("aws_default_subnet",)),
)

ROUTE_TABLE = ResourceType(
    name="AWS::EC2::RouteTable",
    title="route table",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-routetable.html",
    identifiers=("RouteTableId",),
    properties={
        "RouteTableId": STRING,
        "VpcId": STRING,
        "Routes": [
            {
                "DestinationCidrBlock": STRING,
                "DestinationIpv6CidrBlock": STRING,
                "DestinationPrefixListId": STRING,
                "GatewayId": STRING,
                "NatGatewayId": STRING,
                "EgressOnlyInternetGatewayId": STRING,
                "TransitGatewayId": STRING,
                "VpcPeeringConnectionId": STRING,
                "NetworkInterfaceId": STRING,
                "VpcEndpointId": STRING,
                "State": STRING,
            }
        ],
        "Associations": [{"SubnetId": STRING, "GatewayId": STRING, "Main": BOOLEAN}],
        # the VPC whose main table a plan says it is
        "MainOf": STRING,
    },
    references={
        "VpcId": _VPC,
        "MainOf": _VPC,
        "Routes[].DestinationPrefixListId": ("AWS::EC2::PrefixList",),
        "Routes[].GatewayId": ("AWS::EC2::InternetGateway",),
        "Routes[].NatGatewayId": ("AWS::EC2::NatGateway",),
        "Routes[].EgressOnlyInternetGatewayId": ("AWS::EC2::EgressOnlyInternetGateway",),
        "Routes[].TransitGatewayId": ("AWS::EC2::TransitGateway",),
        "Routes[].VpcPeeringConnectionId": ("AWS::EC2::VPCPeeringConnection",),
        "Associations[].SubnetId": _SUBNET,
    },
    part_of=("VpcId", "MainOf"),
    folds=(
        Fold("AWS::EC2::Route", owner="RouteTableId", into="Routes[]"),
        Fold("AWS::EC2::SubnetRouteTableAssociation", owner="RouteTableId", into="Associations[]"),
    ),
    live=Live(
        listing=Call("ec2:DescribeRouteTables", result="RouteTables[]"),
        # an account tells a gateway load balancer's endpoint as the route's GatewayId
        names={"Routes[].VpcEndpointId": "", "MainOf": ""},
        arn="arn:{partition}:ec2:{region}:{account}:route-table/{RouteTableId}",
    ),
    terraform=Terraform(
        "aws_route_table",
        also=("aws_default_route_table",),
        names={
            "RouteTableId": "id",
            "Routes": "route",
            "Routes[].DestinationCidrBlock": "cidr_block",
            "Routes[].DestinationIpv6CidrBlock": "ipv6_cidr_block",
            "Routes[].DestinationPrefixListId": "destination_prefix_list_id",
            "Routes[].EgressOnlyInternetGatewayId": "egress_only_gateway_id",
            "Routes[].State": "",
            "Associations": "",
            "MainOf": "default_route_table_id",
        },
        folds=(
            Fold(
                "aws_route",
                owner="route_table_id",
                into="Routes[]",
                names={"EgressOnlyInternetGatewayId": "egress_only_gateway_id", "State": ""},
            ),
            Fold("aws_route_table_association", owner="route_table_id", into="Associations[]", names={"Main": ""}),
            Fold("aws_main_route_table_association", owner="route_table_id", into="MainOf", names={"": "vpc_id"}),
        ),
    ),
)

FLOW_LOG = ResourceType(
    name="AWS::EC2::FlowLog",
    title="flow log",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-flowlog.html",
    identifiers=("Id",),
    properties={
        "Id": STRING,
        "ResourceId": STRING,
        # Terraform names a subnet apart from a VPC
        "SubnetId": STRING,
        "TrafficType": ("ACCEPT", "REJECT", "ALL"),
        "LogDestinationType": ("cloud-watch-logs", "s3", "kinesis-data-firehose"),
        "LogDestination": STRING,
        "LogGroupName": STRING,
        "DeliverLogsPermissionArn": STRING,
    },
    runtime={"FlowLogStatus": STRING, "DeliverLogsStatus": STRING},
    defaults={"LogDestinationType": "cloud-watch-logs"},
    references={
        "ResourceId": (*_VPC, *_SUBNET, "AWS::EC2::NetworkInterface"),
        "SubnetId": _SUBNET,
        "LogDestination": ("AWS::S3::Bucket", "AWS::Logs::LogGroup"),
        "LogGroupName": ("AWS::Logs::LogGroup",),
        "DeliverLogsPermissionArn": ("AWS::IAM::Role",),
    },
    part_of=("ResourceId", "SubnetId"),
    live=Live(
        listing=Call("ec2:DescribeFlowLogs", result="FlowLogs[]"),
        names={"Id": "FlowLogId", "SubnetId": ""},
        arn="arn:{partition}:ec2:{region}:{account}:vpc-flow-log/{FlowLogId}",
    ),
    terraform=Terraform("aws_flow_log", names={"ResourceId": "vpc_id", "DeliverLogsPermissionArn": "iam_role_arn"}),
)

BLOCK_PUBLIC_ACCESS = ResourceType(
    name="AWS::EC2::VPCBlockPublicAccessOptions",
    title="block public access setting of VPCs",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-vpcblockpublicaccessoptions.html",
    properties={"InternetGatewayBlockMode": ("off", "block-bidirectional", "block-ingress")},
    live=Live(listing=Call("ec2:DescribeVpcBlockPublicAccessOptions", result="VpcBlockPublicAccessOptions")),
    terraform=Terraform("aws_vpc_block_public_access_options"),
    everywhere=True,
)
