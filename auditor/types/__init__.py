"""Every resource type the auditor knows, one record each, found by looking through this package's modules."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from typing import Final

from auditor.model.resource_type import ResourceType


@cache
def all_types() -> Mapping[str, ResourceType]:
    """The records by type name, in alphabetical order."""
    found: dict[str, ResourceType] = {}
    for module in pkgutil.iter_modules(__path__):
        for value in vars(importlib.import_module(f"{__name__}.{module.name}")).values():
            if isinstance(value, ResourceType):
                found[value.name] = value
    return dict(sorted(found.items()))


_ML_NAMES: Final = ("AWS::SageMaker::", "AWS::Bedrock", "aws_sagemaker_", "aws_bedrock")


def is_machine_learning(type_name: str) -> bool:
    """Whether a type, by CloudFormation's or Terraform's name for it, is one of machine learning, with a record here or without."""
    return type_name.startswith(_ML_NAMES)


@cache
def leaf_types() -> frozenset[str]:
    """Machine learning that no reference names (jobs): a source may hand it out one at a time, however many there are."""
    named = {target for record in all_types().values() for targets in record.references.values() for target in targets}
    return frozenset(name for name, record in all_types().items() if record.ml and name not in named)
