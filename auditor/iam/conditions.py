"""Whom the condition of a statement keeps out, and what."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from auditor.iam.documents import Statement
from auditor.model.truth import Truth, any_of, in_each
from auditor.model.values import Text, Unknown, Value

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


def is_tls(condition: Value, wanted: str, *, alone: bool) -> Truth:
    """Whether a condition holds only where ``aws:SecureTransport`` is ``wanted`` (``true`` or ``false``).

    ``alone``: and wherever it is, for nothing else is asked.
    """
    if isinstance(condition, Unknown):
        return condition
    if not isinstance(condition, dict) or (alone and len(condition) != 1):
        return False
    blocks = (block for operator, block in condition.items() if operator.lower() in ("bool", "boolifexists"))
    return any_of(_is_block_of_tls(block, wanted, alone=alone) for block in blocks)


def _is_block_of_tls(block: Value, wanted: str, *, alone: bool) -> Truth:
    if not isinstance(block, dict):
        return block if isinstance(block, Unknown) else False
    if alone and len(block) != 1:
        return False
    found = (values for key, values in block.items() if key.lower() == "aws:securetransport")
    return any_of(in_each(values, lambda one: _says(one, wanted)) for values in found)


def _says(values: Value, wanted: str) -> Truth:
    listed = values if isinstance(values, list) else [values]
    return len(listed) == 1 and in_each(listed[0], lambda one: one if isinstance(one, Unknown) else str(one).lower() == wanted)


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
