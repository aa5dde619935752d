"""Amazon VPC: the ways out of a network, and from one to another."""

from auditor.model.resource_type import STRING, Call, Fold, Live, ResourceType, Terraform

_VPC = ("AWS::EC2::VPC",)
_SUBNET = ("AWS::EC2::Subnet",)

INTERNET_GATEWAY = ResourceType(
    name="AWS::EC2::InternetGateway",
    title="internet gateway",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-internetgateway.html",
    identifiers=("InternetGatewayId",),
    properties={"InternetGatewayId": STRING, "Attachments": [{"VpcId": STRING}]},
    references={"Attachments[].VpcId": _VPC},
    part_of=("Attachments[].VpcId",),
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

EGRESS_ONLY_INTERNET_GATEWAY = ResourceType(
    name="AWS::EC2::EgressOnlyInternetGateway",
    title="egress-only internet gateway",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-egressonlyinternetgateway.html",
    identifiers=("Id",),
    properties={"Id": STRING, "VpcId": STRING},
    references={"VpcId": _VPC},
    part_of=("VpcId",),
    live=Live(
        listing=Call("ec2:DescribeEgressOnlyInternetGateways", result="EgressOnlyInternetGateways[]"),
        names={"Id": "EgressOnlyInternetGatewayId", "VpcId": "Attachments[0].VpcId"},
        arn="arn:{partition}:ec2:{region}:{account}:egress-only-internet-gateway/{EgressOnlyInternetGatewayId}",
    ),
    terraform=Terraform("aws_egress_only_internet_gateway"),
)

NAT_GATEWAY = ResourceType(
    name="AWS::EC2::NatGateway",
    title="NAT gateway",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-natgateway.html",
    identifiers=("NatGatewayId",),
    properties={"NatGatewayId": STRING, "SubnetId": STRING, "ConnectivityType": ("public", "private")},
    runtime={"State": STRING},
    defaults={"ConnectivityType": "public"},
    references={"SubnetId": _SUBNET},
    part_of=("SubnetId",),
    live=Live(
        listing=Call("ec2:DescribeNatGateways", result="NatGateways[]"),
        arn="arn:{partition}:ec2:{region}:{account}:natgateway/{NatGatewayId}",
    ),
    terraform=Terraform("aws_nat_gateway", names={"NatGatewayId": "id"}),
)

PEERING = ResourceType(
    name="AWS::EC2::VPCPeeringConnection",
    title="VPC peering connection",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-vpcpeeringconnection.html",
    identifiers=("Id",),
    # references to neither VPC: the one at the far end of a peering is no part of the estate
    properties={"Id": STRING, "VpcId": STRING, "PeerVpcId": STRING, "PeerOwnerId": STRING, "PeerRegion": STRING},
    runtime={"Status": STRING},
    live=Live(
        listing=Call("ec2:DescribeVpcPeeringConnections", result="VpcPeeringConnections[]"),
        names={
            "Id": "VpcPeeringConnectionId",
            "VpcId": "RequesterVpcInfo.VpcId",
            "PeerVpcId": "AccepterVpcInfo.VpcId",
            "PeerOwnerId": "AccepterVpcInfo.OwnerId",
            "PeerRegion": "AccepterVpcInfo.Region",
            "runtime.Status": "Status.Code",
        },
        arn="arn:{partition}:ec2:{region}:{account}:vpc-peering-connection/{VpcPeeringConnectionId}",
    ),
    terraform=Terraform("aws_vpc_peering_connection"),
)

TRANSIT_GATEWAY = ResourceType(
    name="AWS::EC2::TransitGateway",
    title="transit gateway",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-transitgateway.html",
    identifiers=("Id",),
    properties={
        "Id": STRING,
        "AutoAcceptSharedAttachments": ("enable", "disable"),
        "DefaultRouteTableAssociation": ("enable", "disable"),
        "DefaultRouteTablePropagation": ("enable", "disable"),
    },
    runtime={"State": STRING, "OwnerId": STRING},
    live=Live(
        listing=Call("ec2:DescribeTransitGateways", result="TransitGateways[]"),
        names={
            "Id": "TransitGatewayId",
            "AutoAcceptSharedAttachments": "Options.AutoAcceptSharedAttachments",
            "DefaultRouteTableAssociation": "Options.DefaultRouteTableAssociation",
            "DefaultRouteTablePropagation": "Options.DefaultRouteTablePropagation",
        },
        arn="TransitGatewayArn",
    ),
    terraform=Terraform("aws_ec2_transit_gateway"),
)

TRANSIT_GATEWAY_ATTACHMENT = ResourceType(
    name="AWS::EC2::TransitGatewayAttachment",
    title="transit gateway attachment",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-transitgatewayattachment.html",
    identifiers=("Id",),
    properties={"Id": STRING, "TransitGatewayId": STRING, "VpcId": STRING, "SubnetIds": [STRING]},
    runtime={"State": STRING},
    references={"TransitGatewayId": ("AWS::EC2::TransitGateway",), "VpcId": _VPC, "SubnetIds[]": _SUBNET},
    part_of=("VpcId",),
    live=Live(
        listing=Call("ec2:DescribeTransitGatewayVpcAttachments", result="TransitGatewayVpcAttachments[]"),
        names={"Id": "TransitGatewayAttachmentId"},
        arn="arn:{partition}:ec2:{region}:{account}:transit-gateway-attachment/{TransitGatewayAttachmentId}",
    ),
    terraform=Terraform("aws_ec2_transit_gateway_vpc_attachment"),
)
