"""Whether values as somebody wrote them fit a resource type's schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from auditor.files.errors import closest
from auditor.files.yaml import Node
from auditor.model.resource_type import JSON, Schema
from auditor.rules.document import Document
from auditor.rules.language import describe
from auditor.rules.operators import fit_of


@dataclass(frozen=True, slots=True)
class Fitting:
    """Checks the values of one document. ``special`` lets ``{$unknown: …}`` and its like stand for any value."""

    document: Document
    special: bool = False

    def properties(self, node: Node, schema: Mapping[str, Schema], path: str) -> None:
        """Raises ``InputError`` where a mapping of properties, as written, does not fit ``schema``."""
        if node.kind != "mapping":
            raise self.document.error(node, "a mapping expected", path)
        for key, value in node.pairs:
            name = str(key.content)
            inner = schema.get(name, schema.get("*"))
            if inner is None:
                raise self.document.error(key, f"{path} has no property '{name}'{closest(name, set(schema))}")
            self.value(value, inner, f"{path}.{name}")

    def value(self, node: Node, schema: Schema, path: str) -> None:
        """Raises ``InputError`` where a value, as written, does not fit ``schema``."""
        if schema == JSON or (self.special and any(str(key.content).startswith("$") for key, _ in node.pairs)):
            return
        if isinstance(schema, list):
            for item in self.document.elements(node, path):
                self.value(item, schema[0], f"{path}[]")
        elif isinstance(schema, dict):
            self.properties(node, schema, path)
        else:
            self._scalar(node, schema, path)

    def _scalar(self, node: Node, schema: str | tuple[str, ...], path: str) -> None:
        if node.kind != "scalar" or not fit_of(schema).has(value := node.scalar()):
            raise self.document.error(node, f"{describe(schema)} expected", path)
        if isinstance(schema, tuple) and value not in schema:
            raise self.document.error(node, f"'{value}' is not {describe(schema)}{closest(str(value), schema)}", path)
