"""One row for each finding, passes included, for spreadsheets: RFC 4180, UTF-8 with a byte order mark, no cell a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import BinaryIO, Final

from auditor.model.finding import Evidence, Finding
from auditor.model.scan import Scan
from auditor.report import words

COLUMNS: Final = (
    "status",
    "verdict",
    "severity",
    "rule",
    "title",
    "control",
    "type",
    "id",
    "arn",
    "account",
    "region",
    "where",
    "line",
    "column",
    "evidence",
    "assumptions",
    "frameworks",
    "waived_until",
    "waived_by",
    "waiver_reason",
    "fingerprint",
)

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What makes a spreadsheet take a cell for a formula (OWASP, CSV injection)."""


def write(scan: Scan, stream: BinaryIO) -> None:
    """Write a header and a row for each finding."""
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace", newline="", write_through=True)
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    for finding in scan.findings:
        rows.writerow([_safe(cell) for cell in _cells(finding, scan)])
    text.detach()


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _cells(finding: Finding, scan: Scan) -> Sequence[str]:
    subject, waiver = finding.resource, finding.waiver
    return (
        words.status(finding),
        finding.verdict,
        finding.severity,
        finding.rule,
        scan.rules[finding.rule].title,
        finding.control,
        subject.type,
        subject.id,
        subject.arn,
        subject.account,
        subject.region,
        subject.origin.where,
        str(subject.origin.line or ""),
        str(subject.origin.column or ""),
        "; ".join(_evidence(item) for item in finding.evidence),
        "; ".join(finding.assumptions),
        "; ".join(f"{framework} {control}" for framework, controls in finding.frameworks.items() for control in controls),
        waiver.expires if waiver else "",
        waiver.owner if waiver else "",
        waiver.reason if waiver else "",
        finding.fingerprint,
    )


def _evidence(item: Evidence) -> str:
    return f"{words.subject_of(item)} found {words.found(item.found)}, wanted “{item.wanted}” ({item.origin})".lstrip()
