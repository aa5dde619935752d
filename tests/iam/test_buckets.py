"""Public access blocks, TLS, and records of access."""

import datetime

import pytest

from auditor.iam.buckets import access_recorded, bucket_tls_only, public_access_blocked, receives_access_logs
from auditor.iam.registries import scanned_on_push
from auditor.model.inventory import Gap, Inventory, SourceKind
from auditor.model.resource import GLOBAL, Origin, Resource
from auditor.model.values import ABSENT, Kind, OneOf, Reference, Text, Unknown
from auditor.types import all_types
from tests.iam.policies import ACCOUNT, allow, deny, document

HERE = "eu-west-1"
NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
PARAMETER = Unknown(Kind.DEFERRED, "a parameter")
ALL = dict.fromkeys(("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"), True)
HALF = {"BlockPublicAcls": True, "IgnorePublicAcls": True}
OTHER_HALF = {"BlockPublicPolicy": True, "RestrictPublicBuckets": True}


def of(type_name, name="it", region=HERE, **properties):
    return Resource(type_name, name, properties, Origin("test"), ACCOUNT, region)


def bucket(name="data", region=HERE, **properties):
    return of("AWS::S3::Bucket", name, region, BucketName=name, **properties)


def account_block(**blocks):
    return of("AWS::S3::AccountPublicAccessBlock", ACCOUNT, GLOBAL, **blocks)


def trail(region=HERE, **properties):
    return of("AWS::CloudTrail::Trail", "audit", region, **{"IsLogging": True, "IsMultiRegionTrail": True, **properties})


def stock(*resources, kind=SourceKind.LIVE, gaps=()):
    read = frozenset([(ACCOUNT, HERE), (ACCOUNT, GLOBAL)])
    return Inventory(kind, "test", all_types(), NOW, list(resources), gaps=list(gaps), read=read)


def verdict(value):
    return value.kind if isinstance(value, Unknown) else value


@pytest.mark.parametrize(
    ("own", "account", "kind", "value"),
    [
        (ALL, None, SourceKind.LIVE, True),
        (ABSENT, ALL, SourceKind.LIVE, True),
        (HALF, OTHER_HALF, SourceKind.LIVE, True),
        (HALF, HALF, SourceKind.LIVE, False),
        (HALF, None, SourceKind.LIVE, False),
        (ABSENT, None, SourceKind.LIVE, False),
        (PARAMETER, None, SourceKind.LIVE, Kind.DEFERRED),
        (PARAMETER, ALL, SourceKind.LIVE, True),
        ({**ALL, "BlockPublicAcls": PARAMETER}, None, SourceKind.LIVE, Kind.DEFERRED),
        (ALL, None, SourceKind.CLOUDFORMATION, True),
        (HALF, None, SourceKind.CLOUDFORMATION, False),
        # buckets made since April 2023 have them without being told
        (ABSENT, None, SourceKind.CLOUDFORMATION, Kind.OUTSIDE),
        (ABSENT, ALL, SourceKind.TERRAFORM, True),
    ],
)
def test_public_access_blocks(own, account, kind, value):
    subject = bucket(PublicAccessBlockConfiguration=own)
    others = [account_block(**account)] if account else []
    assert verdict(public_access_blocked(stock(subject, *others, kind=kind), subject).value) == value


def test_what_an_account_blocks_may_be_unread():
    subject = bucket()
    gap = Gap(ACCOUNT, GLOBAL, "s3control:GetPublicAccessBlock", "AWS::S3::AccountPublicAccessBlock", "AccessDenied", "no")
    assert public_access_blocked(stock(subject, gaps=[gap]), subject).value.kind is Kind.UNREAD


def test_a_template_names_what_it_takes_for_granted():
    subject = bucket(PublicAccessBlockConfiguration=HALF)
    assert public_access_blocked(stock(subject, kind=SourceKind.TERRAFORM), subject).assumptions


ARN, OBJECTS = "arn:aws:s3:::data", "arn:aws:s3:::data/*"
NO_TLS = {"Bool": {"aws:SecureTransport": "false"}}


def tls(resource=(ARN, OBJECTS), action="s3:*", principal="*", condition=NO_TLS, effect=deny):
    resources = list(resource) if isinstance(resource, tuple) else resource
    return effect(action, resources, Principal=principal, Condition=condition)


@pytest.mark.parametrize(
    ("statements", "value"),
    [
        ([tls()], True),
        ([tls("*")], True),
        ([tls("arn:aws:s3:::data*")], True),
        ([tls("arn:aws:s3:::*")], True),
        ([tls(("arn:aws-us-gov:s3:::data", "arn:aws-us-gov:s3:::data/*"))], True),
        ([tls(action="*")], True),
        ([tls(action=["s3:GetObject", "s3:*"])], True),
        ([tls(principal={"AWS": "*"})], True),
        ([tls(condition={"BoolIfExists": {"AWS:securetransport": [False]}})], True),
        ([tls(ARN), tls(OBJECTS)], True),
        ([tls(OBJECTS)], False),
        ([tls(ARN)], False),
        ([tls("arn:aws:s3:::data/private/*")], False),
        ([tls("arn:aws:s3:::other*")], False),
        ([tls(action="s3:GetObject")], False),
        ([tls(action=["s3:Get*", "s3:Put*"])], False),
        ([tls(principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"})], False),
        ([tls(condition={"Bool": {"aws:SecureTransport": "true"}})], False),
        ([tls(condition={"Bool": {**NO_TLS["Bool"], "aws:ViaAWSService": "false"}})], False),
        ([tls(condition={**NO_TLS, "StringEquals": {"aws:PrincipalOrgID": "o-1"}})], False),
        ([tls(condition={"NumericLessThan": {"s3:TlsVersion": "1.2"}})], False),
        ([tls(effect=allow)], False),
        ([{**tls(), "NotPrincipal": {"AWS": ARN}, "Principal": ABSENT} | {}], False),
        ([], False),
        ([PARAMETER], Kind.DEFERRED),
        ([tls(action=PARAMETER)], Kind.DEFERRED),
        ([tls(condition=PARAMETER)], Kind.DEFERRED),
        ([tls((ARN, PARAMETER))], Kind.DEFERRED),
        ([tls((ARN, Text(("arn:aws:s3:::", PARAMETER, "/*"))))], Kind.DEFERRED),
        ([OneOf((tls(), ABSENT))], Kind.DEFERRED),
        ([tls(), PARAMETER], True),
        ([tls((Reference("data", "Arn"), Text((Reference("data", "Arn"), "/*"))))], True),
        ([tls((Reference("data", "Arn"), Text(("arn:aws:s3:::", Reference("data"), "/*"))))], True),
        ([tls((Reference("data", "Arn"), Text(("arn:", PARAMETER, ":s3:::", Reference("data"), "/*"))))], True),
        ([tls((Reference("other", "Arn"), Text((Reference("other", "Arn"), "/*"))))], False),
    ],
)
def test_tls_only(statements, value):
    statements = [
        {name: inner for name, inner in item.items() if inner is not ABSENT} if isinstance(item, dict) else item
        for item in statements
    ]
    subject = bucket(PolicyDocument=document(*statements))
    assert verdict(bucket_tls_only(stock(subject), subject).value) == value


@pytest.mark.parametrize(
    ("resources", "value"),
    [
        (("arn:aws:s3:::", "arn:aws:s3:::"), Kind.DEFERRED),
        ((Reference("data", "Arn"), Text((Reference("data", "Arn"), "/*"))), True),
        ((Reference("other", "Arn"), Text((Reference("other", "Arn"), "/*"))), False),
    ],
)
def test_a_name_that_is_put_together_at_deploy_may_be_the_one_in_the_policy(resources, value):
    name = Text(("data-", PARAMETER))
    itself, objects = (Text((item, *name.parts)) if isinstance(item, str) else item for item in resources)
    subject = of("AWS::S3::Bucket", "data", BucketName=name, PolicyDocument=document(tls((itself, objects))))
    assert verdict(bucket_tls_only(stock(subject), subject).value) == value


def test_without_a_policy_nothing_asks_for_tls():
    subject = bucket()
    assert bucket_tls_only(stock(subject), subject).value is False


def data(*values, **more):
    return {"EventSelectors": [{"DataResources": [{"Type": "AWS::S3::Object", "Values": list(values)}], **more}]}


def fields(*more, category="Data", kind="AWS::S3::Object"):
    own = [{"Field": "eventCategory", "Equals": [category]}, {"Field": "resources.type", "Equals": [kind]}]
    return {"AdvancedEventSelectors": [{"FieldSelectors": [*own, *more]}]}


@pytest.mark.parametrize(
    ("trails", "value"),
    [
        ([], False),
        ([trail()], False),
        ([trail(**data("arn:aws:s3"))], True),
        ([trail(**data("arn:aws:s3:::data/"))], True),
        ([trail(**data("arn:aws:s3:::other/"))], False),
        ([trail(**data("arn:aws:s3:::data/private/"))], False),
        ([trail(**data(PARAMETER))], Kind.DEFERRED),
        ([trail(**data("arn:aws:s3", ReadWriteType="WriteOnly"))], False),
        ([trail(IsLogging=False, **data("arn:aws:s3"))], False),
        ([trail(IsLogging=PARAMETER, **data("arn:aws:s3"))], Kind.DEFERRED),
        ([trail("us-east-1", IsMultiRegionTrail=False, **data("arn:aws:s3"))], False),
        ([trail(**fields())], True),
        ([trail(**fields({"Field": "resources.ARN", "StartsWith": ["arn:aws:s3:::data/"]}))], True),
        ([trail(**fields({"Field": "resources.ARN", "StartsWith": ["arn:aws:s3:::other/"]}))], False),
        ([trail(**fields({"Field": "resources.ARN", "NotStartsWith": ["arn:aws:s3:::logs/"]}))], Kind.OUTSIDE),
        ([trail(**fields({"Field": "readOnly", "Equals": ["false"]}))], False),
        ([trail(**fields(kind="AWS::Lambda::Function"))], False),
        ([trail(**fields(category="Management"))], False),
        ([trail(**fields(kind=PARAMETER))], Kind.DEFERRED),
        ([trail(**fields(category=PARAMETER, kind="AWS::Lambda::Function"))], False),
        ([trail(**fields({"Field": PARAMETER, "Equals": ["x"]}))], Kind.DEFERRED),
        ([trail(**fields({"Field": "resources.ARN", "StartsWith": PARAMETER}))], Kind.DEFERRED),
        # a plan tells the operators that are not used as empty
        ([trail(**fields({"Field": "resources.ARN", "StartsWith": ["arn:aws:s3:::data/"], "EndsWith": []}))], True),
        ([trail(AdvancedEventSelectors=[{"FieldSelectors": PARAMETER}])], Kind.DEFERRED),
        ([trail(EventSelectors=[{"DataResources": [PARAMETER]}])], Kind.DEFERRED),
        ([trail(EventSelectors=[{"DataResources": [{"Type": PARAMETER, "Values": ["arn:aws:s3"]}]}])], Kind.DEFERRED),
        ([trail(**data("arn:aws:s3", ReadWriteType=PARAMETER))], Kind.DEFERRED),
        ([trail(**data("arn:aws-us-gov:s3"))], True),
        ([trail(**data("arn:aws-cn:s3:::data/"))], True),
        ([trail("us-east-1", IsMultiRegionTrail=ABSENT, **data("arn:aws:s3"))], False),
        ([trail("us-east-1", IsMultiRegionTrail=PARAMETER, **data("arn:aws:s3"))], Kind.DEFERRED),
        ([trail(IsMultiRegionTrail=PARAMETER, **data("arn:aws:s3"))], True),
    ],
)
def test_access_recorded_by_a_trail(trails, value):
    subject = bucket()
    assert verdict(access_recorded(stock(subject, *trails), subject).value) == value


def test_access_recorded_by_logging():
    subject = bucket(LoggingConfiguration={"DestinationBucketName": "logs"})
    logs = bucket("logs")
    world = stock(subject, logs)
    assert access_recorded(world, subject).value is True
    assert receives_access_logs(world, logs).value is True
    assert receives_access_logs(world, subject).value is False


def test_trails_of_a_region_that_was_not_read_may_record():
    subject = bucket(region="ap-south-1")
    assert access_recorded(stock(subject), subject).value.kind is Kind.UNREAD


def test_a_template_assumes_no_trail_but_its_own():
    subject = bucket()
    found = access_recorded(stock(subject, kind=SourceKind.CLOUDFORMATION), subject)
    assert found.value is False
    assert found.assumptions


def repository(name="team/scorer", **properties):
    return of("AWS::ECR::Repository", name, RepositoryName=name, **properties)


def registry(*filters, frequency="SCAN_ON_PUSH"):
    rule = {"ScanFrequency": frequency, "RepositoryFilters": [{"Filter": item} for item in filters]}
    return of("AWS::ECR::RegistryScanningConfiguration", ACCOUNT, Rules=[rule])


@pytest.mark.parametrize(
    ("subject", "others", "value"),
    [
        (repository(ImageScanningConfiguration={"ScanOnPush": True}), [], True),
        (repository(ImageScanningConfiguration={"ScanOnPush": False}), [], False),
        (repository(), [], False),
        (repository(ImageScanningConfiguration=PARAMETER), [], Kind.DEFERRED),
        (repository(), [registry("*")], True),
        (repository(), [registry("*", frequency="CONTINUOUS_SCAN")], True),
        (repository(), [registry("*", frequency="MANUAL")], False),
        (repository(), [registry("team/*")], True),
        (repository(), [registry("score")], True),
        (repository(), [registry("prod*")], False),
        (repository(), [registry()], False),
        (repository(), [registry("*", frequency=PARAMETER)], Kind.DEFERRED),
        (repository(), [registry("prod*", frequency=PARAMETER)], False),
        (repository(), [registry(PARAMETER)], Kind.DEFERRED),
        (repository(), [registry(PARAMETER, "*")], True),
    ],
)
def test_scanned_on_push(subject, others, value):
    assert verdict(scanned_on_push(stock(subject, *others), subject).value) == value
