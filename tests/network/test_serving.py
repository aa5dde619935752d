"""Which models serverless endpoints alone serve."""

import datetime

import pytest

from auditor.model.inventory import Gap, Inventory, SourceKind
from auditor.model.resource import Origin, Resource
from auditor.model.values import ABSENT, Kind, OneOf, Unknown
from auditor.network.serving import serverless_only
from auditor.types import all_types

HERE = ("111122223333", "eu-west-1")
PARAMETER = Unknown(Kind.DEFERRED, "a parameter")
UNKNOWN = "unknown"
SERVERLESS = {"ModelName": "churn", "ServerlessConfig": {"MaxConcurrency": 5}}
INSTANCE = {"ModelName": "churn", "InstanceType": "ml.m5.large"}


def resource(type_name, name, **properties):
    return Resource(f"AWS::SageMaker::{type_name}", name, properties, Origin("test"), *HERE)


def config(*variants, **more):
    return resource("EndpointConfig", "config", ProductionVariants=list(variants), **more)


MODEL = resource("Model", "churn", ModelName="churn")
COMPONENT = resource("InferenceComponent", "part", Specification={"ModelName": "churn"})
BATCH = resource("TransformJob", "batch", ModelName="churn")


def told(*others, kind=SourceKind.LIVE, gaps=()):
    now = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    read = frozenset([HERE]) if kind is SourceKind.LIVE else frozenset()
    inventory = Inventory(kind, "test", all_types(), now, [MODEL, *others], gaps=list(gaps), read=read)
    return serverless_only(inventory, MODEL)


def same(value, expected):
    return isinstance(value, Unknown) if expected is UNKNOWN else value is expected


@pytest.mark.parametrize(
    ("others", "live", "in_a_template"),
    [
        ([], False, False),
        ([config(SERVERLESS)], True, UNKNOWN),
        ([config(INSTANCE)], False, False),
        ([config({"ModelName": "other", "ServerlessConfig": {}})], False, False),
        ([config(SERVERLESS, INSTANCE)], False, False),
        ([config(SERVERLESS, ShadowProductionVariants=[INSTANCE])], False, False),
        ([config(SERVERLESS), COMPONENT], False, False),
        ([config(SERVERLESS), BATCH], False, False),
        ([config({"ModelName": "churn", "ServerlessConfig": PARAMETER})], UNKNOWN, UNKNOWN),
        ([config(OneOf((SERVERLESS, ABSENT)))], UNKNOWN, UNKNOWN),
        ([config(SERVERLESS), config({**SERVERLESS, "ModelName": PARAMETER})], UNKNOWN, UNKNOWN),
    ],
)
def test_who_serves_it(others, live, in_a_template):
    assert same(told(*others).value, live)
    assert same(told(*others, kind=SourceKind.CLOUDFORMATION).value, in_a_template)


@pytest.mark.parametrize("kind", ["EndpointConfig", "InferenceComponent", "TransformJob"])
@pytest.mark.parametrize("others", [[], [config(SERVERLESS)]])
def test_what_was_not_read_may_serve_it(kind, others):
    gap = Gap(*HERE, "sagemaker:List", f"AWS::SageMaker::{kind}", "AccessDenied", "no")
    assert isinstance(told(*others, gaps=[gap]).value, Unknown)


def test_a_template_without_a_configuration_is_told_as_an_assumption():
    assert told(kind=SourceKind.CLOUDFORMATION).assumptions == ("no serverless endpoint serves churn",)
