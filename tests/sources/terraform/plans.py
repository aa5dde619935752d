"""Small plans in Terraform's own form, for tests: from attributes, or from declared properties."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from auditor.model.inventory import Inventory
from auditor.model.resource_type import ResourceType
from auditor.model.shape import from_declared, snake
from auditor.model.values import ABSENT, Reference, Unknown, Value
from auditor.sources.terraform import read_plan
from auditor.types import all_types

ESTATE = Path(__file__).parent / "estate" / "plan.json"


def resource(
    address: str,
    values: Mapping[str, Any] | None = None,
    *,
    unknown: Any = None,
    sensitive: Any = None,
    expressions: Mapping[str, Any] | None = None,
    key: str | int | None = None,
    **block: Any,
) -> dict[str, Any]:
    """One resource of a plan's root module. ``block`` adds to its block of the configuration; ``key`` is its instance's."""
    kind, _, name = address.rpartition("data.")[2].partition(".")
    mode = "data" if address.startswith("data.") else "managed"
    full = address if key is None else f"{address}[{json.dumps(key)}]"
    same = {"type": kind, "name": name, "mode": mode}
    return {
        "planned": {**same, "address": full, "values": values or {}} | ({} if key is None else {"index": key}),
        "change": {
            **same,
            "address": full,
            "change": {"actions": ["create"], "after_unknown": unknown or {}, "after_sensitive": sensitive or {}},
        },
        "block": {**same, "address": address, "provider_config_key": "aws", "expressions": expressions or {}, **block},
    }


def plan(*resources: dict[str, Any], **others: Any) -> dict[str, Any]:
    """A plan of these resources. ``others`` replace its top-level keys; one that is nothing is left out."""
    blocks = {item["block"]["address"]: item["block"] for item in resources}
    written = {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {"root_module": {"resources": [item["planned"] for item in resources]}},
        "resource_changes": [item["change"] for item in resources],
        "configuration": {"provider_config": {}, "root_module": {"resources": list(blocks.values())}},
        "timestamp": "2026-11-24T08:00:00Z",
        "errored": False,
        **others,
    }
    return {key: value for key, value in written.items() if value is not None}


def read(document: Any, folder: Path) -> Inventory:
    """What ``read_plan`` makes of a document, put into ``folder``."""
    path = folder / "plan.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    return read_plan(path, all_types())


def properties(inventory: Inventory, address: str) -> Mapping[str, Value]:
    """The properties of the resource at an address."""
    return next(item.properties for item in inventory if item.id == address)


def mention(name: str) -> dict[str, list[str]]:
    """The expression of a plain reference, with the beginnings of it that Terraform lists too."""
    parts = name.split(".")
    return {"references": [".".join(parts[:count]) for count in range(len(parts), 1, -1)]}


def declared(record: ResourceType, name: str, declaration: Mapping[str, Value]) -> dict[str, Any]:
    """A resource of a plan with these declared properties; a ``Reference`` or ``Unknown`` among them is known after apply."""
    assert record.terraform is not None
    written = from_declared(
        declaration, record.properties, record.terraform.names, snake, blocks_as_lists=True, json_as_text=True
    )
    values, unknown, expressions = _block(written)
    return resource(f"{record.terraform.type}.{name}", values, unknown=unknown, expressions=expressions)


def _block(written: Mapping[str, Value]) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    values: dict[str, Any] = {}
    unknown: dict[str, Any] = {}
    expressions: dict[str, Any] = {}
    for name, value in written.items():
        if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
            values[name], unknown[name], expressions[name] = map(list, zip(*map(_block, value), strict=True))
        elif value is not ABSENT:
            values[name], unknown[name] = _split(value)
            names = list(dict.fromkeys(_mentioned(value)))
            expressions[name] = {"references": names} if names else {"constant_value": value}
            if unknown[name] is True:
                del values[name]
    return values, unknown, expressions


def _split(value: Value) -> tuple[Any, Any]:
    if isinstance(value, Reference | Unknown):
        return None, True
    if isinstance(value, list):
        pairs = [_split(item) for item in value]
        return [item for item, _ in pairs], [mask for _, mask in pairs]
    if isinstance(value, dict):
        split = {key: _split(item) for key, item in value.items()}
        known = {key: item for key, (item, mask) in split.items() if mask is not True}
        return known, {key: mask for key, (_, mask) in split.items() if mask}
    return value, False


def _mentioned(value: Value) -> list[str]:
    if isinstance(value, Reference):
        return mention(f"{value.target}.{value.attribute}" if value.attribute else value.target)["references"]
    if isinstance(value, Unknown):
        return ["local.unknown"]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [name for item in inner for name in _mentioned(item)]
