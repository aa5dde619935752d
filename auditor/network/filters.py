"""What security groups and network ACLs let in from anywhere.

A security group allows what any of its rules allows; in a network ACL the first rule that fits decides:
https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html,
https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from auditor.model.facts import Fact
from auditor.model.inventory import Inventory
from auditor.model.resource import Resource
from auditor.model.truth import Truth, any_of, elements, in_each, worst
from auditor.model.values import ABSENT, Kind, OneOf, Reference, Text, Unknown, Value

_PREFIX_LIST: Final = "AWS::EC2::PrefixList"
# what of a template an address can come from
_ADDRESSES: Final = (_PREFIX_LIST, "AWS::EC2::VPC", "AWS::EC2::Subnet")
_EVERY: Final = ("-1", "all")
_PROTOCOLS: Final = {"tcp": "tcp", "6": "tcp", "udp": "udp", "17": "udp"}
_ADMINISTRATION: Final = (22, 3389)


# -- security groups -----------------------------------------------------------------------------------------------------------


def open_ingress(inventory: Inventory, group: Resource) -> Fact:
    """What ``group`` lets anybody reach: ``tcp/443``, ``udp/8000-9000``, or ``all``, sorted.

    Anybody is all of IPv4 or of IPv6, written out or as an entry of a prefix list. Rules of ICMP and of protocols without ports
    are not told. What may be open besides is a special value in the list.
    """
    opened: dict[str, None] = {}
    doubts: list[Value] = []
    for rule in _ingress(group):
        for name in _opened(inventory, group, rule):
            if isinstance(name, str):
                opened.setdefault(name)
            else:
                doubts.append(name)
    because = tuple(f"{group.id} lets anybody reach {name}" for name in sorted(opened))
    return Fact([*sorted(opened), *doubts], because or (f"no rule of {group.id} surely lets anybody in",))


def _ingress(group: Resource) -> Iterator[Value]:
    yield from elements(group.properties.get("SecurityGroupIngress", ABSENT))
    for rule in elements(group.properties.get("Rules", ABSENT)):
        direction = rule.get("Type") if isinstance(rule, dict) else None
        if direction != "egress":
            yield direction if isinstance(direction, Unknown) else rule


def _opened(inventory: Inventory, group: Resource, rule: Value) -> Iterator[Value]:
    """What a rule opens to anybody."""
    match rule:
        case Unknown():
            yield rule
        case OneOf(values):
            found = [frozenset(_opened(inventory, group, item)) for item in values]
            yield from frozenset.intersection(*found)
            if len(set(found)) > 1:
                yield Unknown(Kind.DEFERRED, f"one of {len(values)} rules of {group.id}")
        case dict():
            anybody = any_of(in_each(source, lambda one: _is_anybody(inventory, group, one)) for source in _sources(rule))
            ports = _ports(rule)
            if anybody is not False and ports is not None:
                yield ports if anybody is True else anybody


def _sources(rule: dict[str, Value]) -> Iterator[Value]:
    for name in ("CidrIp", "CidrIpv6", "SourcePrefixListId"):
        yield from elements(rule.get(name, ABSENT))


def _is_anybody(inventory: Inventory, group: Resource, source: Value) -> Truth:
    match source:
        case str() if "/" in source:
            return source.endswith("/0")
        case str() if source.startswith("pl-"):
            return _lists_anybody(inventory, group, source)
        case Text():
            # a part of an address that is not known leaves its length open
            return worst(source.parts) or False
        case Reference():
            return _lists_anybody(inventory, group, source)
        case Unknown():
            return source
        case _:
            return False


def _lists_anybody(inventory: Inventory, group: Resource, source: Value) -> Truth:
    """Whether a prefix list holds every address. The own range of a VPC or a subnet, and a list of AWS's own, never do."""
    found = inventory.resolve(source, _ADDRESSES, group)
    if isinstance(found, Resource):
        if found.type != _PREFIX_LIST or found.runtime.get("OwnerId") == "AWS":
            return False
        entries = elements(found.properties.get("Entries", ABSENT))
        return any_of(in_each(entry, _is_everything) for entry in entries)
    return found if isinstance(found, Unknown) else Unknown(Kind.DEFERRED, f"one of several prefix lists called {source}")


def _is_everything(entry: Value) -> Truth:
    if isinstance(entry, Unknown):
        return entry
    cidr = entry.get("Cidr", ABSENT) if isinstance(entry, dict) else ABSENT
    return in_each(cidr, lambda one: one if isinstance(one, Unknown) else isinstance(one, str) and one.endswith("/0"))


def _ports(rule: dict[str, Value]) -> str | Unknown | None:
    protocol, first, last = (rule.get(name, ABSENT) for name in ("IpProtocol", "FromPort", "ToPort"))
    if protocol in _EVERY:
        return "all"
    unknown = next((item for item in (protocol, first, last) if not isinstance(item, str | int) and item is not ABSENT), None)
    if unknown is not None:
        return unknown if isinstance(unknown, Unknown) else Unknown(Kind.DEFERRED, "a rule's ports are decided at deploy")
    kind = _PROTOCOLS.get(str(protocol).lower())
    if kind is None:
        return None
    if first in (ABSENT, -1):
        return f"{kind}/0-65535"
    return f"{kind}/{first}" if first == last else f"{kind}/{first}-{last}"


# -- network ACLs --------------------------------------------------------------------------------------------------------------


def admits_administration(_inventory: Inventory, acl: Resource) -> Fact:
    """Whether anybody gets past ``acl`` to port 22 or 3389 (SSH, RDP): true, false, or unknown where a rule is."""
    entries = [*_entries(acl)]
    unknown = worst(entries) or next((_undecided(entry) for entry in entries if not isinstance(entry, dict)), None)
    if unknown is not None:
        return Fact(unknown, (f"a rule of {acl.id} is not known: {unknown.reason}",))
    rules = sorted((entry for entry in entries if isinstance(entry, dict)), key=_number)
    if (hidden := worst(value for rule in rules for value in _values(rule))) is not None:
        return Fact(hidden, (f"a rule of {acl.id} is not known: {hidden.reason}",))
    for port in _ADMINISTRATION:
        for everywhere in ("CidrBlock", "Ipv6CidrBlock"):
            first = next((rule for rule in rules if _decides(rule, port, everywhere)), None)
            if first is not None and first.get("RuleAction") == "allow":
                return Fact(True, (f"rule {first.get('RuleNumber')} of {acl.id} lets {first[everywhere]} reach port {port}",))
    return Fact(False, (f"{acl.id} keeps anybody from ports 22 and 3389",))


def _entries(acl: Resource) -> Iterator[Value]:
    yield from elements(acl.properties.get("Ingress", ABSENT))
    for entry in elements(acl.properties.get("Entries", ABSENT)):
        if not isinstance(entry, dict) or entry.get("Egress", False) is not True:
            yield entry


def _undecided(entry: Value) -> Unknown:
    return entry if isinstance(entry, Unknown) else Unknown(Kind.DEFERRED, "decided at deploy")


def _number(entry: dict[str, Value]) -> int:
    number = entry.get("RuleNumber")
    return number if isinstance(number, int) else 0


def _values(rule: dict[str, Value]) -> Iterator[Value]:
    """What of a rule is not plain."""
    for value in (*rule.values(), *_range(rule)):
        if isinstance(value, Unknown):
            yield value
        elif isinstance(value, OneOf | Text):
            yield Unknown(Kind.DEFERRED, "decided at deploy")


def _range(rule: dict[str, Value]) -> tuple[Value, Value]:
    ports = rule.get("PortRange", rule)
    return (
        (ports.get("From", ports.get("FromPort")), ports.get("To", ports.get("ToPort")))
        if isinstance(ports, dict)
        else (ports, ports)
    )


def _decides(rule: dict[str, Value], port: int, everywhere: str) -> bool:
    """Whether ``rule`` is about ``port`` and about everybody."""
    address = rule.get(everywhere)
    if not isinstance(address, str) or not address.endswith("/0"):
        return False
    protocol = str(rule.get("Protocol", "")).lower()
    if protocol in _EVERY:
        return True
    first, last = _range(rule)
    return _PROTOCOLS.get(protocol) == "tcp" and isinstance(first, int) and isinstance(last, int) and first <= port <= last
