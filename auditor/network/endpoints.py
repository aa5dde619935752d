"""Which AWS services a VPC reaches through endpoints of its own, and how much these let through.

https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from auditor.iam.documents import Element, Statement, fits, pattern_text, statements
from auditor.iam.wildcards import matches
from auditor.model.facts import Fact
from auditor.model.inventory import Inventory
from auditor.model.resource import Resource
from auditor.model.truth import Truth, all_of, any_of, elements, in_each, negated
from auditor.model.values import ABSENT, Kind, OneOf, Presence, Unknown, Value

_ENDPOINT: Final = "AWS::EC2::VPCEndpoint"
_ROUTE_TABLE: Final = "AWS::EC2::RouteTable"

# an endpoint of the FIPS kind serves the same service; what is not known of a name (the region) is a "*" here
_SERVICE: Final = re.compile(r"(?:cn\.)?com\.amazonaws\.(?P<region>[^.]+)\.(?P<service>[a-z0-9.-]+?)(?:-fips)?")
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEndpoint.html
_WORKING: Final = ("available", "pending")
_DEAD: Final = ("pendingacceptance", "deleting", "deleted", "rejected", "failed", "expired")
_ELSEWHERE: Final = ("TransitGatewayId", "VpcPeeringConnectionId")


def endpoint_services(inventory: Inventory, vpc: Resource) -> Fact:
    """The services that an endpoint in ``vpc`` offers, as the last part of their names (``s3``, ``ecr.api``), sorted.

    A gateway endpoint counts where a route table has it. Whether an interface endpoint answers to the service's ordinary name is
    another question (``PrivateDnsEnabled``). What else may be there is a special value in the list: an endpoint that is not known
    well enough, and another network with endpoints for all, where a route leads to one.
    """
    referring = inventory.referrers(vpc, _ENDPOINT)
    offered: dict[str, list[str]] = {}
    doubts: list[Value] = [*referring.maybe]
    for endpoint in referring.known:
        service, working = _service(endpoint), _works(endpoint)
        if service is None or working is False:
            continue
        if isinstance(service, str) and working is True:
            offered.setdefault(service, []).append(_named(endpoint))
        else:
            doubts.append(service if isinstance(service, Unknown) else working)
    if (missing := inventory.missing(_ENDPOINT, vpc)) is not None:
        doubts.append(missing)
    doubts.extend(_elsewhere(inventory, vpc))
    because = tuple(f"{' and '.join(names)} offers {service} in {vpc.id}" for service, names in sorted(offered.items()))
    return Fact([*sorted(offered), *doubts], because or (f"no endpoint in {vpc.id} offers a service for certain",))


def _service(endpoint: Resource) -> str | Unknown | None:
    """The service's short name; nothing for one that is not AWS's own, or that is of another region."""
    name = endpoint.properties.get("ServiceName", ABSENT)
    if isinstance(name, Unknown):
        return name
    if isinstance(name, OneOf):
        return Unknown(Kind.DEFERRED, f"{endpoint.id} is for one of {len(name.values)} services")
    widest = pattern_text(name)
    found = _SERVICE.fullmatch(widest) if widest is not None else None
    if found is not None:
        there = not endpoint.region or matches(found["region"], endpoint.region)
        return found["service"] if there else None
    return None if isinstance(name, str) else Unknown(Kind.DEFERRED, f"which service {endpoint.id} is for")


def _works(endpoint: Resource) -> Truth:
    state = in_each(endpoint.runtime.get("State", ABSENT), lambda one: _is_working(one, endpoint))
    return all_of((state, any_of((_is_interface(endpoint), _has_route_table(endpoint)))))


def _is_working(state: Value, endpoint: Resource) -> Truth:
    if isinstance(state, Unknown):
        return state
    if state is ABSENT or str(state).lower() in _WORKING:
        return True
    return False if str(state).lower() in _DEAD else Unknown(Kind.OUTSIDE, f"{endpoint.id} is in the state {state}")


def _is_interface(endpoint: Resource) -> Truth:
    kind = endpoint.properties.get("VpcEndpointType", "Gateway")
    return in_each(kind, lambda one: one if isinstance(one, Unknown) else one == "Interface")


def _has_route_table(endpoint: Resource) -> Truth:
    return any_of(
        in_each(item, lambda one: one if isinstance(one, Unknown) and one.present is not Presence.YES else one is not ABSENT)
        for item in elements(endpoint.properties.get("RouteTableIds", ABSENT))
    )


def _named(endpoint: Resource) -> str:
    tables = [item for item in elements(endpoint.properties.get("RouteTableIds", ABSENT)) if isinstance(item, str)]
    return f"{endpoint.id} (in {', '.join(tables)})" if tables else endpoint.id


def _elsewhere(inventory: Inventory, vpc: Resource) -> Iterator[Unknown]:
    """Ways into another network: its endpoints can serve this one as well.

    https://docs.aws.amazon.com/whitepapers/latest/building-scalable-secure-multi-vpc-network-infrastructure/centralized-access-to-vpc-private-endpoints.html
    """
    if (missing := inventory.missing(_ROUTE_TABLE, vpc)) is not None:
        yield missing
    for table in inventory.referrers(vpc, _ROUTE_TABLE).known:
        leaves = any_of(in_each(route, _leaves) for route in elements(table.properties.get("Routes", ABSENT)))
        if leaves is True:
            reason = f"{table.id} leads to another network, whose endpoints may serve {vpc.id}"
            yield Unknown(Kind.OUTSIDE, reason, Presence.MAYBE)
        elif isinstance(leaves, Unknown):
            yield leaves


def _leaves(route: Value) -> Truth:
    if not isinstance(route, dict):
        return route if isinstance(route, Unknown) else False
    return route.get("State") != "blackhole" and any(route.get(way, ABSENT) not in (ABSENT, None) for way in _ELSEWHERE)


# -- what they let through -----------------------------------------------------------------------------------------------------


def open_endpoint_policy(_inventory: Inventory, endpoint: Resource) -> Fact:
    """Whether the policy of ``endpoint`` lets everybody do everything with every resource of its service.

    That is the policy of an endpoint for which nobody wrote one. A statement with a condition is not counted; beside one that
    denies, nobody here knows what is left of everything.
    https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
    """
    document = endpoint.properties.get("PolicyDocument", ABSENT)
    if document is ABSENT or document is None:
        return Fact(True, (f"{endpoint.id} has the default policy, which allows everything",))
    parts = statements(document)
    verdicts = [(part, in_each(part, _allows_everything)) for part in parts]
    value = any_of(verdict for _, verdict in verdicts)
    if value is True and any(isinstance(part, Statement) and part.effect == "Deny" for part in parts):
        value = Unknown(Kind.OUTSIDE, f"the policy of {endpoint.id} also denies something")
    open_ones = [part.name for part, verdict in verdicts if verdict is True and isinstance(part, Statement)]
    told = f"{', '.join(open_ones) or 'no statement'} of the policy of {endpoint.id} lets everybody do everything"
    return Fact(value, () if isinstance(value, Unknown) else (told,))


def _allows_everything(part: Value) -> Truth:
    if not isinstance(part, Statement):
        return part if isinstance(part, Unknown) else False
    if part.effect != "Allow" or part.conditioned or part.inverted_principals:
        return False
    everybody = any_of(in_each(name, lambda one: fits(one, lambda text: text == "*")) for _, name in part.principals)
    return all_of(
        (everybody, _is_every(part.actions, r"\*|[a-z0-9-]+:\*"), _is_every(part.resources, r"\*|arn:[^:]*:[^:]*:[^:]*:\*?:\*"))
    )


def _is_every(element: Element | None, pattern: str) -> Truth:
    """Whether an element is about everything. One about all but some is, too."""
    if element is None:
        return False
    pattern = r"\*" if element.inverted else pattern
    found = any_of(
        in_each(item, lambda one: fits(one, lambda text: re.fullmatch(pattern, text, re.IGNORECASE) is not None))
        for item in element.patterns
    )
    return negated(found) if element.inverted else found
