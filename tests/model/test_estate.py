"""What belongs to the estate: machine learning, what it reaches, and nothing of which that is not known."""

import datetime

import pytest

from auditor.model.estate import in_estate
from auditor.model.inventory import REGION, Gap, Inventory, SourceKind
from auditor.model.resource import Origin, Resource
from auditor.model.resource_type import JSON, STRING, Call, Live, ResourceType
from auditor.model.values import Kind, OneOf, Presence, Reference, Text, Unknown

NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
ACCOUNT = "111122223333"


def record(name, references=None, live=None, **rest):
    properties = {"Name": STRING, "Document": JSON, **{path.split(".")[0].split("[")[0]: JSON for path in references or {}}}
    return ResourceType(name, name.lower(), "", ("Name",), properties, references=references or {}, live=live, **rest)


TYPES = {
    item.name: item
    for item in (
        record(
            "Model",
            {"Data": ("Bucket",), "Role": ("Role",), "Subnets[]": ("Subnet",), "Table": ("Table",)},
            Live(Call("x:ListModels")),
            ml=True,
        ),
        record("Job", {"Data": ("Bucket",)}, ml=True),
        record("Trail", {"Bucket": ("Bucket",)}, everywhere=True),
        record("Bucket", {"Key": ("Key",)}, Live(Call("x:ListBuckets"), scope="global", region="Region")),
        record("Key"),
        record("Role", marks={"Document": '^sage|"sage'}),
        record("Subnet", {"Vpc": ("Vpc",)}),
        record("Vpc"),
        record("Table", {"Vpc": ("Vpc",), "Subnets[]": ("Subnet",)}, part_of=("Vpc",)),
        record("Gateway", {"Vpc": ("Vpc",)}),
    )
}


def thing(type_name, name, region="here", **properties):
    return Resource(type_name, name, {"Name": name, **properties}, Origin("x:Read"), ACCOUNT, region)


def belongs(resources, asked, kind=SourceKind.LIVE, streamed=(), gaps=()):
    kept = [item for item in resources if item.type not in streamed]
    leaves = [item for item in resources if item.type in streamed]
    inventory = Inventory(
        kind,
        "the test",
        TYPES,
        NOW,
        resources=[*kept, thing(REGION, "here")],
        leaves=lambda: iter(leaves),
        streamed=frozenset(streamed),
        gaps=list(gaps),
        read=frozenset({(ACCOUNT, "here")}),
    )
    (resource,) = (item for item in kept if item.id == asked)
    value = in_estate(inventory, resource).value
    return value.kind if isinstance(value, Unknown) else value


def unknown(kind):
    return Unknown(kind, "who knows", Presence.MAYBE)


BUCKET, KEY = thing("Bucket", "data", "there", Key="key"), thing("Key", "key", "here")
CHAIN = [thing("Model", "m", Subnets=["s"]), thing("Subnet", "s", Vpc="v"), thing("Vpc", "v")]
TABLE = [thing("Table", "t", Vpc="v", Subnets=["s2"]), thing("Subnet", "s2", Vpc="v")]
FAILED = Gap(ACCOUNT, "here", "x:ListModels", "Model", "AccessDenied", "")


@pytest.mark.parametrize(
    ("resources", "asked", "expected"),
    [
        ([BUCKET], "data", False),
        ([BUCKET, thing("Model", "m", Data="s3://data/x")], "data", True),
        ([BUCKET, thing("Model", "m", Data="s3://other/x")], "data", False),
        ([thing("Bucket", "data", "here", Key="key"), KEY, thing("Model", "m", Data="s3://data/x")], "key", True),
        ([thing("Bucket", "data", "here", Key="key"), KEY], "key", False),
        ([BUCKET, thing("Trail", "t", Bucket="data")], "data", True),
        (CHAIN, "v", True),
        ([*CHAIN, thing("Table", "t", Vpc="v")], "t", True),
        ([*CHAIN, thing("Table", "t", Vpc="w"), thing("Vpc", "w")], "t", False),
        # it refers to the VPC and is not said to be part of it
        ([*CHAIN, thing("Gateway", "g", Vpc="v")], "g", False),
        # a route table of the VPC leads to subnets that nobody there uses
        ([*CHAIN, thing("Table", "t", Vpc="v", Subnets=["s2"]), thing("Subnet", "s2", Vpc="v")], "s2", False),
        # unless machine learning names the table itself
        ([*CHAIN, *TABLE, thing("Model", "n", Table="t")], "s2", True),
        ([*CHAIN[1:], *TABLE, thing("Model", "m", Subnets=["s"], Table="t")], "s2", True),
        ([thing("Role", "r", Document="sagemaker")], "r", True),
        ([thing("Role", "r", Document={"Service": ["sagemaker"]})], "r", True),
        ([thing("Role", "r", Document={"Service": ["ec2"]})], "r", False),
        ([thing("Role", "r", Document={"Service": [unknown(Kind.DEFERRED)]})], "r", Kind.DEFERRED),
        ([thing("Role", "r", Document={"Service": [unknown(Kind.OUTSIDE)]})], "r", False),
        ([thing("Role", "r", Document={"Service": ["ec2"]}), thing("Model", "m", Role="r")], "r", True),
        ([BUCKET, thing("Model", "m", Data=unknown(Kind.UNREAD))], "data", Kind.UNREAD),
        ([BUCKET, thing("Model", "m", Data=unknown(Kind.DEFERRED))], "data", Kind.DEFERRED),
        ([BUCKET, thing("Model", "m", Data=unknown(Kind.OUTSIDE))], "data", False),
        # whatever it may be that is unknown, a key is not a bucket
        ([KEY, thing("Model", "m", Role=unknown(Kind.UNREAD))], "key", False),
        # the key of what may belong may belong
        ([thing("Bucket", "d", "here", Key="key"), KEY, thing("Model", "m", Data=unknown(Kind.UNREAD))], "key", Kind.UNREAD),
        ([BUCKET, thing("Model", "m", Data=OneOf(("s3://data/x", "s3://other/y")))], "data", Kind.DEFERRED),
        ([BUCKET, thing("Model", "m", Data=OneOf(("s3://data/x", "s3://data/y")))], "data", Kind.DEFERRED),
        # known for sure beats perhaps
        (
            [BUCKET, thing("Model", "m", Data=unknown(Kind.UNREAD)), thing("Model", "n", Data="s3://data/")],
            "data",
            True,
        ),
        # it belongs to some VPC, and one of those belongs
        ([*CHAIN, thing("Table", "t", Vpc=unknown(Kind.DEFERRED))], "t", Kind.DEFERRED),
        ([thing("Vpc", "v"), thing("Table", "t", Vpc=unknown(Kind.DEFERRED))], "t", False),
    ],
)
def test_what_belongs(resources, asked, expected):
    assert belongs(resources, asked) == expected


def test_jobs_that_are_not_kept_reach_as_far():
    resources = [thing("Bucket", "data", "here", Key="key"), KEY, thing("Job", "j", Data="s3://data/in/")]
    assert belongs(resources, "key", streamed=("Job",)) is True
    assert belongs(resources[:2], "key", streamed=("Job",)) is False


@pytest.mark.parametrize(
    ("asked", "expected"),
    [("data", Kind.UNREAD), ("key", Kind.UNREAD), ("sure", True), ("v", Kind.UNREAD), ("s3", Kind.UNREAD), ("s4", False)],
)
def test_models_that_were_not_listed_may_reach_what_models_can(asked, expected):
    resources = [
        thing("Bucket", "data", "there", Key="key"),
        thing("Key", "key", "there"),
        thing("Bucket", "sure"),
        thing("Job", "j", Data="s3://sure/"),
        thing("Subnet", "s3", Vpc="v"),
        thing("Vpc", "v"),
        # no model of that region was asked about
        thing("Subnet", "s4", "there", Vpc="w"),
        thing("Vpc", "w", "there"),
    ]
    assert belongs(resources, asked, gaps=[FAILED]) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Reference("B"), True),
        (Text((Reference("B"), "/x")), True),
        (Text((unknown(Kind.DEFERRED), "/x")), Kind.DEFERRED),
        (Reference("Elsewhere"), False),
    ],
)
def test_in_a_template(value, expected):
    bucket = Resource("Bucket", "B", {}, Origin("t.yaml", 3))
    model = Resource("Model", "M", {"Data": value}, Origin("t.yaml", 9))
    inventory = Inventory(SourceKind.CLOUDFORMATION, "t.yaml", TYPES, NOW, resources=[bucket, model])
    found = in_estate(inventory, bucket).value
    assert (found.kind if isinstance(found, Unknown) else found) == expected


def test_the_way_is_told():
    resources = [*CHAIN, thing("Table", "t", Vpc="v")]
    inventory = Inventory(SourceKind.LIVE, "the test", TYPES, NOW, resources=resources)
    assert in_estate(inventory, resources[-1]).because == (
        "m is machine learning: a model.",
        "m names s (Subnets[0]).",
        "s names v (Vpc).",
        "t belongs to v (Vpc).",
    )
