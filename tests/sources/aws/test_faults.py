"""Every way an answer can fail to come, or come wrong: it is told as a gap, and nothing rests on what is missing."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError

from auditor.model.inventory import Gap
from auditor.model.resource import Origin
from auditor.model.values import Kind, Unknown
from auditor.sources.aws.permissions import calls_of
from auditor.types import all_types
from tests.sources.aws.conftest import HERE
from tests.sources.aws.wire import (
    XML,
    Wire,
    answer,
    connect_timeout,
    error,
    fails,
    only,
    read,
    read_timeout,
    session,
    unreachable,
    xml_error,
)

ACCOUNT = "123456789012"
MODEL, ROLE, TRAIL, BUCKET = "AWS::SageMaker::Model", "AWS::IAM::Role", "AWS::CloudTrail::Trail", "AWS::S3::Bucket"
HTML = "<html><head><title>Sign in</title></head><body><p>Sign in to the network</p></body></html>"
HOLLOW = answer(200, "{}")
BROKEN_HTML = "<!doctype html><html><body><br>Sign in"
FIRST = {name: next(calls_of(record.live)) for name, record in all_types().items() if record.live}
"""The call that is made of each type, whatever there is."""
LISTINGS = {
    call.operation: {name for name, other in FIRST.items() if other.operation == call.operation} for call in FIRST.values()
}


def on_wire(operation):
    service, name = operation.split(":")
    return f"{service}.{name}"


def models(*names, token=None):
    items = [
        {"ModelName": name, "ModelArn": f"arn:aws:sagemaker:eu-west-1:1:model/{name}", "CreationTime": 0} for name in names
    ]
    return answer(200, json.dumps({"Models": items, **({"NextToken": token} if token else {})}))


# -- a whole listing ---------------------------------------------------------------------------------------------------------


FAULTS = {
    "unreachable": (unreachable, "EndpointConnectionError"),
    "403-html": (answer(403, BROKEN_HTML, "text/html"), None),
    "503": (answer(503, "", "text/html"), "503"),
    "html": (answer(200, BROKEN_HTML, "text/html"), "Unparsable"),
    "xhtml": (answer(200, HTML, "text/html"), "Unparsable"),
    "nothing": (answer(200, "", "text/plain"), "Unparsable"),
    "empty": (HOLLOW, "Unparsable"),
    "list": (answer(200, "[]"), "Unparsable"),
    "null": (answer(200, "null"), "Unparsable"),
    "bytes": (answer(200, b"\xff\xfe\x00"), "Unparsable"),
    "deep": (answer(200, "[" * 100_000), "Unparsable"),
}
# what is wrong with an answer is found by the parser of its service, what is missing from it by its own shape
OF_A_SERVICE = {operation.split(":")[0]: operation for operation in sorted(LISTINGS)}.values()
CASES = [
    (operation, fault)
    for operation in sorted(LISTINGS)
    for fault in FAULTS
    if operation in OF_A_SERVICE or fault in ("empty", "xhtml")
]


@pytest.mark.parametrize(("operation", "fault"), CASES)
def test_a_listing_that_fails_is_unread_and_never_empty(account, operation, fault):
    fault, code = FAULTS[fault]
    if any(FIRST[name].empty == "{}" for name in LISTINGS[operation]) and fault is HOLLOW:
        pytest.skip("that is how it says that nothing is set")
    inventory = read(Wire({on_wire(operation): fault}), types=LISTINGS[operation])
    assert {gap.type for gap in inventory.gaps} == LISTINGS[operation]
    assert {gap.operation for gap in inventory.gaps} == {operation}
    assert all(gap.resource == "" and gap.code for gap in inventory.gaps)
    if code is not None:
        # a broken 200 of S3's is taken for a 500: it begins answers before it knows how they end
        assert {gap.code for gap in inventory.gaps} <= {code, "500"} if operation.startswith("s3:") else {code}
    for name in LISTINGS[operation]:
        assert inventory.of_type(name) == []


@pytest.mark.parametrize(
    ("fault", "code", "message", "tries"),
    [
        (error("AccessDeniedException", message="not you"), "AccessDeniedException", "not you", 1),
        (error("ThrottlingException", message="slow down"), "ThrottlingException", "slow down", 5),
        (error("InternalFailure", 500), "InternalFailure", "no", 5),
        (read_timeout, "Timeout", "Read timeout on endpoint URL", 5),
        (connect_timeout, "Timeout", "Connect timeout on endpoint URL", 5),
        (error("ValidationException", message="a  b" + "c" * 400 + "\nd"), "ValidationException", "a b" + "c" * 297, 1),
        (
            error("UnauthorizedOperation", message="Not allowed. Encoded authorization failure message: x4Fz-9"),
            "UnauthorizedOperation",
            "Not allowed.",
            1,
        ),
    ],
    ids=["denied", "throttled", "internal", "read-timeout", "connect-timeout", "long", "encoded"],
)
def test_the_gap_says_what_went_wrong(account, pauses, fault, code, message, tries):
    wire = Wire({"sagemaker.ListModels": fault})
    (gap,) = read(types=[MODEL], opened=session(wire)).gaps
    assert (gap.account, gap.region, gap.operation, gap.type, gap.code) == (ACCOUNT, HERE, "sagemaker:ListModels", MODEL, code)
    assert gap.message.startswith(message)
    assert wire.asked.count("sagemaker.ListModels") == tries
    assert len(pauses) == tries - 1


@pytest.mark.parametrize(
    "fault",
    [
        answer(200, "<R>\n<Topics>s3cr3t", XML),
        answer(403, "<ErrorResponse><Error><Code>Denied</Code><Message>no\ns3cr3t</Message></Error></ErrorResponse>", XML),
        fails(EndpointConnectionError, "https://auditor:s3cr3t@sns.internal/"),
        fails(ReadTimeoutError, "http://auditor:s3cr3t@sns.internal/"),
    ],
    ids=["cut", "error", "login", "timeout"],
)
def test_a_gap_quotes_neither_an_answer_nor_a_login(account, fault):
    (gap,) = read(Wire({"sns.ListTopics": fault}), types=["AWS::SNS::Topic"]).gaps
    assert gap.message
    assert "s3cr3t" not in repr(gap)


def test_a_gap_lies_where_the_inventory_looks_for_it(account):
    wire = Wire({"iam.GetAccountAuthorizationDetails": xml_error("AccessDenied", 403)})
    inventory = read(wire)
    model = only(inventory, MODEL)
    assert inventory.missing(ROLE, model) == Unknown(Kind.UNREAD, "iam:GetAccountAuthorizationDetails failed: AccessDenied")
    assert inventory.closed(BUCKET, model)


@pytest.mark.parametrize(
    "body",
    [
        {"Models": {"ModelName": "a"}},
        {"Models": {}},
        {"Models": ""},
        {"Models": "model"},
        {"Models": ["model"]},
        {"Models": [None]},
        {"Models": [[]]},
        {"Models": [{"ModelArn": "arn"}]},
        {"Models": [{"ModelName": ["a"], "ModelArn": "arn"}]},
        {"Models": [{"ModelName": 3, "ModelArn": "arn"}]},
        {"Models": [{}]},
        {"Models": None},
        {"models": []},
        {"Models": [{"ModelName": "model", "CreationTime": "yesterday"}]},
    ],
    ids=json.dumps,
)
def test_a_listing_of_the_wrong_shape_is_unparsable(account, body):
    inventory = read(Wire({"sagemaker.ListModels": answer(200, json.dumps(body))}), types=[MODEL])
    assert [(gap.code, gap.resource) for gap in inventory.gaps] == [("Unparsable", "")]


@pytest.mark.parametrize(
    ("operation", "type_name", "result"),
    [
        ("iam.GetAccountAuthorizationDetails", ROLE, "<RoleDetailList>no</RoleDetailList>"),
        ("iam.GetAccountAuthorizationDetails", ROLE, "<RoleDetailList><role/></RoleDetailList>"),
        ("sns.ListTopics", "AWS::SNS::Topic", "<Topics>no</Topics>"),
        ("sns.ListTopics", "AWS::SNS::Topic", "<Topics><p>no</p></Topics>"),
    ],
)
def test_text_in_place_of_a_list_is_unparsable(account, operation, type_name, result):
    name = operation.split(".")[1]
    body = f"<{name}Response><{name}Result>{result}</{name}Result></{name}Response>"
    inventory = read(Wire({operation: answer(200, body, XML)}), types=[type_name])
    assert [(gap.code, gap.resource) for gap in inventory.gaps] == [("Unparsable", "")]


@pytest.mark.parametrize("body", [b"\xa1lMetricAlarms\xa0", b"\xa1lMetricAlarms`", b"\xa0", b"\x80", b"\xff"])
def test_garbled_cbor_is_unparsable(account, body):
    wire = Wire({"cloudwatch.DescribeAlarms": answer(200, body, "application/cbor")})
    inventory = read(wire, types=["AWS::CloudWatch::Alarm"])
    assert [(gap.code, gap.resource) for gap in inventory.gaps] == [("Unparsable", "")]


@pytest.mark.parametrize("summary", ["", "<SummaryMap/>"])
def test_an_empty_summary_is_no_summary(account, summary):
    body = f"<R><GetAccountSummaryResult>{summary}</GetAccountSummaryResult></R>"
    inventory = read(Wire({"iam.GetAccountSummary": answer(200, body, XML)}), types=["Auditor::Account"])
    assert inventory.of_type("Auditor::Account") == []
    assert [(gap.code, gap.resource) for gap in inventory.gaps] == [("Unparsable", "")]


def test_an_item_of_another_kind_is_not_passed_over(account):
    body = {"Results": [{"TrainingJob": {"TrainingJobName": "one"}}, {"Endpoint": {"EndpointName": "two"}}]}
    inventory = read(Wire({"sagemaker.Search": answer(200, json.dumps(body))}), types=["AWS::SageMaker::TrainingJob"])
    assert [job.id for job in inventory.of_type("AWS::SageMaker::TrainingJob")] == ["one"]
    assert [gap.code for gap in inventory.gaps] == ["Unparsable"]


# -- pages -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (error("ThrottlingException"), "ThrottlingException"),
        (read_timeout, "Timeout"),
        (answer(200, '{"Models": [{"ModelNa'), "Unparsable"),
        (answer(200, "{}"), "Unparsable"),
        (models("other", token="more"), "Unparsable"),
    ],
    ids=["throttled", "timeout", "cut", "empty", "loop"],
)
def test_a_listing_that_breaks_off_keeps_what_it_gave_and_is_unread(account, second, code):
    def pages(request, count):
        return (second if count else models("model", token="more"))(request, count)

    inventory = read(Wire({"sagemaker.ListModels": pages}), types=[MODEL])
    assert "model" in [model.id for model in inventory.of_type(MODEL)]
    assert [(gap.code, gap.resource) for gap in inventory.gaps if gap.operation == "sagemaker:ListModels"] == [(code, "")]


def test_every_page_is_read(account):
    def pages(request, count):
        return (models("b") if count else models("a", token="more"))(request, 0)

    inventory = read(Wire({"sagemaker.ListModels": pages, "sagemaker.DescribeModel": error("AccessDenied")}), types=[MODEL])
    assert [model.id for model in inventory.of_type(MODEL)] == ["a", "b"]


def test_what_stands_on_two_pages_is_one_resource(account):
    def pages(request, count):
        return (models("a") if count else models("a", token="more"))(request, 0)

    inventory = read(Wire({"sagemaker.ListModels": pages, "sagemaker.DescribeModel": error("AccessDenied")}), types=[MODEL])
    assert len(inventory.of_type(MODEL)) == 1


def test_trails_of_one_name_are_told_apart_by_their_arns(account):
    arns = [f"arn:aws:cloudtrail:{region}:123456789012:trail/main" for region in ("eu-west-1", "us-east-1")]
    body = json.dumps({"trailList": [{"Name": "main", "TrailARN": arn} for arn in arns]})
    status = answer(200, '{"IsLogging": true}')
    inventory = read(Wire({"cloudtrail.DescribeTrails": answer(200, body), "cloudtrail.GetTrailStatus": status}), types=[TRAIL])
    assert [(trail.id, trail.arn, trail.properties["TrailName"]) for trail in inventory.of_type(TRAIL)] == [
        (arn, arn, "main") for arn in arns
    ]


def test_a_truncated_answer_without_a_marker_is_no_end(account):
    body = (
        "<R><GetAccountAuthorizationDetailsResult><RoleDetailList/><IsTruncated>true</IsTruncated>"
        "</GetAccountAuthorizationDetailsResult></R>"
    )
    (gap,) = read(Wire({"iam.GetAccountAuthorizationDetails": answer(200, body, XML)}), types=[ROLE]).gaps
    assert (gap.code, gap.message) == ("Unparsable", "the answer is truncated and has no marker for what follows")


# -- one resource ------------------------------------------------------------------------------------------------------------


def test_a_failed_description_leaves_what_the_listing_told(account):
    model = only(read(Wire({"sagemaker.DescribeModel": error("AccessDeniedException")}), types=[MODEL]), MODEL)
    denied = Unknown(Kind.UNREAD, "sagemaker:DescribeModel failed: AccessDeniedException")
    assert model.id == model.properties["ModelName"] == "model"
    assert {name for name, value in model.properties.items() if value == denied} == set(all_types()[MODEL].properties) - {
        "ModelName"
    }
    assert isinstance(model.runtime["CreationTime"], str)
    assert model.origin == Origin("sagemaker:ListModels")


def test_its_gap_names_the_resource(account):
    (gap,) = read(Wire({"sagemaker.DescribeModel": error("AccessDeniedException", message="not you")}), types=[MODEL]).gaps
    assert gap == Gap(ACCOUNT, HERE, "sagemaker:DescribeModel", MODEL, "AccessDeniedException", "not you", "model")


def test_a_failed_detail_makes_only_its_own_properties_unknown(account):
    inventory = read(Wire({"cloudtrail.GetTrailStatus": error("AccessDeniedException")}), types=[TRAIL])
    trail = only(inventory, TRAIL)
    denied = Unknown(Kind.UNREAD, "cloudtrail:GetTrailStatus failed: AccessDeniedException")
    assert [name for name, value in trail.properties.items() if value == denied] == ["IsLogging"]
    assert trail.properties["S3BucketName"] == "models"
    assert trail.runtime["LatestDeliveryError"] == denied
    assert inventory.gaps[0].provides == ("IsLogging", "runtime.LatestDeliveryTime", "runtime.LatestDeliveryError")


def test_one_failed_description_leaves_the_others_alone(account):
    def jobs(request, count):
        name = json.loads(request.body)["ModelName"]
        body = {"ModelName": name, "ModelArn": "arn", "CreationTime": 0, "EnableNetworkIsolation": True}
        return (answer(200, json.dumps(body)) if name == "a" else error("AccessDeniedException"))(request, count)

    inventory = read(Wire({"sagemaker.ListModels": models("a", "b"), "sagemaker.DescribeModel": jobs}), types=[MODEL])
    first, second = inventory.of_type(MODEL)
    assert first.properties["EnableNetworkIsolation"] is True
    assert isinstance(second.properties["EnableNetworkIsolation"], Unknown)
    assert [gap.resource for gap in inventory.gaps] == ["b"]


@pytest.mark.parametrize(
    "fault",
    [
        answer(200, "{}"),
        answer(200, HTML, "text/html"),
        answer(200, '{"message": "welcome"}'),
        answer(200, "[]"),
        answer(200, '{"ModelArn": "arn", "CreationTime": 0}'),
        answer(200, '{"ModelName": "other", "ModelArn": "arn", "CreationTime": 0}'),
        answer(200, '{"ModelName": "del", "ModelArn": "arn", "CreationTime": 0}'),
        answer(200, '{"ModelName": "model", "EnableNetworkIsolation": "yes"}'),
        answer(200, '{"ModelName": "model", "VpcConfig": []}'),
        answer(200, '{"ModelName": "model", "Containers": {}}'),
    ],
    ids=["empty", "html", "foreign", "list", "nameless", "other", "part", "word", "list-for-mapping", "mapping-for-list"],
)
def test_a_garbled_description_is_not_a_bare_resource(account, fault):
    inventory = read(Wire({"sagemaker.DescribeModel": fault}), types=[MODEL])
    unread = Unknown(Kind.UNREAD, "sagemaker:DescribeModel failed: Unparsable")
    assert only(inventory, MODEL).properties["EnableNetworkIsolation"] == unread
    assert [(gap.code, gap.resource) for gap in inventory.gaps] == [("Unparsable", "model")]


def test_an_error_that_means_not_set_is_no_gap(account):
    body = "<Error><Code>ServerSideEncryptionConfigurationNotFoundError</Code><Message>none</Message></Error>"
    inventory = read(Wire({"s3.GetBucketEncryption": answer(404, body, "application/xml")}), types=[BUCKET])
    bucket = only(inventory, BUCKET)
    assert "BucketEncryption" not in bucket.properties
    assert not [gap for gap in inventory.gaps if gap.operation == "s3:GetBucketEncryption"]
    assert bucket.origin_of("BucketEncryption") == Origin("s3:GetBucketEncryption")


def test_an_unread_encryption_is_unknown(account):
    body = "<Error><Code>AccessDenied</Code><Message>no</Message></Error>"
    inventory = read(Wire({"s3.GetBucketEncryption": answer(403, body, "application/xml")}), types=[BUCKET])
    assert only(inventory, BUCKET).properties["BucketEncryption"] == Unknown(
        Kind.UNREAD, "s3:GetBucketEncryption failed: AccessDenied"
    )


# -- deleted meanwhile -------------------------------------------------------------------------------------------------------

GONE = error("ValidationException", message='Could not find model "arn:aws:sagemaker:eu-west-1:1:model/b".')


def test_what_was_deleted_between_listing_and_description_is_left_out(account):
    describe = {"a": answer(200, '{"ModelName": "a", "ModelArn": "arn", "CreationTime": 0}'), "b": GONE}
    wire = Wire(
        {
            "sagemaker.ListModels": lambda request, count: (models("a") if count else models("a", "b"))(request, 0),
            "sagemaker.DescribeModel": lambda request, _: describe[json.loads(request.body)["ModelName"]](request, 0),
        }
    )
    inventory = read(wire, types=[MODEL])
    assert [model.id for model in inventory.of_type(MODEL)] == ["a"]
    assert inventory.gaps == []


@pytest.mark.parametrize(
    "again", [models("b"), error("AccessDeniedException"), answer(200, "{}")], ids=["still-there", "denied", "garbled"]
)
def test_what_a_second_listing_does_not_show_to_be_gone_stays_unread(account, again):
    def listing(request, count):
        return (again if count else models("b"))(request, 0)

    inventory = read(Wire({"sagemaker.ListModels": listing, "sagemaker.DescribeModel": GONE}), types=[MODEL])
    assert isinstance(only(inventory, MODEL).properties["ExecutionRoleArn"], Unknown)
    assert [(gap.resource, gap.code) for gap in inventory.gaps] == [("b", "ValidationException")]


def test_other_errors_ask_for_no_second_listing(account):
    wire = Wire({"sagemaker.DescribeModel": error("ValidationException", message="1 validation error detected")})
    assert [gap.resource for gap in read(wire, types=[MODEL]).gaps] == ["model"]
    assert wire.asked.count("sagemaker.ListModels") == 1


def test_a_failing_unit_leaves_all_others_alone(account):
    whole, hurt = read(), read(Wire({"kms.ListKeys": error("AccessDeniedException")}))
    assert [item.key for item in whole.resources if item.type != "AWS::KMS::Key"] == [item.key for item in hurt.resources]
    assert {gap.type for gap in hurt.gaps if not gap.resource} == {"AWS::KMS::Key"}
