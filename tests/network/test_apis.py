"""What of an API anybody may call."""

import pytest

from auditor.model.resource import Origin, Resource
from auditor.model.values import ABSENT, Kind, OneOf, Unknown
from auditor.network.apis import anonymous_methods, anonymous_routes

PARAMETER = Unknown(Kind.DEFERRED, "a parameter")
OPEN = {"HttpMethod": "POST", "AuthorizationType": "NONE"}
SIGNED = OPEN | {"AuthorizationType": "AWS_IAM"}


def told(fact, **properties):
    found = fact(None, Resource("AWS::ApiGateway::RestApi", "api", properties, Origin("test")))
    assert found.because
    return [item.kind if isinstance(item, Unknown) else item for item in found.value]


@pytest.mark.parametrize(
    ("method", "found"),
    [
        (OPEN, ["POST"]),
        (SIGNED, []),
        (OPEN | {"ApiKeyRequired": True}, []),
        (OPEN | {"ApiKeyRequired": False}, ["POST"]),
        (OPEN | {"HttpMethod": "OPTIONS"}, []),
        # its integration, which Terraform tells by itself
        ({"HttpMethod": "POST", "Integration": {"Type": "AWS"}}, []),
        (OPEN | {"AuthorizationType": PARAMETER}, [Kind.DEFERRED]),
        (OPEN | {"ApiKeyRequired": PARAMETER}, [Kind.DEFERRED]),
        (SIGNED | {"ApiKeyRequired": PARAMETER}, []),
        (PARAMETER, [Kind.DEFERRED]),
        (OneOf((OPEN, ABSENT)), [Kind.DEFERRED]),
        (OneOf((OPEN, OPEN | {"ApiKeyRequired": False})), ["POST"]),
        (OneOf((SIGNED, ABSENT)), []),
    ],
)
def test_methods(method, found):
    assert told(anonymous_methods, Methods=[method]) == found
    assert told(anonymous_methods, Resources=[{}, {"Methods": {"POST": method}}]) == found


OTHERS = {"Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}}
ANYBODY = {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "*"}


@pytest.mark.parametrize(
    ("policy", "found"),
    [
        ([ANYBODY], ["POST"]),
        ([ANYBODY | {"Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1"}}}], []),
        ([ANYBODY | {"Principal": {"AWS": "arn:aws:iam::111122223333:root"}}], []),
        ([ANYBODY, ANYBODY | {"Effect": "Deny", **OTHERS}], [Kind.OUTSIDE]),
        ([PARAMETER], [Kind.DEFERRED]),
    ],
)
def test_the_policy_of_an_api_may_let_only_some_in(policy, found):
    assert told(anonymous_methods, Methods=[OPEN], Policy={"Statement": policy}) == found
    assert told(anonymous_methods, Methods=[SIGNED], Policy={"Statement": policy}) == []


def test_methods_that_are_not_known():
    assert told(anonymous_methods, Resources=PARAMETER) == [Kind.DEFERRED]
    assert told(anonymous_methods, Resources=[{"Methods": PARAMETER}]) == [Kind.DEFERRED]
    assert told(anonymous_methods, Methods=[SIGNED], Body={"openapi": "3.0.1"}) == [Kind.OUTSIDE]


@pytest.mark.parametrize(
    ("route", "found"),
    [
        ({"RouteKey": "POST /score"}, ["POST /score"]),
        ({"RouteKey": "POST /score", "AuthorizationType": "NONE"}, ["POST /score"]),
        ({"RouteKey": "$connect"}, ["$connect"]),
        ({"RouteKey": "$disconnect"}, []),
        ({"RouteKey": "OPTIONS /score"}, []),
        ({"RouteKey": "POST /score", "AuthorizationType": "JWT"}, []),
        ({"RouteKey": "$connect", "ApiKeyRequired": True}, []),
    ],
)
def test_routes(route, found):
    assert told(anonymous_routes, Routes=[route]) == found
