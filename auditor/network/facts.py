"""Whether a subnet is public: its route table has a route to an internet gateway, whatever the destination.

https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html
"""

from __future__ import annotations

from typing import Final

from auditor.model.facts import Fact
from auditor.model.inventory import Inventory
from auditor.model.resource import Resource
from auditor.model.truth import Truth, any_of, elements, in_each, worst
from auditor.model.values import ABSENT, Absent, Kind, OneOf, Unknown, Value

_ROUTE_TABLE: Final = "AWS::EC2::RouteTable"
_INTERNET_GATEWAY: Final = ("AWS::EC2::InternetGateway",)
_VPC: Final = ("AWS::EC2::VPC",)

_DESTINATIONS: Final = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")
# a route's GatewayId can also be a virtual private gateway, a gateway endpoint, a carrier or local gateway, or "local":
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Route.html
_OTHER_GATEWAYS: Final = ("vgw-", "vpce-", "cagw-", "lgw-")


def internet_route(inventory: Inventory, subnet: Resource) -> Fact:
    """Whether the route table of ``subnet`` has a live route to an internet gateway: true, false, or unknown.

    The table is the one the subnet is associated with, else the main table of its own VPC
    (https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html).
    """
    tables, how = _tables_of(inventory, subnet)
    if isinstance(tables, Unknown):
        return Fact(tables, (how,))
    answers = [_leads_out(inventory, table) for table in tables]
    because = (how, *(sentence for _, sentence in answers))
    values = [value for value, _ in answers]
    if len(set(values)) == 1:
        return Fact(values[0], because)
    return Fact(worst(values) or Unknown(Kind.DEFERRED, "its route tables differ"), because)


# -- the table -----------------------------------------------------------------------------------------------------------------


def _tables_of(inventory: Inventory, subnet: Resource) -> tuple[list[Resource] | Unknown, str]:
    associated = inventory.referrers(subnet, _ROUTE_TABLE)
    if associated.known:
        names = " or ".join(table.id for table in associated.known)
        return list(associated.known), f"{subnet.id} is associated with route table {names}"
    alone = f"{subnet.id} is not associated with a route table of its own"
    if associated.maybe:
        return worst(associated.maybe) or associated.maybe[0], f"{alone} for certain: {associated.maybe[0].reason}"
    missing = inventory.missing(_ROUTE_TABLE, subnet)
    # a template that says which table is the main one is taken for all there is of the VPC's subnets
    if missing is not None and (inventory.kind.has_runtime or not _mains(inventory, subnet)):
        return missing, f"no route table is known for {subnet.id}: {missing.reason}"
    return _main_table(inventory, subnet, alone)


def _main_table(inventory: Inventory, subnet: Resource, alone: str) -> tuple[list[Resource] | Unknown, str]:
    vpc = _vpc(inventory, subnet)
    if isinstance(vpc, Unknown):
        return vpc, f"{alone}, and its VPC is not known: {vpc.reason}"
    mains = _mains(inventory, subnet)
    found = [table for table, main in mains if main is True]
    if found:
        return found, f"{alone}; {' or '.join(table.id for table in found)} is the main route table of {vpc[-1]}"
    unknown = worst(main for _, main in mains)
    return (
        unknown or Unknown(Kind.OUTSIDE, f"no main route table of {vpc[-1]} was found"),
        f"{alone}, and which one is the main route table of {vpc[-1]} is not known",
    )


def _mains(inventory: Inventory, subnet: Resource) -> list[tuple[Resource, Truth]]:
    """The tables of the subnet's VPC that are its main one, or may be."""
    mains = ((table, main) for table in inventory.of_type(_ROUTE_TABLE) if (main := _is_main(table)) is not False)
    return [(table, main) for table, main in mains if _vpc(inventory, table) == _vpc(inventory, subnet)]


def _vpc(inventory: Inventory, resource: Resource) -> tuple[str, ...] | Unknown:
    """What identifies the VPC of a subnet or table. A plain id does so even where VPCs were not read."""
    value = resource.properties.get("VpcId", ABSENT)
    if value is ABSENT:
        value = resource.properties.get("MainOf", ABSENT)
    match inventory.resolve(value, _VPC, resource):
        case Resource() as vpc:
            return vpc.key
        case Unknown() as unknown:
            return (resource.account, resource.region, *_VPC, value) if isinstance(value, str) else unknown
        case Absent():
            return Unknown(Kind.OUTSIDE, f"{resource.id} names no VPC")
        case OneOf(values):
            return Unknown(Kind.DEFERRED, f"one of {len(values)} VPCs")


def _is_main(table: Resource) -> Truth:
    def is_main(association: Value) -> Truth:
        if isinstance(association, dict):
            return in_each(association.get("Main", ABSENT), lambda main: main if isinstance(main, Unknown) else main is True)
        return association if isinstance(association, Unknown) else False

    said = in_each(table.properties.get("MainOf", ABSENT), lambda vpc: vpc if isinstance(vpc, Unknown) else vpc is not ABSENT)
    return any_of((said, *(in_each(item, is_main) for item in elements(table.properties.get("Associations", ABSENT)))))


# -- its routes ----------------------------------------------------------------------------------------------------------------


def _leads_out(inventory: Inventory, table: Resource) -> tuple[Truth, str]:
    routes = list(elements(table.properties.get("Routes", ABSENT)))
    if not routes and inventory.kind.has_runtime:
        # every table has a local route, so an answer without any lost them:
        # https://docs.aws.amazon.com/vpc/latest/userguide/RouteTables.html
        reason = f"no route of {table.id} was told, not even its local one"
        return Unknown(Kind.UNREAD, reason), reason
    undecided: list[tuple[Unknown, str]] = []
    for route in routes:
        verdict = in_each(route, lambda one: _to_internet_gateway(inventory, table, one))
        if verdict is True:
            return True, f"{table.id} sends {_told(route)}"
        if isinstance(verdict, Unknown):
            undecided.append((verdict, f"whether {table.id} sends {_told(route)} is not known: {verdict.reason}"))
    unknown = worst(item for item, _ in undecided)
    if unknown is not None:
        return unknown, next(sentence for item, sentence in undecided if item is unknown)
    return False, f"no route of {table.id} leads to an internet gateway"


def _to_internet_gateway(inventory: Inventory, table: Resource, route: Value) -> Truth:
    if route is ABSENT:
        return False
    if not isinstance(route, dict):
        return route if isinstance(route, Unknown) else Unknown(Kind.OUTSIDE, f"not a route: {type(route).__name__}")
    gateway = in_each(route.get("GatewayId", ABSENT), lambda value: _is_internet_gateway(inventory, table, value))
    if gateway is False:
        return False
    live = in_each(route.get("State", ABSENT), lambda state: state if isinstance(state, Unknown) else state != "blackhole")
    return gateway if live is True else live


def _is_internet_gateway(inventory: Inventory, table: Resource, value: Value) -> Truth:
    match inventory.resolve(value, _INTERNET_GATEWAY, table):
        case Resource():
            return True
        case Absent():
            return False
        case Unknown() as unknown:
            if isinstance(value, str) and value.startswith("igw-"):
                return True
            if isinstance(value, str) and (value == "local" or value.startswith(_OTHER_GATEWAYS)):
                return False
            return unknown
        case OneOf(values):
            return Unknown(Kind.DEFERRED, f"one of {len(values)} gateways")


def _told(route: Value) -> str:
    if isinstance(route, OneOf):
        return " or ".join(_told(item) for item in route.values if item is not ABSENT)
    if not isinstance(route, dict):
        return "traffic to an internet gateway"
    destination = next((item for name in _DESTINATIONS if isinstance(item := route.get(name), str)), "traffic")
    gateway = getattr(route.get("GatewayId"), "target", route.get("GatewayId"))
    return (
        f"{destination} to internet gateway {gateway}" if isinstance(gateway, str) else f"{destination} to an internet gateway"
    )
