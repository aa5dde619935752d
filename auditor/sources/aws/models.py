"""botocore's service models, cut down to what a session may ask: a scan asks a few of the operations of dozens of services.

Whole, they would take most of the time and memory of reading a small account.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import orjson
from botocore.loaders import JSONFileLoader, Loader, create_loader

_MODEL: Final = "service-2"
_READERS: Final[Mapping[str, Callable[[bytes], bytes]]] = {".json": bytes, ".json.gz": gzip.decompress}


def loader(search_path: str | None, operations: Iterable[str]) -> Loader:
    """What botocore calls ``data_loader``, for these ``operations`` (``service:Operation``); ``search_path`` is its ``data_path``."""
    made = create_loader(search_path)
    made.file_loader = _Models(operations)
    return made


class _Models(JSONFileLoader):  # type: ignore[misc]  # botocore has no types
    def __init__(self, operations: Iterable[str]) -> None:
        named: dict[str, set[str]] = {}
        for operation in operations:
            service, name = operation.split(":")
            named.setdefault(service, set()).add(name)
        self._named = {service: frozenset(names) for service, names in named.items()}

    def load_file(self, file_path: str) -> Any:
        """The content of a file named without its suffix, or nothing where there is none."""
        path = Path(file_path)
        if path.name != _MODEL:
            return _whole(path)
        # …/<service>/<version>/service-2
        return _cut(path, self._named.get(path.parts[-3], frozenset()))


@cache
def _whole(path: Path) -> Any:
    return _read(path)


@cache
def _cut(path: Path, names: frozenset[str]) -> Any:
    model = _read(path)
    return None if model is None else cut(model, names)


def _read(path: Path) -> Any:
    for suffix, unpacked in _READERS.items():
        file = path.with_name(path.name + suffix)
        if file.is_file():
            return orjson.loads(unpacked(file.read_bytes()))
    return None


def cut(model: Mapping[str, Any], names: frozenset[str]) -> dict[str, Any]:
    """A service model with only the operations of these ``names`` and the shapes that they need, without documentation."""
    operations = {name: _silent(item) for name, item in model["operations"].items() if name in names}
    shapes: dict[str, Any] = {}
    waiting = [item["shape"] for operation in operations.values() for item in _roots(operation)]
    while waiting:
        name = waiting.pop()
        if name not in shapes:
            shapes[name] = _silent(model["shapes"][name])
            waiting += [item["shape"] for item in _parts(shapes[name])]
    return {**model, "operations": operations, "shapes": shapes}


def _roots(operation: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [operation[key] for key in ("input", "output") if key in operation] + list(operation.get("errors", ()))


def _parts(shape: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [shape[key] for key in ("member", "key", "value") if key in shape] + list(shape.get("members", {}).values())


def _silent(item: Mapping[str, Any]) -> dict[str, Any]:
    found = {key: value for key, value in item.items() if key != "documentation"}
    if "members" in found:
        found["members"] = {name: _silent(part) for name, part in found["members"].items()}
    return found
