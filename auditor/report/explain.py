"""One finding in full, as text: what was looked at and where, why it matters, how to put it right."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Final

from auditor.model.finding import Evidence, Finding
from auditor.model.scan import RuleInfo, Scan
from auditor.report import words

_WIDTH: Final = 96


def explain(scan: Scan, finding: Finding) -> str:
    """Everything that ``scan`` holds of one of its findings. Nothing in it can move a terminal's cursor."""
    info = scan.rules[finding.rule]
    parts = (
        _head(finding, info),
        _evidence(finding),
        _why(info),
        _fix(info),
        _references(scan, finding, info),
        _waiver(finding),
    )
    return "\n\n".join(text for part in parts if (text := "\n".join(part)))


def _head(finding: Finding, info: RuleInfo) -> Iterator[str]:
    subject = finding.resource
    yield f"{words.STATUSES[words.status(finding)].upper()}  {words.visible(info.title)}"
    yield f"{finding.severity.capitalize()} · {words.visible(finding.rule)} · control {words.visible(finding.control)}"
    yield ""
    yield f"Resource     {words.visible(words.name(subject))}"
    yield f"Type         {words.visible(subject.type)}"
    if subject.arn:
        yield f"ARN          {words.visible(subject.arn)}"
    if words.place(subject):
        yield f"Where        {words.visible(words.place(subject))}"
    yield f"Read from    {words.visible(str(subject.origin))}"
    yield f"Fingerprint  {words.visible(finding.fingerprint)}"


def _evidence(finding: Finding) -> Iterator[str]:
    if finding.evidence or finding.assumptions:
        yield "Evidence"
    for item in finding.evidence:
        yield from _item(item)
    for assumption in finding.assumptions:
        yield f"  assumed: {words.visible(assumption)}"


def _item(item: Evidence) -> Iterator[str]:
    yield f"  {words.visible(words.subject_of(item)) or 'the whole'}"
    yield f"    found   {words.found(item.found)}"
    yield f"    wanted  {words.visible(item.wanted)}"
    yield f"    read    {words.visible(str(item.origin))}"
    for number, hop in enumerate(item.hops, 1):
        yield f"    {number}. {words.visible(hop)}"


def _why(info: RuleInfo) -> Iterator[str]:
    yield "Why"
    yield _prose(info.why)


def _fix(info: RuleInfo) -> Iterator[str]:
    if info.fix:
        yield "Fix"
    if "text" in info.fix:
        yield _prose(info.fix["text"])
    for kind, label in words.FIX_KINDS.items():
        if kind in info.fix:
            yield f"  {label}:"
            yield _indented(info.fix[kind], 4)


def _references(scan: Scan, finding: Finding, info: RuleInfo) -> Iterator[str]:
    if finding.frameworks or info.source or info.aliases:
        yield "References"
    for framework, controls in finding.frameworks.items():
        title = scan.frameworks[framework].title if framework in scan.frameworks else framework
        yield f"  {words.visible(title)}: {words.visible(', '.join(controls))}"
    if info.aliases:
        yield f"  elsewhere: {words.visible(', '.join(info.aliases))}"
    for page in info.source:
        yield f"  {words.visible(page)}"


def _waiver(finding: Finding) -> Iterator[str]:
    if waiver := finding.waiver:
        yield f"Waived until {words.visible(waiver.expires)} by {words.visible(waiver.owner)}: {words.visible(waiver.reason)}"


def _prose(text: str) -> str:
    return textwrap.indent("\n".join(textwrap.fill(line, _WIDTH) for line in words.visible_lines(text).split("\n")), "  ")


def _indented(text: str, by: int = 2) -> str:
    return "\n".join(" " * by + line for line in words.visible_lines(text.rstrip()).split("\n"))
