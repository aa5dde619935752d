"""The policy that an ``aws_iam_policy_document`` will be, where it is read only when the plan is applied.

One ARN that is not known yet makes the document's text unknown as a whole. Its statements are in the plan all the same:
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from auditor.model.values import Unknown, Value
from auditor.sources.terraform.overlay import UNTOLD, plain

_LISTS: Final = {"actions": "Action", "not_actions": "NotAction", "resources": "Resource", "not_resources": "NotResource"}
_OTHERS: Final = ("source_json", "override_json", "source_policy_documents", "override_policy_documents")


def policy_document(attributes: Mapping[str, Value]) -> Value:
    """The document, with single values unknown; nothing where other documents are merged into it or a part is not told."""
    statements = attributes.get("statement")
    if any(attributes.get(name) for name in _OTHERS) or not isinstance(statements, list):
        return None
    written = [_statement(item) for item in statements]
    if any(item is None for item in written):
        return None
    return {"Version": plain(attributes.get("version") or "2012-10-17"), "Statement": written}


def _statement(block: Value) -> dict[str, Value] | None:
    if not isinstance(block, dict):
        return None
    written: dict[str, Value] = {"Effect": plain(block.get("effect") or "Allow")}
    if block.get("sid"):
        written["Sid"] = plain(block["sid"])
    written.update({name: plain(block[attribute]) for attribute, name in _LISTS.items() if block.get(attribute)})
    for attribute, name in (("principals", "Principal"), ("not_principals", "NotPrincipal")):
        if block.get(attribute):
            written[name] = _principal(block[attribute])
    if block.get("condition"):
        written["Condition"] = _condition(block["condition"])
    return written


def _principal(blocks: Value) -> Value:
    if not isinstance(blocks, list):
        return _untold(blocks)
    written: dict[str, list[Value]] = {}
    for block in blocks:
        kind, names = (block.get("type"), block.get("identifiers")) if isinstance(block, dict) else (None, None)
        if not isinstance(kind, str) or not isinstance(names, list):
            return _untold(names if isinstance(kind, str) else kind)
        written.setdefault(kind, []).extend(plain(names))
    return "*" if written == {"*": ["*"]} else written


def _condition(blocks: Value) -> Value:
    if not isinstance(blocks, list):
        return _untold(blocks)
    written: dict[str, dict[str, list[Value]]] = {}
    for block in blocks:
        test, name = (block.get("test"), block.get("variable")) if isinstance(block, dict) else (None, None)
        if not isinstance(test, str) or not isinstance(name, str):
            return _untold(name if isinstance(test, str) else test)
        values = plain(block.get("values"))
        written.setdefault(test, {}).setdefault(name, []).extend(values if isinstance(values, list) else [_untold(values)])
    return written


def _untold(value: Value) -> Unknown:
    """Why something cannot be written out."""
    found = plain(value)
    return found if isinstance(found, Unknown) else UNTOLD
