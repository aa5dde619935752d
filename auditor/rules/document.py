"""Reading the nodes of one file of the rule book, and complaining of them with their place."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from auditor.files.errors import InputError, closest
from auditor.files.yaml import Node, compose, read_text


@dataclass(frozen=True, slots=True)
class Document:
    """A file of the rule book: its name for messages, its text, and its root, which is a mapping.

    Of a rule that was read as far as its examples, these are not in ``root``; ``whole`` reads them.
    """

    file: str
    text: str
    root: Node
    is_head: bool = False

    def whole(self) -> Document:
        """The document with everything that its text holds."""
        return document_of(self.text, self.file) if self.is_head else self

    def error(self, node: Node, message: str, key: str = "") -> InputError:
        """What is wrong at ``node``."""
        return InputError(message, file=self.file, line=node.line, column=node.column, key=key)

    def unknown(self, node: Node, what: str, known: Collection[str]) -> InputError:
        """``node`` names nothing of the ``known``."""
        name = str(node.content)
        return self.error(node, f"unknown {what} '{name}'{closest(name, frozenset(known))}")

    def entries(self, node: Node, what: str, required: Collection[str], optional: Collection[str] = ()) -> dict[str, Node]:
        """The values of a mapping by key. Raises ``InputError`` for a key it may not have and for one it lacks."""
        if node.kind != "mapping":
            raise self.error(node, "a mapping expected", what)
        found: dict[str, Node] = {}
        for key, value in node.pairs:
            if key.content not in required and key.content not in optional:
                raise self.unknown(key, f"key of {what}", (*required, *optional))
            found[str(key.content)] = value
        missing = [name for name in required if name not in found]
        if missing:
            raise self.error(node, f"{what} lacks {', '.join(missing)}")
        return found

    def word(self, node: Node, key: str) -> str:
        """Text that is not empty."""
        value = node.scalar() if node.kind == "scalar" else None
        if not isinstance(value, str) or not value.strip():
            raise self.error(node, "text expected", key)
        return value.strip()

    def elements(self, node: Node, key: str) -> list[Node]:
        """The elements of a list."""
        if node.kind != "sequence":
            raise self.error(node, "a list expected", key)
        return node.items

    def words(self, node: Node, key: str) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(self.word(item, key) for item in self.elements(node, key))


def read_document(path: Path) -> Document:
    """A YAML file whose root is a mapping. Raises ``InputError`` otherwise."""
    return document_of(read_text(path), str(path))


_EXAMPLES: Final = re.compile(r"^examples:$(?!.*^[A-Za-z])", re.MULTILINE | re.DOTALL)


def read_head(path: Path) -> Document:
    """A rule's file as far as its examples, which are most of it and stand last; all of it where they do not.

    It is for files that are known to be well formed.
    """
    text = read_text(path)
    found = _EXAMPLES.search(text)
    head = document_of(text[: found.start()] if found else text, str(path))
    return replace(head, text=text, is_head=found is not None)


def document_of(text: str, file: str) -> Document:
    """``text`` as a document called ``file``."""
    root = compose(text, file)
    if root is None or root.kind != "mapping":
        raise InputError("a mapping expected", file=file, line=1)
    return Document(file, text, root)
