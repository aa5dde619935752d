"""The policy that `permissions` prints is what a scan asks for, no less and no more."""

from __future__ import annotations

import json
import subprocess
import sys

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
    document = policy({"AWS::KMS::Key": all_types()["AWS::KMS::Key"]})
    assert document == {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": "ReadEc2", "Effect": "Allow", "Action": ["ec2:DescribeRegions"], "Resource": "*"},
            {"Sid": "ReadKms", "Effect": "Allow", "Action": ["kms:DescribeKey", "kms:ListKeys"], "Resource": "*"},
            {"Sid": "ReadSts", "Effect": "Allow", "Action": ["sts:GetCallerIdentity"], "Resource": "*"},
        ],
    }


def test_the_policy_is_one_that_iam_takes():
    document = policy(all_types(), tags=True)
    sids = [statement["Sid"] for statement in document["Statement"]]
    assert all(sid.isalnum() for sid in sids)
    assert len(set(sids)) == len(sids)
    assert actions(document) == sorted(set(actions(document)))
    # the longest that a managed policy may be, in characters without white space:
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    assert len(json.dumps(document, separators=(",", ":"))) <= 6144


def test_the_policy_is_made_without_boto3():
    program = "import sys, auditor.sources.aws.permissions; sys.exit('boto3' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
