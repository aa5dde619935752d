"""Small accounts and templates for the facts about monitoring."""

import datetime

from auditor.model.inventory import Inventory, SourceKind
from auditor.model.resource import Origin, Resource
from auditor.types import all_types

ACCOUNT, REGION = "111122223333", "eu-west-1"
SAGEMAKER = "AWS::SageMaker::"


def thing(type_name, name, runtime=None, **properties):
    return Resource(type_name, name, properties, Origin("test"), ACCOUNT, REGION, runtime=runtime or {})


def world(*resources, kind=SourceKind.LIVE, gaps=(), conditions=None):
    now, read = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC), frozenset([(ACCOUNT, REGION)])
    return Inventory(kind, "test", all_types(), now, list(resources), gaps=list(gaps), read=read, conditions=conditions or {})
