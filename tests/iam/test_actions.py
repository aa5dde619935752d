"""Which actions a role or a user may take at all, and whether they are those of a persona."""

from dataclasses import replace

import pytest

from auditor.iam.facts import (
    aws_managed_policies,
    decrypts_with_every_key,
    machine_learning_permissions,
    passes_every_role,
    reads_every_bucket,
    reads_every_secret,
    within_persona,
    writes_every_bucket,
)
from auditor.iam.personas import PERSONAS
from auditor.model.inventory import Gap
from auditor.model.resource import GLOBAL, Origin, Resource
from auditor.model.values import ABSENT, Kind, OneOf, Text, Unknown
from tests.iam.policies import ACCOUNT, allow, deny, document, inline, managed, role, stock

PARAMETER = Unknown(Kind.DEFERRED, "a parameter")
REGION = Unknown(Kind.DEFERRED, "AWS::Region")
PARTITION, OWN_ACCOUNT = Unknown(Kind.DEFERRED, "AWS::Partition"), Unknown(Kind.DEFERRED, "AWS::AccountId")
MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
UNKNOWN = "unknown"
TLS = {"Bool": {"aws:SecureTransport": "false"}}


def same(value, expected):
    return isinstance(value, Unknown) if expected is UNKNOWN else value is expected


def of(fact, *statements):
    subject = role(Policies=[inline(*statements)])
    return fact(stock(subject), subject).value


@pytest.mark.parametrize(
    ("fact", "statements", "expected"),
    [
        (writes_every_bucket, [allow("s3:*")], True),
        (writes_every_bucket, [allow("s3:Put*", "arn:aws:s3:::*")], True),
        (writes_every_bucket, [allow("s3:PutObject", "arn:aws:s3:::*/*")], True),
        (writes_every_bucket, [allow("s3:PutObject", "arn:aws:s3:::*sagemaker*")], False),
        (writes_every_bucket, [allow("s3:PutObject", "arn:aws:s3:::models/*")], False),
        (writes_every_bucket, [allow("s3:Get*")], False),
        (writes_every_bucket, [{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}], True),
        (writes_every_bucket, [allow("s3:*", Condition={"StringEquals": {"aws:ResourceAccount": ACCOUNT}})], True),
        (writes_every_bucket, [allow("s3:*", Condition={"StringNotEquals": {"aws:ResourceAccount": ACCOUNT}})], UNKNOWN),
        (writes_every_bucket, [allow("s3:*", Condition={"StringEquals": {"s3:ExistingObjectTag/ml": "yes"}})], UNKNOWN),
        (writes_every_bucket, [allow("s3:*"), deny("s3:PutObject", "arn:aws:s3:::audit/*")], True),
        (writes_every_bucket, [allow("s3:*"), deny("s3:Put*")], False),
        (writes_every_bucket, [allow("s3:*"), deny("s3:*", Condition=TLS)], True),
        (writes_every_bucket, [allow("s3:*"), deny("s3:*", Condition=MFA)], UNKNOWN),
        (
            writes_every_bucket,
            [allow("s3:*"), {"Effect": "Deny", "Action": "s3:PutObject", "NotResource": "arn:aws:s3:::models/*"}],
            UNKNOWN,
        ),
        (writes_every_bucket, [allow("s3:*", Text(("arn:aws:s3:::", PARAMETER, "/*")))], UNKNOWN),
        (writes_every_bucket, [allow("s3:*", Text(("arn:", PARTITION, ":s3:::*")))], True),
        (writes_every_bucket, [allow("s3:*", Text(("arn:", PARTITION, ":s3:::models/*")))], False),
        (passes_every_role, [allow("iam:PassRole", Text(("arn:", PARTITION, ":iam::", OWN_ACCOUNT, ":role/*")))], True),
        (passes_every_role, [allow("iam:PassRole", Text(("arn:", PARTITION, ":iam::", PARAMETER, ":role/*")))], UNKNOWN),
        (passes_every_role, [allow("iam:PassRole", Text(("arn:aws:iam::", OWN_ACCOUNT, ":role/", OWN_ACCOUNT)))], UNKNOWN),
        (decrypts_with_every_key, [allow("kms:*"), deny("kms:*", f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/*")], True),
        (decrypts_with_every_key, [allow("kms:*", Text(("arn:aws:kms:", REGION, f":{ACCOUNT}:key/*")))], True),
        (decrypts_with_every_key, [allow("kms:*"), deny("kms:*", Text(("arn:aws:kms:", REGION, ":*:key/*")))], UNKNOWN),
        (decrypts_with_every_key, [allow("kms:*"), deny("kms:*", f"arn:aws:kms:*:{ACCOUNT}:key/*")], False),
        (reads_every_bucket, [allow("s3:GetObject", "*")], True),
        (reads_every_bucket, [allow("s3:GetObjectTagging", "*")], False),
        (passes_every_role, [allow("iam:PassRole")], True),
        (passes_every_role, [allow("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/*")], True),
        (passes_every_role, [allow("iam:PassRole", "arn:aws:iam::*:role/service-role/*")], False),
        (
            passes_every_role,
            [allow("iam:PassRole", Condition={"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}})],
            True,
        ),
        (decrypts_with_every_key, [allow("kms:*", "arn:aws:kms:*:*:key/*")], True),
        (decrypts_with_every_key, [allow("kms:Decrypt", f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/*")], True),
        (decrypts_with_every_key, [allow("kms:Decrypt", f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1-2")], False),
        (decrypts_with_every_key, [allow("kms:Decrypt", Condition={"StringLike": {"kms:ViaService": "s3.*"}})], UNKNOWN),
        (decrypts_with_every_key, [allow("kms:Encrypt")], False),
        (reads_every_secret, [allow("secretsmanager:Get*")], True),
        (reads_every_secret, [allow("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:*:*:secret:fraud/*")], False),
    ],
)
def test_what_is_allowed_on_everything(fact, statements, expected):
    assert same(of(fact, *statements), expected)


SAGEMAKER_FULL = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"


@pytest.mark.parametrize(
    ("fact", "arn", "expected"),
    [
        (passes_every_role, SAGEMAKER_FULL, True),
        (writes_every_bucket, SAGEMAKER_FULL, False),
        (writes_every_bucket, "arn:aws:iam::aws:policy/AmazonS3FullAccess", True),
        (reads_every_bucket, "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess", True),
        (passes_every_role, "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly", False),
        (passes_every_role, "arn:aws:iam::aws:policy/AmazonNobodyKnowsIt", UNKNOWN),
    ],
)
def test_what_policies_of_aws_allow_where_they_are_not_read(fact, arn, expected):
    subject = role(ManagedPolicyArns=[arn])
    assert same(fact(stock(subject), subject).value, expected)


def test_a_policy_of_aws_that_was_read_is_told_from_what_was_read():
    arn = "arn:aws:iam::aws:policy/AmazonNobodyKnowsIt"
    subject, published = role(ManagedPolicyArns=[arn]), replace(managed("AmazonNobodyKnowsIt", allow("iam:*")), arn=arn)
    assert passes_every_role(stock(subject, published), subject).value is True


@pytest.mark.parametrize(
    ("attached", "names"),
    [
        ([SAGEMAKER_FULL, f"arn:aws:iam::{ACCOUNT}:policy/own"], ["AmazonSageMakerFullAccess"]),
        ([Text(("arn:", PARAMETER, ":iam::aws:policy/job-function/DataScientist"))], ["DataScientist"]),
        ([], []),
    ],
)
def test_the_policies_of_aws_by_name(attached, names):
    subject = role(ManagedPolicyArns=attached)
    assert aws_managed_policies(stock(subject), subject).value == names


# -- personas ------------------------------------------------------------------------------------------------------------------


def keeps(persona, *statements, **properties):
    subject = replace(role(Policies=[inline(*statements)], **properties), tags={"persona": persona})
    return within_persona(stock(subject, managed("limit", allow(["s3:*", "logs:PutLogEvents"]))), subject)


LIMIT = f"arn:aws:iam::{ACCOUNT}:policy/limit"


@pytest.mark.parametrize(
    ("persona", "statements", "expected"),
    [
        ("compute", [allow(["s3:GetObject", "logs:PutLogEvents"])], True),
        ("compute", [allow("S3:getobject")], True),
        ("compute", [allow("sagemaker:CreateTrainingJob")], False),
        ("data-scientist", [allow("sagemaker:CreateTrainingJob")], True),
        ("data-scientist", [allow("sagemaker:CreateEndpoint")], False),
        ("mlops", [allow("sagemaker:CreateEndpoint")], True),
        ("mlops", [allow("sagemaker:CreateTrainingJob")], False),
        ("compute", [allow("sagemaker:CreateTrainingJob", Condition=MFA)], False),
        ("compute", [allow("s3:*")], False),
        ("compute", [allow("s3:*", "arn:aws:s3:::models/*")], False),
        ("compute", [allow("*")], False),
        ("compute", [allow("*", "arn:aws:s3:::models/*")], UNKNOWN),
        ("compute", [allow("iam:Create*")], False),
        ("compute", [allow("s3:Get*")], UNKNOWN),
        ("compute", [allow(PARAMETER)], UNKNOWN),
        ("compute", [{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}], False),
        ("compute", [allow("s3:*"), deny("s3:*")], True),
        ("compute", [allow("s3:*"), deny("s3:DeleteObject")], UNKNOWN),
        ("compute", [allow("s3:DeleteObject"), deny("s3:Delete*")], True),
        ("compute", [allow("s3:DeleteObject"), deny("s3:Delete*", "arn:aws:s3:::models/*")], False),
        ("compute", [allow("s3:DeleteObject"), {"Effect": "Deny", "NotAction": "logs:*", "Resource": "*"}], True),
        ("compute", [allow("logs:PutLogEvents"), {"Effect": "Deny", "NotAction": "logs:*", "Resource": "*"}], True),
        ("compute", [allow("s3:Delete*"), {"Effect": "Deny", "NotAction": "s3:*Object", "Resource": "*"}], UNKNOWN),
        ("compute", [allow("s3:DeleteObject"), deny(Text(("s3:", PARAMETER)))], UNKNOWN),
        ("compute", [OneOf((allow("iam:CreateUser"), ABSENT))], UNKNOWN),
        ("compute", [PARAMETER], UNKNOWN),
        ("compute", [PARAMETER, allow("iam:CreateUser")], False),
        ("somebody", [allow("s3:GetObject")], UNKNOWN),
        (PARAMETER, [allow("s3:GetObject")], UNKNOWN),
    ],
)
def test_whether_a_role_keeps_to_its_persona(persona, statements, expected):
    assert same(keeps(persona, *statements).value, expected)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [(allow("iam:CreateUser"), True), (allow("s3:DeleteObject"), False), (allow("*"), UNKNOWN), (allow("logs:*"), UNKNOWN)],
)
def test_a_boundary_takes_away_what_it_does_not_let_through(statement, expected):
    assert same(keeps("compute", statement, PermissionsBoundary=LIMIT).value, expected)


@pytest.mark.parametrize(
    ("boundary", "statement", "expected"),
    [
        ({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, allow("iam:CreateUser"), True),
        ({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, allow("s3:DeleteObject"), False),
        ({"Effect": "Allow", "NotAction": "iam:Delete*", "Resource": "*"}, allow("iam:*"), UNKNOWN),
        ({"Effect": "Allow", "NotAction": PARAMETER, "Resource": "*"}, allow("s3:DeleteObject"), UNKNOWN),
        (allow("s3:*Object"), allow("s3:Delete*"), UNKNOWN),
    ],
)
def test_what_a_boundary_of_patterns_lets_through(boundary, statement, expected):
    subject = replace(role(Policies=[inline(statement)], PermissionsBoundary=LIMIT), tags={"persona": "compute"})
    assert same(within_persona(stock(subject, managed("limit", boundary)), subject).value, expected)


def test_a_boundary_that_is_not_read_takes_nothing_away():
    assert keeps("compute", allow("iam:CreateUser"), PermissionsBoundary=f"arn:aws:iam::{ACCOUNT}:policy/gone").value is False


def test_it_says_what_is_too_much():
    found = keeps("compute", allow("iam:CreateUser", Sid="Odd"))
    assert found.because == (
        "statement Odd of inline policy inline allows iam:CreateUser, which is not of the persona compute",
    )


@pytest.mark.parametrize("persona", PERSONAS)
def test_each_persona_is_within_itself(persona):
    assert keeps(persona, allow(sorted(PERSONAS[persona]))).value is True


# -- users ---------------------------------------------------------------------------------------------------------------------


def thing(kind, name, **properties):
    return Resource(f"AWS::IAM::{kind}", name, {f"{kind}Name": name, **properties}, Origin("test"), ACCOUNT, GLOBAL)


GROUPS_UNREAD = Gap(ACCOUNT, GLOBAL, "iam:GetAccountAuthorizationDetails", "AWS::IAM::Group", "AccessDenied", "no")


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([allow("sagemaker:ListModels")], True),
        ([allow("bedrock:InvokeModel")], True),
        ([allow("bedrock-agentcore:*")], True),
        ([allow("*")], True),
        ([allow("sage*:*")], True),
        ([{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}], True),
        ([{"Effect": "Allow", "NotAction": ["sagemaker:*", "bedrock*:*"], "Resource": "*"}], False),
        ([{"Effect": "Allow", "NotAction": ["sagemaker:*", "bedrock:*"], "Resource": "*"}], True),
        ([{"Effect": "Allow", "NotAction": PARAMETER, "Resource": "*"}], UNKNOWN),
        ([allow("s3:*")], False),
        ([allow("*", "arn:aws:s3:::models/*")], UNKNOWN),
        ([allow("sagemaker:*"), deny("sagemaker:*")], False),
        ([PARAMETER], UNKNOWN),
    ],
)
def test_who_reaches_machine_learning(statements, expected):
    user = thing("User", "ada", Policies=[inline(*statements)])
    assert same(machine_learning_permissions(stock(user), user).value, expected)


@pytest.mark.parametrize(
    ("group", "gaps", "expected"),
    [
        (thing("Group", "scientists", Policies=[inline(allow("sagemaker:*"))]), (), True),
        (thing("Group", "scientists", Policies=[inline(allow("s3:*"))]), (), False),
        (thing("Group", "others"), (GROUPS_UNREAD,), UNKNOWN),
    ],
)
def test_a_user_has_what_the_groups_have(group, gaps, expected):
    user = thing("User", "ada", Groups=["scientists"])
    assert same(machine_learning_permissions(stock(user, group, gaps=gaps), user).value, expected)


def test_a_policy_that_names_the_user_counts():
    user = thing("User", "ada")
    own = managed("own", Users=["ada"], PolicyDocument=document(allow("sagemaker:*")))
    assert machine_learning_permissions(stock(user, own), user).value is True
