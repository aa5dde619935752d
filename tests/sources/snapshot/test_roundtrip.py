"""What is written is what is read, whatever it holds, and the bytes depend on nothing else."""

from __future__ import annotations

import datetime
import stat
from pathlib import Path
from unittest import mock

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.model.inventory import NOT_COLLECTED, REGION, Gap
from auditor.model.resource import Origin, Resource
from auditor.model.shape import to_declared
from auditor.model.values import ABSENT, Kind, OneOf, Presence, Redacted, Reference, Text, Unknown
from auditor.sources.batch import Batch
from auditor.sources.snapshot import open_snapshot
from auditor.types import all_types
from tests.sources.snapshot.samples import (
    ACCOUNT,
    BUCKET,
    JOB,
    ROLE,
    STARTED,
    batches,
    body,
    gap,
    resource,
    run,
    write,
    write_again,
)

TYPES = all_types()
ALARM = "AWS::CloudWatch::Alarm"

text = st.text(st.characters(), max_size=8) | st.sampled_from(
    ["$unknown", "$", "", "\ud800", '","arn":', '"form":"exact"', "\u2028"]
)
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=2**63, max_value=2**70)
    | st.floats(allow_nan=False)
    | text
)
unknowns = st.builds(Unknown, st.sampled_from(Kind), text, st.sampled_from(Presence))
references = st.builds(Reference, text, text)
specials = (
    st.just(ABSENT)
    | unknowns
    | references
    | st.builds(Redacted, text, text)
    | st.builds(Text, st.lists(text | references | unknowns, max_size=3).map(tuple))
)
values = st.recursive(
    scalars | specials,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(text, inner, max_size=3)
        | st.builds(OneOf, st.lists(inner, min_size=1, max_size=2).map(tuple))
    ),
    max_leaves=8,
)
blocks = st.dictionaries(text, values, max_size=3)
origins = st.builds(Origin, text, st.integers(0, 9), st.integers(0, 9))
resources = st.builds(
    Resource,
    type=st.sampled_from([BUCKET, ROLE, JOB, REGION, "Acme::Future::Thing"]),
    id=text,
    properties=blocks,
    origin=origins,
    account=st.sampled_from(["1", "2"]),
    region=st.sampled_from(["eu-west-1", "global"]),
    arn=text,
    runtime=blocks,
    tags=blocks | unknowns,
    origins=st.dictionaries(text, origins, max_size=2),
)


def by_unit(found: list[Resource]) -> list[Batch]:
    units: dict[tuple[str, str, str], list[Resource]] = {}
    for item in found:
        units.setdefault((item.account, item.region, item.type), []).append(item)
    return [Batch(unit, tuple(items)) for unit, items in units.items()]


def same(found: list[Resource]) -> list[Resource]:
    return sorted(found, key=lambda item: item.key)


@settings(deadline=None, max_examples=100)
@given(st.lists(resources, unique_by=lambda item: item.key, max_size=6))
def test_anything_comes_back_and_writes_the_same_bytes_again(
    tmp_path_factory: pytest.TempPathFactory, found: list[Resource]
) -> None:
    folder = tmp_path_factory.mktemp("round")
    # thousands of files that nobody needs to outlive a power cut
    with mock.patch("os.fsync"):
        write(folder / "a", by_unit(found))
        inventory, collection = open_snapshot(folder / "a", TYPES)
        write_again(folder / "b", inventory, collection)
    assert same(list(inventory)) == same(found)
    assert [type(item.tags) for item in same(list(inventory))] == [type(item.tags) for item in same(found)]
    assert body(folder / "b") == body(folder / "a")


@pytest.mark.parametrize(
    "value",
    [2**64, -(2**63) - 1, "\udfff", float("inf"), 1.5, True, 1, {"$literal": {"$x": 1}}, [[[Unknown(Kind.UNREAD, "\ud800")]]]],
    ids=repr,
)
def test_a_value_keeps_its_type_and_its_every_digit(tmp_path: Path, value: object) -> None:
    write(tmp_path / "a", by_unit([resource(BUCKET, "b", properties={"P": value})]))
    (found,) = open_snapshot(tmp_path / "a", TYPES)[0]
    assert found.properties == {"P": value}
    assert type(found.properties["P"]) is type(value)


def test_order_of_reading_does_not_show(tmp_path: Path) -> None:
    write(tmp_path / "a", batches())
    write(tmp_path / "b", batches()[::-1])
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_times_stand_in_the_header_alone(tmp_path: Path) -> None:
    write(tmp_path / "a", batches())
    write(tmp_path / "b", batches(), run(started=STARTED + datetime.timedelta(days=9)))
    assert body(tmp_path / "a") == body(tmp_path / "b")
    assert (tmp_path / "a").read_bytes() != (tmp_path / "b").read_bytes()


def test_the_header_tells_who_read_what(tmp_path: Path) -> None:
    path = tmp_path / "a"
    denied = gap(BUCKET, resource="data-1", provides=("BucketEncryption",))
    header = write(
        path, [*batches(jobs=2), Batch((ACCOUNT, "sa-east-1", JOB)), Batch((ACCOUNT, "eu-west-1", BUCKET), gaps=(denied,))]
    )
    inventory, collection = open_snapshot(path, TYPES)
    assert collection == header.collection
    assert collection.identity == run().identity
    assert collection.collected_at == inventory.collected_at == STARTED
    assert collection.regions == ("eu-west-1", "us-east-1")
    assert collection.quiet_regions == ("sa-east-1",)
    assert collection.calls == {"iam:ListRoles": 1, "sagemaker:Search": 4}
    assert [item for item in inventory.gaps if item.code != NOT_COLLECTED] == [denied]
    assert inventory.read == {(ACCOUNT, "eu-west-1"), (ACCOUNT, "us-east-1")}
    assert header.counts == {BUCKET: 2, ROLE: 1, JOB: 4, REGION: 2}
    assert orjson.loads(path.read_bytes().splitlines()[0])["partition"] == "aws"


def test_what_the_snapshot_was_taken_without_is_unread_and_not_absent(tmp_path: Path) -> None:
    write(tmp_path / "a", [*batches(jobs=2), Batch((ACCOUNT, "eu-west-1", ALARM))])
    inventory, _ = open_snapshot(tmp_path / "a", TYPES)
    near = next(item for item in inventory.resources if item.region == "eu-west-1")
    subnets = inventory.missing("AWS::EC2::Subnet", near)
    assert subnets is not None
    assert subnets.kind is Kind.UNREAD
    assert inventory.closed(ALARM, near)
    places = {(item.account, item.region) for item in inventory.gaps if item.type == "AWS::EC2::Subnet"}
    assert places == {(ACCOUNT, "eu-west-1"), (ACCOUNT, "us-east-1")}


def test_nobody_looks_for_what_is_streamed(tmp_path: Path) -> None:
    write(tmp_path / "a", batches(jobs=2))
    with pytest.raises(LookupError, match="streamed"):
        open_snapshot(tmp_path / "a", TYPES)[0].of_type(JOB)
    assert len(open_snapshot(tmp_path / "a", TYPES, frozenset({JOB}))[0].of_type(JOB)) == 4


def test_leaves_stand_last_and_are_streamed_unless_looked_back_at(tmp_path: Path) -> None:
    write(tmp_path / "a", batches(jobs=3))
    types = [orjson.loads(line)["type"] for line in body(tmp_path / "a").splitlines()]
    assert types == [ROLE, BUCKET, BUCKET, REGION, REGION, *[JOB] * 6]
    streamed, _ = open_snapshot(tmp_path / "a", TYPES)
    kept, _ = open_snapshot(tmp_path / "a", TYPES, frozenset({JOB}))
    assert {item.type for item in streamed.resources} == {ROLE, BUCKET, REGION}
    assert streamed.leaves is not None
    assert len(list(streamed.leaves())) == len(list(streamed.leaves())) == 6
    assert kept.leaves is None
    assert same(list(kept)) == same(list(streamed))


def test_a_type_of_a_later_version_is_not_lost(tmp_path: Path) -> None:
    later = resource("Acme::Future::Thing", "x")
    write(tmp_path / "a", [*batches(), Batch((ACCOUNT, "eu-west-1", later.type), (later,))])
    inventory, _ = open_snapshot(tmp_path / "a", TYPES)
    assert later in list(inventory)
    assert later not in inventory.resources


def test_what_a_listing_repeats_is_there_once(tmp_path: Path) -> None:
    again = Batch((ACCOUNT, "eu-west-1", JOB), (resource(JOB, "a"), resource(JOB, "b"), resource(JOB, "a", arn="other")))
    assert write(tmp_path / "a", [again]).counts == {JOB: 2}
    assert len(list(open_snapshot(tmp_path / "a", TYPES)[0])) == 2


def test_what_two_units_hold_is_there_once(tmp_path: Path) -> None:
    shared = resource(JOB, "a")
    both = [Batch((ACCOUNT, region, JOB), (shared, resource(JOB, region))) for region in ("eu-west-1", "us-east-1")]
    assert write(tmp_path / "a", both).counts == {JOB: 3}
    assert len(list(open_snapshot(tmp_path / "a", TYPES)[0])) == 3


def test_an_account_with_nothing_in_it(tmp_path: Path) -> None:
    write(tmp_path / "a", [])
    inventory, collection = open_snapshot(tmp_path / "a", TYPES)
    assert list(inventory) == []
    assert collection.regions == ()


def test_only_the_owner_can_read_it_and_nothing_else_is_left(tmp_path: Path) -> None:
    write(tmp_path / "a", batches())
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["a"]


SECRETS = {
    "DB_PASSWORD": "correct-horse-battery-staple",
    "api_key": "0123456789abcdef-planted",
    "lr": "AKIAIOSFODNN7EXAMPLE",
    "note": "-----BEGIN RSA PRIVATE KEY-----\nplanted",
    "hub": "hf_" + "aB3" * 12,
    "hook": "xoxb-1234567890-planted",
    "jwt": "eyJhbGciOiJIUzI1NiJ9.eyJwbGFudGVkIjoxfQ.c2lnbmF0dXJlX3BsYW50ZWQ",
    "git": "ghp_" + "x1" * 20,
}


def test_no_secret_reaches_the_file(tmp_path: Path) -> None:
    answer = {"TrainingJobName": "j", "HyperParameters": SECRETS, "Environment": SECRETS | {"MODE": "train"}}
    model = {"ModelName": "m", "PrimaryContainer": {"Image": "i", "Environment": SECRETS}}
    found = [
        resource(JOB, "j", properties=to_declared(answer, TYPES[JOB].properties, {})),
        resource("AWS::SageMaker::Model", "m", properties=to_declared(model, TYPES["AWS::SageMaker::Model"].properties, {})),
    ]
    write(tmp_path / "a", by_unit(found))
    written = (tmp_path / "a").read_bytes()
    assert [
        name for name, secret in SECRETS.items() if secret.encode() in written or secret.split("\n")[-1].encode() in written
    ] == []
    assert b'"MODE":"train"' in written
    job = next(item for item in open_snapshot(tmp_path / "a", TYPES)[0] if item.type == JOB)
    assert {type(value) for value in job.properties["HyperParameters"].values()} == {Redacted}


def test_a_gap_about_a_name_that_is_no_text(tmp_path: Path) -> None:
    broken = Gap(ACCOUNT, "eu-west-1", "sagemaker:DescribeModel", JOB, "Unparsable", "\ud800", resource="\udfff")
    write(tmp_path / "a", [Batch((ACCOUNT, "eu-west-1", JOB), gaps=(broken,))])
    found = open_snapshot(tmp_path / "a", TYPES)[0].gaps[0]
    assert (found.code, found.message, found.resource) == ("Unparsable", "?", "?")


def test_of_what_a_snapshot_was_taken_without_no_region_is_quiet(tmp_path: Path) -> None:
    quiet = Batch((ACCOUNT, "eu-north-1", JOB))
    write(tmp_path / "a", [*batches(regions=("eu-west-1",)), quiet])
    gaps = open_snapshot(tmp_path / "a", all_types())[0].gaps
    places = {
        name: {gap.region for gap in gaps if gap.type == name} for name in (JOB, "AWS::SageMaker::Model", "AWS::EC2::VPC")
    }
    assert places == {JOB: set(), "AWS::SageMaker::Model": {"eu-west-1", "eu-north-1"}, "AWS::EC2::VPC": {"eu-west-1"}}
