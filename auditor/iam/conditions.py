"""Whom the condition of a statement keeps out."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from auditor.iam.documents import Statement
from auditor.model.values import Text, Value

# an operator that holds where the key is missing, or holds for all but some, keeps nobody out
_LOOSE: Final = re.compile(r"not|null|ifexists|forallvalues")
_ANYBODY: Final = re.compile(r"(?:[*?].*)?|0\.0\.0\.0/0|::/0|(?:o|vpce?)-[*?].*")
_ARN: Final = re.compile(r"arn:[^:]*:(?P<service>[^:]*):[^:]*:(?P<account>[^:]*):(?P<resource>.*)", re.DOTALL)


def keeps_to(part: Statement, keys: Collection[str]) -> bool:
    """Whether a statement holds only where one of ``keys``, in small letters, has a value that it names.

    A value that begins with a wildcard names nobody, nor does an ARN of any account; what a template leaves to a parameter names
    somebody.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
    """
    return any(
        key in keys and not _LOOSE.search(operator) and not any(_is_anybody(value) for value in values)
        for operator, key, values in part.conditions()
    )


def _is_anybody(value: Value) -> bool:
    if isinstance(value, Text):
        value = "".join(part if isinstance(part, str) else "(name)" for part in value.parts)
    if not isinstance(value, str):
        return False
    arn = _ARN.fullmatch(value)
    if arn is None:
        return _ANYBODY.fullmatch(value) is not None
    account, resource = arn["account"], arn["resource"]
    if arn["service"] == "s3" and not resource.startswith(("*", "accesspoint/")):
        # a bucket's name is enough: no two accounts have the same
        return False
    return not account.strip("*?") and (account != "" or resource.startswith("*"))
