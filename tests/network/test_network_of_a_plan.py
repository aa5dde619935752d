"""What Terraform spreads over many resources, read as one network."""

import pytest

from auditor.network.facts import internet_route
from auditor.network.filters import admits_administration, open_ingress
from tests.sources.terraform.plans import mention, plan, read, resource

VPC = resource("aws_vpc.v", {"cidr_block": "10.0.0.0/16"}, unknown={"id": True, "default_route_table_id": True})
SUBNET = resource("aws_subnet.s", {}, unknown={"id": True, "vpc_id": True}, expressions={"vpc_id": mention("aws_vpc.v.id")})
GATEWAY = resource("aws_internet_gateway.g", {}, unknown={"id": True}, expressions={"vpc_id": mention("aws_vpc.v.id")})
TABLE = resource("aws_route_table.t", {}, unknown={"id": True, "vpc_id": True}, expressions={"vpc_id": mention("aws_vpc.v.id")})


def route(table):
    expressions = {"route_table_id": mention(f"{table}.id"), "gateway_id": mention("aws_internet_gateway.g.id")}
    known = {"destination_cidr_block": "0.0.0.0/0"}
    return resource("aws_route.r", known, unknown=dict.fromkeys(expressions, True), expressions=expressions)


def named(address, **expressions):
    written = {name: mention(value) for name, value in expressions.items()}
    return resource(address, {}, unknown={"id": True, **dict.fromkeys(expressions, True)}, expressions=written)


MAIN = named("aws_main_route_table_association.m", vpc_id="aws_vpc.v.id", route_table_id="aws_route_table.t.id")
TAKEN_OVER = named("aws_default_route_table.d", default_route_table_id="aws_vpc.v.default_route_table_id")


@pytest.mark.parametrize(
    ("tables", "public"),
    [
        ([TABLE, MAIN], False),
        ([TABLE, MAIN, route("aws_route_table.t")], True),
        ([TAKEN_OVER], False),
        ([TAKEN_OVER, route("aws_default_route_table.d")], True),
    ],
)
def test_a_subnet_without_a_table_has_the_main_one(tmp_path, tables, public):
    stock = read(plan(VPC, SUBNET, GATEWAY, *tables), tmp_path)
    assert internet_route(stock, one(stock, "aws_subnet.s")).value is public


WORLD = ["0.0.0.0/0"]
PORTS = {"from_port": 22, "to_port": 22}
OWN = {"unknown": {"security_group_id": True}, "expressions": {"security_group_id": mention("aws_security_group.g.id")}}
NEW = {"ip_protocol": "tcp", "cidr_ipv4": "0.0.0.0/0", **PORTS}
OLD = {"protocol": "tcp", "cidr_blocks": WORLD, **PORTS}


@pytest.mark.parametrize(
    ("group", "rules", "found"),
    [
        ({}, [], []),
        ({"ingress": [{"protocol": "tcp", "cidr_blocks": [*WORLD, "10.0.0.0/8"], **PORTS}]}, [], ["tcp/22"]),
        ({"egress": [{"protocol": "-1", "cidr_blocks": WORLD, "from_port": 0, "to_port": 0}]}, [], []),
        ({}, [resource("aws_vpc_security_group_ingress_rule.r", NEW, **OWN)], ["tcp/22"]),
        ({}, [resource("aws_vpc_security_group_egress_rule.r", NEW, **OWN)], []),
        ({}, [resource("aws_security_group_rule.r", {"type": "ingress", **OLD}, **OWN)], ["tcp/22"]),
        ({}, [resource("aws_security_group_rule.r", {"type": "egress", **OLD}, **OWN)], []),
    ],
)
def test_every_form_of_a_rule(tmp_path, group, rules, found):
    stock = read(plan(resource("aws_security_group.g", group, unknown={"id": True}), *rules), tmp_path)
    assert open_ingress(stock, one(stock, "aws_security_group.g")).value == found


ALLOW = {"protocol": "-1", "cidr_block": "0.0.0.0/0", "from_port": 0, "to_port": 0}
ENTRY = {"rule_number": 100, "rule_action": "allow", **ALLOW}
ACL = {"unknown": {"network_acl_id": True}, "expressions": {"network_acl_id": mention("aws_network_acl.a.id")}}


@pytest.mark.parametrize(
    ("acl", "entries", "admits"),
    [
        ({}, [], False),
        ({"ingress": [{"rule_no": 100, "action": "allow", **ALLOW}]}, [], True),
        ({"egress": [{"rule_no": 100, "action": "allow", **ALLOW}]}, [], False),
        ({}, [resource("aws_network_acl_rule.r", {"egress": False, **ENTRY}, **ACL)], True),
        ({}, [resource("aws_network_acl_rule.r", {"egress": True, **ENTRY}, **ACL)], False),
        ({}, [resource("aws_network_acl_rule.r", {"egress": False, **ENTRY, "rule_action": "deny"}, **ACL)], False),
    ],
)
def test_every_form_of_an_entry(tmp_path, acl, entries, admits):
    stock = read(plan(resource("aws_network_acl.a", acl, unknown={"id": True}), *entries), tmp_path)
    assert admits_administration(stock, one(stock, "aws_network_acl.a")).value is admits


def one(stock, address):
    return next(item for item in stock.resources if item.id == address)
