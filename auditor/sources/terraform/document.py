"""The plan's JSON: read within bounds, checked to be a plan, and its resources with what is planned for each."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import orjson

from auditor.files.errors import InputError
from auditor.files.reading import read_bytes

MAX_BYTES: Final = 200_000_000
MAX_DEPTH: Final = 200
"""Levels of nested values. Twenty modules inside one another take sixty."""
MAX_MODULES: Final = 50
"""Modules inside one another."""
MAX_ADDRESS: Final = 10_000
"""Characters of a module's address."""

_HOW: Final = "write it with: terraform show -json PLAN"
_ADDRESS: Final = re.compile(rb'"address"\s*:\s*("(?:[^"\\\n]|\\.)*")')
_NOTHING: Final[Mapping[str, Any]] = {}


@dataclass(frozen=True, slots=True)
class Planned:
    """One instance of a resource as it will be, or of a data source that is read only when the plan is applied.

    ``unknown`` and ``sensitive`` are masks over ``values``: true where a value (and all in it) is known only after apply, or is
    sensitive. ``unknown`` is nothing where the plan does not tell.
    """

    address: str
    module: str
    type: str
    name: str
    key: str | int | None
    values: Mapping[str, Any]
    unknown: Any
    sensitive: tuple[Any, ...]
    data: bool = False


@dataclass(slots=True)
class Document:
    """A plan as it stands in its file."""

    file: str
    content: Mapping[str, Any]
    text: bytes = field(repr=False)
    _places: dict[str, tuple[int, int]] | None = None

    def place_of(self, address: str) -> tuple[int, int]:
        """Line and column where a resource's address stands first; zeros for a plan on a single line, as Terraform writes it."""
        if self._places is None:
            self._places = _places(self.text)
        return self._places.get(address, (0, 0))

    def planned(self) -> Iterator[Planned]:
        """Everything planned, in the plan's order. Raises ``InputError`` where the plan is malformed."""
        changes = self._changes()
        seen: set[str] = set()
        for module, place, resource in self._resources():
            planned = self._planned(resource, module, place, changes)
            if planned.address in seen:
                raise InputError("this address stands twice", file=self.file, key=planned.address)
            seen.add(planned.address)
            yield planned

    def changed_types(self) -> frozenset[str]:
        """The types of which the plan changes or deletes a resource that is there already."""
        changes = [mapping(item) for item in self.content.get("resource_changes") or ()]
        return frozenset(
            str(item.get("type"))
            for item in changes
            if isinstance(actions := mapping(item.get("change")).get("actions"), list)
            and {"update", "delete"} & {*map(str, actions)}
        )

    def _resources(self) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
        place = "planned_values"
        values = self._get(self.content, place, dict, "")
        modules = [("", f"{place}.root_module", self._get(values, "root_module", dict, place, optional=True))]
        while modules:
            address, place, module = modules.pop(0)
            for index, resource in enumerate(self._get(module, "resources", list, place, optional=True)):
                yield address, f"{place}.resources[{index}]", self._is(resource, dict, f"{place}.resources[{index}]")
            for index, child in enumerate(self._get(module, "child_modules", list, place, optional=True)):
                inner = f"{place}.child_modules[{index}]"
                child = self._is(child, dict, inner)
                address = self._get(child, "address", str, inner)
                if address.count("module.") > MAX_MODULES or len(address) > MAX_ADDRESS:
                    raise InputError(
                        f"more than {MAX_MODULES} modules inside one another, or {MAX_ADDRESS:,} characters of address",
                        file=self.file,
                        key=f"{inner}.address",
                    )
                modules.append((address, inner, child))

    def _planned(
        self, resource: Mapping[str, Any], module: str, place: str, changes: Mapping[str, Mapping[str, Any]]
    ) -> Planned:
        address = self._get(resource, "address", str, place)
        change = changes.get(address)
        key = resource.get("index")
        return Planned(
            address,
            module,
            self._get(resource, "type", str, place),
            self._get(resource, "name", str, place),
            key if isinstance(key, str | int) and not isinstance(key, bool) else None,
            self._get(resource, "values", dict, place, optional=True),
            None if change is None else change.get("after_unknown"),
            (resource.get("sensitive_values"), None if change is None else change.get("after_sensitive")),
            data=resource.get("mode") == "data",
        )

    def _changes(self) -> dict[str, Mapping[str, Any]]:
        found: dict[str, Mapping[str, Any]] = {}
        for index, item in enumerate(self._get(self.content, "resource_changes", list, "", optional=True)):
            place = f"resource_changes[{index}]"
            item = self._is(item, dict, place)
            if not item.get("deposed"):
                found[self._get(item, "address", str, place)] = self._get(item, "change", dict, place)
        return found

    def _get(self, holder: Mapping[str, Any], key: str, kind: type, place: str, *, optional: bool = False) -> Any:
        value = holder.get(key)
        if value is None and optional:
            return kind()
        return self._is(value, kind, f"{place}.{key}" if place else key)

    def _is(self, value: Any, kind: type, place: str) -> Any:
        if not isinstance(value, kind):
            raise InputError(f"{_KINDS[kind]} expected, found {_kind(value)}", file=self.file, key=place)
        return value


def mapping(value: Any) -> Mapping[str, Any]:
    """``value`` where it is a mapping, an empty one otherwise: for the parts of a plan that only add to what is known."""
    return value if isinstance(value, dict) else _NOTHING


def looks_like_plan(document: object) -> bool:
    """Whether a parsed JSON document is a plan (rather than a state, or a template)."""
    return isinstance(document, dict) and "format_version" in document and "planned_values" in document


def read_document(path: Path) -> Document:
    """The plan in ``path``. Raises ``InputError`` where it is none, is of another major version, or its planning failed."""
    file = str(path)
    text = read_bytes(path, MAX_BYTES).removeprefix(b"\xef\xbb\xbf")
    try:
        content = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        if text[:2] == b"PK":
            raise InputError(f"a plan in Terraform's own binary form; {_HOW}", file=file) from error
        raise InputError(f"not JSON: {error.msg}", file=file, line=error.lineno, column=error.colno) from error
    _check(content, file)
    return Document(file, content, text)


def _check(content: object, file: str) -> None:
    if not isinstance(content, dict):
        raise InputError(f"not a plan but {_kind(content)}; {_HOW}", file=file)
    if not looks_like_plan(content):
        raise InputError(f"{_other(content)}; {_HOW}", file=file)
    version = content["format_version"]
    if not isinstance(version, str) or version.split(".")[0] not in ("0", "1"):
        raise InputError(f"version 0 or 1 of the plan format expected, found {version!r:.40}", file=file, key="format_version")
    # an incomplete plan is read: what it defers to a later round is outside it, as anything is that a plan does not hold
    if content.get("errored") is True:
        raise InputError("planning failed, so this is only part of a plan; mend the configuration and plan again", file=file)
    if _too_deep(content):
        raise InputError(f"nested deeper than {MAX_DEPTH} levels", file=file)


def _other(content: Mapping[str, Any]) -> str:
    if "serial" in content and "lineage" in content:
        return "a state file, not a plan"
    if "format_version" in content and "values" in content:
        return "a state as JSON, not a plan"
    if content.get("format_version") is not None:
        return "the plan has no planned_values"
    return "not a plan: it has no format_version"


def _too_deep(content: object) -> bool:
    level = [content]
    for _ in range(MAX_DEPTH):
        level = [
            inner
            for item in level
            for inner in (item.values() if isinstance(item, dict) else item if isinstance(item, list) else ())
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return True


def _places(text: bytes) -> dict[str, tuple[int, int]]:
    breaks = [match.start() for match in re.finditer(b"\n", text)]
    found: dict[str, tuple[int, int]] = {}
    for match in _ADDRESS.finditer(text) if len(breaks) > 1 else ():
        try:
            address = orjson.loads(match[1])
        except orjson.JSONDecodeError:
            continue
        before = bisect_left(breaks, match.start())
        found.setdefault(address, (before + 1, match.start() - (breaks[before - 1] if before else -1)))
    return found


_KINDS: Final[Mapping[type, str]] = {
    dict: "a mapping",
    list: "a list",
    str: "text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    type(None): "nothing",
}


def _kind(value: object) -> str:
    return _KINDS[type(value)]
