"""A whole account: what is read of it, where nothing is, and how a reading is resumed or given up."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from auditor.model.inventory import Gap
from auditor.model.resource import Origin, Resource
from auditor.model.secrets import digest, redact
from auditor.model.values import Kind, Redacted, Unknown
from auditor.sources.aws import collect
from tests.sources.aws.conftest import HELD, HERE, QUIET, TYPES
from tests.sources.aws.wire import Wire, answer, error, only, read, session

ACCOUNT = "123456789012"
GLOBAL_TYPES = {name for name, record in TYPES.items() if record.live and record.live.scope == "global"}
ML_TYPES = {name for name, record in TYPES.items() if record.ml}
REGIONAL_TYPES = set(TYPES) - GLOBAL_TYPES - {"Auditor::Region"}


STATUS = answer(200, '{"IsLogging": true, "LatestDeliveryTime": 1767225600}')
"""moto's trails delivered just now."""


@pytest.fixture(scope="module")
def inventory(account):
    return read()


def units(batches):
    return [batch.unit for batch in batches]


# -- what is read ------------------------------------------------------------------------------------------------------------


def test_every_type_is_read_and_nothing_is_missing(inventory):
    assert {item.type for item in inventory.resources} == HELD
    assert inventory.gaps == []
    assert inventory.read == {(ACCOUNT, HERE)}


@pytest.mark.parametrize(
    ("type_name", "name", "arn", "region"),
    [
        ("AWS::SageMaker::Model", "model", "arn:aws:sagemaker:eu-west-1:123456789012:model/model", HERE),
        ("AWS::IAM::Role", "runner", "arn:aws:iam::123456789012:role/runner", "global"),
        ("AWS::IAM::ManagedPolicy", "everything", "arn:aws:iam::123456789012:policy/everything", "global"),
        ("AWS::CloudTrail::Trail", "trail", "arn:aws:cloudtrail:eu-west-1:123456789012:trail/trail", HERE),
        ("AWS::SNS::Topic", "arn:aws:sns:eu-west-1:123456789012:pager", "arn:aws:sns:eu-west-1:123456789012:pager", HERE),
        ("AWS::S3::Bucket", "models", "arn:aws:s3:::models", HERE),
        ("Auditor::Account", ACCOUNT, "arn:aws:iam::123456789012:root", "global"),
        ("Auditor::Region", HERE, "", HERE),
    ],
)
def test_names_of_resources(inventory, type_name, name, arn, region):
    resource = only(inventory, type_name)
    assert (resource.id, resource.arn, resource.region, resource.account) == (name, arn, region, ACCOUNT)


def test_answers_take_cloudformations_shape(inventory):
    role = only(inventory, "AWS::IAM::Role").properties
    assert role["ManagedPolicyArns"] == ["arn:aws:iam::123456789012:policy/everything"]
    assert role["AssumeRolePolicyDocument"]["Statement"][0]["Action"] == "sts:AssumeRole"
    policy = only(inventory, "AWS::IAM::ManagedPolicy").properties
    assert policy["PolicyDocument"]["Statement"] == [{"Effect": "Allow", "Action": "*", "Resource": "*"}]
    trail = only(inventory, "AWS::CloudTrail::Trail").properties
    assert trail["IsLogging"] is True
    assert trail["EnableLogFileValidation"] is False
    alarm = only(inventory, "AWS::CloudWatch::Alarm")
    assert alarm.properties["Threshold"] == 1
    assert alarm.runtime == {"StateValue": "OK"}


def test_jobs_come_from_one_search(account):
    wire = Wire()
    inventory = read(wire)
    assert [job.id for job in inventory.of_type("AWS::SageMaker::TrainingJob")] == ["train-1", "train-2"]
    assert wire.asked.count("sagemaker.Search") == 3  # jobs, endpoints, model packages
    assert "sagemaker.DescribeTrainingJob" not in wire.asked


def test_secrets_are_redacted(inventory):
    assert only(inventory, "AWS::SageMaker::Model").properties["PrimaryContainer"]["Environment"] == {
        "DB_PASSWORD": Redacted("named-secret", digest("correct-horse"))
    }
    assert "correct-horse" not in repr(inventory.resources)


@pytest.mark.parametrize("url", ["postgres://auditor:correct-horse@db:5432/scores", "redis://:correct-horse@cache"])
def test_a_password_in_a_url_is_redacted_whatever_its_name(url):
    assert redact("DATABASE", url).kind == "password-in-url"


@pytest.mark.parametrize(
    "text", ["1.dkr.ecr.eu-west-1.amazonaws.com/a@sha256:0f", "https://db:5432/@x", "s3://a/b:c@d", "a:b@c"]
)
def test_what_only_resembles_one_is_kept(text):
    assert redact("DATABASE", text) == text


def test_times_are_text_in_utc(inventory):
    model = only(inventory, "AWS::SageMaker::Model")
    assert len(model.runtime["CreationTime"]) == len("2026-11-24T08:00:00Z")
    assert model.runtime["CreationTime"].endswith("Z")


@pytest.mark.parametrize(
    ("type_name", "path", "operation"),
    [
        ("AWS::SageMaker::Model", "EnableNetworkIsolation", "sagemaker:DescribeModel"),
        ("AWS::SageMaker::TrainingJob", "RoleArn", "sagemaker:Search"),
        ("AWS::CloudTrail::Trail", "S3BucketName", "cloudtrail:DescribeTrails"),
        ("AWS::CloudTrail::Trail", "IsLogging", "cloudtrail:GetTrailStatus"),
        ("AWS::CloudTrail::Trail", "runtime.LatestDeliveryError", "cloudtrail:GetTrailStatus"),
        ("AWS::S3::Bucket", "BucketEncryption.ServerSideEncryptionConfiguration", "s3:GetBucketEncryption"),
        ("AWS::KMS::Key", "runtime.KeyState", "kms:DescribeKey"),
        ("Auditor::Region", "RegionName", "ec2:DescribeRegions"),
    ],
)
def test_every_property_says_which_call_told_it(inventory, type_name, path, operation):
    assert inventory.of_type(type_name)[0].origin_of(path) == Origin(operation)


# -- buckets -----------------------------------------------------------------------------------------------------------------


BUCKETS = """<ListAllMyBucketsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Owner><ID>1</ID></Owner><Buckets>
<Bucket><Name>models</Name><CreationDate>2026-01-01T00:00:00.000Z</CreationDate><BucketRegion>eu-west-1</BucketRegion></Bucket>
<Bucket><Name>lost</Name><CreationDate>2026-01-01T00:00:00.000Z</CreationDate></Bucket>
</Buckets></ListAllMyBucketsResult>"""
ENCRYPTION = """<ServerSideEncryptionConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Rule>
<ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:kms</SSEAlgorithm><KMSMasterKeyID>k</KMSMasterKeyID>
</ApplyServerSideEncryptionByDefault><BucketKeyEnabled>true</BucketKeyEnabled></Rule></ServerSideEncryptionConfiguration>"""


def test_a_bucket_is_asked_about_in_its_own_region(account):
    hosts = {}

    def encryption(request, _):
        hosts[request.url.split("//")[1].split(".")[0]] = request.url.split("/")[2]
        return answer(200, ENCRYPTION, "application/xml")(request, 0)

    wire = Wire({"s3.ListBuckets": answer(200, BUCKETS, "application/xml"), "s3.GetBucketEncryption": encryption})
    inventory = read(wire, types=["AWS::S3::Bucket"])
    assert [(bucket.id, bucket.region) for bucket in inventory.of_type("AWS::S3::Bucket")] == [("lost", ""), ("models", HERE)]
    assert hosts == {"models": "models.s3.eu-west-1.amazonaws.com", "lost": "lost.s3.amazonaws.com"}
    assert inventory.of_type("AWS::S3::Bucket")[1].properties["BucketEncryption"] == {
        "ServerSideEncryptionConfiguration": [
            {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "k"}, "BucketKeyEnabled": True}
        ]
    }


def test_buckets_are_listed_with_a_parameter_so_that_their_regions_are_told(account):
    urls = []
    read(Wire({"s3.ListBuckets": lambda request, _: urls.append(request.url)}), types=["AWS::S3::Bucket"])
    assert "max-buckets=" in urls[0]


# -- quiet regions -----------------------------------------------------------------------------------------------------------


def test_in_a_quiet_region_only_probes_are_made(account):
    opened = session()
    batches = list(collect(opened, TYPES, [HERE, QUIET]))
    assert {unit[2] for unit in units(batches) if unit[1] == QUIET} == ML_TYPES
    assert {service for service, region in opened.built if region == QUIET} == {"sagemaker"}
    assert {unit[2] for unit in units(batches) if unit[1] == HERE} == REGIONAL_TYPES | {"Auditor::Region"}


def test_an_account_without_machine_learning_still_has_its_account(account):
    batches = list(collect(session(), TYPES, [QUIET]))
    assert {unit[2] for unit in units(batches) if unit[1] == "global"} == GLOBAL_TYPES
    assert {unit[2] for unit in units(batches) if unit[1] != "global"} == ML_TYPES


def test_a_probe_that_fails_does_not_make_a_region_quiet(account):
    inventory = read(Wire({"sagemaker.ListModels": error("AccessDeniedException")}), [QUIET])
    assert [region.id for region in inventory.of_type("Auditor::Region")] == [QUIET]
    assert inventory.of_type("AWS::EC2::VPC")


def test_nothing_is_asked_of_a_service_where_it_is_not(account):
    model = TYPES["AWS::SageMaker::Model"]
    elsewhere = {**TYPES, model.name: replace(model, live=replace(model.live, lacking=(QUIET,)))}
    batches = list(collect(session(), elsewhere, [HERE, QUIET]))
    assert {unit[1] for unit in units(batches) if unit[2] == model.name} == {HERE}
    assert "Auditor::Region" not in {unit[2] for unit in units(batches) if unit[1] == QUIET}


def test_without_probes_no_region_is_quiet(account):
    assert read(regions=[QUIET], types=["AWS::EC2::VPC"]).of_type("AWS::EC2::VPC")


def test_without_a_list_of_regions_the_known_ones_are_read_and_the_gap_is_told(account, monkeypatch):
    opened = session(Wire({"ec2.DescribeRegions": answer(503, "", "text/xml")}))
    monkeypatch.setattr(type(opened), "known_regions", lambda self: (HERE, QUIET))
    batches = list(collect(opened, TYPES))
    assert {unit[1] for unit in units(batches)} == {"global", HERE, QUIET}
    assert [gap for batch in batches for gap in batch.gaps if gap.type == "Auditor::Region"] == [
        Gap(ACCOUNT, "global", "ec2:DescribeRegions", "Auditor::Region", "503", "Service Unavailable")
    ]


def test_the_known_regions_are_the_partitions(account):
    known = session().known_regions()
    assert "eu-west-1" in known
    assert not any(name.startswith(("cn-", "us-gov-")) for name in known)


# -- resuming, stopping, order -----------------------------------------------------------------------------------------------


def test_what_is_done_is_not_read_again(account):
    before = list(collect(session(), TYPES, [HERE, QUIET]))
    done = {batch.unit: batch.resources for batch in before}
    wire = Wire()
    assert list(collect(session(wire), TYPES, [HERE, QUIET], done)) == []
    assert set(wire.asked) == {"sts.GetCallerIdentity", "ec2.DescribeRegions"}


@pytest.mark.parametrize("kept", [4, 12, 20])
def test_an_interrupted_reading_goes_on_to_the_same_whole(account, kept):
    opened = session(Wire({"cloudtrail.GetTrailStatus": STATUS}))
    whole = {batch.unit: batch.resources for batch in collect(opened, TYPES, [HERE, QUIET])}
    before = dict(list(whole.items())[:kept])
    after = {batch.unit: batch.resources for batch in collect(opened, TYPES, [HERE, QUIET], before)}
    assert not before.keys() & after.keys()
    assert {**before, **after} == whole


def test_done_probes_without_resources_keep_a_region_quiet(account):
    done = {(ACCOUNT, QUIET, name): () for name in ML_TYPES}
    assert not [unit for unit in units(collect(session(), TYPES, [QUIET], done)) if unit[1] == QUIET]


def test_done_probes_with_resources_do_not(account):
    done = {(ACCOUNT, QUIET, name): (Resource(name, "x", {}, Origin("")),) for name in ML_TYPES}
    assert {unit[2] for unit in units(collect(session(), TYPES, [QUIET], done)) if unit[1] == QUIET} == (
        REGIONAL_TYPES - ML_TYPES | {"Auditor::Region"}
    )


def test_progress_is_told_of_every_unit(account):
    told = {}
    batches = list(collect(session(), TYPES, [HERE], progress=told.__setitem__))
    assert told == {batch.unit: len(batch.resources) for batch in batches}


def test_content_does_not_depend_on_who_runs_the_units(account):
    wire = Wire({"cloudtrail.GetTrailStatus": STATUS})
    with ThreadPoolExecutor(1) as one:
        alone = read(wire, executor=one)
        assert one.submit(lambda: "still open").result()
    assert alone.resources == read(wire).resources


def test_no_thread_outlives_a_reading_that_is_given_up(account):
    batches = collect(session(), TYPES, [HERE, QUIET])
    next(batches)
    batches.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("auditor")]


def test_a_reading_that_is_given_up_asks_nothing_more(account):
    wire = Wire()
    with ThreadPoolExecutor(1) as pool:
        batches = collect(session(wire), TYPES, [HERE, QUIET], executor=pool)
        next(batches)
        batches.close()
    assert len(wire.asked) < 10


def test_calls_are_counted(account):
    wire = Wire()
    calls = {}
    for batch in collect(session(wire), TYPES, [HERE, QUIET]):
        for operation, count in batch.calls.items():
            calls[operation] = calls.get(operation, 0) + count
    assert sum(calls.values()) == len(wire.asked) - 2  # beside who asks, and which regions there are
    assert calls["sagemaker:ListModels"] == 2


# -- tags --------------------------------------------------------------------------------------------------------------------


def test_tags_that_an_answer_holds_are_read_without_asking(account):
    wire = Wire()
    inventory = read(wire)
    assert only(inventory, "AWS::IAM::Role").tags == {"team": "ml"}
    assert only(inventory, "AWS::SageMaker::Endpoint").tags == {}
    assert only(inventory, "AWS::SageMaker::NotebookInstance").tags == Unknown(Kind.UNREAD, "tags were not asked for")
    assert "resourcegroupstaggingapi.GetResources" not in wire.asked


def test_other_tags_take_one_call_a_region(account):
    wire = Wire()
    inventory = read(wire, types=["AWS::SageMaker::NotebookInstance", "AWS::SageMaker::Model"], tags=True)
    assert only(inventory, "AWS::SageMaker::NotebookInstance").tags == {"team": "ml"}
    assert only(inventory, "AWS::SageMaker::Model").tags == {}
    assert wire.asked.count("resourcegroupstaggingapi.GetResources") == 1


def test_tags_that_cannot_be_read_are_unknown_and_leave_the_rest_alone(account):
    wire = Wire({"resourcegroupstaggingapi.GetResources": error("AccessDeniedException")})
    inventory = read(wire, types=["AWS::SageMaker::Model"], tags=True)
    reason = "resourcegroupstaggingapi:GetResources failed: AccessDeniedException"
    assert only(inventory, "AWS::SageMaker::Model").tags == Unknown(Kind.UNREAD, reason)
    assert [(gap.resource, gap.provides) for gap in inventory.gaps] == [("*", ("tags",))]
    assert inventory.closed("AWS::SageMaker::Model", only(inventory, "AWS::SageMaker::Model"))
