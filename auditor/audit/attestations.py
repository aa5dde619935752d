"""What people answer for where no rule can look: ``attestations.yaml``, checked strictly against the rule book."""

from __future__ import annotations

import datetime
import re
from collections.abc import Container, Iterable, Set
from dataclasses import replace
from pathlib import Path
from typing import Final

from auditor.files.yaml import Node
from auditor.model.scan import Attestation
from auditor.rules import Book
from auditor.rules.document import Document, read_document

_REQUIRED: Final = ("control", "statement", "by", "on", "expires", "evidence")
_OPTIONAL: Final = ("framework", "accounts")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_ACCOUNT: Final = re.compile(r"\d{12}")


def read_attestations(path: Path, book: Book, today: datetime.date | None = None) -> list[Attestation]:
    """The attestations of a file, in its order.

    Raises ``InputError`` with its place for whatever is wrong in it: a key or a control that there is not, a day that is none or
    still to come, one that expires before it was made.
    """
    document = read_document(path)
    root = document.entries(document.root, "an attestation file", ("attestations",))
    today = today or datetime.datetime.now(datetime.UTC).date()
    return [_attestation(document, node, book, today) for node in document.elements(root["attestations"], "attestations")]


def _attestation(document: Document, node: Node, book: Book, today: datetime.date) -> Attestation:
    parts = document.entries(node, "an attestation", _REQUIRED, _OPTIONAL)
    on, expires = (_day(document, parts[key], key) for key in ("on", "expires"))
    if on > today:
        raise document.error(parts["on"], f"{on} is still to come", "on")
    if expires < on:
        raise document.error(parts["expires"], f"expires before it was made, on {on}", "expires")
    framework, control = _about(document, parts.get("framework"), parts["control"], book)
    return Attestation(
        control=control,
        statement=document.word(parts["statement"], "statement"),
        by=document.word(parts["by"], "by"),
        on=str(on),
        expires=str(expires),
        evidence=document.word(parts["evidence"], "evidence"),
        framework=framework,
        accounts=_accounts(document, parts["accounts"]) if "accounts" in parts else [],
    )


def _about(document: Document, framework: Node | None, control: Node, book: Book) -> tuple[str, str]:
    """Whose control it is about, and which: one of a framework, or one of ours."""
    if framework is None:
        name, whose, known = "", "control", frozenset(book.controls)
    else:
        name = document.word(framework, "framework")
        if name not in book.frameworks:
            raise document.unknown(framework, "framework", book.frameworks)
        whose, known = f"control of {name}", frozenset(item.id for item in book.frameworks[name].controls)
    if control.content not in known:
        raise document.unknown(control, whose, known)
    return name, str(control.content)


def _day(document: Document, node: Node, key: str) -> datetime.date:
    text = document.word(node, key)
    try:
        found = datetime.date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        found = None
    if found is None:
        raise document.error(node, f"a day like 2026-11-24 expected, not '{text}'", key)
    return found


def _accounts(document: Document, node: Node) -> list[str]:
    found = []
    for item in document.elements(node, "accounts"):
        if not isinstance(item.content, str) or not _ACCOUNT.fullmatch(item.content):
            raise document.error(item, "the twelve digits of an account expected", "accounts")
        found.append(item.content)
    return found


def about(attestations: Iterable[Attestation], ours: Container[str], framework: str = "", theirs: str = "") -> list[int]:
    """Which of ``attestations``, by position, are about one of our controls, or about that control of a framework."""
    return [
        number
        for number, item in enumerate(attestations)
        if (item.control in ours if not item.framework else (item.framework, item.control) == (framework, theirs))
    ]


def applying(attestations: Iterable[Attestation], accounts: Set[str], started: str) -> tuple[list[Attestation], list[str]]:
    """Those that are about any of ``accounts``, expired or not at the time ``started``; and a sentence for each that is not."""
    kept, left_out = [], []
    for item in attestations:
        if item.accounts and accounts.isdisjoint(item.accounts):
            whose = f"{item.framework} {item.control}".lstrip()
            left_out.append(f"the attestation for {whose} is about {', '.join(item.accounts)}, which was not looked at")
        else:
            kept.append(replace(item, expired=item.expires < started[: len(item.expires)]))
    return kept, left_out
