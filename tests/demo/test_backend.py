"""Each answer of the embedded accounts is one that AWS could have given, as far as botocore's models tell."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import botocore.session
import pytest
from botocore.parsers import create_parser
from botocore.validate import ParamValidator

from auditor.audit.evaluate import needed_types
from auditor.demo import demo_accounts
from auditor.demo.platform import HOME, OUTPOST, PRODUCTION, REGIONS, SANDBOX
from auditor.model.resource_type import STRING, Call, Live, ResourceType
from auditor.rules import load_book
from auditor.sources.aws import collect
from auditor.sources.aws.permissions import operations
from auditor.sources.aws.session import reading_session
from auditor.types import all_types
from tests.faults.recorded import recorded
from tests.faults.replay import Answer

OPERATIONS = sorted(operations(all_types(), tags=False))


@cache
def model(operation: str) -> tuple[str, Any]:
    """The protocol in which a service answers, and the shape of its answer."""
    service, name = operation.split(":")
    found = botocore.session.Session().get_service_model(service)
    return found.resolved_protocol, found.operation_model(name).output_shape


def answers(operation: str, account: str, asked: str = "") -> list[Answer]:
    """What was answered, to requests whose address or body holds ``asked``."""
    return [
        answer
        for key, answer in recorded()[account].items()
        if key[0] == operation and asked.encode() in key[2].encode() + key[3] and answer[0] < 300
    ]


def parsed(operation: str, answer: Answer) -> dict[str, Any]:
    status, headers, body = answer
    protocol, shape = model(operation)
    found: dict[str, Any] = create_parser(protocol).parse({"status_code": status, "headers": headers, "body": body}, shape)
    found.pop("ResponseMetadata")
    return found


def unknown_members(value: Any, shape: Any, at: str) -> Iterator[str]:
    if isinstance(value, dict) and shape.type_name == "structure":
        for name, item in value.items():
            if name in shape.members:
                yield from unknown_members(item, shape.members[name], f"{at}.{name}")
            else:
                yield f"{at}.{name}"
    elif isinstance(value, list) and shape.type_name == "list":
        for item in value:
            yield from unknown_members(item, shape.member, f"{at}[]")


IGNORED = {
    "events:ListRules.Rules[].CreatedBy",
    "wafv2:GetWebACL.WebACL.LockToken",
    "budgets:DescribeBudgets.nextToken",
    "config:DescribeConfigurationRecorders.ConfigurationRecorders[].status",
}
"""What moto answers beside what AWS does; botocore drops it."""


@pytest.mark.parametrize("account", [PRODUCTION, SANDBOX])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_answer_is_of_its_shape(operation: str, account: str) -> None:
    protocol, shape = model(operation)
    for answer in answers(operation, account):
        report = ParamValidator().validate(parsed(operation, answer), shape)
        assert not report.has_errors(), report.generate_report()
        if protocol == "json":
            assert set(unknown_members(json.loads(answer[2]), shape, operation)) <= IGNORED


def test_every_operation_is_answered() -> None:
    # of what no rule looks at, the platform may hold nothing that could be described
    needed = operations({name: all_types()[name] for name in needed_types(load_book())}, tags=False).keys()
    listings = {record.live.listing.operation for record in all_types().values() if record.live}
    answered = {key[0] for key in recorded()[PRODUCTION]}
    assert sorted((needed | listings) - answered) == []


def the(operation: str, account: str, asked: str = "") -> dict[str, Any]:
    (answer,) = answers(operation, account, asked)
    return parsed(operation, answer)


@pytest.mark.parametrize(("model", "isolated"), [("fraud-scorer-v7", True), ("recs-ranker-v3", False)])
def test_a_model_keeps_its_isolation(model: str, isolated: bool) -> None:
    assert the("sagemaker:DescribeModel", PRODUCTION, f'"{model}"')["EnableNetworkIsolation"] is isolated


@pytest.mark.parametrize(
    ("name", "status", "sampling"),
    [
        ("fraud-scoring-production", "Started", 100),
        ("fraud-scoring-staging", "Started", 20),
        ("recs-ranking-production", "Stopped", 50),
        ("recs-ranking-staging", None, None),
    ],
)
def test_an_endpoint_tells_whether_its_capture_works(name: str, status: str | None, sampling: int | None) -> None:
    pages = [parsed("sagemaker:Search", answer) for answer in answers("sagemaker:Search", PRODUCTION, HOME)]
    endpoints = {
        item["Endpoint"]["EndpointName"]: item["Endpoint"] for page in pages for item in page["Results"] if "Endpoint" in item
    }
    capture = endpoints[name].get("DataCaptureConfig", {})
    assert (capture.get("CaptureStatus"), capture.get("CurrentSamplingPercentage")) == (status, sampling)


def test_a_trail_arrives_in_one_region_and_not_in_the_other() -> None:
    here = the("cloudtrail:GetTrailStatus", PRODUCTION, f"cloudtrail.{HOME}.")
    there = the("cloudtrail:GetTrailStatus", PRODUCTION, f"cloudtrail.{OUTPOST}.")
    assert here["IsLogging"]
    assert there["IsLogging"]
    assert "LatestDeliveryError" not in here
    assert there["LatestDeliveryError"] == "AccessDenied"
    assert (here["LatestDeliveryTime"] - there["LatestDeliveryTime"]).days >= 40


def test_buckets_say_where_they_are() -> None:
    regions = {item["Name"]: item["BucketRegion"] for item in the("s3:ListBuckets", PRODUCTION)["Buckets"]}
    assert regions["halyard-fraud-models"] == HOME
    assert regions["halyard-us-models"] == OUTPOST


@pytest.mark.parametrize(("account", "enabled"), [(PRODUCTION, 1), (SANDBOX, 0)])
def test_one_account_has_root_mfa(account: str, enabled: int) -> None:
    assert the("iam:GetAccountSummary", account)["SummaryMap"]["AccountMFAEnabled"] == enabled


def test_managed_policies_have_names() -> None:
    pages = [
        parsed("iam:GetAccountAuthorizationDetails", item) for item in answers("iam:GetAccountAuthorizationDetails", PRODUCTION)
    ]
    names = {policy["PolicyName"] for page in pages for policy in page["Policies"]}
    assert {"recs-do-anything", "AdministratorAccess"} <= names


def test_the_regions_are_those_of_one_partition() -> None:
    (listing, *others) = answers("ec2:DescribeRegions", PRODUCTION)
    assert others == []
    assert sorted(item["RegionName"] for item in parsed("ec2:DescribeRegions", listing)["Regions"]) == sorted(REGIONS)


def test_what_moto_lacks_is_a_gap_and_no_crash() -> None:
    with demo_accounts() as (production, _):
        lacking = Call("sagemaker:ListHubs", result="HubSummaries[]")
        record = ResourceType("AWS::SageMaker::Hub", "hub", "", ("HubName",), {"HubName": STRING}, live=Live(lacking), ml=True)
        session = reading_session(types={record.name: record}, role_arn="arn:aws:iam::111122223333:role/auditor")
        assert production.identity() == session.identity()
        (batch,) = (batch for batch in collect(session, {record.name: record}, ["eu-west-1"]) if batch.unit[2] == record.name)
        assert [gap.operation for gap in batch.gaps] == ["sagemaker:ListHubs"]
