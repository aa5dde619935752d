"""Whom else a trust policy lets in, and on whose behalf."""

import pytest

from auditor.iam.trust import confused_deputy_guard, execution_role, trusted_accounts, trusted_by_anybody
from auditor.model.values import ABSENT, Kind, OneOf, Text, Unknown
from tests.iam.policies import ACCOUNT, document, role, stock

PARAMETER = Unknown(Kind.DEFERRED, "a parameter")
OTHER = "444455556666"
SAGEMAKER = {"Service": "sagemaker.amazonaws.com"}
OURS = {"StringEquals": {"aws:PrincipalOrgID": "o-1234567890"}}
MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
UNKNOWN = "unknown"


def trust(principal, effect="Allow", **more):
    return {"Effect": effect, "Principal": principal, "Action": "sts:AssumeRole", **more}


def on_behalf(operator, key, value=ACCOUNT):
    return trust(SAGEMAKER, Condition={operator: {key: value}})


def told(fact, *found, **properties):
    subject = role(AssumeRolePolicyDocument=document(*found), **properties)
    return fact(stock(subject), subject)


def same(value, expected):
    return isinstance(value, Unknown) if expected is UNKNOWN else value is expected


@pytest.mark.parametrize(
    ("found", "properties", "runs"),
    [
        ([trust(SAGEMAKER)], {}, True),
        ([trust({"Service": "bedrock.amazonaws.com"})], {}, True),
        ([trust({"Service": "bedrock-agentcore.amazonaws.com"})], {}, True),
        ([trust({"Service": ["lambda.amazonaws.com", "sagemaker.amazonaws.com"]})], {}, True),
        ([trust({"Service": "lambda.amazonaws.com"})], {}, False),
        ([trust({"AWS": ACCOUNT})], {}, False),
        ([trust(SAGEMAKER)], {"Path": "/aws-service-role/sagemaker.amazonaws.com/"}, False),
        ([trust({"Service": PARAMETER})], {}, UNKNOWN),
        ([trust({"Service": Text(("sage", PARAMETER))})], {}, UNKNOWN),
        ([trust(SAGEMAKER), PARAMETER], {}, True),
        ([PARAMETER], {}, UNKNOWN),
    ],
)
def test_what_sagemaker_or_bedrock_runs_as(found, properties, runs):
    assert same(told(execution_role, *found, **properties).value, runs)


@pytest.mark.parametrize(
    ("statement", "guarded"),
    [
        (trust(SAGEMAKER), False),
        (on_behalf("StringEquals", "aws:SourceAccount"), True),
        (on_behalf("ArnLike", "AWS:SourceArn", f"arn:aws:sagemaker:*:{ACCOUNT}:*"), True),
        (on_behalf("ForAnyValue:StringLike", "aws:SourceOrgPaths", "o-1/*"), True),
        (on_behalf("StringEquals", "aws:SourceAccount", PARAMETER), True),
        (on_behalf("ArnLike", "aws:SourceArn", Text(("arn:aws:sagemaker:*:", PARAMETER, ":*"))), True),
        (on_behalf("ArnLike", "aws:SourceArn", "arn:aws:sagemaker:*:*:*"), False),
        (on_behalf("ArnLike", "aws:SourceArn", [f"arn:aws:sagemaker:*:{ACCOUNT}:*", "*"]), False),
        (on_behalf("ArnLike", "aws:SourceArn", "arn:aws:s3:::models"), True),
        (on_behalf("ArnLike", "aws:SourceArn", "arn:aws:s3:::*"), False),
        (on_behalf("StringLike", "aws:SourceAccount", "*"), False),
        (on_behalf("StringLike", "aws:SourceOrgID", "o-*"), False),
        (on_behalf("StringEqualsIfExists", "aws:SourceAccount"), False),
        (on_behalf("StringNotEquals", "aws:SourceAccount"), False),
        (on_behalf("Null", "aws:SourceAccount", "false"), False),
        (on_behalf("StringEquals", "sts:ExternalId"), False),
        (trust(SAGEMAKER, Condition=PARAMETER), UNKNOWN),
        (trust({"Service": PARAMETER}), UNKNOWN),
        # not about machine learning
        (trust({"Service": "lambda.amazonaws.com"}), True),
        (trust({"AWS": OTHER}), True),
        (trust(SAGEMAKER, effect="Deny"), True),
        (PARAMETER, UNKNOWN),
        (OneOf((on_behalf("StringEquals", "aws:SourceAccount"), ABSENT)), True),
        (OneOf((on_behalf("StringEquals", "aws:SourceAccount"), trust(SAGEMAKER))), UNKNOWN),
    ],
)
def test_on_whose_behalf(statement, guarded):
    assert same(told(confused_deputy_guard, statement).value, guarded)


def test_one_statement_without_a_guard_is_enough():
    found = told(confused_deputy_guard, on_behalf("StringEquals", "aws:SourceAccount"), trust(SAGEMAKER, Sid="Open"))
    assert found.value is False
    assert found.because == ("statement Open of the trust policy does not say on whose behalf",)


@pytest.mark.parametrize(
    ("statement", "anybody"),
    [
        (trust("*"), True),
        (trust({"AWS": "*"}), True),
        (trust({"AWS": ["arn:aws:iam::444455556666:root", "*"]}), True),
        ({"Effect": "Allow", "NotPrincipal": {"AWS": OTHER}, "Action": "sts:AssumeRole"}, True),
        (trust({"AWS": "*"}, Condition=OURS), False),
        (trust({"AWS": "*"}, Condition={"StringLike": {"aws:PrincipalOrgID": "*"}}), UNKNOWN),
        (trust({"AWS": "*"}, Condition={"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/deploy"}}), UNKNOWN),
        (trust({"AWS": "*"}, Condition=MFA), UNKNOWN),
        (trust({"AWS": "*"}, Condition={"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}), UNKNOWN),
        (trust({"AWS": "*"}, Condition=PARAMETER), UNKNOWN),
        (trust("*", effect="Deny"), False),
        ({**trust("*"), "Action": "sts:TagSession"}, False),
        (trust(SAGEMAKER), False),
        (trust({"Federated": "*"}), False),
        (trust({"AWS": PARAMETER}), UNKNOWN),
        (trust({"AWS": OTHER}), False),
        (PARAMETER, UNKNOWN),
    ],
)
def test_whether_anybody_is_let_in(statement, anybody):
    assert same(told(trusted_by_anybody, statement).value, anybody)


@pytest.mark.parametrize(
    ("denial", "anybody"),
    [
        (trust("*", "Deny", Condition={"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}), UNKNOWN),
        ({"Effect": "Deny", "NotPrincipal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}, UNKNOWN),
        (trust("*", "Deny", Condition={"Bool": {"aws:SecureTransport": "false"}}), True),
        (trust({"AWS": OTHER}, "Deny"), True),
        ({**trust("*", "Deny"), "Action": "sts:TagSession"}, True),
    ],
)
def test_who_is_left_where_another_statement_denies(denial, anybody):
    assert same(told(trusted_by_anybody, trust("*"), denial).value, anybody)


@pytest.mark.parametrize(
    ("statement", "accounts"),
    [
        (trust({"AWS": OTHER}), [OTHER]),
        (trust({"AWS": [f"arn:aws:iam::{OTHER}:role/deploy", ACCOUNT]}), [OTHER]),
        (trust({"AWS": f"arn:aws:sts::{OTHER}:assumed-role/deploy/session"}), [OTHER]),
        (trust({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}), []),
        (trust({"AWS": "AROAEXAMPLEEXAMPLE123"}), []),
        (trust({"AWS": "*"}), []),
        (trust({"AWS": OTHER}, effect="Deny"), []),
        (trust(SAGEMAKER), []),
    ],
)
def test_which_other_accounts_are_let_in(statement, accounts):
    assert told(trusted_accounts, statement).value == accounts


@pytest.mark.parametrize(
    "statement",
    [trust({"AWS": PARAMETER}), PARAMETER, OneOf((trust({"AWS": OTHER}), ABSENT)), trust({"AWS": Text((PARAMETER,))})],
)
def test_an_account_that_is_not_known_may_be_another(statement):
    (found,) = told(trusted_accounts, statement).value
    assert isinstance(found, Unknown)


@pytest.mark.parametrize("fact", [confused_deputy_guard, trusted_by_anybody, trusted_accounts])
@pytest.mark.parametrize("trusted", [PARAMETER, None])
def test_a_trust_policy_that_is_not_here_tells_nothing(fact, trusted):
    subject = role(AssumeRolePolicyDocument=trusted)
    assert isinstance(fact(stock(subject), subject).value, Unknown)
