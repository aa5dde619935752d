"""Who reads what an endpoint captures: whoever names its place in what it is told to do. Who names only the bucket may."""

import pytest

from auditor.model.inventory import Gap, SourceKind
from auditor.model.values import Kind, OneOf, Redacted, Reference, Text, Unknown
from auditor.monitoring.capture import capture_readers
from tests.monitoring.worlds import ACCOUNT, REGION, SAGEMAKER, thing, world

ENDPOINT, CONFIG, BUCKET = f"{SAGEMAKER}Endpoint", f"{SAGEMAKER}EndpointConfig", "AWS::S3::Bucket"
FUNCTION, MACHINE = "AWS::Lambda::Function", "AWS::StepFunctions::StateMachine"
RULE, SCHEDULE, JOB = "AWS::Events::Rule", "AWS::Scheduler::Schedule", f"{SAGEMAKER}ProcessingJob"
CHURN = thing(ENDPOINT, "churn", EndpointName="churn", EndpointConfigName="config")
DEFERRED = Unknown(Kind.DEFERRED, "a parameter")
UNREAD = Unknown(Kind.UNREAD, "not asked")
DENIED = Gap(ACCOUNT, REGION, "lambda:ListFunctions", FUNCTION, "AccessDenied", "no")


def config(uri="s3://capture/all", **more):
    return thing(CONFIG, "config", EndpointConfigName="config", DataCaptureConfig={"DestinationS3Uri": uri, **more})


def failed(operation, type_name):
    return {"gaps": [Gap(ACCOUNT, REGION, operation, type_name, "AccessDenied", "no", "drift")]}


def function(**environment):
    return thing(FUNCTION, "drift", Environment={"Variables": environment})


def machine(text):
    return thing(MACHINE, "drift", DefinitionString={"States": {"Read": {"Parameters": {"Input": text}}}})


def job(uri, **runtime):
    return thing(JOB, "drift", runtime, ProcessingInputs=[{"S3Input": {"S3Uri": uri}}])


def pattern(bucket, *keys, kind="Object Created", **more):
    detail = {"bucket": {"name": [bucket]}, **({"object": {"key": list(keys)}} if keys else {})}
    pattern = {"source": ["aws.s3"], "detail-type": [kind], "detail": detail}
    return thing(RULE, "drift", EventPattern=pattern, **{"Targets": [{"Arn": "arn:…:function:drift"}], **more})


def told(*others, **options):
    return capture_readers(world(CHURN, *others, **options), CHURN)


@pytest.mark.parametrize(
    ("uri", "other", "reader"),
    [
        ("s3://capture/all", function(URI="s3://capture/all/churn/AllTraffic/"), "function drift"),
        ("s3://capture/all", function(URI="s3://capture/all"), "function drift"),
        ("s3://capture/all", function(URI="s3://capture/all/fraud/"), None),
        ("s3://capture/all", function(URI="s3://capture/allowed/"), None),
        ("s3://capture/all", function(URI="s3://other/all/churn/"), None),
        ("s3://capture/all", function(BUCKET="capture", PREFIX="all/churn"), "function drift"),
        ("s3://capture/all", function(BUCKET="s3://capture", PREFIX="/all/"), "function drift"),
        ("s3://capture/all", function(TOKEN=Redacted("named-secret", "1234")), None),
        ("s3://capture/all", function(ARGUMENTS="--input s3://capture/all/churn/ --quick"), "function drift"),
        ("s3://capture/all", machine("arn:aws:s3:::capture/all/*"), "state machine drift"),
        ("s3://capture/all", job("s3://capture/all/churn/AllTraffic/2026/11/24/"), "processing job drift"),
        ("s3://capture/all", job("s3://capture/all/churn/", MonitoringScheduleArn="arn:…:monitoring-schedule/s"), None),
        ("s3://capture/all", pattern("capture"), "event rule drift"),
        ("s3://capture/all", pattern("capture", {"prefix": "all/churn/"}), "event rule drift"),
        ("s3://capture/all", pattern("capture", {"prefix": "all/fraud/"}), None),
        ("s3://capture/all", pattern("other", {"prefix": "all/churn/"}), None),
        ("s3://capture/all", pattern("capture", {"suffix": ".jsonl"}), "event rule drift"),
        ("s3://capture/all", pattern("capture", {"prefix": "all/ch"}), "event rule drift"),
        ("s3://capture/all", pattern("capture", kind="Object Deleted"), None),
        ("s3://capture/all", pattern("capture", Targets=[]), None),
        ("s3://capture/all", pattern("capture", State="DISABLED"), None),
        ("s3://capture/all", job("s3://capture/all/", ProcessingJobStatus="Failed"), None),
        ("s3://capture/all", job("s3://capture/all/", CreationTime="2025-12-24T00:00:00Z"), "processing job drift"),
        ("s3://capture/all", job("s3://capture/all/", CreationTime="2025-11-24T00:00:00Z"), None),
        ("s3://capture/all", thing(RULE, "drift", Targets=[{"Input": {"uri": "s3://capture/all/"}}]), "event rule drift"),
        ("s3://capture/all", thing(RULE, "drift", Targets=UNREAD), None),
        ("s3://capture/all", thing(SCHEDULE, "drift", Target={"Input": {"uri": "s3://capture/all/"}}), "schedule drift"),
        ("s3://capture/all", thing(SCHEDULE, "drift", Target=UNREAD), None),
        ("s3://capture/all", function(BUCKET="unrelated"), None),
    ],
)
def test_known(uri, other, reader):
    found = told(config(uri), other)
    assert found.value == ([reader] if reader else [])
    assert found.because


@pytest.mark.parametrize(
    ("others", "options", "kind"),
    [
        ([], {}, Kind.OUTSIDE),
        ([config()], {"gaps": [DENIED]}, Kind.UNREAD),
        ([config()], {"kind": SourceKind.CLOUDFORMATION}, Kind.OUTSIDE),
        ([config(DEFERRED)], {}, Kind.DEFERRED),
        ([config("https://capture")], {}, Kind.UNREAD),
        ([config(EnableCapture=DEFERRED), function(URI="s3://capture/all/")], {}, Kind.DEFERRED),
        ([config(EnableCapture=OneOf((True, False))), function(URI="s3://capture/all/")], {}, Kind.DEFERRED),
        ([config(), function(BUCKET="capture")], {}, Kind.OUTSIDE),
        ([config(), function(CONFIG='{"bucket": "capture", "prefix": "all/"}')], {}, Kind.OUTSIDE),
        ([config(), function(ARGUMENTS="--input s3://capture/ --quick")], {}, Kind.OUTSIDE),
        ([config(), pattern("capture", {"wildcard": "all/*/x"})], {}, Kind.OUTSIDE),
        ([config(), pattern("capture", Targets=UNREAD)], {}, Kind.UNREAD),
        ([config(), function(URI="s3://capture/all/")], {"conditions": {"drift": "IsProduction"}}, Kind.DEFERRED),
        ([config(), pattern(DEFERRED)], {}, Kind.DEFERRED),
        ([config(), thing(RULE, "drift", EventPattern=DEFERRED)], {}, Kind.DEFERRED),
        ([config(), function(URI=DEFERRED)], {}, Kind.DEFERRED),
        ([config(), function(URI=OneOf(("s3://capture/all/", "s3://other/")))], {}, Kind.DEFERRED),
        ([config(), thing(MACHINE, "drift", DefinitionString=UNREAD)], {}, Kind.UNREAD),
        ([config(), thing(RULE, "drift", Targets=UNREAD)], failed("events:ListTargetsByRule", RULE), Kind.UNREAD),
        ([config(), thing(SCHEDULE, "drift", Target={"Arn": "a"})], failed("scheduler:GetSchedule", SCHEDULE), Kind.UNREAD),
    ],
)
def test_what_is_not_known_is_never_nobody(others, options, kind):
    found = told(*others, **options).value
    assert isinstance(found, Unknown)
    assert found.kind is kind


@pytest.mark.parametrize("nothing", [thing(CONFIG, "config", EndpointConfigName="config"), config(EnableCapture=False)])
def test_who_captures_nothing_is_read_by_nobody(nothing):
    assert told(nothing, function(URI="s3://capture/all")).value == []


def test_a_template_s_bucket_is_followed_by_reference():
    place = Text(("s3://", Reference("Capture"), "/all"))
    reader = function(URI=Text(("s3://", Reference("Capture"), "/all/churn/")))
    options = {"kind": SourceKind.CLOUDFORMATION}
    assert told(thing(BUCKET, "Capture"), config(place), reader, **options).value == ["function drift"]
    assert told(
        thing(BUCKET, "Capture"), config(place), function(BUCKET=Reference("Capture"), PREFIX="all"), **options
    ).value == ["function drift"]


def test_that_nobody_reads_it_says_how_far_that_goes():
    assert told(config()).assumptions


@pytest.mark.parametrize(
    ("uri", "reads", "answer"),
    [
        ("s3://capture/all", "s3://capture/all/", ["function drift"]),
        ("s3://capture/all", "s3://capture/all/fraud/", None),
        ("s3://capture/all", "s3://capture/training/", []),
        ("s3://capture", "s3://capture/training/", None),
    ],
)
def test_of_an_endpoint_whose_name_is_not_known_only_what_reads_all_captures_counts(uri, reads, answer):
    nameless = thing(ENDPOINT, "Churn", EndpointConfigName="config")
    found = capture_readers(world(nameless, config(uri), function(URI=reads)), nameless).value
    assert found == answer if answer is not None else isinstance(found, Unknown)
