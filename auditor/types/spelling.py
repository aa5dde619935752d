"""How the newer APIs spell their members."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from auditor.model.resource_type import Schema


def camel(properties: Mapping[str, Schema]) -> dict[str, str]:
    """``Live.names`` for an API whose members all begin with a small letter: every path of ``properties``, and its name there."""
    return {path: name[0].lower() + name[1:] for path, name in _paths(properties, "")}


def _paths(schema: Schema | Mapping[str, Schema], at: str) -> Iterator[tuple[str, str]]:
    if isinstance(schema, list):
        yield from _paths(schema[0], f"{at}[]")
    elif isinstance(schema, Mapping) and "*" not in schema:
        for name, inner in schema.items():
            path = f"{at}.{name}" if at else name
            yield path, name
            yield from _paths(inner, path)
