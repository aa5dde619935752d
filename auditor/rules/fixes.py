"""How to repair what a rule found: as its author wrote it, and as CloudFormation and Terraform would have it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Final

import yaml

from auditor.files.yaml import Node
from auditor.model.resource_type import Fold, ResourceType, Terraform
from auditor.model.shape import from_declared, snake
from auditor.model.values import Value
from auditor.rules.document import Document
from auditor.rules.fitting import Fitting

KINDS: Final[tuple[str, ...]] = ("text", "cli", "console")
"""What an author may write; ``set`` besides, from which the others are generated."""


def read_fix(document: Document, node: Node, record: ResourceType) -> tuple[dict[str, str], dict[str, Value]]:
    """The texts of ``fix`` by kind, and the properties of its ``set``.

    Raises ``InputError`` for a property that the record's schema does not have, or a value that does not fit it.
    """
    entries = document.entries(node, "fix", ("text",), (*KINDS[1:], "set"))
    texts = {kind: document.word(entries[kind], kind) for kind in KINDS if kind in entries}
    if "set" not in entries:
        return texts, {}
    settings = entries["set"]
    Fitting(document).properties(settings, record.properties, record.name)
    properties = {str(key.content): value.plain_value() for key, value in settings.pairs}
    texts |= generated(properties, record)
    return texts, properties


def generated(properties: Mapping[str, Value], record: ResourceType) -> dict[str, str]:
    """The properties as a piece of a CloudFormation template and of a Terraform configuration, where these have the type."""
    written: dict[str, str] = {}
    if record.cloudformation:
        written["cloudformation"] = _cloudformation(properties, record)
    if record.terraform is not None and (text := _terraform(properties, record, record.terraform)):
        written["terraform"] = text
    return written


def _cloudformation(properties: Mapping[str, Value], record: ResourceType) -> str:
    resource = {"Type": record.name, "Properties": dict(properties)}
    text: str = yaml.safe_dump({record.name.rpartition(":")[2]: resource}, sort_keys=False, allow_unicode=True, width=120)
    return text


def _terraform(properties: Mapping[str, Value], record: ResourceType, terraform: Terraform) -> str:
    folds = {fold.into: fold for fold in terraform.folds}
    blocks = [_satellite(folds[name], value, record, terraform) for name, value in properties.items() if name in folds]
    own = {name: value for name, value in properties.items() if name not in folds}
    attributes = from_declared(own, record.properties, terraform.names, snake, blocks_as_lists=True, json_as_text=True)
    if attributes:
        blocks.insert(0, _resource(terraform.type, attributes))
    return "\n".join(blocks)


def _satellite(fold: Fold, value: Mapping[str, Value], record: ResourceType, terraform: Terraform) -> str:
    schema = record.properties[fold.into]
    if "" in fold.names:
        whole = ({"It": value}, {"It": schema}, {"It": fold.names[""]})
        inner = from_declared(*whole, snake, blocks_as_lists=True, json_as_text=True)
    else:
        inner = from_declared(value, schema, fold.names, snake, blocks_as_lists=True, json_as_text=True)  # type: ignore[arg-type]
    return _resource(fold.type, inner, {fold.owner: f"{terraform.type}.example.id"})


def _resource(kind: str, attributes: Mapping[str, Value], expressions: Mapping[str, str] | None = None) -> str:
    plain = [f"  {name} = {text}" for name, text in (expressions or {}).items()]
    return "\n".join((f'resource "{kind}" "example" {{', *plain, *_hcl(attributes, "  "), "}", ""))


def _hcl(attributes: Mapping[str, Value], indent: str) -> Iterator[str]:
    for name, value in attributes.items():
        if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
            for item in value:
                yield f"{indent}{name} {{"
                yield from _hcl(item, indent + "  ")
                yield f"{indent}}}"
        else:
            yield f"{indent}{name} = {_hcl_value(value)}"


def _hcl_value(value: Value) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_hcl_value(item) for item in value)}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{_hcl_value(key)} = {_hcl_value(item)}' for key, item in value.items())} }}"
    text = json.dumps(value, ensure_ascii=False)
    return text.replace("${", "$${").replace("%{", "%%{") if isinstance(value, str) else text
