"""From a rule's file to the rule."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from auditor.files.yaml import Node
from auditor.model.finding import Severity
from auditor.model.resource_type import ResourceType
from auditor.rules.document import Document
from auditor.rules.fixes import read_fix
from auditor.rules.parameters import read_parameters
from auditor.rules.parse import Parser
from auditor.rules.rule import Rule
from auditor.rules.schema import Spot

REQUIRED: Final = ("id", "title", "severity", "control", "resource", "assert", "why", "fix", "source")
WHOLE: Final = (*REQUIRED, "examples")
OPTIONAL: Final = ("when", "aliases", "parameters", "formerly", "since")

ID: Final = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_VERSION: Final = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+")
_AWS: Final = re.compile(r"(?:[a-z0-9-]+\.)*(?:amazon|amazonaws)\.com")


def read_rule(
    document: Document,
    types: Mapping[str, ResourceType],
    controls: Collection[str],
    configured: Mapping[str, Mapping[str, object]],
) -> Rule:
    """The rule that ``document`` holds, every word of it checked. Raises ``InputError`` for the first thing that is wrong.

    Of a document that was read without its examples (``read_head``) they are read when somebody wants them.
    """
    entries = document.entries(document.root, "a rule", REQUIRED if document.is_head else WHOLE, OPTIONAL)
    rule_id = _id(document, entries["id"])
    resource = document.word(entries["resource"], "resource")
    if resource not in types:
        raise document.unknown(entries["resource"], "resource type", types)
    control = document.word(entries["control"], "control")
    if control not in controls:
        raise document.unknown(entries["control"], "control", controls)
    record = types[resource]
    parameters = read_parameters(document, entries.get("parameters"), rule_id, configured.get(rule_id, {}))
    parser = Parser(document, types, parameters)
    whole = Spot(record, dict(record.properties))
    when = entries.get("when")
    pertains = parser.clause(when, whole) if when is not None and not _is_empty(when) else None
    asserts = parser.clause(entries["assert"], whole)
    _all_used(document, entries.get("parameters"), parameters.used)
    examples = None if document.is_head else _examples(document)
    fix, settings = read_fix(document, entries["fix"], record)
    return Rule(
        id=rule_id,
        title=document.word(entries["title"], "title"),
        severity=_severity(document, entries["severity"]),
        control=control,
        resource=resource,
        why=document.word(entries["why"], "why"),
        fix=fix,
        source=_pages(document, entries["source"]),
        aliases=_optional_words(document, entries, "aliases"),
        parameters=parameters.known,
        formerly=_optional_words(document, entries, "formerly"),
        since=_since(document, entries.get("since")),
        reads=parser.reads(),
        settings=settings,
        file=document.file,
        record=record,
        when=pertains,
        asserts=asserts,
        read_examples=lambda: _examples(document.whole()) if examples is None else examples,
    )


def _examples(document: Document) -> tuple[Node, ...]:
    node = document.entries(document.root, "a rule", WHOLE, OPTIONAL)["examples"]
    examples = document.elements(node, "examples")
    if not examples:
        raise document.error(node, "at least one example expected", "examples")
    return tuple(examples)


def _is_empty(node: Node) -> bool:
    return node.kind == "mapping" and not node.pairs


def _id(document: Document, node: Node) -> str:
    rule_id = document.word(node, "id")
    stem = Path(document.file).stem
    if not ID.fullmatch(rule_id):
        raise document.error(node, "small letters, digits and single hyphens expected", "id")
    if rule_id != stem:
        raise document.error(node, f"'{rule_id}' is not the file's name, '{stem}'", "id")
    return rule_id


def _severity(document: Document, node: Node) -> Severity:
    name = document.word(node, "severity")
    if name not in set(Severity):
        raise document.unknown(node, "severity", [item.value for item in Severity])
    return Severity(name)


def _pages(document: Document, node: Node) -> tuple[str, ...]:
    pages = document.words(node, "source")
    if not pages:
        raise document.error(node, "a page of AWS expected", "source")
    for item, page in zip(node.items, pages, strict=True):
        parts = urlsplit(page)
        if parts.scheme != "https" or not _AWS.fullmatch(parts.netloc) or any(sign.isspace() for sign in page):
            raise document.error(item, f"a page of AWS like https://docs.aws.amazon.com/… expected, not '{page}'", "source")
    return pages


def _optional_words(document: Document, entries: Mapping[str, Node], key: str) -> tuple[str, ...]:
    return document.words(entries[key], key) if key in entries else ()


def _since(document: Document, node: Node | None) -> str:
    if node is None:
        return ""
    since = document.word(node, "since")
    if not _VERSION.fullmatch(since):
        raise document.error(node, f"a version like 0.1.0 expected, not '{since}'", "since")
    return since


def _all_used(document: Document, node: Node | None, used: set[str]) -> None:
    for key, _ in node.pairs if node is not None else ():
        if key.content not in used:
            raise document.error(key, f"no clause uses the parameter '{key.content}'", "parameters")
