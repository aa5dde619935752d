"""One resource as one line, and back.

A line begins with what tells the resource from all others (type, account, region, id), so that lines sort as bytes and equal
keys are neighbours. ``form`` says how to read it: absent for plain JSON, ``marked`` where special values stand in it as
``values.encode`` writes them, ``exact`` where besides there are values that orjson would change or refuse (an integer beyond 64 bits,
half of a surrogate pair, an infinite number): those lines go through the standard library, both ways.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from typing import Any, Final

import orjson

from auditor.model.resource import Origin, Resource
from auditor.model.values import Unknown, Value, decode, encode

MAX_LINE: Final = 64_000_000
"""Bytes of the longest line that is read."""

_PLAIN: Final = 0
_MARKED: Final = 1
_EXACT: Final = 2
_FORMS: Final = {_MARKED: "marked", _EXACT: "exact", _MARKED | _EXACT: "exact"}
_SIMPLE: Final = frozenset((str, bool, int, type(None)))
_AFTER_HEAD: Final = b',"arn":'
"""Ends the head of a line. It cannot stand in a string before it, where quotes are escaped."""
_NOTHING: Final[dict[str, Any]] = {}


def head_of(resource: Resource) -> bytes:
    """The beginning of a resource's line: what lines are sorted by, and what no two lines of a snapshot share."""
    key = {"type": resource.type, "account": resource.account, "region": resource.region, "id": resource.id}
    try:
        return orjson.dumps(key)[:-1]
    except TypeError:
        return json.dumps(key, separators=(",", ":")).encode()[:-1]


def line_of(resource: Resource) -> bytes:
    """A resource's line with its line end."""
    values: dict[str, Value] = {"properties": _own(resource.properties)}
    if resource.runtime:
        values["runtime"] = _own(resource.runtime)
    if resource.tags:
        values["tags"] = resource.tags if isinstance(resource.tags, Unknown) else _own(resource.tags)
    form = _form(values)
    if form != _PLAIN:
        values = encode(values)
        form |= _form(values) & _EXACT
    rest = {"arn": resource.arn, "origin": _origin_out(resource.origin), **values}
    if resource.origins:
        rest["origins"] = {path: _origin_out(origin) for path, origin in resource.origins.items()}
    head = head_of(resource)
    return b"%b,%b\n" % (head, _rest(rest, form | _form_of_head(head))[1:])


def _rest(rest: dict[str, Value], form: int) -> bytes:
    if form != _PLAIN:
        rest["form"] = _FORMS[form]
    if not form & _EXACT:
        # orjson refuses what is exact, but for numbers that are not finite
        with suppress(TypeError):
            return orjson.dumps(rest, option=orjson.OPT_SORT_KEYS)
        rest["form"] = _FORMS[_EXACT]
    return json.dumps(rest, sort_keys=True, separators=(",", ":")).encode()


def _own(mapping: Mapping[str, Value]) -> dict[str, Value]:
    return mapping if isinstance(mapping, dict) else dict(mapping)


def _form(value: Value) -> int:
    kind = type(value)
    if kind is dict:
        form = _PLAIN
        for key, item in value.items():
            form |= _form(item) if type(item) not in _SIMPLE else _PLAIN
            form |= _MARKED if key[:1] == "$" else _PLAIN
        return form
    if kind is list:
        form = _PLAIN
        for item in value:
            form |= _form(item)
        return form
    if kind is float:
        return _PLAIN if math.isfinite(value) else _EXACT
    return _PLAIN if kind in _SIMPLE else _MARKED


def _form_of_head(head: bytes) -> int:
    # only the standard library writes this escape
    return _EXACT if b"\\ud" in head else _PLAIN


def _origin_out(origin: Origin) -> str | list[str | int]:
    return [origin.where, origin.line, origin.column] if origin.line or origin.column else origin.where


def resource_of(line: bytes) -> Resource:
    """The resource of a line. Raises ``ValueError`` with a reason where it is not one that ``line_of`` writes."""
    try:
        found = _loads(line)
        properties, runtime, tags = found["properties"], found.get("runtime", _NOTHING), found.get("tags", _NOTHING)
        if "form" in found:
            properties, runtime, tags = _decode(found["form"], properties, runtime, tags)
        resource = Resource(
            sys.intern(found["type"]),
            found["id"],
            properties,
            _origin_in(found["origin"]),
            sys.intern(found["account"]),
            sys.intern(found["region"]),
            found["arn"],
            runtime,
            tags,
            _origins_in(found["origins"]) if "origins" in found else _NOTHING,
        )
    except KeyError as error:
        raise ValueError(f"{error.args[0]!r} is missing") from error
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    except (TypeError, AttributeError) as error:
        raise ValueError("not a resource") from error
    if not (type(properties) is type(runtime) is dict and (type(tags) is dict or type(tags) is Unknown)):
        raise ValueError("properties, runtime and tags must be objects")
    if not type(resource.id) is type(resource.arn) is str:
        raise ValueError("id and arn must be text")
    return resource


def _loads(line: bytes) -> Any:
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError:
        if b'"form":"exact"' not in line:
            raise
        return json.loads(line)
    # orjson reads an integer beyond 64 bits as a number with a fraction
    return json.loads(line) if "form" in found and found["form"] == "exact" else found


def _decode(form: str, *values: Value) -> list[Value]:
    if form not in _FORMS.values():
        raise ValueError(f"unknown form {form!r}")
    return [decode(value) for value in values]


def _origin_in(origin: Any) -> Origin:
    return _call(origin) if type(origin) is str else _place(*origin)


@lru_cache(maxsize=4096)
def _call(where: str) -> Origin:
    return Origin(where)


@lru_cache(maxsize=4096)
def _place(where: str, line: int, column: int) -> Origin:
    if not (isinstance(where, str) and isinstance(line, int) and isinstance(column, int)):
        raise TypeError
    return Origin(where, line, column)


def _origins_in(origins: Mapping[str, Any]) -> dict[str, Origin]:
    return {path: _origin_in(origin) for path, origin in origins.items()}


def distinct(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Sorted lines without those of a resource that stood before: a listing that changes while it is paged repeats itself."""
    last = b""
    for line in lines:
        head = line[: line.index(_AFTER_HEAD)]
        if head != last:
            yield line
        last = head
