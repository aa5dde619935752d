"""Amazon VPC: endpoints of services, and the interfaces through which everything speaks."""

from auditor.model.resource_type import BOOLEAN, JSON, STRING, Call, Fold, Live, ResourceType, Terraform

_SUBNET = ("AWS::EC2::Subnet",)
_GROUP = ("AWS::EC2::SecurityGroup",)

ENDPOINT = ResourceType(
    name="AWS::EC2::VPCEndpoint",
    title="VPC endpoint",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-vpcendpoint.html",
    identifiers=("Id",),
    properties={
        "Id": STRING,
        "VpcId": STRING,
        "ServiceName": STRING,
        "VpcEndpointType": ("Interface", "Gateway", "GatewayLoadBalancer", "Resource", "ServiceNetwork"),
        "PolicyDocument": JSON,
        "PrivateDnsEnabled": BOOLEAN,
        "RouteTableIds": [STRING],
        "SubnetIds": [STRING],
        "SecurityGroupIds": [STRING],
    },
    runtime={"State": STRING},
    defaults={
        "VpcEndpointType": "Gateway",
        # https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
        "PolicyDocument": {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]},
        "PrivateDnsEnabled": False,
    },
    references={
        "VpcId": ("AWS::EC2::VPC",),
        "RouteTableIds[]": ("AWS::EC2::RouteTable",),
        "SubnetIds[]": _SUBNET,
        "SecurityGroupIds[]": _GROUP,
    },
    part_of=("VpcId",),
    live=Live(
        listing=Call("ec2:DescribeVpcEndpoints", result="VpcEndpoints[]"),
        names={"Id": "VpcEndpointId", "SecurityGroupIds": "Groups", "SecurityGroupIds[]": "GroupId"},
        arn="arn:{partition}:ec2:{region}:{account}:vpc-endpoint/{VpcEndpointId}",
    ),
    terraform=Terraform(
        "aws_vpc_endpoint",
        names={"PolicyDocument": "policy"},
        folds=(
            Fold("aws_vpc_endpoint_policy", owner="vpc_endpoint_id", into="PolicyDocument", names={"": "policy"}),
            Fold(
                "aws_vpc_endpoint_route_table_association",
                owner="vpc_endpoint_id",
                into="RouteTableIds[]",
                names={"": "route_table_id"},
            ),
            Fold("aws_vpc_endpoint_subnet_association", owner="vpc_endpoint_id", into="SubnetIds[]", names={"": "subnet_id"}),
            Fold(
                "aws_vpc_endpoint_security_group_association",
                owner="vpc_endpoint_id",
                into="SecurityGroupIds[]",
                names={"": "security_group_id"},
            ),
        ),
    ),
)

NETWORK_INTERFACE = ResourceType(
    name="AWS::EC2::NetworkInterface",
    title="network interface",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-networkinterface.html",
    identifiers=("Id",),
    properties={
        "Id": STRING,
        "SubnetId": STRING,
        "GroupSet": [STRING],
        "Description": STRING,
        "InterfaceType": STRING,
        "PrivateIpAddress": STRING,
        "SourceDestCheck": BOOLEAN,
    },
    runtime={"Status": STRING, "PublicIp": STRING, "RequesterId": STRING},
    defaults={"SourceDestCheck": True},
    references={"SubnetId": _SUBNET, "GroupSet[]": _GROUP},
    live=Live(
        listing=Call("ec2:DescribeNetworkInterfaces", result="NetworkInterfaces[]"),
        names={
            "Id": "NetworkInterfaceId",
            "GroupSet": "Groups",
            "GroupSet[]": "GroupId",
            "runtime.PublicIp": "Association.PublicIp",
        },
        arn="arn:{partition}:ec2:{region}:{account}:network-interface/{NetworkInterfaceId}",
    ),
    terraform=Terraform("aws_network_interface", names={"GroupSet": "security_groups", "PrivateIpAddress": "private_ip"}),
)
