"""Sessions: what they refuse to ask, whom they ask as, and what a person reads where that fails."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import botocore.session
import pytest
from botocore import xform_name
from botocore.exceptions import UnknownClientMethodError

from auditor.files.errors import InputError
from auditor.sources.aws.calls import UnansweredError
from auditor.sources.aws.guard import NotAllowedError, guard
from auditor.sources.aws.permissions import operations
from auditor.sources.aws.session import building_session, reading_session
from auditor.types import all_types
from tests.sources.aws.wire import Wire, answer, session, unreachable, xml_error

READING = re.compile(r"(?:List|Describe|Get|Search)[A-Z]?")
WRITES = [
    ("sagemaker", "CreateModel", {"ModelName": "m", "ExecutionRoleArn": "arn:aws:iam::123456789012:role/runner"}),
    ("sagemaker", "DeleteEndpoint", {"EndpointName": "endpoint"}),
    ("sagemaker", "UpdateNotebookInstance", {"NotebookInstanceName": "lab"}),
    ("iam", "CreateRole", {"RoleName": "r", "AssumeRolePolicyDocument": "{}"}),
    ("iam", "PutRolePolicy", {"RoleName": "r", "PolicyName": "p", "PolicyDocument": "{}"}),
    ("s3", "DeleteBucket", {"Bucket": "models"}),
    ("s3", "GetObject", {"Bucket": "models", "Key": "secret"}),
    ("kms", "ScheduleKeyDeletion", {"KeyId": "1"}),
    ("kms", "Decrypt", {"CiphertextBlob": b"x"}),
    ("ec2", "AuthorizeSecurityGroupIngress", {"GroupId": "sg-1"}),
    ("sts", "GetSessionToken", {}),
]


@pytest.mark.parametrize(
    ("service", "operation", "params"), WRITES, ids=[f"{name}:{operation}" for name, operation, _ in WRITES]
)
def test_a_session_knows_nothing_that_no_record_names(cloud, service, operation, params):
    assert not hasattr(session().client(service, "eu-west-1"), xform_name(operation))


def test_a_presigned_url_is_not_made_either(cloud):
    with pytest.raises(UnknownClientMethodError):
        session().client("s3", "eu-west-1").generate_presigned_url("get_object", Params={"Bucket": "models", "Key": "secret"})


@pytest.fixture
def guarded(cloud):
    """A session of botocore's own, which knows everything, behind a guard that allows nothing."""
    core = botocore.session.Session()
    core.register("before-parameter-build", guard(frozenset()))
    return core


@pytest.mark.parametrize(
    ("service", "operation", "params"), WRITES, ids=[f"{name}:{operation}" for name, operation, _ in WRITES]
)
def test_if_it_did_that_would_be_refused_before_a_request_is_made(guarded, service, operation, params):
    wire = Wire()
    guarded.get_component("event_emitter").register_first("before-send", wire)
    client = guarded.create_client(service, "eu-west-1")
    with pytest.raises(NotAllowedError, match=f"{service}:{operation} is not among"):
        getattr(client, xform_name(operation))(**params)
    assert wire.asked == []


def test_and_so_would_a_presigned_url(guarded):
    with pytest.raises(NotAllowedError):
        guarded.create_client("s3").generate_presigned_url("get_object", Params={"Bucket": "models", "Key": "secret"})


def test_every_allowed_operation_reads():
    # a report of what is there, which changes nothing
    for operation in operations(all_types()).keys() - {"iam:GenerateCredentialReport"}:
        assert READING.match(operation.split(":")[1]), operation


def test_a_reading_session_asks_only_for_the_types_it_was_made_for(cloud):
    types = {"AWS::KMS::Key": all_types()["AWS::KMS::Key"]}
    opened = reading_session(types=types)
    assert "Keys" in opened.client("kms", "eu-west-1").list_keys()
    assert not hasattr(opened.client("kms", "eu-west-1"), "list_aliases")


def test_a_building_session_has_a_list_of_its_own(cloud):
    opened = building_session(frozenset({"sns:CreateTopic"}))
    assert opened.client("sns", "eu-west-1").create_topic(Name="pager")["TopicArn"]
    assert not hasattr(opened.client("sns", "eu-west-1"), "list_topics")


def test_a_client_is_made_once_whoever_asks(cloud):
    opened = session()
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: opened.client("kms", "eu-west-1"), range(32)))
    assert len({id(client) for client in made}) == 1
    assert opened.built == {("kms", "eu-west-1")}


def test_requests_name_the_program_and_its_version(cloud):
    from auditor import __version__

    seen = []
    opened = session(lambda request, **_: seen.append(request.headers["User-Agent"]))
    opened.identity()
    assert f"ml-auditor/{__version__}" in str(seen[0])


def test_identity_partition_and_home(cloud):
    opened = session()
    identity = opened.identity()
    assert identity.account == "123456789012"
    assert identity.arn.startswith("arn:aws:sts::123456789012:")
    assert (opened.partition, opened.home) == ("aws", "us-east-1")


def test_identity_is_asked_once(cloud):
    wire = Wire()
    opened = session(wire)
    assert opened.identity() == opened.identity()
    assert wire.asked == ["sts.GetCallerIdentity"]


@pytest.mark.parametrize(
    ("arn", "partition", "home"),
    [
        ("arn:aws:iam::123456789012:user/u", "aws", "us-east-1"),
        ("arn:aws-cn:iam::123456789012:user/u", "aws-cn", "cn-north-1"),
        ("arn:aws-us-gov:iam::123456789012:user/u", "aws-us-gov", "us-gov-west-1"),
        ("arn:aws-eusc:iam::123456789012:user/u", "aws-eusc", "eu-west-1"),
    ],
)
def test_each_partition_has_its_home(cloud, arn, partition, home):
    body = f"<R><GetCallerIdentityResult><Arn>{arn}</Arn><Account>123456789012</Account></GetCallerIdentityResult></R>"
    opened = session(Wire({"sts.GetCallerIdentity": answer(200, body, "text/xml")}))
    assert (opened.partition, opened.home) == (partition, home)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (xml_error("ExpiredToken"), "the AWS credentials have expired: sign in again"),
        (xml_error("InvalidClientTokenId", 403), "AWS does not accept the credentials (InvalidClientTokenId)"),
        (xml_error("SignatureDoesNotMatch", 403), "AWS does not accept the credentials (SignatureDoesNotMatch)"),
        (xml_error("AccessDenied", 403), "AWS did not say who asks (AccessDenied): "),
        (unreachable, "AWS did not say who asks (EndpointConnectionError): Could not connect to the endpoint URL"),
        (
            answer(200, "<html><body>Sign in to the network</body></html>", "text/html"),
            "AWS did not say who asks (Unparsable): ",
        ),
        (answer(200, "<R><GetCallerIdentityResult><Arn>a</Arn></GetCallerIdentityResult></R>"), "AWS did not say who asks: "),
    ],
)
def test_without_an_identity_a_person_reads_one_line(cloud, fault, said):
    with pytest.raises(InputError) as caught:
        session(Wire({"sts.GetCallerIdentity": fault})).identity()
    assert str(caught.value).startswith(said)
    assert "\n" not in str(caught.value)


def test_no_credentials(monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(InputError, match="no AWS credentials were found"):
        session().identity()


@pytest.fixture
def configuration(tmp_path, monkeypatch):
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    return tmp_path / "config"


def test_an_unknown_profile_is_named_with_the_nearest(configuration):
    configuration.write_text("[profile production]\nregion = eu-west-1\n")
    with pytest.raises(InputError, match="no AWS profile is called 'prodution'; did you mean 'production'"):
        reading_session(types=all_types(), profile="prodution")


def test_a_profile_from_the_environment_that_is_not_there(monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "gone")
    with pytest.raises(InputError, match="no AWS profile is called 'gone'"):
        session()


def test_a_configuration_that_cannot_be_parsed(configuration):
    configuration.write_text("not a configuration")
    with pytest.raises(InputError, match="the AWS configuration cannot be used"):
        session()


def test_a_role_is_assumed_with_its_external_id(cloud):
    cloud.client("iam").create_role(RoleName="auditor", AssumeRolePolicyDocument="{}")
    sent = {}
    opened = session(
        lambda event_name, request, **_: sent.update({event_name: request.body}),
        role_arn="arn:aws:iam::123456789012:role/auditor",
        external_id="shared-secret",
    )
    assert opened.identity().arn == "arn:aws:sts::123456789012:assumed-role/auditor/ml-auditor"
    assert "ExternalId=shared-secret" in str(sent["before-send.sts.AssumeRole"])


def test_a_role_that_may_not_be_assumed(monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(InputError, match="no AWS credentials were found"):
        session(role_arn="arn:aws:iam::123456789012:role/auditor").identity()


# -- regions ------------------------------------------------------------------------------------------------------------------


REGIONS = """<DescribeRegionsResponse><regionInfo>
<item><regionName>eu-west-1</regionName><optInStatus>opt-in-not-required</optInStatus></item>
<item><regionName>af-south-1</regionName><optInStatus>opted-in</optInStatus></item>
<item><regionName>me-south-1</regionName><optInStatus>not-opted-in</optInStatus></item>
</regionInfo></DescribeRegionsResponse>"""


@pytest.fixture
def three_regions(cloud):
    return session(Wire({"ec2.DescribeRegions": answer(200, REGIONS, "text/xml")}))


def test_enabled_regions(three_regions):
    assert three_regions.regions() == ("af-south-1", "eu-west-1")


def test_named_regions(three_regions):
    assert three_regions.regions(["eu-west-1"]) == ("eu-west-1",)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("eu-wst-1", "AWS has no region 'eu-wst-1'; did you mean 'eu-west-1'"),
        ("me-south-1", "the region me-south-1 is not enabled in this account"),
    ],
)
def test_a_region_that_cannot_be_read(three_regions, name, said):
    with pytest.raises(InputError, match=said):
        three_regions.regions([name])


def test_named_regions_need_no_list_of_regions(cloud):
    opened = session(Wire({"ec2.DescribeRegions": xml_error("UnauthorizedOperation", 403)}))
    assert opened.regions(["eu-west-1"]) == ("eu-west-1",)
    with pytest.raises(InputError, match="AWS has no region 'eu-wst-1'; did you mean 'eu-west-1'"):
        opened.regions(["eu-wst-1"])


@pytest.mark.parametrize("items", ["", "<item><optInStatus>opted-in</optInStatus></item>"])
def test_an_account_without_regions_is_no_answer(cloud, items):
    body = f"<DescribeRegionsResponse><regionInfo>{items}</regionInfo></DescribeRegionsResponse>"
    with pytest.raises(UnansweredError, match="ec2:DescribeRegions failed: Unparsable"):
        session(Wire({"ec2.DescribeRegions": answer(200, body, "text/xml")})).regions()
