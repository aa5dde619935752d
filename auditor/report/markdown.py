"""A comment for a pull request: short, bounded, and nothing in it does what an account's names say.

Every character that Markdown could take for markup is written as a numeric reference, which renders as itself and starts nothing
(CommonMark 0.31, section 2.5). Names stand in ``<code>``, where GitHub makes no mentions and no references.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from auditor.model.finding import Finding, Severity, Verdict
from auditor.model.scan import Attestation, Scan
from auditor.report import frameworks, words

LIMIT: Final = 60_000
"""Bytes of a comment at most; GitHub takes 65,536 characters."""
_RESERVE: Final = 4_000
_ROWS: Final = 500
_GAPS: Final = 5
_CELL: Final = 160
_SHAPES: Final = {Verdict.FAIL: "❌", Verdict.UNKNOWN: "❓", Verdict.PASS: "✅"}
_STATES: Final = {"fail": "❌", "unknown": "❓", "pass": "✅", "attested": "✍️"}
_FRAMEWORKS: Final = 16_000
"""Bytes at most of what is said of frameworks."""
_MARKUP: Final = re.compile(r"""[!"#$&'()*:<>?@\[\\\]^_`{|}~]|(?<=[wW]{3})\.""")


def write(scan: Scan, stream: BinaryIO) -> None:
    """Write the verdict, then what failed and what is unknown, worst first, as far as there is room, then the frameworks."""
    text, end = "".join((*_head(scan), *_gaps(scan), *_unjudged(scan))), _frameworks(scan)
    for title, status, total in (
        ("Failing", "fail", sum(scan.severities.values())),
        ("Unknown", "unknown", scan.counts.get("unknown", 0)),
    ):
        if total:
            text += _table(title, words.worst(scan, status, _ROWS), total, scan, LIMIT - _RESERVE - _size(text) - _size(end))
    stream.write((text + end).encode("utf-8"))


def _size(text: str) -> int:
    return len(text.encode("utf-8"))


def prose(text: str) -> str:
    """``text`` on one line, as itself; no mention in it reaches anybody."""
    return _MARKUP.sub(_reference, words.visible(text)).replace("&#64;", "&#64;&#8288;")


def code(text: str) -> str:
    """``text`` as itself in a code element, shortened."""
    return f"<code>{_MARKUP.sub(_reference, words.shortened(words.visible(text), _CELL))}</code>"


def _reference(found: re.Match[str]) -> str:
    return f"&#{ord(found[0])};"


def _head(scan: Scan) -> Iterator[str]:
    yield f"### {' · '.join(f'{_SHAPES[verdict]} {text}' for verdict, text in words.headline(scan))}\n\n"
    yield f"{code(words.sources(scan))} · {prose(words.subtitle(scan))}\n\n"
    waived = words.waived(scan)
    numbers = [f"{count:,} {name}" for name in Severity if (count := scan.severities.get(name, 0))]
    numbers += [f"{waived:,} waived"] if waived else []
    numbers += [f"{scan.counts.get('pass', 0):,} passed"]
    yield f"{', '.join(numbers)}.\n"


def _gaps(scan: Scan) -> Iterator[str]:
    gaps = scan.coverage.gaps
    if not gaps:
        return
    yield f"\n**Incomplete.** {words.counted(len(gaps), 'API call')} denied or failed; what hangs on them is unknown, not passed:\n\n"
    for gap in gaps[:_GAPS]:
        yield f"- {code(gap.operation)} {code(gap.region)}: {code(gap.code)}\n"
    if len(gaps) > _GAPS:
        yield f"- and {len(gaps) - _GAPS:,} more\n"


def _unjudged(scan: Scan) -> Iterator[str]:
    if types := words.unjudged(scan):
        yield f"\n**Not judged**, for no rule knows them: {code(types)}\n"


def _frameworks(scan: Scan) -> str:
    """The first control by control, the others in a line each, as far as there is room for them."""
    text = ""
    for line in _framework_lines(scan):
        if _size(text) + _size(line) > _FRAMEWORKS:
            return f"{text}\nMore is left out here; the JSON and HTML reports have it.\n"
        text += line
    return text


def _framework_lines(scan: Scan) -> Iterator[str]:
    for section in frameworks.sections(scan)[:1]:
        yield f"\n#### {_brief(section.framework.title)}\n\n{section.reach}.\n\n"
        yield "| Control | State | Passed | Failed | Unknown |\n|---|---|---|---|---|\n"
        yield from (_control(row) for row in section.rows)
    for section in frameworks.sections(scan)[1:]:
        outline = prose(frameworks.outline(section))
        yield f"\n**{_brief(section.framework.title)}**: {section.reach}: {outline}.\n"
        for row in section.rows:
            yield from (f"\n{prose(row.control.id)}: {_attestation(item)}\n" for item in row.attestations)


def _brief(text: str) -> str:
    return prose(words.shortened(text, _CELL))


def _attestation(item: Attestation) -> str:
    return prose(words.shortened(frameworks.attestation(item), 3 * _CELL))


def _control(row: frameworks.Row) -> str:
    control = row.control
    notes = "".join(f"<br>{_attestation(item)}" for item in row.attestations)
    cells = (
        f"{prose(control.id)} {_brief(control.title)}{notes}",
        f"{_STATES.get(row.state, '')} {prose(row.text)}".strip(),
        *(f"{number:,}" for number in (control.passed, control.failed, control.unknown)),
    )
    return f"| {' | '.join(cells)} |\n"


def _table(title: str, findings: list[Finding], total: int, scan: Scan, room: int) -> str:
    """As many rows as fit into ``room`` bytes, and a line saying how many do not."""
    text = f"\n#### {title}\n\n| Severity | Check | Resource | Found | Where |\n|---|---|---|---|---|\n"
    room -= _size(text)
    written = 0
    for finding in findings:
        row = _row(finding, scan)
        room -= _size(row)
        if room < 0:
            break
        text += row
        written += 1
    return (
        text
        if written == total
        else f"{text}\n{total - written:,} more are left out here; the JSON and HTML reports have them.\n"
    )


def _row(finding: Finding, scan: Scan) -> str:
    subject = finding.resource
    if finding.verdict is Verdict.UNKNOWN:
        found = words.reason(finding)
    else:
        found = next((f"{words.subject_of(item)} {words.found(item.found)}".strip() for item in finding.evidence), "")
    check = f"{prose(words.shortened(scan.rules[finding.rule].title, _CELL))} <br>{code(finding.rule)}"
    cells = (
        finding.severity.capitalize(),
        check,
        code(words.name(subject)),
        code(found) if found else "",
        code(str(subject.origin)),
    )
    return f"| {' | '.join(cells)} |\n"
