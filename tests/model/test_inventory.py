"""Names lead to resources, and what leads nowhere is unknown for the right reason."""

import datetime

import pytest

from auditor.model.inventory import Gap, Inventory, SourceKind, behind_gateway
from auditor.model.resource import Origin, Resource
from auditor.model.values import ABSENT, Kind, OneOf, Presence, Redacted, Reference, Text, Unknown
from auditor.types import all_types

HERE = ("111122223333", "eu-west-1")
NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
BUCKET, MODEL, ALARM, ENDPOINT = (
    "AWS::S3::Bucket",
    "AWS::SageMaker::Model",
    "AWS::CloudWatch::Alarm",
    "AWS::SageMaker::Endpoint",
)


def resource(type_name, name, properties=None, arn="", region=HERE[1], account=HERE[0]):
    return Resource(type_name, name, properties or {}, Origin("test"), account, region, arn)


def inventory(*resources, kind=SourceKind.LIVE, gaps=()):
    return Inventory(kind, "test", all_types(), NOW, list(resources), gaps=list(gaps), read=frozenset([HERE]))


MODELS = resource(BUCKET, "models", {"BucketName": "models"}, "arn:aws:s3:::models")
SUBJECT = resource(MODEL, "m")
UNREAD_BUCKETS = Gap(HERE[0], "global", "s3:ListBuckets", BUCKET, "AccessDenied", "no")


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("models", MODELS),
        ("arn:aws:s3:::models", MODELS),
        ("s3://models/a/b.tar.gz", MODELS),
        ("s3://models", MODELS),
        (Reference("models"), MODELS),
        (Text(("s3://", Reference("models"), "/a")), MODELS),
        (Text((Reference("models", "Arn"), "/*")), MODELS),
        (Text(("s3://models/", Unknown(Kind.DEFERRED, "p"))), MODELS),
        (ABSENT, ABSENT),
        (None, ABSENT),
        (OneOf(("models", "s3://models/x")), MODELS),
        (OneOf(("models", ABSENT)), OneOf((MODELS, ABSENT))),
    ],
)
def test_a_name_leads_to_its_resource(value, found):
    assert inventory(MODELS).resolve(value, (BUCKET,), SUBJECT) == found


def test_a_name_that_several_bear_leads_to_one_of_them():
    twins = [resource(BUCKET, name, {"BucketName": "models"}, region="", account="") for name in ("Ours", "Theirs")]
    world = inventory(*twins, kind=SourceKind.CLOUDFORMATION)
    subject = resource(MODEL, "m", {"PrimaryContainer": {"ModelDataUrl": "s3://models/x"}}, region="", account="")
    assert world.resolve("s3://models/x", (BUCKET,), subject) == OneOf(tuple(twins))
    assert world.resolve(Reference("Ours"), (BUCKET,), subject) is twins[0]


@pytest.mark.parametrize(
    ("value", "gaps", "kind"),
    [
        ("gone", (), Kind.OUTSIDE),
        ("gone", (UNREAD_BUCKETS,), Kind.UNREAD),
        ("arn:aws:kms:eu-west-1:999988887777:key/k", (UNREAD_BUCKETS,), Kind.OUTSIDE),
        ("arn:aws:kms:us-east-1:111122223333:key/k", (UNREAD_BUCKETS,), Kind.OUTSIDE),
        (Unknown(Kind.DEFERRED, "a parameter"), (), Kind.DEFERRED),
        (Reference("elsewhere"), (), Kind.OUTSIDE),
        (Text(("s3://", Unknown(Kind.DEFERRED, "p"), "/x")), (), Kind.DEFERRED),
        (Text(("s3://", Reference("models"), "-logs/x")), (), Kind.OUTSIDE),
        (Text(("s3://my-", Reference("models"))), (), Kind.OUTSIDE),
        (Text(("s3://other/", Reference("models"), "/x")), (), Kind.OUTSIDE),
        (Text(("s3://", Unknown(Kind.DEFERRED, "p"), "/", Reference("models"))), (), Kind.DEFERRED),
        (Text((Reference("models"), Unknown(Kind.DEFERRED, "p"))), (), Kind.DEFERRED),
        (["not", "a", "name"], (), Kind.UNREAD),
        (Redacted("aws-access-key", "0000"), (), Kind.OUTSIDE),
    ],
)
def test_a_name_that_nothing_bears_is_unknown(value, gaps, kind):
    found = inventory(MODELS, gaps=gaps).resolve(value, (BUCKET,), SUBJECT)
    assert isinstance(found, Unknown)
    assert found.kind is kind


def test_the_nearest_of_two_namesakes_is_meant():
    far = resource(ENDPOINT, "e", {"EndpointName": "e"}, region="us-east-1")
    near = resource(ENDPOINT, "e", {"EndpointName": "e"})
    assert inventory(far, near).resolve("e", (ENDPOINT,), SUBJECT) is near


@pytest.mark.parametrize(
    ("value", "target"),
    [
        ("e", resource(ENDPOINT, "e", {"EndpointName": "e"}, region="us-east-1")),
        ("e", resource(ENDPOINT, "e", {"EndpointName": "e"}, account="999988887777")),
        ("arn:aws:iam::999988887777:role/r", resource("AWS::IAM::Role", "r", {"RoleName": "r"}, region="global")),
        ("arn:aws:sns:us-east-1:111122223333:t", resource("AWS::SNS::Topic", "t", {"TopicName": "t"})),
    ],
)
def test_a_namesake_in_another_place_is_not_meant(value, target):
    assert isinstance(inventory(target).resolve(value, (target.type,), SUBJECT), Unknown)


@pytest.mark.parametrize(
    ("value", "target"),
    [
        ("r", resource("AWS::IAM::Role", "r", {"RoleName": "r"}, region="global")),
        ("arn:aws:iam::111122223333:role/service/r", resource("AWS::IAM::Role", "r", {"RoleName": "r"}, region="global")),
        ("s3://far/model", resource(BUCKET, "far", {"BucketName": "far"}, region="us-east-1")),
    ],
)
def test_what_is_global_is_meant_from_everywhere(value, target):
    assert inventory(target).resolve(value, (target.type,), SUBJECT) is target


def repository(name, region=HERE[1], account=HERE[0]):
    return resource("AWS::ECR::Repository", name, {"RepositoryName": name}, region=region, account=account)


@pytest.mark.parametrize(
    "image",
    [
        "111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/scorer:7",
        "111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/scorer@sha256:00",
        "111122223333.dkr.ecr-fips.eu-west-1.amazonaws.com/team/scorer",
    ],
)
def test_an_image_lies_in_the_repository_of_its_registry(image):
    mine = repository("team/scorer")
    others = [
        repository("scorer"),
        repository("team/scorer", region="us-east-1"),
        repository("team/scorer", account="999988887777"),
    ]
    assert inventory(*others, mine).resolve(image, (mine.type,), SUBJECT) is mine
    found = inventory(*others).resolve(image, (mine.type,), SUBJECT)
    assert isinstance(found, Unknown)


def alarm(name, value):
    return resource(
        ALARM, name, {"Dimensions": [{"Name": "EndpointName", "Value": value}, {"Name": "VariantName", "Value": "v"}]}
    )


def test_referrers():
    endpoint = resource(ENDPOINT, "e", {"EndpointName": "e"})
    mine, other, maybe = alarm("mine", "e"), alarm("other", "f"), alarm("maybe", Unknown(Kind.DEFERRED, "p"))
    found = inventory(endpoint, mine, other, maybe).referrers(endpoint, ALARM)
    assert found.known == (mine,)
    # "other" names an endpoint that is not here; it cannot be this one
    assert [item.kind for item in found.maybe] == [Kind.DEFERRED]


def test_one_of_several_names_may_refer_to_each_and_to_no_other():
    one, two, three = (resource(ENDPOINT, name, {"EndpointName": name}) for name in ("one", "two", "three"))
    stock = inventory(one, two, three, alarm("either", OneOf(("one", "two"))))
    assert [len(stock.referrers(endpoint, ALARM).maybe) for endpoint in (one, two, three)] == [1, 1, 0]


def test_a_literal_may_name_what_has_no_known_name():
    named = resource(ENDPOINT, "Named", {"EndpointName": "e"})
    unnamed = resource(ENDPOINT, "Unnamed", {"EndpointName": Unknown(Kind.DEFERRED, "a parameter")})
    stock = inventory(named, unnamed, alarm("other", "f"), kind=SourceKind.CLOUDFORMATION)
    assert [len(stock.referrers(endpoint, ALARM).maybe) for endpoint in (named, unnamed)] == [0, 1]


def test_every_resource_refers_to_its_account_and_region():
    account = resource("Auditor::Account", "a", region="global")
    region = resource("Auditor::Region", "eu-west-1", {"RegionName": "eu-west-1"})
    trail = resource("AWS::CloudTrail::Trail", "t", {"TrailName": "t"})
    elsewhere = resource("AWS::CloudTrail::Trail", "u", {"TrailName": "u"}, region="us-east-1")
    stock = inventory(account, region, trail, elsewhere)
    assert stock.referrers(region, "AWS::CloudTrail::Trail").known == (trail,)
    assert stock.referrers(account, "AWS::CloudTrail::Trail").known == (trail, elsewhere)


@pytest.mark.parametrize(
    ("kind", "gaps", "missing"),
    [
        (SourceKind.LIVE, (), None),
        (SourceKind.LIVE, (UNREAD_BUCKETS,), Kind.UNREAD),
        (SourceKind.CLOUDFORMATION, (), Kind.OUTSIDE),
        (SourceKind.TERRAFORM, (), Kind.OUTSIDE),
    ],
)
def test_open_and_closed_worlds(kind, gaps, missing):
    found = inventory(MODELS, kind=kind, gaps=gaps).missing(BUCKET, SUBJECT)
    assert (found.kind if found else None) is missing


def test_a_fact_that_nothing_provides_is_unknown():
    assert inventory(MODELS).fact("internet_route", MODELS).value.present is Presence.MAYBE


def test_what_was_not_asked_for_is_not_known_to_be_missing():
    asked = {name: record for name, record in all_types().items() if name != ALARM}
    stock = Inventory(SourceKind.LIVE, "test", asked, NOW, [SUBJECT], read=frozenset([HERE]))
    assert stock.missing(ALARM, SUBJECT).kind is Kind.UNREAD
    assert stock.closed(ENDPOINT, SUBJECT)


def test_the_arn_of_a_log_groups_streams_leads_to_the_group():
    arn = "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/sagemaker/Endpoints/x"
    group = resource("AWS::Logs::LogGroup", "/aws/sagemaker/Endpoints/x", arn=arn)
    assert inventory(group).resolve(f"{arn}:*", (group.type,), SUBJECT) is group


@pytest.mark.parametrize(
    ("uri", "behind"),
    [
        (
            "arn:aws:apigateway:eu-west-1:runtime.sagemaker:path//endpoints/fraud/invocations",
            "arn:aws:sagemaker:eu-west-1::endpoint/fraud",
        ),
        (
            "arn:aws:apigateway:eu-west-1:runtime.sagemaker:path/endpoints/fraud/invocations",
            "arn:aws:sagemaker:eu-west-1::endpoint/fraud",
        ),
        (
            "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:1:function:f/invocations",
            "arn:aws:lambda:eu-west-1:1:function:f",
        ),
        ("arn:aws:apigateway:eu-west-1:sqs:path/1/queue", "arn:aws:apigateway:eu-west-1:sqs:path/1/queue"),
        ("https://example.com/endpoints/x/", "https://example.com/endpoints/x/"),
    ],
)
def test_what_an_integration_calls(uri, behind):
    assert behind_gateway(uri) == behind
