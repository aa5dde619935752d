"""Whether a role's policies hand out administration by a wildcard; what cannot be told is never told as "no"."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.iam.aws_managed import PUBLISHED, managed_name, published
from auditor.iam.documents import statements
from auditor.iam.facts import wildcard_administration
from auditor.iam.powers import ADMINISTRATION, DECRYPTING, PASSING, READING, REVEALING, WRITING, held
from auditor.iam.trust import trusted_services
from auditor.model.inventory import Gap, SourceKind
from auditor.model.resource import GLOBAL, Origin, Resource
from auditor.model.values import ABSENT, Kind, OneOf, Presence, Redacted, Reference, Text, Unknown
from tests.iam.policies import ACCOUNT, allow, deny, document, inline, managed, role, stock

PARAMETER = Unknown(Kind.DEFERRED, "a parameter")
MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
UNREAD_POLICIES = Gap(ACCOUNT, GLOBAL, "iam:GetAccountAuthorizationDetails", "AWS::IAM::ManagedPolicy", "AccessDenied", "no")


READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
ORGANIZATION = "no service control policy of the organization, which is not read, denies it"


def organization(manager):
    declared = {"Id": "o-1234567890", "ManagementAccountId": manager}
    return Resource("AWS::Organizations::Organization", "o-1234567890", declared, Origin("test"), ACCOUNT, GLOBAL)


MEMBER = organization("999988887777")


def told(*resources, gaps=(), kind=SourceKind.LIVE, **properties):
    subject = role(**properties)
    return wildcard_administration(stock(subject, *resources, MEMBER, gaps=gaps, kind=kind), subject)


def of_statements(*found):
    return held(ADMINISTRATION, [("p", part) for part in statements(document(*found))]).value


@pytest.mark.parametrize(
    ("statement", "administers"),
    [
        (allow("*"), True),
        (allow("*:*"), True),
        (allow("iam:*"), True),
        (allow("IAM:*"), True),
        (allow("iam*:*"), True),
        (allow("i?m:*"), True),
        (allow("*m:*"), True),
        (allow("iam:??*"), True),
        (allow(["s3:GetObject", "iam:*"]), True),
        (allow("iam:Get*"), False),
        (allow("iam:*Role"), False),
        (allow("iam:PassRole"), False),
        (allow("s3:*"), False),
        (allow([]), False),
        (allow("*", "arn:aws:s3:::models/*"), False),
        (allow("*", "arn:aws:iam::*:*"), True),
        (allow("iam:*", f"arn:aws:iam::{ACCOUNT}:*"), True),
        (allow("iam:*", f"arn:aws:iam::{ACCOUNT}:role/*"), False),
        (allow("iam:*", ["arn:aws:s3:::models", "*"]), True),
        (allow("iam:*", "arn:aws*:*"), True),
        (allow("iam:*", f"arn:*:iam::{ACCOUNT}:*"), True),
        (allow("iam:*", f"arn:aws-cn:iam::{ACCOUNT}:*"), True),
        (allow("iam:*", "arn:aws-us-gov:iam::*:*"), True),
        (allow("iam:*", f"arn:aws:*:*:{ACCOUNT}:*"), True),
        (allow("iam:*", "arn:aws:iam::1111*:*"), True),
        ({"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}, True),
        ({"Effect": "Allow", "NotAction": ["iam:DeleteRole"], "Resource": "*"}, True),
        ({"Effect": "Allow", "NotAction": ["iam:*", "organizations:*", "account:*"], "Resource": "*"}, False),
        ({"Effect": "Allow", "NotAction": "*", "Resource": "*"}, False),
        ({"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::secret/*"}, True),
        ({"Effect": "Allow", "Action": "*", "NotResource": "*"}, False),
        ({"Effect": "Allow", "Action": "*"}, False),
        (allow("*", Condition={}), True),
    ],
)
def test_what_one_statement_hands_out(statement, administers):
    assert of_statements(statement) is administers


@pytest.mark.parametrize(
    "statement",
    [
        allow("*", Condition=MFA),
        allow("*", Condition=PARAMETER),
        allow(PARAMETER),
        allow("*", PARAMETER),
        allow(["s3:*", PARAMETER]),
        allow(Text(("iam:", PARAMETER))),
        allow("iam:*", Text(("arn:aws:iam::", PARAMETER, ":*"))),
        allow("iam:*", Text(("arn:", PARAMETER, f":iam::{ACCOUNT}:*"))),
        allow(OneOf(("*", "s3:*"))),
        OneOf((allow("*"), ABSENT)),
        allow("*", Effect=OneOf(("Allow", "Deny"))),
        allow("*", Effect=PARAMETER),
        {"Effect": "Allow", "NotAction": PARAMETER, "Resource": "*"},
        PARAMETER,
        # what is malformed may allow anything
        "a word",
        {"Effect": "allow", "Action": "*", "Resource": "*"},
        {"Effect": "Allow", "Actions": "*", "Resource": "*"},
        {"Effect": "Allow", "Action": {"a": 1}, "Resource": "*"},
        {"Effect": "Allow", "Action": "*", "NotAction": "s3:*", "Resource": "*"},
    ],
)
def test_what_one_statement_leaves_open(statement):
    assert isinstance(of_statements(statement), Unknown)


@pytest.mark.parametrize(
    "statement",
    [
        allow(Text(("s3:", PARAMETER))),
        allow("iam:*", Text(("arn:aws:s3:::", PARAMETER, "/*"))),
        allow("*", Reference("Bucket", "Arn")),
        allow("*", [Reference("Bucket", "Arn"), Text((Reference("Bucket", "Arn"), "/*"))]),
        allow(OneOf(("s3:Get*", "s3:*"))),
        allow("s3:*", Condition=MFA),
        deny(PARAMETER),
    ],
)
def test_what_cannot_be_much_whatever_it_is(statement):
    assert of_statements(statement) is False


@pytest.mark.parametrize(
    ("denial", "kept"),
    [
        (deny("*"), False),
        (deny("iam:*"), False),
        (deny(["s3:*", "i*"]), False),
        ({"Effect": "Deny", "NotAction": ["s3:*", "sagemaker:*"], "Resource": "*"}, False),
        ({"Effect": "Deny", "Action": "iam:*", "NotResource": "arn:aws:s3:::models"}, False),
        (deny("iam:DeleteRole"), True),
        (deny("s3:*"), True),
        (deny("s3:*", Condition=MFA), True),
        (deny("iam:*", Condition=MFA), None),
        (deny("iam:*", f"arn:aws:iam::{ACCOUNT}:role/production-*"), None),
        (deny("iam:*", PARAMETER), None),
        (deny(PARAMETER), None),
        ({"Effect": "Deny", "NotAction": ["iam:Get*", "sts:*"], "Resource": "*"}, None),
        ({"Effect": "Deny", "NotAction": ["s3:*", PARAMETER], "Resource": "*"}, None),
        ({"Effect": "Deny", "Action": "iam:*", "NotResource": "arn:aws:iam::*:role/mine"}, None),
        (OneOf((deny("*"), ABSENT)), None),
    ],
)
def test_what_a_denial_leaves_of_everything(denial, kept):
    found = of_statements(allow("*"), denial)
    assert found is kept if kept is not None else isinstance(found, Unknown)


ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
OWN = f"arn:aws:iam::{ACCOUNT}:policy/own"
NARROW = inline(allow("s3:GetObject"))


@pytest.mark.parametrize(
    ("properties", "resources", "administers"),
    [
        ({}, (), False),
        ({"Policies": [NARROW]}, (), False),
        ({"Policies": [NARROW, inline(allow("*"))]}, (), True),
        ({"Policies": [{"PolicyName": "text", "PolicyDocument": json.dumps(document(allow("*")))}]}, (), True),
        ({"Policies": [{"PolicyName": "one", "PolicyDocument": {"Statement": allow("*")}}]}, (), True),
        ({"ManagedPolicyArns": [ADMINISTRATOR]}, (), True),
        ({"ManagedPolicyArns": ["arn:aws-cn:iam::aws:policy/IAMFullAccess"]}, (), True),
        ({"ManagedPolicyArns": [Text(("arn:", PARAMETER, ":iam::aws:policy/AdministratorAccess"))]}, (), True),
        ({"ManagedPolicyArns": ["arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"]}, (), False),
        ({"ManagedPolicyArns": ["arn:aws:iam::aws:policy/PowerUserAccess"]}, (), False),
        ({"ManagedPolicyArns": ["arn:aws:iam::aws:policy/job-function/DataScientist"]}, (), False),
        ({"ManagedPolicyArns": [OWN]}, (managed("own", allow("*")),), True),
        ({"ManagedPolicyArns": [OWN]}, (managed("own", allow("s3:*")),), False),
        # a policy of one's own that bears the name of one of AWS's
        ({"ManagedPolicyArns": [ADMINISTRATOR]}, (managed("AdministratorAccess", allow("s3:*")),), True),
        ({}, (managed("own", allow("*"), Roles=["role"]),), True),
        ({}, (managed("own", allow("*"), Roles=["another"]),), False),
        ({"Policies": [inline(allow("*"))], "ManagedPolicyArns": [OWN]}, (managed("own", deny("iam:*")),), False),
        ({"Policies": [inline(allow("*"))], "PermissionsBoundary": OWN}, (managed("own", allow("s3:*")),), False),
        ({"Policies": [inline(allow("*"))], "PermissionsBoundary": OWN}, (managed("own", allow("*")),), True),
        ({"Policies": [inline(allow("*"))], "PermissionsBoundary": ADMINISTRATOR}, (), True),
        ({"Policies": [inline(allow("*"))], "PermissionsBoundary": "arn:aws:iam::aws:policy/PowerUserAccess"}, (), False),
        ({"Policies": [NARROW], "PermissionsBoundary": PARAMETER}, (), False),
        ({"Policies": [PARAMETER], "PermissionsBoundary": "arn:aws:iam::aws:policy/PowerUserAccess"}, (), False),
    ],
)
def test_what_a_role_may_do(properties, resources, administers):
    assert told(*resources, **properties).value is administers


@pytest.mark.parametrize(
    ("properties", "options", "kind"),
    [
        ({"Policies": Unknown(Kind.UNREAD, "denied")}, {}, Kind.UNREAD),
        ({"Policies": [PARAMETER]}, {}, Kind.DEFERRED),
        ({"Policies": ["a word"]}, {}, Kind.UNREAD),
        ({"Policies": [{"PolicyName": "bare"}]}, {}, Kind.UNREAD),
        ({"Policies": OneOf(([inline(allow("*"))], ABSENT))}, {}, Kind.DEFERRED),
        ({"ManagedPolicyArns": PARAMETER}, {}, Kind.DEFERRED),
        ({"ManagedPolicyArns": [OneOf((ADMINISTRATOR, ABSENT))]}, {}, Kind.DEFERRED),
        ({"ManagedPolicyArns": [OWN]}, {}, Kind.OUTSIDE),
        ({"ManagedPolicyArns": [OWN]}, {"gaps": [UNREAD_POLICIES]}, Kind.UNREAD),
        ({"ManagedPolicyArns": [OWN]}, {"kind": SourceKind.CLOUDFORMATION}, Kind.OUTSIDE),
        ({"ManagedPolicyArns": [PARAMETER, OWN]}, {"gaps": [UNREAD_POLICIES]}, Kind.UNREAD),
        ({"ManagedPolicyArns": ["arn:aws:iam::aws:policy/AWSMcpServiceActionsFullAccess"]}, {}, Kind.OUTSIDE),
    ],
)
def test_a_grant_that_cannot_be_read_is_never_a_no(properties, options, kind):
    found = told(**options, **properties).value
    assert isinstance(found, Unknown)
    assert found.kind is kind


def test_a_managed_policy_that_may_name_the_role():
    assert isinstance(told(managed("own", allow("*"), Roles=[PARAMETER])).value, Unknown)


def test_what_matters_is_found_among_what_cannot_be_read():
    found = told(Policies=[PARAMETER, inline(allow("*", Sid="Everything"))])
    assert found.value is True
    assert found.because == (
        "whether an inline policy allows every IAM action on every resource is not known: a parameter",
        "statement Everything of inline policy inline allows every IAM action on every resource",
    )
    assert found.assumptions == ("what cannot be read of an inline policy denies nothing", ORGANIZATION)


NOT_TOLD = Gap(ACCOUNT, GLOBAL, "organizations:DescribeOrganization", MEMBER.type, "AccessDenied", "no")


@pytest.mark.parametrize(
    ("others", "gaps", "kind", "assumptions"),
    [
        ((MEMBER,), (), SourceKind.LIVE, (ORGANIZATION,)),
        ((), (NOT_TOLD,), SourceKind.LIVE, (ORGANIZATION,)),
        ((), (), SourceKind.CLOUDFORMATION, (ORGANIZATION,)),
        ((), (), SourceKind.LIVE, ()),
        ((organization(ACCOUNT),), (), SourceKind.LIVE, ()),
    ],
)
def test_an_organization_restricts_its_members_alone(others, gaps, kind, assumptions):
    subject = role(Policies=[inline(allow("*"))])
    found = wildcard_administration(stock(subject, *others, gaps=gaps, kind=kind), subject)
    assert (found.value, found.assumptions) == (True, assumptions)


def test_an_unread_boundary_is_assumed_absent():
    found = told(Policies=[inline(allow("*"))], PermissionsBoundary=OWN, gaps=[UNREAD_POLICIES])
    assert found.value is True
    assert found.assumptions == (
        f"{OWN}, the permissions boundary, is taken to be absent: iam:GetAccountAuthorizationDetails failed: AccessDenied",
        ORGANIZATION,
    )


def test_it_names_what_it_looked_at():
    found = told(Policies=[NARROW], ManagedPolicyArns=["arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"])
    assert found.because == (
        "no statement of inline policy inline, AmazonSageMakerFullAccess as AWS publishes it allows every action, or every IAM "
        "action, on every resource",
    )


@pytest.fixture(scope="module")
def documents():
    """The copies that moto carries of every policy AWS manages."""
    data = pytest.importorskip("moto.iam.aws_managed_policies").aws_managed_policies_data
    return {name: policy["Document"] for name, policy in json.loads(data).items()}


@pytest.mark.parametrize(
    "power", [ADMINISTRATION, WRITING, READING, PASSING, DECRYPTING, REVEALING], ids=lambda power: power.what
)
def test_the_policies_of_aws_are_told_as_their_documents_read(documents, power):
    wrong = []
    for name, found in documents.items():
        known = held(power, [(name, part) for part in published(name, power)]).value
        if isinstance(known, Unknown) and name not in PUBLISHED:
            continue
        read = held(power, [(name, part) for part in statements(found)]).value
        if read is not known and not (isinstance(read, Unknown) and isinstance(known, Unknown)):
            wrong.append((name, read, known))
    assert wrong == []
    assert documents.keys() >= set(PUBLISHED)


@pytest.mark.parametrize(
    ("arn", "name"),
    [
        (ADMINISTRATOR, "AdministratorAccess"),
        ("arn:aws-us-gov:iam::aws:policy/job-function/Billing", "Billing"),
        (OWN, None),
        ("AdministratorAccess", None),
        (Text(("arn:aws:iam::aws:policy/", PARAMETER)), None),
        (Reference("Policy"), None),
        (PARAMETER, None),
    ],
)
def test_the_name_of_a_policy_of_aws(arn, name):
    assert managed_name(arn) == name


SAGEMAKER = "sagemaker.amazonaws.com"
SPECIAL = st.sampled_from(
    [
        PARAMETER,
        ABSENT,
        None,
        Reference("own"),
        Text(("iam:", PARAMETER)),
        Redacted("secret", "abcd"),
        Unknown(Kind.UNREAD, "x", Presence.NO),
    ]
)
WORDS = st.sampled_from(
    ["Allow", "Deny", "*", "iam:*", "s3:*", SAGEMAKER, "sts:AssumeRole", ADMINISTRATOR, OWN, '{"Statement": []}', ""]
)
KEYS = st.sampled_from(
    ["Statement", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition", "Sid",
     "Service", "AWS", "PolicyName", "PolicyDocument", "Else"]
)  # fmt: skip
ANYTHING = st.recursive(
    st.one_of(SPECIAL, WORDS, st.booleans(), st.integers(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(KEYS, inner, max_size=5),
        st.lists(inner, min_size=1, max_size=3).map(lambda items: OneOf(tuple(items))),
    ),
    max_leaves=15,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ANYTHING, ANYTHING, ANYTHING, ANYTHING, st.sampled_from(SourceKind))
def test_whatever_a_source_holds_is_answered(trusted, inlined, attached, boundary, kind):
    subject = role(AssumeRolePolicyDocument=trusted, Policies=inlined, ManagedPolicyArns=attached, PermissionsBoundary=boundary)
    own = managed("own", Roles=attached, PolicyDocument=inlined)
    found = stock(subject, own, kind=kind)
    value = wildcard_administration(found, subject).value
    assert value is True or value is False or isinstance(value, Unknown)
    assert isinstance(trusted_services(found, subject).value, list | Unknown)


ACTIONS = st.sampled_from(["*", "iam:*", "iam:Get*", "s3:*", PARAMETER])
STATEMENTS = st.lists(
    st.one_of(
        st.builds(allow, ACTIONS, st.sampled_from(["*", "arn:aws:s3:::models", PARAMETER])),
        st.builds(deny, ACTIONS, st.sampled_from(["*", f"arn:aws:iam::{ACCOUNT}:role/x"])),
        st.just(allow("*", Condition=MFA)),
        st.just(deny("*", Condition=MFA)),
        st.just(PARAMETER),
    ),
    max_size=5,
)


def rank(value):
    return 1 if isinstance(value, Unknown) else 2 * value


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STATEMENTS, ACTIONS)
def test_a_denial_never_adds_and_a_grant_never_takes_away(found, action):
    before = rank(of_statements(*found))
    assert rank(of_statements(*found, deny(action))) <= before
    assert rank(of_statements(*found, allow(action))) >= before


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STATEMENTS)
def test_the_order_of_statements_does_not_matter(found):
    assert rank(of_statements(*found)) == rank(of_statements(*reversed(found)))


@pytest.mark.parametrize(
    ("boundary", "administers"),
    [
        (OneOf((READ_ONLY, ABSENT)), None),
        (OneOf((READ_ONLY, "arn:aws:iam::aws:policy/AdministratorAccess")), None),
        (OneOf((READ_ONLY, "arn:aws:iam::aws:policy/PowerUserAccess")), False),
        (OneOf(("arn:aws:iam::aws:policy/AdministratorAccess", ABSENT)), True),
    ],
)
def test_a_boundary_that_may_not_be_there_bounds_nothing_for_certain(boundary, administers):
    found = told(Policies=[inline(allow("*"))], PermissionsBoundary=boundary)
    assert found.value is administers if administers is not None else isinstance(found.value, Unknown)
