"""Between a source's own shape and CloudFormation's, both ways, driven by a record's schema and names."""

from __future__ import annotations

import base64
import datetime
import json
import re
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from auditor.model import secrets
from auditor.model.paths import At, Where, parse, walk
from auditor.model.resource_type import BOOLEAN, INTEGER, JSON, NUMBER, SCRIPT, STRING, TIMESTAMP, Schema
from auditor.model.values import ABSENT, SPECIAL, OneOf, Value, over

Naming: TypeAlias = Callable[[str], str]

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def same(name: str) -> str:
    """The API's spelling: CloudFormation's own."""
    return name


def snake(name: str) -> str:
    """Terraform's spelling: ``KmsKeyId`` is ``kms_key_id``."""
    return _HUMP.sub("_", name).lower()


def to_declared(
    source: Mapping[str, Value],
    schema: Mapping[str, Schema],
    names: Mapping[str, str],
    naming: Naming = same,
    at: str = "",
) -> dict[str, Value]:
    """The properties of ``schema`` that ``source`` holds, in CloudFormation's shape.

    What the schema does not declare is left out. Scalars are brought to their declared type where that loses nothing ("true" to
    true, "2" to 2, JSON text to its document, base64 to the script in it); anything else stays as it is, for the operators to
    reject. Special values pass through. Secrets are redacted. ``at`` is the path that ``schema`` stands at, for ``names`` and for
    telling secrets by name.
    """
    found: dict[str, Value] = {}
    for name, inner in schema.items():
        path = f"{at}.{name}" if at else name
        place = names.get(path, naming(name))
        value = _lookup(source, place)
        if value is ABSENT or value is None:
            continue
        shaped = _declare(value, inner, names, naming, path)
        # a block that the source does not set apart is there where something of it is
        if shaped is not ABSENT and (place != "." or shaped != {}):
            found[name] = shaped
    return found


_PAIRS: Final = (("Name", "Value"), ("Key", "Value"))


def _lookup(source: Mapping[str, Value], place: str) -> Value:
    if place == ".":
        return source
    place = place.removesuffix("{}")
    if not place:
        return ABSENT
    if place in source:
        return source[place]
    if "." not in place and "[" not in place:
        return ABSENT
    return next((value for _, value in walk(source, place)), ABSENT)


def _declare(value: Value, schema: Schema, names: Mapping[str, str], naming: Naming, path: str) -> Value:
    if isinstance(value, OneOf):
        return over(value, lambda item: item if item is ABSENT else _declare(item, schema, names, naming, path))
    if isinstance(value, SPECIAL):
        return value
    if isinstance(schema, list):
        if names.get(path, "").endswith("{}") and isinstance(value, dict):
            key, content = next(pair for pair in _PAIRS if pair[0] in schema[0])
            value = [{key: name, content: item} for name, item in value.items()]
            return [_declare(item, schema[0], {}, same, f"{path}[]") for item in value]
        items = value if isinstance(value, list) else [value]
        element = f"{path}[]"
        own = names.get(element)
        if own is not None:
            items = [_lookup(item, own) if isinstance(item, dict) else item for item in items]
        items = [_declare(item, schema[0], names, naming, element) for item in items if item is not None and item is not ABSENT]
        # of a command's arguments one may tell what the next is
        return secrets.redact(element, items) if isinstance(schema[0], str) else items
    if isinstance(schema, dict):
        if isinstance(value, list) and len(value) <= 1:
            if not value:
                return ABSENT
            value = value[0]
            if isinstance(value, SPECIAL):
                return value
        if not isinstance(value, dict):
            return value
        if "*" in schema:
            # in the order of a snapshot's lines, so that evidence is the same from both
            keys = sorted(value, key=str)
            return {key: secrets.redact(key, _declare(value[key], schema["*"], names, naming, f"{path}.*")) for key in keys}
        return to_declared(value, schema, names, naming, path)
    return secrets.redact(path, _scalar(value, schema))


_TRUTH: Final = {"true": True, "false": False}


def _scalar(value: Value, schema: str | tuple[str, ...]) -> Value:
    if isinstance(value, datetime.datetime):
        return timestamp(value)
    if schema == BOOLEAN and isinstance(value, str):
        return _TRUTH.get(value.lower(), value)
    if schema in (INTEGER, NUMBER) and isinstance(value, str):
        try:
            return int(value) if schema == INTEGER else float(value)
        except ValueError:
            return value
    if schema == INTEGER and isinstance(value, float) and value.is_integer():
        return int(value)
    if schema in (STRING, TIMESTAMP) or isinstance(schema, tuple):
        if isinstance(value, bool) and isinstance(schema, tuple) and len(schema) == 2:
            # a switch that one source has as a word and another as a truth
            return schema[0] if value else schema[1]
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int | float):
            return str(value)
    if schema == JSON and isinstance(value, str):
        return _document(value)
    if schema == SCRIPT and isinstance(value, str):
        return _script(value)
    return value


def _script(encoded: str) -> str:
    """The text that is ``encoded``, in lines or in one, or that itself where it is not base64. What is no text in it is replaced."""
    try:
        return base64.b64decode("".join(encoded.split()), validate=True).decode("utf-8", "replace")
    except ValueError:
        return encoded


_MAX_DEPTH: Final = 100


def _parsed(text: str) -> Value:
    try:
        return json.loads(text)
    except ValueError:
        # API Gateway escapes the policy of an API once more: https://github.com/hashicorp/terraform-provider-aws/pull/4606
        return json.loads(json.loads(f'"{text}"'))


def _document(text: str) -> Value:
    """The document that ``text`` is, or ``text`` itself: where it is none, or nests deeper than anything that reads it can follow."""
    try:
        document = _parsed(text)
    except (ValueError, RecursionError):
        return text
    level = [document]
    for _ in range(_MAX_DEPTH):
        level = [
            inner
            for item in level
            if isinstance(item, list | dict)
            for inner in (item.values() if isinstance(item, dict) else item)
        ]
        if not level:
            return document
    return text


def timestamp(moment: datetime.datetime) -> str:
    """``moment`` as ISO 8601 in UTC, to the second (2026-11-24T08:00:00Z)."""
    moment = moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
    return moment.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def from_declared(
    properties: Mapping[str, Value],
    schema: Mapping[str, Schema],
    names: Mapping[str, str],
    naming: Naming = same,
    *,
    blocks_as_lists: bool = False,
    json_as_text: bool = False,
    at: str = "",
) -> dict[str, Value]:
    """The inverse of ``to_declared``: ``properties`` in the source's own shape.

    Serves generated fixes and the test that one rule gives one verdict on every source. ``blocks_as_lists`` writes a block as
    Terraform does; ``json_as_text`` writes documents as text.
    """
    written: dict[str, Value] = {}
    for name, value in properties.items():
        inner = schema.get(name)
        path = f"{at}.{name}" if at else name
        place = names.get(path, naming(name))
        if inner is None or value is ABSENT or not place:
            continue
        if place.endswith("{}") and isinstance(value, list) and isinstance(inner, list):
            key, content = next(pair for pair in _PAIRS if pair[0] in inner[0])
            _place(written, place.removesuffix("{}"), {item[key]: item.get(content) for item in value})
            continue
        raw = _undeclare(value, inner, names, naming, blocks_as_lists, json_as_text, path)
        if place == ".":
            written.update(raw[0] if isinstance(raw, list) else raw)
        else:
            _place(written, place, raw)
    return written


def _undeclare(
    value: Value, schema: Schema, names: Mapping[str, str], naming: Naming, blocks: bool, text: bool, path: str
) -> Value:
    if isinstance(value, SPECIAL):
        return value
    if isinstance(schema, list) and isinstance(value, list):
        element = f"{path}[]"
        items = [_undeclare(item, schema[0], names, naming, blocks, text, element) for item in value]
        # inside a list each element is already a block of its own
        items = [item[0] if blocks and isinstance(item, list) and isinstance(schema[0], dict) else item for item in items]
        own = names.get(element)
        if own is None:
            return items
        placed: list[Value] = []
        for item in items:
            holder: dict[str, Value] = {}
            _place(holder, own, item)
            placed.append(holder)
        return placed
    if isinstance(schema, dict) and isinstance(value, dict):
        if "*" in schema:
            return {key: _undeclare(item, schema["*"], names, naming, blocks, text, f"{path}.*") for key, item in value.items()}
        block = from_declared(value, schema, names, naming, blocks_as_lists=blocks, json_as_text=text, at=path)
        return [block] if blocks else block
    if schema == JSON and text and not isinstance(value, str):
        return json.dumps(value)
    if schema == SCRIPT and isinstance(value, str):
        return base64.b64encode(value.encode("utf-8")).decode("ascii")
    return value


def _place(holder: dict[str, Value], place: str, value: Value) -> None:
    steps = parse(place)
    for step, following in zip(steps, (*steps[1:], None), strict=True):
        if isinstance(step, str):
            if following is None:
                holder[step] = value
            elif isinstance(following, str):
                holder = holder.setdefault(step, {})
            else:
                element: dict[str, Value] = {}
                if isinstance(following, Where):
                    element[following.key] = _TRUTH.get(following.value, following.value)
                holder.setdefault(step, []).append(element)
                holder = element
        elif not isinstance(step, At | Where):
            raise ValueError(f"cannot write to every element: {place}")
