"""Which services a role's trust policy lets assume it."""

import pytest

from auditor.iam.trust import trusted_services
from auditor.model.values import ABSENT, Kind, OneOf, Text, Unknown
from tests.iam.policies import ACCOUNT, document, role, stock

PARAMETER = Unknown(Kind.DEFERRED, "a parameter")
MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
SAGEMAKER = "sagemaker.amazonaws.com"


def trust(principal, action="sts:AssumeRole", effect="Allow", **more):
    return {"Effect": effect, "Principal": principal, "Action": action, **more}


def not_to(action, effect="Allow"):
    return {"Effect": effect, "Principal": {"Service": SAGEMAKER}, "NotAction": action}


@pytest.mark.parametrize(
    ("found", "services"),
    [
        ([trust({"Service": SAGEMAKER})], [SAGEMAKER]),
        ([trust({"Service": [SAGEMAKER, "lambda.amazonaws.com"]})], ["lambda.amazonaws.com", SAGEMAKER]),
        ([trust({"Service": SAGEMAKER}, Condition={"StringEquals": {"aws:SourceAccount": ACCOUNT}})], [SAGEMAKER]),
        ([trust({"Service": SAGEMAKER}, ["sts:TagSession", "sts:assumerole"])], [SAGEMAKER]),
        ([trust({"Service": SAGEMAKER}, "sts:*")], [SAGEMAKER]),
        ([trust({"Service": SAGEMAKER}, "sts:TagSession")], []),
        ([trust({"Service": SAGEMAKER}), trust({"Service": SAGEMAKER}, effect="Deny")], []),
        ([trust({"Service": SAGEMAKER}), trust({"Service": SAGEMAKER}, effect="Deny", Condition=MFA)], [SAGEMAKER]),
        ([trust({"AWS": f"arn:aws:iam::{ACCOUNT}:root"})], []),
        ([{"Effect": "Allow", "Principal": {"Service": SAGEMAKER}, "NotAction": "sts:TagSession"}], [SAGEMAKER]),
        ([trust({"Service": Text(("sagemaker.", PARAMETER))})], [SAGEMAKER]),
        ([trust({"Service": "ec2.amazonaws.com.cn"})], ["ec2.amazonaws.com"]),
        ([trust({"Service": Text(("sage", PARAMETER))})], [Text(("sage", PARAMETER))]),
        ([trust({"Service": PARAMETER})], [PARAMETER]),
        ([trust({"Service": SAGEMAKER}), PARAMETER], [SAGEMAKER, PARAMETER]),
        ([OneOf((trust({"Service": SAGEMAKER}), trust({"Service": SAGEMAKER}, "sts:*")))], [SAGEMAKER]),
        # what a denial is about must be known before it takes a service away
        ([trust({"Service": SAGEMAKER}), trust({"Service": SAGEMAKER}, PARAMETER, effect="Deny")], [SAGEMAKER]),
        (
            [trust({"Service": SAGEMAKER}), trust({"Service": SAGEMAKER}, [Text(("sts:", PARAMETER))], effect="Deny")],
            [SAGEMAKER],
        ),
        ([trust({"Service": SAGEMAKER}), not_to(PARAMETER, "Deny")], [SAGEMAKER]),
        ([trust({"Service": SAGEMAKER}, Text(("s3:", PARAMETER)))], []),
        ([], []),
    ],
)
def test_who_may_assume_it(found, services):
    subject = role(AssumeRolePolicyDocument=document(*found))
    assert trusted_services(stock(subject), subject).value == services


@pytest.mark.parametrize(
    "found",
    [
        trust("*"),
        trust({"Service": "*"}),
        trust({"AWS": "*"}),
        trust({"Service": SAGEMAKER}, PARAMETER),
        not_to([PARAMETER]),
        {"Effect": "Allow", "NotPrincipal": {"Service": SAGEMAKER}, "Action": "sts:AssumeRole"},
        OneOf((trust({"Service": SAGEMAKER}), ABSENT)),
        {"Effect": "Allow", "Principal": 7, "Action": "sts:AssumeRole"},
    ],
)
def test_who_may_be_anybody(found):
    subject = role(AssumeRolePolicyDocument=document(found))
    assert [type(item) for item in trusted_services(stock(subject), subject).value] == [Unknown]


@pytest.mark.parametrize(("value", "kind"), [(ABSENT, Kind.OUTSIDE), (PARAMETER, Kind.DEFERRED)])
def test_a_role_whose_trust_policy_is_not_known(value, kind):
    subject = role(AssumeRolePolicyDocument=value)
    assert trusted_services(stock(subject), subject).value.kind is kind
