"""A subnet is public when its own route table has a live route to an internet gateway, and unknown when that cannot be told."""

import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.model.facts import Fact
from auditor.model.inventory import Gap, Inventory, SourceKind
from auditor.model.resource import Origin, Resource
from auditor.model.values import ABSENT, Kind, OneOf, Presence, Reference, Text, Unknown
from auditor.network.facts import internet_route
from auditor.types import all_types

HERE = ("111122223333", "eu-west-1")
SUBNET, TABLE, VPC, GATEWAY = (f"AWS::EC2::{name}" for name in ("Subnet", "RouteTable", "VPC", "InternetGateway"))
PARAMETER = Unknown(Kind.DEFERRED, "a parameter")
UNREAD_TABLES = Gap(*HERE, "ec2:DescribeRouteTables", TABLE, "UnauthorizedOperation", "no")
UNREAD_GATEWAYS = Gap(*HERE, "ec2:DescribeInternetGateways", GATEWAY, "UnauthorizedOperation", "no")
UNREAD_VPCS = Gap(*HERE, "ec2:DescribeVpcs", VPC, "UnauthorizedOperation", "no")


def resource(type_name, name, region=HERE[1], **properties):
    return Resource(type_name, name, properties, Origin("test"), HERE[0], region)


def subnet(name="subnet-1", vpc="vpc-1"):
    return resource(SUBNET, name, VpcId=vpc)


def table(name, routes, associations=(), vpc="vpc-1", region=HERE[1]):
    return resource(TABLE, name, region, VpcId=vpc, Routes=routes, Associations=list(associations))


def to(gateway, destination="0.0.0.0/0", **more):
    return {"DestinationCidrBlock": destination, "GatewayId": gateway, **more}


LOCAL = to("local", "10.0.0.0/16")
NAT = {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1"}
MINE, MAIN = {"SubnetId": "subnet-1"}, {"Main": True}
NOWHERE = [LOCAL]


def told(*resources, kind=SourceKind.LIVE, gaps=()) -> Fact:
    everything = [resource(VPC, "vpc-1"), resource(VPC, "vpc-2"), resource(GATEWAY, "igw-1"), *resources]
    stock = Inventory(
        kind,
        "template.yaml",
        all_types(),
        datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
        everything,
        gaps=list(gaps),
        read=frozenset([HERE]),
    )
    found = internet_route(stock, next(item for item in everything if item.type == SUBNET))
    assert found.because
    return found


@pytest.mark.parametrize(
    ("routes", "public"),
    [
        ([LOCAL], False),
        ([LOCAL, NAT], False),
        ([LOCAL, to("igw-1")], True),
        ([to("igw-1", "203.0.113.0/24")], True),
        ([{"DestinationIpv6CidrBlock": "::/0", "GatewayId": "igw-1"}], True),
        ([{"DestinationPrefixListId": "pl-1", "GatewayId": "igw-1"}], True),
        ([{"DestinationIpv6CidrBlock": "::/0", "EgressOnlyInternetGatewayId": "eigw-1"}], False),
        ([to("igw-1", State="active")], True),
        ([to("igw-1", State="blackhole")], False),
        ([to("igw-1", State="blackhole"), to("igw-1", "::/0")], True),
        ([to("vgw-1")], False),
        ([to("vpce-1", "pl-1")], False),
        # an internet gateway that is not listed is one by its id
        ([to("igw-of-another-listing")], True),
        ([OneOf((to("igw-1"), to("igw-1", "::/0")))], True),
        ([OneOf((NAT, ABSENT))], False),
    ],
)
def test_what_its_table_says(routes, public):
    assert told(subnet(), table("rtb-1", routes, [MINE])).value is public


@pytest.mark.parametrize(
    ("routes", "kind"),
    [
        (PARAMETER, Kind.DEFERRED),
        ([PARAMETER], Kind.DEFERRED),
        ([to(PARAMETER)], Kind.DEFERRED),
        ([to("igw-1", State=PARAMETER)], Kind.DEFERRED),
        ([to(OneOf(("igw-1", "vgw-1")))], Kind.DEFERRED),
        ([OneOf((to("igw-1"), ABSENT))], Kind.DEFERRED),
        (OneOf(([to("igw-1")], [NAT])), Kind.DEFERRED),
        ([to(Reference("SomeGateway"))], Kind.OUTSIDE),
        ([to(Text(("gw-", PARAMETER)))], Kind.DEFERRED),
        (["a word"], Kind.OUTSIDE),
        ("a word", Kind.OUTSIDE),
        ([to("igw-1", State=PARAMETER), to(Unknown(Kind.UNREAD, "denied"))], Kind.UNREAD),
    ],
)
def test_what_it_leaves_open(routes, kind):
    found = told(subnet(), table("rtb-1", routes, [MINE])).value
    assert isinstance(found, Unknown)
    assert found.kind is kind


def test_one_route_that_surely_leads_out_is_enough():
    assert told(subnet(), table("rtb-1", [to(PARAMETER), to("igw-1")], [MINE])).value is True


OPEN = [to("igw-1")]


@pytest.mark.parametrize(
    ("tables", "public"),
    [
        pytest.param([table("own", NOWHERE, [MINE]), table("main", OPEN, [MAIN])], False, id="its own before the main one"),
        pytest.param([table("own", OPEN, [MINE]), table("main", NOWHERE, [MAIN])], True, id="its own before a closed main one"),
        pytest.param([table("main", OPEN, [MAIN]), table("other", NOWHERE)], True, id="the main one where it has none"),
        pytest.param(
            [table("main", NOWHERE, [MAIN]), table("far", OPEN, [MAIN], vpc="vpc-2")], False, id="the main one of its own VPC"
        ),
        pytest.param(
            [table("main", NOWHERE, [MAIN]), table("gone", OPEN, [{"SubnetId": "subnet-gone"}])],
            False,
            id="one of a subnet that is not here",
        ),
        pytest.param([table("both", OPEN, [{"SubnetId": "subnet-2"}, MAIN, MINE])], True, id="main and its own"),
    ],
)
def test_which_table_decides(tables, public):
    assert told(subnet(), *tables).value is public


@pytest.mark.parametrize(
    ("parts", "options", "kind"),
    [
        pytest.param([], {}, Kind.OUTSIDE, id="no main table"),
        pytest.param([], {"gaps": [UNREAD_TABLES]}, Kind.UNREAD, id="tables unread"),
        pytest.param([], {"kind": SourceKind.CLOUDFORMATION}, Kind.OUTSIDE, id="a template's subnet on its own"),
        pytest.param(
            [table("other", NOWHERE)], {"kind": SourceKind.TERRAFORM}, Kind.OUTSIDE, id="a template with a table of another"
        ),
        pytest.param([table("main", NOWHERE, [{"Main": PARAMETER}])], {}, Kind.DEFERRED, id="a table that may be the main one"),
        pytest.param(
            [table("some", NOWHERE, [{"SubnetId": PARAMETER}]), table("main", NOWHERE, [MAIN])],
            {},
            Kind.DEFERRED,
            id="a table that may be its own",
        ),
        pytest.param(
            [table("some", NOWHERE, [OneOf((MINE, ABSENT))]), table("main", OPEN, [MAIN])],
            {},
            Kind.DEFERRED,
            id="an association that may not be there",
        ),
        pytest.param([table("a", OPEN, [MINE]), table("b", NOWHERE, [MINE])], {}, Kind.DEFERRED, id="two that differ"),
    ],
)
def test_a_table_that_cannot_be_told(parts, options, kind):
    found = told(subnet(), *parts, **options).value
    assert isinstance(found, Unknown)
    assert found.kind is kind


def test_a_subnet_whose_vpc_is_not_known():
    assert told(subnet(vpc=PARAMETER), table("main", OPEN, [MAIN])).value == PARAMETER


@pytest.mark.parametrize("gap", [UNREAD_GATEWAYS, UNREAD_VPCS])
def test_what_was_not_needed_does_not_matter(gap):
    parts = [resource(SUBNET, "subnet-1", VpcId="vpc-9"), table("main", OPEN, [MAIN], vpc="vpc-9")]
    assert told(*parts, gaps=[gap]).value is True


def test_tables_that_agree_decide():
    assert told(subnet(), table("a", OPEN, [MINE]), table("b", OPEN, [MINE])).value is True


def test_a_template_is_taken_for_all_there_is_of_its_table():
    routes = [{"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": Reference("igw-1")}]
    associated = [{"SubnetId": Reference("subnet-1")}]
    closed = table("rtb-1", [NAT], associated, vpc=Reference("vpc-1"))
    assert told(subnet(), table("rtb-1", routes, associated), kind=SourceKind.CLOUDFORMATION).value is True
    assert told(subnet(), closed, kind=SourceKind.CLOUDFORMATION).value is False


@pytest.mark.parametrize(
    ("routes", "public"),
    [([to(Reference("igw-1"))], True), ([NAT], False)],
)
@pytest.mark.parametrize("where", [{"vpc": Reference("vpc-1")}, {"vpc": ABSENT}])
def test_a_plan_that_says_which_table_is_the_main_one(routes, public, where):
    main = table("rtb-1", routes, **where)
    main.properties["MainOf"] = Reference("vpc-1", "default_route_table_id")
    assert told(subnet(vpc=Reference("vpc-1")), main, kind=SourceKind.TERRAFORM).value is public


def test_the_main_table_of_another_vpc_says_nothing():
    main = table("rtb-1", OPEN, vpc=Reference("vpc-2"))
    main.properties["MainOf"] = Reference("vpc-2")
    assert isinstance(told(subnet(vpc=Reference("vpc-1")), main, kind=SourceKind.TERRAFORM).value, Unknown)


def test_it_says_what_decided():
    assert told(subnet(), table("rtb-1", [LOCAL, to("igw-1")], [MINE])).because == (
        "subnet-1 is associated with route table rtb-1",
        "rtb-1 sends 0.0.0.0/0 to internet gateway igw-1",
    )
    assert told(subnet(), table("rtb-2", [LOCAL], [MAIN])).because == (
        "subnet-1 is not associated with a route table of its own; rtb-2 is the main route table of vpc-1",
        "no route of rtb-2 leads to an internet gateway",
    )


SPECIAL = st.sampled_from(
    [
        PARAMETER,
        ABSENT,
        None,
        Reference("igw-1"),
        Reference("nobody"),
        Text(("a", PARAMETER)),
        Unknown(Kind.UNREAD, "x", Presence.NO),
    ]
)
KEYS = st.sampled_from(["GatewayId", "State", "SubnetId", "Main", "VpcId", "DestinationCidrBlock", "Routes"])
WORDS = st.sampled_from(["igw-1", "subnet-1", "vpc-1", "local", "blackhole", "active", ""])
LEAVES = st.one_of(SPECIAL, WORDS, st.booleans(), st.integers(), st.floats(allow_nan=False))
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(KEYS, inner, max_size=4),
        st.lists(inner, min_size=1, max_size=3).map(lambda items: OneOf(tuple(items))),
    ),
    max_leaves=12,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ANYTHING, ANYTHING, ANYTHING, st.sampled_from(SourceKind))
def test_whatever_a_source_holds_is_answered(vpc, routes, associations, kind):
    parts = [resource(SUBNET, "subnet-1", VpcId=vpc), resource(TABLE, "t", VpcId=vpc, Routes=routes, Associations=associations)]
    found = told(*parts, kind=kind).value
    assert found is True or found is False or isinstance(found, Unknown)


ROUTES = st.lists(st.sampled_from([LOCAL, NAT, to("igw-1"), to(PARAMETER), to("igw-1", State="blackhole")]), max_size=4)


def rank(value):
    return 1 if isinstance(value, Unknown) else 2 * value


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ROUTES, ROUTES)
def test_a_further_route_never_makes_a_subnet_more_private(routes, more):
    before = told(subnet(), table("rtb-1", [LOCAL, *routes], [MINE])).value
    after = told(subnet(), table("rtb-1", [LOCAL, *routes, *more], [MINE])).value
    assert rank(before) <= rank(after)


@pytest.mark.parametrize(
    ("kind", "routes", "expected"),
    [
        (SourceKind.LIVE, [], Kind.UNREAD),
        (SourceKind.LIVE, ABSENT, Kind.UNREAD),
        (SourceKind.SNAPSHOT, [], Kind.UNREAD),
        (SourceKind.LIVE, [LOCAL], False),
        # a template does not write the local route
        (SourceKind.CLOUDFORMATION, [], False),
    ],
)
def test_a_table_that_told_not_even_its_local_route_told_nothing(kind, routes, expected):
    value = told(subnet(), table("rtb-1", routes, [MINE]), kind=kind).value
    assert (value.kind if isinstance(value, Unknown) else value) == expected
