"""The summary for a terminal: the verdict, what failed and where, what is unknown and why, what to do next."""

from __future__ import annotations

import os
import shutil
import textwrap
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Final

from auditor.model.finding import Finding, Severity
from auditor.model.inventory import NOT_COLLECTED
from auditor.model.scan import Scan
from auditor.report import frameworks, words

RULES: Final = 10
"""Failing rules that are shown, the worst first."""
RESOURCES: Final = 5
"""Resources shown of each."""
_LINES: Final = 8
_WIDTHS: Final = (40, 120)

_COLOURS: Final = {
    "fail": "1;31",
    "critical": "1;31",
    "high": "31",
    "unknown": "1;35",
    "medium": "33",
    "low": "34",
    "pass": "1;32",
    "attested": "34",
    "quiet": "2",
}


@dataclass(frozen=True, slots=True)
class Look:
    """How wide a terminal is, and whether it shows colours."""

    width: int = 80
    colour: bool = False

    def paint(self, text: str, style: str) -> str:
        """``text`` in a style, where there are any. It must be safe to show already."""
        return f"\x1b[{_COLOURS[style]}m{text}\x1b[0m" if self.colour else text

    def wrapped(self, text: str, indent: int, hanging: int = 2) -> str:
        """``text`` made visible and broken to the width."""
        return textwrap.fill(
            words.visible(text),
            self.width,
            initial_indent=" " * indent,
            subsequent_indent=" " * (indent + hanging),
            break_on_hyphens=False,
        )


def write(scan: Scan, stream: BinaryIO) -> None:
    """Write the summary, in colour where ``stream`` is a terminal that wants it."""
    for line in lines(scan, look_of(stream)):
        stream.write(f"{line}\n".encode())


def look_of(stream: BinaryIO) -> Look:
    """A terminal's width and colours (https://no-color.org); plain and 80 wide for anything else."""
    if not stream.isatty():
        return Look()
    narrow, wide = _WIDTHS
    colour = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return Look(min(max(shutil.get_terminal_size().columns, narrow), wide), colour)


def lines(scan: Scan, look: Look) -> Iterator[str]:
    """The summary line by line."""
    summary = _Summary()
    for finding in scan.findings:
        summary.add(finding)
    yield from _head(scan, look)
    yield from _failures(summary, scan, look)
    yield from _unknown(summary, scan, look)
    yield from _gaps(scan, look)
    yield from _unjudged(scan, look)
    yield from _frameworks(scan, look)
    for warning in scan.warnings[:_LINES]:
        yield look.wrapped(f"warning: {warning}", 0)
    for hint in _hints({gap.code for gap in scan.coverage.gaps}):
        yield look.paint(look.wrapped(hint, 0), "quiet")


def _hints(codes: set[str]) -> Iterator[str]:
    if NOT_COLLECTED in codes:
        yield "What the snapshot was taken without: take it again with this version, auditor snapshot"
    if codes - {NOT_COLLECTED}:
        yield "The rights that reading needs: auditor permissions"


@dataclass(slots=True)
class _Group:
    """How many findings are alike, and the first of them."""

    count: int = 0
    first: list[Finding] = field(default_factory=list)

    def add(self, finding: Finding) -> None:
        self.count += 1
        if len(self.first) < RESOURCES:
            self.first.append(finding)


@dataclass(slots=True)
class _Summary:
    """Failures by rule; what is unknown by rule and kind."""

    failing: dict[str, _Group] = field(default_factory=dict)
    unknown: dict[tuple[str, str], _Group] = field(default_factory=dict)

    def add(self, finding: Finding) -> None:
        status = words.status(finding)
        if status == "fail":
            self.failing.setdefault(finding.rule, _Group()).add(finding)
        elif status == "unknown":
            kind = next((item.unknown for item in finding.evidence if item.unknown), "")
            self.unknown.setdefault((finding.rule, kind), _Group()).add(finding)


def _head(scan: Scan, look: Look) -> Iterator[str]:
    yield ", ".join(look.paint(text, verdict) for verdict, text in words.headline(scan))
    counts = scan.counts
    waived = words.waived(scan)
    numbers = [f"{count:,} {name}" for name in Severity if (count := scan.severities.get(name, 0))]
    numbers += [f"{waived:,} waived"] if waived else []
    numbers += [f"{counts.get('pass', 0):,} passed", f"{counts.get('not_applicable', 0):,} not applicable"]
    yield look.wrapped(", ".join(numbers), 0)
    yield look.paint(look.wrapped(f"{words.sources(scan)} · {words.subtitle(scan)}", 0), "quiet")


def _failures(summary: _Summary, scan: Scan, look: Look) -> Iterator[str]:
    rules = sorted(summary.failing, key=lambda rule: (scan.rules[rule].severity.rank, -summary.failing[rule].count, rule))
    for rule in rules[:RULES]:
        info, group = scan.rules[rule], summary.failing[rule]
        yield ""
        yield look.paint(look.wrapped(f"FAIL {info.severity.upper()}  {info.title}", 0), info.severity)
        yield look.paint(look.wrapped(rule, 2), "quiet")
        for finding in group.first:
            yield from _finding(finding, look)
        if group.count > len(group.first):
            yield f"  and {group.count - len(group.first):,} more"
        if fix := info.fix.get("text"):
            yield look.wrapped(f"fix: {' '.join(fix.split())}", 2)
    if rest := rules[RULES:]:
        results = sum(summary.failing[rule].count for rule in rest)
        yield ""
        more = f"{words.counted(len(rest), 'more failing rule')} with {words.counted(results, 'result')}: see the other formats"
        yield look.wrapped(more, 0)


def _finding(finding: Finding, look: Look) -> Iterator[str]:
    subject = finding.resource
    at = str(subject.origin) if subject.origin.line else words.place(subject) or str(subject.origin)
    yield look.wrapped(f"{words.brief(words.name(subject))}  {at}", 2)
    for item in finding.evidence[:2]:
        yield look.wrapped(f"{words.subject_of(item)} found {words.found(item.found)}, wanted “{item.wanted}”", 4)


def _unknown(summary: _Summary, scan: Scan, look: Look) -> Iterator[str]:
    if not summary.unknown:
        return
    yield ""
    total = scan.counts.get("unknown", 0)
    yield look.paint(look.wrapped(f"UNKNOWN  {words.counted(total, 'result')}, not passed: nobody could tell", 0), "unknown")
    groups = sorted(summary.unknown.items(), key=lambda item: (-item[1].count, item[0]))
    for (rule, _), group in groups[:_LINES]:
        yield look.wrapped(f"{group.count:,} × {rule}: {words.reason(group.first[0])}", 2)
    if len(groups) > _LINES:
        yield f"  and {len(groups) - _LINES:,} more"


def _gaps(scan: Scan, look: Look) -> Iterator[str]:
    gaps = Counter((gap.operation, gap.code) for gap in scan.coverage.gaps)
    if not gaps:
        return
    yield ""
    yield look.paint(f"INCOMPLETE  {words.counted(gaps.total(), 'API call')} denied or failed", "unknown")
    for (operation, code), count in gaps.most_common(_LINES):
        yield look.wrapped(f"{operation}: {code}{f' ({count:,} times)' if count > 1 else ''}", 2)
    if len(gaps) > _LINES:
        yield f"  and {len(gaps) - _LINES:,} more"


def _unjudged(scan: Scan, look: Look) -> Iterator[str]:
    if types := words.unjudged(scan):
        yield ""
        yield look.paint(look.wrapped(f"NOT JUDGED  no rule knows {types}", 0), "unknown")


def _frameworks(scan: Scan, look: Look) -> Iterator[str]:
    """The first control by control, the others in a line each."""
    if not scan.frameworks:
        return
    first, *others = frameworks.sections(scan)
    yield ""
    yield look.wrapped(f"{first.framework.title}: {first.reach}", 0)
    for row in first.rows:
        control = row.control
        counts = f" ({control.passed:,} of {control.examined:,} passed)" if control.examined else ""
        text = look.wrapped(f"{control.id}  {control.title}: {row.text}{counts}", 2)
        yield look.paint(text, row.state) if row.state in _COLOURS else look.paint(text, "quiet")
        yield from _attested(row, look)
    for section in others:
        yield ""
        yield look.wrapped(f"{section.framework.title}: {section.reach}", 0)
        yield look.paint(look.wrapped(frameworks.outline(section), 2), "quiet")
        for row in section.rows:
            yield from _attested(row, look, f"{row.control.id}: ")


def _attested(row: frameworks.Row, look: Look, whose: str = "") -> Iterator[str]:
    for item in row.attestations:
        yield look.wrapped(f"{whose}{frameworks.attestation(item)}", 4)
