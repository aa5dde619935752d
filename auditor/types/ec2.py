"""Amazon VPC, as far as a subnet's way to the internet goes."""

from auditor.model.resource_type import BOOLEAN, STRING, Call, Fold, Live, ResourceType, Terraform

_VPC = ("AWS::EC2::VPC",)

VPC = ResourceType(
    name="AWS::EC2::VPC",
    title="VPC",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-vpc.html",
    identifiers=("VpcId",),
    properties={"VpcId": STRING, "CidrBlock": STRING, "EnableDnsSupport": BOOLEAN, "EnableDnsHostnames": BOOLEAN},
    runtime={"IsDefault": BOOLEAN},
    live=Live(
        listing=Call("ec2:DescribeVpcs", result="Vpcs[]"),
        untold=("EnableDnsSupport", "EnableDnsHostnames"),
        arn="arn:{partition}:ec2:{region}:{account}:vpc/{VpcId}",
    ),
    terraform=Terraform("aws_vpc", names={"VpcId": "id"}),
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
    terraform=Terraform("aws_subnet", names={"SubnetId": "id"}),
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
    },
    references={
        "VpcId": _VPC,
        "Routes[].GatewayId": ("AWS::EC2::InternetGateway",),
        "Associations[].SubnetId": ("AWS::EC2::Subnet",),
    },
    folds=(
        Fold("AWS::EC2::Route", owner="RouteTableId", into="Routes[]"),
        Fold("AWS::EC2::SubnetRouteTableAssociation", owner="RouteTableId", into="Associations[]"),
    ),
    live=Live(
        listing=Call("ec2:DescribeRouteTables", result="RouteTables[]"),
        # an account tells a gateway load balancer's endpoint as the route's GatewayId
        names={"Routes[].VpcEndpointId": ""},
        arn="arn:{partition}:ec2:{region}:{account}:route-table/{RouteTableId}",
    ),
    terraform=Terraform(
        "aws_route_table",
        names={
            "RouteTableId": "id",
            "Routes": "route",
            "Routes[].DestinationCidrBlock": "cidr_block",
            "Routes[].DestinationIpv6CidrBlock": "ipv6_cidr_block",
            "Routes[].DestinationPrefixListId": "destination_prefix_list_id",
            "Routes[].EgressOnlyInternetGatewayId": "egress_only_gateway_id",
            "Routes[].State": "",
            "Associations": "",
        },
        folds=(
            Fold(
                "aws_route",
                owner="route_table_id",
                into="Routes[]",
                names={"EgressOnlyInternetGatewayId": "egress_only_gateway_id", "State": ""},
            ),
            Fold("aws_route_table_association", owner="route_table_id", into="Associations[]", names={"Main": ""}),
        ),
    ),
)

INTERNET_GATEWAY = ResourceType(
    name="AWS::EC2::InternetGateway",
    title="internet gateway",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-internetgateway.html",
    identifiers=("InternetGatewayId",),
    properties={"InternetGatewayId": STRING, "Attachments": [{"VpcId": STRING}]},
    references={"Attachments[].VpcId": _VPC},
    folds=(Fold("AWS::EC2::VPCGatewayAttachment", owner="InternetGatewayId", into="Attachments[]"),),
    live=Live(
        listing=Call("ec2:DescribeInternetGateways", result="InternetGateways[]"),
        arn="arn:{partition}:ec2:{region}:{account}:internet-gateway/{InternetGatewayId}",
    ),
    terraform=Terraform(
        "aws_internet_gateway",
        names={"InternetGatewayId": "id", "Attachments": "."},
        folds=(Fold("aws_internet_gateway_attachment", owner="internet_gateway_id", into="Attachments[]"),),
    ),
)
