"""What security groups and network ACLs let in from anywhere."""

import datetime

import pytest

from auditor.model.inventory import Inventory, SourceKind
from auditor.model.resource import Origin, Resource
from auditor.model.values import ABSENT, Kind, OneOf, Reference, Text, Unknown
from auditor.network.filters import admits_administration, open_ingress
from auditor.types import all_types

HERE = ("111122223333", "eu-west-1")
PARAMETER = Unknown(Kind.DEFERRED, "a parameter")
WORLD = ["0.0.0.0/0"]


def resource(type_name, name, runtime=None, **properties):
    return Resource(f"AWS::EC2::{type_name}", name, properties, Origin("test"), *HERE, runtime=runtime or {})


OTHERS = [
    resource("VPC", "vpc-1"),
    resource("PrefixList", "pl-world", PrefixListId="pl-world", Entries=[{"Cidr": "0.0.0.0/0"}]),
    resource("PrefixList", "pl-office", PrefixListId="pl-office", Entries=[{"Cidr": "198.51.100.0/24"}]),
    resource("PrefixList", "pl-hidden", PrefixListId="pl-hidden", Entries=Unknown(Kind.UNREAD, "denied")),
    resource("PrefixList", "pl-s3", {"OwnerId": "AWS"}, PrefixListId="pl-s3"),
]


def rule(protocol="tcp", first=22, last=None, **source):
    return {
        "IpProtocol": protocol,
        "FromPort": first,
        "ToPort": first if last is None else last,
        **(source or {"CidrIp": WORLD}),
    }


def opened(*rules, **more):
    group = resource("SecurityGroup", "sg-1", SecurityGroupIngress=list(rules), **more)
    moment = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    stock = Inventory(SourceKind.LIVE, "live", all_types(), moment, [group, *OTHERS], read=frozenset([HERE]))
    fact = open_ingress(stock, group)
    assert fact.because
    return [item.kind if isinstance(item, Unknown) else item for item in fact.value]


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        ([], []),
        ([rule()], ["tcp/22"]),
        ([rule(CidrIpv6=["::/0"])], ["tcp/22"]),
        ([rule(CidrIp=["10.0.0.0/8", "0.0.0.0/0"])], ["tcp/22"]),
        ([rule(CidrIp=["10.0.0.0/8"])], []),
        ([rule(SourceSecurityGroupId=["sg-2"])], []),
        ([rule("6", 8000, 9000), rule("udp", 53)], ["tcp/8000-9000", "udp/53"]),
        ([rule("-1", ABSENT)], ["all"]),
        ([rule("-1", -1)], ["all"]),
        ([rule("tcp", ABSENT)], ["tcp/0-65535"]),
        ([rule("icmp", -1)], []),
        ([rule("50", 0)], []),
        ([rule(SourcePrefixListId=["pl-world"])], ["tcp/22"]),
        ([rule(SourcePrefixListId=["pl-office"])], []),
        ([rule(SourcePrefixListId=["pl-s3"])], []),
        ([rule(SourcePrefixListId=["pl-hidden"])], [Kind.UNREAD]),
        ([rule(SourcePrefixListId=["pl-gone"])], [Kind.OUTSIDE]),
        # the range of a VPC of the template
        ([rule(CidrIp=[Reference("vpc-1", "CidrBlock")])], []),
        ([rule(CidrIp=[Reference("SomeFunction", "Answer")])], [Kind.OUTSIDE]),
        ([rule("-1", PARAMETER)], ["all"]),
        ([rule(CidrIp=[Text((PARAMETER, "/32"))])], [Kind.DEFERRED]),
        ([rule(CidrIp=PARAMETER)], [Kind.DEFERRED]),
        ([rule(first=PARAMETER)], [Kind.DEFERRED]),
        ([rule(first=PARAMETER, CidrIp=["10.0.0.0/8"])], []),
        ([PARAMETER], [Kind.DEFERRED]),
        ([OneOf((rule(), rule("6")))], ["tcp/22"]),
        ([OneOf((rule(), ABSENT))], [Kind.DEFERRED]),
        ([rule(CidrIp=OneOf((WORLD, ["10.0.0.0/8"])))], [Kind.DEFERRED]),
    ],
)
def test_what_a_group_opens(rules, found):
    assert opened(*rules) == found


def test_rules_that_tell_their_direction():
    assert opened(Rules=[{"Type": "ingress", **rule()}, {"Type": "egress", **rule(first=443)}]) == ["tcp/22"]
    assert opened(Rules=[{"Type": PARAMETER, **rule()}]) == [Kind.DEFERRED]


def entry(number, action="allow", protocol="6", ports=(22, 22), **more):
    address = more or {"CidrBlock": "0.0.0.0/0"}
    return {
        "RuleNumber": number,
        "RuleAction": action,
        "Protocol": protocol,
        "PortRange": dict(zip(("From", "To"), ports, strict=True)),
        **address,
    }


ALL = {"RuleNumber": 100, "RuleAction": "allow", "Protocol": "-1", "CidrBlock": "0.0.0.0/0", "Egress": False}


@pytest.mark.parametrize(
    ("entries", "admits"),
    [
        ([], False),
        ([ALL], True),
        ([ALL | {"Egress": True}], False),
        ([entry(1, "deny"), entry(2, "deny", ports=(3389, 3389)), ALL], False),
        ([entry(1, "deny"), ALL], True),
        # the lowest number decides, wherever it stands
        ([ALL, entry(2, "deny", ports=(3389, 3389)), entry(1, "deny")], False),
        ([entry(101, "deny", ports=(0, 65535)), ALL], True),
        # a denial of some does not keep the others out
        ([entry(1, "deny", CidrBlock="198.51.100.0/24", ports=(0, 65535)), ALL], True),
        ([entry(1, "deny", ports=(0, 65535)), ALL | {"CidrBlock": "10.0.0.0/8"}], False),
        ([entry(1, Ipv6CidrBlock="::/0")], True),
        ([entry(1, ports=(1024, 65535))], True),
        ([entry(1, ports=(1024, 3388))], False),
        ([entry(1, protocol="17")], False),
        ([entry(1, "deny", protocol="-1"), ALL], False),
        ([PARAMETER], Kind.DEFERRED),
        ([ALL | {"CidrBlock": PARAMETER}], Kind.DEFERRED),
        ([OneOf((ALL, ABSENT))], Kind.DEFERRED),
        ([entry(1, ports=(PARAMETER, 22))], Kind.DEFERRED),
    ],
)
def test_what_a_network_acl_admits(entries, admits):
    found = admits_administration(None, resource("NetworkAcl", "acl-1", Entries=entries))
    assert found.because
    assert (found.value.kind if isinstance(found.value, Unknown) else found.value) is admits


def test_blocks_of_one_direction():
    block = {"RuleNumber": 1, "RuleAction": "allow", "Protocol": "tcp", "CidrBlock": "0.0.0.0/0", "FromPort": 22, "ToPort": 22}
    assert admits_administration(None, resource("NetworkAcl", "acl-1", Ingress=[block])).value is True
    assert admits_administration(None, resource("NetworkAcl", "acl-1", Egress=[block])).value is False
