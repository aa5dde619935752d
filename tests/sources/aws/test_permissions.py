"""The policy that `permissions` prints is what a scan asks for, no less and no more."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace

import pytest

from auditor.sources.aws import collect
from auditor.sources.aws.permissions import operations, policy
from auditor.types import all_types
from tests.sources.aws.conftest import HELD, HERE, QUIET
from tests.sources.aws.wire import Wire, session


def actions(document):
    return [action for statement in document["Statement"] for action in statement["Action"]]


@pytest.mark.parametrize("tags", [False, True])
def test_a_scan_uses_exactly_what_the_policy_allows(account, tags):
    # of what the account holds, everything is asked
    wire, types = Wire(), {name: all_types()[name] for name in HELD if name != "Auditor::Region"}
    # so that everything is asked, whether or not machine learning refers to it
    types = {name: replace(record, everywhere=True) for name, record in types.items()}
    for _ in collect(session(wire), types, [HERE, QUIET], tags=tags):
        pass
    asked = {item.replace(".", ":") for item in wire.asked}
    allowed = operations(types, tags=tags)
    assert asked == set(allowed)
    assert {allowed[operation] for operation in asked} == set(actions(policy(types, tags=tags)))


def test_actions_that_iam_calls_otherwise():
    named = actions(policy(all_types(), tags=True))
    assert {"s3:ListAllMyBuckets", "s3:GetEncryptionConfiguration", "tag:GetResources"} <= set(named)
    assert not {"s3:ListBuckets", "s3:GetBucketEncryption", "resourcegroupstaggingapi:GetResources"} & set(named)


def test_the_policy_follows_the_types():
    read = ["ec2:DescribeRegions", "kms:ListAliases", "sts:GetCallerIdentity"]
    assert policy({"AWS::KMS::Alias": all_types()["AWS::KMS::Alias"]}) == {
        "Version": "2012-10-17",
        "Statement": [{"Sid": "Read", "Effect": "Allow", "Action": read, "Resource": "*"}],
    }


def test_the_policy_is_one_that_iam_takes():
    document = policy(all_types(), tags=True)
    assert actions(document) == sorted(set(actions(document)))
    # the most that all inline policies of a role may hold, in characters without white space:
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    assert len(json.dumps(document, separators=(",", ":"))) <= 10_240


def test_the_policy_is_made_without_boto3():
    program = "import sys, auditor.sources.aws.permissions; sys.exit('boto3' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
