"""Which services a VPC's endpoints offer, and whether their policies limit anything."""

import datetime

import pytest

from auditor.model.inventory import Gap, Inventory, SourceKind
from auditor.model.resource import Origin, Resource
from auditor.model.values import ABSENT, Kind, OneOf, Reference, Text, Unknown
from auditor.network.endpoints import endpoint_services, open_endpoint_policy
from auditor.types import all_types

HERE = ("111122223333", "eu-west-1")
PARAMETER = Unknown(Kind.DEFERRED, "a parameter")
UNREAD_TABLES = Gap(*HERE, "ec2:DescribeRouteTables", "AWS::EC2::RouteTable", "UnauthorizedOperation", "no")
UNREAD = Gap(*HERE, "ec2:DescribeVpcEndpoints", "AWS::EC2::VPCEndpoint", "UnauthorizedOperation", "no")


def resource(type_name, name, runtime=None, **properties):
    return Resource(f"AWS::EC2::{type_name}", name, properties, Origin("test"), *HERE, runtime=runtime or {})


VPC = resource("VPC", "vpc-1", VpcId="vpc-1")


def endpoint(service, name="vpce-1", kind="Interface", state="available", **more):
    named = f"com.amazonaws.eu-west-1.{service}" if isinstance(service, str) and "amazonaws" not in service else service
    return resource("VPCEndpoint", name, {"State": state}, VpcId="vpc-1", ServiceName=named, VpcEndpointType=kind, **more)


def table(**route):
    return resource("RouteTable", "rtb-1", VpcId="vpc-1", Routes=[{"DestinationCidrBlock": "10.0.0.0/8", **route}])


def told(*others, kind=SourceKind.LIVE, gaps=()):
    moment = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    stock = Inventory(kind, "t.yaml", all_types(), moment, [VPC, *others], gaps=list(gaps), read=frozenset([HERE]))
    fact = endpoint_services(stock, VPC)
    assert fact.because
    return fact.value


@pytest.mark.parametrize(
    ("endpoints", "services"),
    [
        ([], []),
        ([endpoint("kms")], ["kms"]),
        ([endpoint("sts", "vpce-2"), endpoint("ecr.api")], ["ecr.api", "sts"]),
        ([endpoint("kms", "vpce-2"), endpoint("kms")], ["kms"]),
        ([endpoint("sagemaker.runtime-fips")], ["sagemaker.runtime"]),
        ([endpoint("cn.com.amazonaws.eu-west-1.logs")], ["logs"]),
        # another region's, which AWS offers for some services
        ([endpoint("com.amazonaws.us-east-1.kms")], []),
        ([endpoint("kms", state="rejected")], []),
        ([endpoint("kms", state="Available")], ["kms"]),
        ([endpoint("kms", state="failed")], []),
        ([endpoint("kms", state="deleting")], []),
        # a gateway serves those whose route tables have it
        ([endpoint("s3", kind="Gateway", RouteTableIds=["rtb-1"])], ["s3"]),
        ([endpoint("s3", kind="Gateway")], []),
        ([endpoint("s3", kind="Gateway", RouteTableIds=[])], []),
        ([endpoint(Text(("com.amazonaws.", PARAMETER, ".s3")))], ["s3"]),
        # somebody's own service
        ([endpoint("com.amazonaws.vpce.eu-west-1.vpce-svc-1")], []),
        ([endpoint("a partner's amazonaws")], []),
    ],
)
def test_services(endpoints, services):
    assert told(*endpoints) == services


@pytest.mark.parametrize(
    ("others", "options", "kind"),
    [
        ([], {"gaps": [UNREAD]}, Kind.UNREAD),
        # nobody knows whether a route leads to another network
        ([], {"gaps": [UNREAD_TABLES]}, Kind.UNREAD),
        ([table(State=PARAMETER), resource("RouteTable", "rtb-2", VpcId="vpc-1", Routes=[PARAMETER])], {}, Kind.DEFERRED),
        ([], {"kind": SourceKind.CLOUDFORMATION}, Kind.OUTSIDE),
        ([endpoint(PARAMETER)], {}, Kind.DEFERRED),
        ([endpoint(Text(("com.amazonaws.eu-west-1.", PARAMETER)))], {}, Kind.DEFERRED),
        ([endpoint(OneOf(("com.amazonaws.eu-west-1.kms", "com.amazonaws.eu-west-1.sts")))], {}, Kind.DEFERRED),
        ([endpoint("kms", state=PARAMETER)], {}, Kind.DEFERRED),
        ([endpoint("kms", state="partial")], {}, Kind.OUTSIDE),
        ([endpoint("s3", kind="Gateway", RouteTableIds=[OneOf(("rtb-1", ABSENT))])], {}, Kind.DEFERRED),
        ([table(TransitGatewayId="tgw-1")], {}, Kind.OUTSIDE),
        ([table(VpcPeeringConnectionId="pcx-1")], {}, Kind.OUTSIDE),
    ],
)
def test_what_may_be_there_besides(others, options, kind):
    found = told(*others, **options)
    assert {item.kind for item in found} == {kind}


@pytest.mark.parametrize("route", [{"NatGatewayId": "nat-1"}, {"TransitGatewayId": "tgw-1", "State": "blackhole"}])
def test_other_routes_lead_to_no_endpoints(route):
    assert told(table(**route)) == []


EVERYTHING = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}


@pytest.mark.parametrize(
    ("policy", "is_open"),
    [
        (ABSENT, True),
        ({"Statement": [EVERYTHING]}, True),
        ({"Statement": EVERYTHING | {"Principal": {"AWS": ["*"]}, "Action": ["s3:*"]}}, True),
        ({"Statement": [EVERYTHING | {"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}]}, False),
        ({"Statement": [EVERYTHING | {"Principal": {"AWS": "arn:aws:iam::111122223333:root"}}]}, False),
        ({"Statement": [EVERYTHING | {"Action": "S3:*", "Resource": "arn:aws:s3:::*"}]}, True),
        ({"Statement": [EVERYTHING, EVERYTHING | {"Effect": "Deny"}]}, Kind.OUTSIDE),
        ({"Statement": [EVERYTHING | {"Action": "s3:Get*"}]}, False),
        ({"Statement": [EVERYTHING | {"Resource": "arn:aws:s3:::mine/*"}]}, False),
        ({"Statement": [EVERYTHING | {"Action": "kms:*", "Resource": "arn:aws:kms:eu-west-1:111122223333:*"}]}, False),
        ({"Statement": [EVERYTHING | {"Resource": [Reference("Bucket"), "arn:aws:s3:::mine"]}]}, False),
        ({"Statement": [EVERYTHING | {"Effect": "Deny"}]}, False),
        ({"Statement": []}, False),
        ({"Statement": [{"Effect": "Allow", "Principal": "*", "NotAction": "iam:*", "NotResource": "arn:aws:s3:::x"}]}, True),
        ({"Statement": [{"Effect": "Allow", "Principal": "*", "NotAction": "*", "Resource": "*"}]}, False),
        ({"Statement": [PARAMETER, EVERYTHING]}, True),
        ({"Statement": [PARAMETER]}, Kind.DEFERRED),
        (PARAMETER, Kind.DEFERRED),
        ({"Statement": [EVERYTHING | {"Resource": PARAMETER}]}, Kind.DEFERRED),
        ("no policy", Kind.UNREAD),
    ],
)
def test_open_policies(policy, is_open):
    found = open_endpoint_policy(None, resource("VPCEndpoint", "vpce-1", PolicyDocument=policy)).value
    assert (found.kind if isinstance(found, Unknown) else found) is is_open
