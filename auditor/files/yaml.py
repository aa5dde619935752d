"""YAML and JSON text as a tree of nodes that know their place, read within bounds.

PyYAML's own tree builder recurses as deep as the file nests and expands aliases without limit; this one is built from libyaml's
events, iteratively, and stops at fixed bounds. Tags are kept for the reader to interpret; none constructs anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import yaml

from auditor.files.errors import InputError
from auditor.files.reading import read_bytes

MAX_BYTES: Final = 20_000_000
MAX_DEPTH: Final = 100
MAX_NODES: Final = 1_000_000
"""Nodes of a document with its aliases written out."""

_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?")
_TRUE = frozenset(("true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"))
_FALSE = frozenset(("false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"))
_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_SURROGATES = re.compile(r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")
_LEADING_TABS = re.compile(r"^[ \t]*\t[ \t]*", re.MULTILINE)


@dataclass(slots=True)
class Node:
    """One value of a document and the place where it begins (line and column from 1).

    ``content`` is the text of a scalar, the list of a sequence's nodes, or the list of a mapping's (key, value) nodes. ``tag`` is
    the explicit tag (``!Sub``), empty where there is none. ``plain`` marks an unquoted scalar.
    """

    content: str | list[Node] | list[tuple[Node, Node]]
    kind: str
    line: int
    column: int
    tag: str = ""
    plain: bool = False
    size: int = 1

    @property
    def items(self) -> list[Node]:
        """The elements of a sequence; empty for anything else."""
        return self.content if self.kind == "sequence" else []  # type: ignore[return-value]

    @property
    def pairs(self) -> list[tuple[Node, Node]]:
        """The entries of a mapping in the file's order; empty for anything else."""
        return self.content if self.kind == "mapping" else []  # type: ignore[return-value]

    def get(self, key: str) -> Node | None:
        """The value of ``key`` in a mapping."""
        return next((value for name, value in self.pairs if name.content == key), None)

    def scalar(self) -> str | int | float | bool | None:
        """A scalar's value: as JSON has it, and YAML 1.1's booleans.

        Dates stay text, and so do numbers with a leading zero: ``2012-10-17`` is a policy version and ``012345678901`` an account.
        """
        text = self.content
        if not isinstance(text, str):
            raise TypeError(f"a {self.kind} has no scalar")
        if not self.plain or self.tag:
            return text
        if text in _TRUE:
            return True
        if text in _FALSE:
            return False
        if text in _NULL:
            return None
        if _INTEGER.fullmatch(text) and len(text) < 20:
            return int(text)
        return float(text) if _FLOAT.fullmatch(text) else text

    def plain_value(self) -> object:
        """The whole tree as plain JSON values; tags are ignored. The tree's depth is bounded, so recursion is."""
        if self.kind == "sequence":
            return [item.plain_value() for item in self.items]
        if self.kind == "mapping":
            return {str(key.content): value.plain_value() for key, value in self.pairs}
        return self.scalar()


def read_text(path: Path, limit: int = MAX_BYTES) -> str:
    """The text of a UTF-8 file. Raises ``InputError`` where it cannot be read, is too large or is not text."""
    try:
        return read_bytes(path, limit).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"not UTF-8 text (byte {error.start})", file=str(path)) from error


def compose(text: str, file: str) -> Node | None:
    """The one document of ``text``, or nothing where there is none. Raises ``InputError`` with line and column.

    Refused: a second document, a key that is not text or stands twice, a merge (``<<``), depth or size beyond the bounds, a value
    inside itself.
    """
    if text.lstrip()[:1] in ("{", "[", '"'):
        text = _json_as_yaml(text)
    builder = _Builder(file)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        raise InputError(
            f"not YAML or JSON: {error.problem or error.context}", file=file, line=place[0], column=place[1]
        ) from error
    except yaml.YAMLError as error:
        raise InputError(f"not YAML or JSON: {' '.join(str(error).split())}", file=file) from error
    return builder.root


def _json_as_yaml(text: str) -> str:
    """JSON that libyaml takes as YAML: it refuses tabs as indentation, and one code point written as two escapes."""
    text = _SURROGATES.sub(lambda pair: chr(0x10000 + ((int(pair[1], 16) & 0x3FF) << 10) + (int(pair[2], 16) & 0x3FF)), text)
    return _LEADING_TABS.sub(lambda blank: " " * len(blank[0]), text)


_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class _Builder:
    file: str
    root: Node | None = None
    open: list[tuple[Node, Node | None, set[str]]] = field(default_factory=list)
    """Collections begun and not ended: the node, the key that waits for its value, the keys seen."""
    anchors: dict[str, Node | None] = field(default_factory=dict)
    names: list[str | None] = field(default_factory=list)
    nodes: int = 0

    def take(self, event: yaml.Event) -> None:
        match event:
            case yaml.ScalarEvent():
                tag = event.tag if event.tag and event.tag != "!" else ""
                self._add(self._node(event, event.value, "scalar", tag, plain=not event.style), event.anchor)
            case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                if len(self.open) >= MAX_DEPTH:
                    raise self._error(f"nested deeper than {MAX_DEPTH} levels", event)
                kind = "sequence" if isinstance(event, yaml.SequenceStartEvent) else "mapping"
                self.open.append((self._node(event, [], kind, event.tag or ""), None, set()))
                self.names.append(event.anchor)
                if event.anchor:
                    self.anchors[event.anchor] = None
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                node, _, _ = self.open.pop()
                self._add(node, self.names.pop())
            case yaml.AliasEvent():
                target = self.anchors.get(str(event.anchor))
                if target is None:
                    raise self._error(f"*{event.anchor} stands inside itself or before its anchor", event)
                self._count(target.size, event)
                self._add(target, None)
            case yaml.DocumentStartEvent() if self.root is not None:
                raise self._error("one document expected, a second begins here", event)

    def _node(self, event: yaml.Event, content: str | list[Node], kind: str, tag: str, *, plain: bool = False) -> Node:
        self._count(1, event)
        return Node(content, kind, *_place(event), tag, plain)

    def _count(self, more: int, event: yaml.Event) -> None:
        self.nodes += more
        if self.nodes > MAX_NODES:
            raise self._error(f"more than {MAX_NODES:,} values, aliases written out", event)

    def _add(self, node: Node, anchor: str | None) -> None:
        if anchor:
            self.anchors[anchor] = node
        if not self.open:
            self.root = node
            return
        parent, key, seen = self.open[-1]
        parent.size += node.size
        if parent.kind == "sequence":
            parent.items.append(node)
        elif key is None:
            seen.add(self._key(node, seen))
            self.open[-1] = (parent, node, seen)
        else:
            parent.pairs.append((key, node))
            self.open[-1] = (parent, None, seen)

    def _key(self, node: Node, seen: set[str]) -> str:
        if not isinstance(node.content, str):
            raise InputError("a key must be text", file=self.file, line=node.line, column=node.column)
        if node.content in seen:
            raise InputError("this key stands twice", file=self.file, line=node.line, column=node.column, key=node.content)
        # taken for a key like any other, all that it brings would silently be lost
        if node.content == "<<" and node.plain:
            message = "one mapping merged into another is not read; write its values out"
            raise InputError(message, file=self.file, line=node.line, column=node.column, key="<<")
        return node.content

    def _error(self, message: str, event: yaml.Event) -> InputError:
        line, column = _place(event)
        return InputError(message, file=self.file, line=line, column=column)


def _place(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark is not None else (0, 0)
