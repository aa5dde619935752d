"""The exit codes, the same for every command and format."""

from __future__ import annotations

from enum import IntEnum

from auditor.model.finding import Severity, Verdict
from auditor.model.inventory import SourceKind
from auditor.model.scan import Input, Scan


class ExitCode(IntEnum):
    """In no order; ``exit_code`` decides which of several holds."""

    OK = 0
    FINDINGS = 1
    """Unwaived failures at or above the severity asked for."""
    BAD_INPUT = 2
    """Usage, configuration or rule error, or an input that cannot be read or parsed."""
    UNREAD = 3
    """Something that was needed could not be read: a call was denied or failed."""
    NOTHING = 4
    """Nothing to look at: no template or plan found, no region read, nothing that ``--resource`` matches."""
    INTERNAL = 70
    INTERRUPTED = 130


def exit_code(scan: Scan, fail_on: Severity | None, *, fail_on_unknown: bool = False) -> ExitCode:
    """What a finished scan ends with: findings before what was unread, that before nothing to look at.

    ``fail_on`` of ``None`` never fails on findings. Verdicts deferred to deploy or outside the source count only with
    ``fail_on_unknown``.
    """
    unread = sum(control.unread for control in scan.coverage.controls)
    if (fail_on and _fails(scan, fail_on)) or (fail_on_unknown and scan.counts.get("unknown", 0) > unread):
        return ExitCode.FINDINGS
    if unread:
        return ExitCode.UNREAD
    if not scan.inputs or all(_empty_account(scan, item) for item in scan.inputs):
        return ExitCode.NOTHING
    return ExitCode.OK


def _fails(scan: Scan, fail_on: Severity) -> bool:
    """Whether there is such an unwaived failure. A preview's does not count: an upgrade turns nobody's pipeline red."""
    if not any(count for severity, count in scan.severities.items() if Severity(severity).rank <= fail_on.rank):
        return False
    previews = {info.id for info in scan.rules.values() if info.preview}
    return not previews or any(
        finding.verdict is Verdict.FAIL
        and finding.waiver is None
        and finding.severity.rank <= fail_on.rank
        and finding.rule not in previews
        for finding in scan.findings
    )


def _empty_account(scan: Scan, item: Input) -> bool:
    looked_at = scan.coverage.regions or scan.coverage.quiet_regions
    return item.kind in (SourceKind.LIVE, SourceKind.SNAPSHOT) and not looked_at
