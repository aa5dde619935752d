"""Whether a file system's policy asks for TLS."""

import pytest

from auditor.model.resource import Origin, Resource
from auditor.model.values import ABSENT, Kind, Unknown
from auditor.network.transport import tls_required

PARAMETER = Unknown(Kind.DEFERRED, "a parameter")
MOUNT = {"Effect": "Allow", "Principal": "*", "Action": "elasticfilesystem:ClientMount"}
PLAIN = {"Bool": {"aws:SecureTransport": "false"}}
REFUSE = {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "*", "Condition": PLAIN}
TLS = {"Condition": {"Bool": {"aws:SecureTransport": "true"}}}


@pytest.mark.parametrize(
    ("statements", "required"),
    [
        ([MOUNT], False),
        ([MOUNT, REFUSE], True),
        ([MOUNT, REFUSE | {"Action": ["elasticfilesystem:Client*"]}], True),
        ([MOUNT, REFUSE | {"Action": "elasticfilesystem:ClientWrite"}], False),
        ([MOUNT, REFUSE | {"Principal": {"AWS": "arn:aws:iam::111122223333:root"}}], False),
        ([MOUNT, REFUSE | {"Condition": {"Bool": {"aws:SecureTransport": ["false"]}}}], True),
        ([MOUNT, REFUSE | {"Condition": {"Bool": {"aws:SecureTransport": False}}}], True),
        ([MOUNT, REFUSE | {"Condition": {"Bool": {"aws:SecureTransport": "true"}}}], False),
        # holds only where something else does, too
        ([MOUNT, REFUSE | {"Condition": {**PLAIN, "StringEquals": {"aws:PrincipalTag/team": "x"}}}], False),
        ([MOUNT | TLS], True),
        ([MOUNT | TLS, MOUNT], False),
        ([], False),
        ([MOUNT, PARAMETER], Kind.DEFERRED),
        ([MOUNT, REFUSE | {"Condition": {"Bool": PARAMETER}}], Kind.DEFERRED),
        ([MOUNT, REFUSE | {"Condition": {"Bool": {"aws:SecureTransport": [PARAMETER]}}}], Kind.DEFERRED),
        ([REFUSE, PARAMETER], True),
    ],
)
def test_statements(statements, required):
    assert told({"Statement": statements}) is required


@pytest.mark.parametrize(("policy", "required"), [(ABSENT, False), (PARAMETER, Kind.DEFERRED)])
def test_policies(policy, required):
    assert told(policy) is required


def told(policy):
    found = tls_required(None, Resource("AWS::EFS::FileSystem", "fs-1", {"FileSystemPolicy": policy}, Origin("test"))).value
    return found.kind if isinstance(found, Unknown) else found
