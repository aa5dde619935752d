"""Whom the policies of buckets, keys, repositories and secrets let in."""

import pytest

from auditor.iam.resource_policies import (
    bucket_policy_public,
    key_policy_accounts,
    key_policy_public,
    repository_policy_public,
    secret_policy_public,
)
from auditor.model.resource import Origin, Resource
from auditor.model.values import ABSENT, Kind, OneOf, Text, Unknown
from tests.iam.policies import ACCOUNT, allow, deny, document, stock

PARAMETER = Unknown(Kind.DEFERRED, "a parameter")
OTHER = "999988887777"
ROOT, THEIRS = f"arn:aws:iam::{ACCOUNT}:root", f"arn:aws:iam::{OTHER}:root"


def key(policy, account=ACCOUNT):
    return Resource("AWS::KMS::Key", "k-1", {"KeyPolicy": policy}, Origin("test"), account, "us-east-1")


def everybody(**more):
    return allow(Principal="*", **more)


def when(operator, name, value):
    return {"Condition": {operator: {name: value}}}


@pytest.mark.parametrize(
    ("statements", "public"),
    [
        ([everybody()], True),
        ([allow(Principal={"AWS": "*"})], True),
        ([allow(Principal={"AWS": [ROOT, "*"]})], True),
        ([allow(Principal={"AWS": ROOT})], False),
        ([allow(Principal={"Service": "cloudtrail.amazonaws.com"})], False),
        ([deny(Principal="*")], False),
        ([], False),
        ([everybody(**when("StringEquals", "aws:PrincipalOrgID", "o-1"))], False),
        ([everybody(**when("StringEquals", "kms:CallerAccount", ACCOUNT))], False),
        ([everybody(**when("IpAddress", "aws:SourceIp", "10.0.0.0/8"))], False),
        ([everybody(**when("IpAddress", "aws:SourceIp", "0.0.0.0/0"))], Unknown),
        ([everybody(**when("StringLike", "aws:PrincipalArn", "*"))], Unknown),
        ([everybody(**when("StringLike", "aws:PrincipalArn", "*:role/scorer"))], Unknown),
        ([everybody(**when("StringLike", "aws:SourceVpce", "vpce-*"))], Unknown),
        # addresses that every VPC may have
        ([everybody(**when("IpAddress", "aws:VpcSourceIp", "10.0.0.0/8"))], Unknown),
        ([everybody(**when("ArnLike", "aws:SourceArn", "arn:aws:s3:*:*:models"))], False),
        ([everybody(**when("ArnLike", "s3:DataAccessPointArn", f"arn:aws:s3:*:{ACCOUNT}:accesspoint/*"))], False),
        ([everybody(**when("ArnLike", "s3:DataAccessPointArn", "arn:aws:s3:*:*:accesspoint/*"))], Unknown),
        ([everybody(**when("ArnLike", "aws:SourceArn", "arn:aws:cloudtrail:*:*:trail/*"))], Unknown),
        ([everybody(**when("StringNotEquals", "aws:PrincipalOrgID", "o-1"))], Unknown),
        ([everybody(**when("StringEqualsIfExists", "aws:PrincipalOrgID", "o-1"))], Unknown),
        ([everybody(**when("Bool", "aws:SecureTransport", "true"))], True),
        ([everybody(**when("StringEquals", "aws:PrincipalTag/team", "fraud"))], Unknown),
        ([everybody(), deny(Principal="*", **when("StringNotEquals", "aws:PrincipalOrgID", "o-1"))], Unknown),
        ([everybody(), deny(Principal="*")], Unknown),
        ([everybody(), deny(NotPrincipal={"AWS": ROOT})], Unknown),
        ([everybody(), deny("s3:DeleteBucket", Principal="*")], True),
        ([everybody(), deny(Principal="*", **when("Bool", "aws:SecureTransport", "false"))], True),
        ([everybody(), deny(Principal={"AWS": THEIRS})], True),
        ([allow(NotPrincipal={"AWS": ROOT})], Unknown),
        ([allow(Principal={"AWS": PARAMETER})], Unknown),
        ([PARAMETER], Unknown),
        ([OneOf((everybody(), ABSENT))], Unknown),
        ([OneOf((everybody(), allow(Principal={"AWS": "*"})))], True),
    ],
)
def test_who_is_let_in(statements, public):
    subject = key(document(*statements))
    value = key_policy_public(stock(subject), subject).value
    assert value is public if isinstance(public, bool) else isinstance(value, Unknown)


@pytest.mark.parametrize(
    ("fact", "type_name", "path"),
    [
        (bucket_policy_public, "AWS::S3::Bucket", "PolicyDocument"),
        (key_policy_public, "AWS::KMS::Key", "KeyPolicy"),
        (repository_policy_public, "AWS::ECR::Repository", "RepositoryPolicyText"),
        (secret_policy_public, "AWS::SecretsManager::Secret", "ResourcePolicy"),
    ],
)
def test_each_reads_its_own_policy(fact, type_name, path):
    opened = Resource(type_name, "it", {path: document(everybody())}, Origin("test"), ACCOUNT, "us-east-1")
    bare = Resource(type_name, "it", {}, Origin("test"), ACCOUNT, "us-east-1")
    unread = Resource(type_name, "it", {path: PARAMETER}, Origin("test"), ACCOUNT, "us-east-1")
    assert fact(stock(opened), opened).value is True
    assert fact(stock(bare), bare).value is False
    assert fact(stock(unread), unread).value == PARAMETER


@pytest.mark.parametrize(
    ("principal", "accounts"),
    [
        (ROOT, []),
        (THEIRS, [OTHER]),
        ([ROOT, OTHER], [OTHER]),
        (Text(("arn:aws:iam::", Unknown(Kind.DEFERRED, "AWS::AccountId"), ":root")), []),
        (Text(("arn:aws:iam::", PARAMETER, ":root")), [PARAMETER]),
        (PARAMETER, [PARAMETER]),
        ("AIDAEXAMPLE", []),
    ],
)
def test_other_accounts(principal, accounts):
    subject = key(document(allow(Principal={"AWS": principal})))
    assert key_policy_accounts(stock(subject), subject).value == accounts


def test_other_accounts_under_a_condition_or_denied_do_not_count():
    held = allow(Principal={"AWS": THEIRS}, **when("StringEquals", "kms:ViaService", "s3.us-east-1.amazonaws.com"))
    subject = key(document(held, deny(Principal={"AWS": THEIRS})))
    assert key_policy_accounts(stock(subject), subject).value == []


def test_an_account_of_a_template_may_be_its_own():
    subject = key(document(allow(Principal={"AWS": ROOT})), account="")
    (value,) = key_policy_accounts(stock(subject), subject).value
    assert value.kind is Kind.OUTSIDE
