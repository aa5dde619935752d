"""What belongs to the estate is asked about, whatever order it is read in; of the rest only the listing is read."""

from __future__ import annotations

import json
import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.model.estate import in_estate
from auditor.model.inventory import Inventory, SourceKind
from auditor.model.resource import Origin, Resource
from auditor.model.resource_type import STRING, ResourceType
from auditor.sources.aws import collect
from auditor.sources.aws.reach import Reach
from auditor.sources.aws.unit import NOT_ASKED
from auditor.sources.snapshot import Run, write_snapshot
from tests.sources.aws.conftest import HERE, TYPES, create_role
from tests.sources.aws.test_calls import NOW
from tests.sources.aws.wire import Wire, error, read, session

BUCKET, KEY, ROLE = "AWS::S3::Bucket", "AWS::KMS::Key", "AWS::IAM::Role"
# what the records ask of a bucket and a key changes; that they are asked does not
ASKED = {"bucket": "s3.GetBucketEncryption", "key": "kms.DescribeKey"}


# -- against the estate itself -------------------------------------------------------------------------------------------------


def _type(name, *, references=None, **others):
    properties = {"Name": STRING, **dict.fromkeys("PQ", STRING)}
    return ResourceType(
        name, name, "", ("Name",), properties, references={key: tuple(value) for key, value in references.items()}, **others
    )


WORLD = {
    record.name: record
    for record in (
        _type("Model", references={"P": ["Store", "Vault"], "Q": ["Box"]}, ml=True),
        _type("Trail", references={"P": ["Store"], "Q": ["Box"]}, everywhere=True),
        _type("Store", references={"P": ["Vault"], "Q": ["Store"]}),
        _type("Vault", references={"P": ["Box"], "Q": ["Store"]}, part_of=("P",)),
        _type("Box", references={"P": ["Store", "Model"], "Q": ["Vault"]}, part_of=("P", "Q"), marks={"Name": "^b0"}),
    )
}
NAMES = [f"{letter}{number}" for letter in "msvb" for number in range(3)]
VALUES = st.sampled_from([*NAMES, "s3://s1/data", "arn:aws:store:eu-west-1:1:store/s2", "arn:aws:box:::b1", "elsewhere"])
THINGS = st.builds(
    lambda name, kind, p, q: Resource(kind, name, {"Name": name, "P": p, "Q": q}, Origin(""), "1", HERE),
    st.sampled_from(NAMES),
    st.sampled_from(sorted(WORLD)),
    VALUES,
    VALUES,
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(things=st.lists(THINGS, unique_by=lambda item: item.key, max_size=14), seed=st.integers(0, 9))
def test_whatever_the_estate_holds_is_reached_in_any_order(things, seed):
    inventory = Inventory(SourceKind.LIVE, "a", WORLD, NOW, resources=things, read=frozenset({("1", HERE)}))
    known = {item.key for item in things if in_estate(inventory, item).value is True}
    orders = [list(things), list(things)]
    random.Random(seed).shuffle(orders[1])
    found = []
    for order in orders:
        reach = Reach(WORLD)
        for item in order:
            reach.add(item, item.key)
        taken = reach.taken()
        assert len(taken) == len(set(taken))
        assert reach.taken() == []
        found.append(set(taken))
    assert found[0] == found[1] >= known


def test_what_becomes_known_later_reaches_further():
    reach = Reach(WORLD)
    reach.add(Resource("Store", "s1", {"Name": "s1"}, Origin("")), "s1")
    reach.add(Resource("Vault", "v1", {"Name": "v1"}, Origin("")), "v1")
    assert reach.taken() == []
    reach.add(Resource("Model", "m1", {"P": "s1"}, Origin("")), "m1")
    assert reach.taken() == ["m1", "s1"]
    reach.add(Resource("Store", "s1", {"Name": "s1", "P": "v1"}, Origin("")), reached=True)
    assert reach.taken() == ["v1"]


# -- an account ----------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def estate(cloud):
    """A model in the bucket ``data``, which a key encrypts; beside them two buckets and two keys that nothing refers to."""
    kms, s3, sagemaker = (cloud.client(name) for name in ("kms", "s3", "sagemaker"))
    keys = {name: kms.create_key()["KeyMetadata"]["KeyId"] for name in ("data", "notebook", "unused", "behind")}
    kms.create_alias(AliasName="alias/notebook", TargetKeyId=keys["notebook"])
    for name in ("data", "unused", "more"):
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": HERE})
    for bucket, key in (("data", "data"), ("unused", "behind")):
        by_default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": keys[key]}
        rules = {"Rules": [{"ApplyServerSideEncryptionByDefault": by_default}]}
        s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=rules)
    role = create_role(cloud, "runner")
    container = {"Image": "image", "ModelDataUrl": "s3://data/model.tar.gz"}
    sagemaker.create_model(ModelName="model", ExecutionRoleArn=role, PrimaryContainer=container)
    sagemaker.create_notebook_instance(
        NotebookInstanceName="lab", InstanceType="ml.t3.medium", RoleArn=role, KmsKeyId="alias/notebook"
    )
    return keys


def asked_about(wire_calls, part):
    return sorted(name for operation, name in wire_calls if operation == ASKED[part])


class Names(Wire):
    """Notes about which bucket or key each request is."""

    def __init__(self, faults=None):
        super().__init__(faults or {})
        self.about = []

    def __call__(self, event_name, request, **rest):
        answer = super().__call__(event_name, request, **rest)
        operation = self.asked[-1]
        if operation == ASKED["bucket"]:
            self.about.append((operation, request.url.split("//")[1].split(".")[0]))
        elif operation == ASKED["key"]:
            self.about.append((operation, json.loads(request.body)["KeyId"]))
        return answer


def is_asked(resource):
    return NOT_ASKED not in (*resource.properties.values(), *resource.runtime.values())


def test_only_what_is_reached_is_asked_about(estate):
    wire = Names()
    inventory = read(wire)
    assert asked_about(wire.about, "bucket") == ["data"]
    assert asked_about(wire.about, "key") == sorted([estate["data"], estate["notebook"]])
    assert {bucket.id: is_asked(bucket) for bucket in inventory.of_type(BUCKET)} == {
        "data": True,
        "unused": False,
        "more": False,
    }
    assert {gap.resource for gap in inventory.gaps} <= {"data", estate["data"], estate["notebook"]}


def test_of_what_is_not_reached_the_listing_is_kept(estate):
    unused = next(bucket for bucket in read().of_type(BUCKET) if bucket.id == "unused")
    assert unused.properties["BucketName"] == "unused"
    assert unused.properties["BucketEncryption"] == NOT_ASKED
    assert unused.arn == "arn:aws:s3:::unused"


def test_everything_that_the_estate_holds_was_asked_about(estate):
    inventory = read()
    belong = [item for item in inventory.resources if in_estate(inventory, item).value is True]
    assert {BUCKET, KEY, ROLE} <= {item.type for item in belong}
    assert [item.id for item in belong if not is_asked(item)] == []


def test_without_machine_learning_everything_is_asked_about(estate):
    assert all(map(is_asked, read(types=[BUCKET, KEY]).resources))


def test_threads_make_no_difference(estate):
    with ThreadPoolExecutor(1) as one:
        alone = read(executor=one)
    assert alone.resources == read().resources


# -- resumed -------------------------------------------------------------------------------------------------------------------


def whole(done=None, wire=None):
    return {batch.unit: batch for batch in collect(session(wire), TYPES, [HERE], done)}


def test_wherever_it_was_interrupted_it_goes_on_to_the_same(estate):
    # one after the other, so that each number of units is a moment of the same reading
    with ThreadPoolExecutor(1) as one:
        batches = list(collect(session(), TYPES, [HERE], executor=one))
    everything = {batch.unit: batch.resources for batch in batches}
    for kept in range(0, len(batches) + 1, 4):
        before = {batch.unit: batch.resources for batch in batches[:kept]}
        after = {unit: batch.resources for unit, batch in whole(before).items()}
        assert {**before, **after} == everything, kept
        assert not before.keys() & after.keys()


def test_what_an_earlier_run_did_not_know_to_belong_is_read_again(estate):
    first = whole(wire=Wire({"sagemaker.DescribeModel": error("AccessDeniedException")}))
    done = {unit: batch.resources for unit, batch in first.items() if not batch.gaps}
    buckets = next(unit for unit in first if unit[2] == BUCKET)
    assert not any(map(is_asked, done[buckets]))
    assert not [name for name, _ in done.items() if name[2] == "AWS::SageMaker::Model"]
    second = whole(done)
    assert {bucket.id for bucket in second[buckets].resources if is_asked(bucket)} == {"data"}
    assert {**done, **{unit: batch.resources for unit, batch in second.items()}} == {
        unit: batch.resources for unit, batch in whole().items()
    }


def test_a_snapshot_killed_in_the_middle_is_the_same_once_resumed(estate, tmp_path):
    class Killed(Exception):
        pass

    opened = session()
    run = Run(opened.identity(), NOW)

    def until(kept):
        def read(this, done):
            for number, batch in enumerate(collect(opened, TYPES, [HERE], done, since=this.since)):
                if number == kept:
                    raise Killed
                yield batch

        return read

    write_snapshot(tmp_path / "once", run, until(None))
    for kept in (4, 11, 18):
        path = tmp_path / str(kept)
        with pytest.raises(Killed):
            write_snapshot(path, run, until(kept))
        write_snapshot(path, run, until(None))
        assert path.read_bytes().partition(b"\n")[2] == (tmp_path / "once").read_bytes().partition(b"\n")[2]
