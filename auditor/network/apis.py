"""What an API lets anybody call who finds its address.

https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-to-api.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from auditor.iam.resource_policies import policy_public
from auditor.model.facts import Fact
from auditor.model.inventory import Inventory
from auditor.model.resource import Resource
from auditor.model.truth import Truth, all_of, elements, in_each, negated
from auditor.model.values import ABSENT, Kind, OneOf, Reference, Text, Unknown, Value

# what a browser asks before it sends anything, and what ends a connection that was let in
_HARMLESS: Final = ("OPTIONS", "$disconnect")


def anonymous_methods(_inventory: Inventory, api: Resource) -> Fact:
    """The methods of a REST API, such as ``POST``, that ask for neither authorization nor an API key, sorted.

    There are none where the API's own policy lets only some in; where that is not known, nobody knows whether there are:
    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
    """
    methods = [*elements(api.properties.get("Methods", ABSENT))]
    for place in elements(api.properties.get("Resources", ABSENT)):
        by_name = place.get("Methods", ABSENT) if isinstance(place, dict) else place
        methods.extend(by_name.values() if isinstance(by_name, dict) else elements(by_name))
    found = _anonymous(api, methods, "HttpMethod", default=ABSENT)
    if not found.value or api.properties.get("Policy", ABSENT) in (ABSENT, None, ""):
        return found
    admits = policy_public(api, "Policy")
    if admits.value is False:
        return Fact([], admits.because)
    return Fact([admits.value], admits.because) if isinstance(admits.value, Unknown) else found


def anonymous_routes(_inventory: Inventory, api: Resource) -> Fact:
    """The routes of an HTTP or WebSocket API, such as ``POST /score``, that ask for neither authorization nor an API key, sorted."""
    return _anonymous(api, [*elements(api.properties.get("Routes", ABSENT))], "RouteKey", default="NONE")


def _anonymous(api: Resource, entries: list[Value], named: str, *, default: Value) -> Fact:
    """``default`` is the authorization of an entry that tells none."""
    found: dict[str, None] = {}
    doubts: list[Value] = [*_in_body(api)]
    for entry in entries:
        is_open = in_each(entry, lambda one: _is_open(one, named, default))
        if is_open is True:
            found.setdefault(_name(entry, named))
        elif isinstance(is_open, Unknown):
            doubts.append(is_open)
    because = tuple(f"anybody may call {name} of {api.id}" for name in sorted(found))
    return Fact([*sorted(found), *doubts], because or (f"nothing of {api.id} is surely open to anybody",))


def _in_body(api: Resource) -> Iterator[Unknown]:
    if api.properties.get("Body", ABSENT) is not ABSENT:
        yield Unknown(Kind.OUTSIDE, f"what the OpenAPI document of {api.id} asks of callers is not looked at")


def _is_open(entry: Value, named: str, default: Value) -> Truth:
    if not isinstance(entry, dict):
        return entry if isinstance(entry, Unknown) else False
    # a method's integration may be told by itself
    authorization = entry.get("AuthorizationType", default)
    return all_of(
        (
            negated(in_each(entry.get(named, ABSENT), _is_harmless)),
            in_each(authorization, lambda one: _equals(one, "NONE")),
            negated(in_each(entry.get("ApiKeyRequired", ABSENT), lambda one: _equals(one, True))),
        )
    )


def _is_harmless(name: Value) -> Truth:
    return isinstance(name, str) and name.split(" ")[0] in _HARMLESS


def _equals(value: Value, wanted: str | bool) -> Truth:
    match value:
        case Unknown():
            return value
        case Text() | Reference():
            return Unknown(Kind.DEFERRED, "decided at deploy")
        case _:
            return value is wanted or value == wanted


def _name(entry: Value, named: str) -> str:
    if isinstance(entry, OneOf):
        return _name(entry.values[0], named)
    name = entry.get(named)
    return name if isinstance(name, str) else "something"
