"""Roles, policies and an account to keep them in."""

import datetime

from auditor.model.inventory import Inventory, SourceKind
from auditor.model.resource import GLOBAL, Origin, Resource
from auditor.types import all_types

ACCOUNT = "111122223333"


def allow(action="*", resource="*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action="*", resource="*", **more):
    return {**allow(action, resource, **more), "Effect": "Deny"}


def document(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def inline(*statements):
    return {"PolicyName": "inline", "PolicyDocument": document(*statements)}


def role(**properties):
    return Resource("AWS::IAM::Role", "role", {"RoleName": "role", **properties}, Origin("test"), ACCOUNT, GLOBAL)


def managed(name, *statements, **properties):
    declared = {"ManagedPolicyName": name, "PolicyDocument": document(*statements), **properties}
    arn = f"arn:aws:iam::{ACCOUNT}:policy/{name}"
    return Resource("AWS::IAM::ManagedPolicy", name, declared, Origin("test"), ACCOUNT, GLOBAL, arn)


def stock(*resources, kind=SourceKind.LIVE, gaps=()):
    now = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    return Inventory(kind, "test", all_types(), now, list(resources), gaps=list(gaps), read=frozenset([(ACCOUNT, GLOBAL)]))
