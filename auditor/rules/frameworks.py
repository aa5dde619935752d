"""Reading somebody's list of controls: one file of ``frameworks/``."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from auditor.files.yaml import Node
from auditor.model.scan import Framework, FrameworkControl, Published
from auditor.rules.document import Document


def read_framework(document: Document, entries: Mapping[str, Node], ours: Collection[str]) -> Framework:
    """The framework that the ``entries`` of ``document`` write out; ``ours`` are the controls that it may name.

    Which rules decide its controls is not known yet. Raises ``InputError``.
    """
    controls: dict[str, FrameworkControl] = {}
    for node in document.elements(entries["controls"], "controls"):
        control = _control(document, node, ours)
        if control.id in controls:
            raise document.error(node, f"the control '{control.id}' stands twice")
        controls[control.id] = control
    return Framework(
        title=document.word(entries["title"], "title"),
        source=document.word(entries["source"], "source"),
        controls=list(controls.values()),
        published=_published(document, entries["published"]) if "published" in entries else None,
    )


def _control(document: Document, node: Node, ours: Collection[str]) -> FrameworkControl:
    parts = document.entries(node, "a framework's control", ("id", "title"), ("controls", "source", "added"))
    names = document.elements(parts["controls"], "controls") if "controls" in parts else []
    for name in names:
        if document.word(name, "controls") not in ours:
            raise document.unknown(name, "control", ours)
    if parts["id"].kind != "scalar":
        raise document.error(parts["id"], "text expected", "id")
    return FrameworkControl(
        id=str(parts["id"].content),
        title=document.word(parts["title"], "title"),
        controls=[document.word(name, "controls") for name in names],
        source=document.word(parts["source"], "source") if "source" in parts else "",
        added="added" in parts and _is_true(document, parts["added"]),
    )


def _is_true(document: Document, node: Node) -> bool:
    if node.kind != "scalar" or node.scalar() is not True:
        raise document.error(node, "true expected; leave it out otherwise", "added")
    return True


def _published(document: Document, node: Node) -> Published:
    parts = document.entries(node, "published", ("controls", "source"), ("counted",))
    number = parts["controls"].scalar() if parts["controls"].kind == "scalar" else None
    if type(number) is not int or number < 1:
        raise document.error(parts["controls"], "a number of controls expected", "controls")
    counted = document.word(parts["counted"], "counted") if "counted" in parts else ""
    return Published(number, document.word(parts["source"], "source"), counted)
