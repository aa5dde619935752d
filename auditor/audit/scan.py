"""From evaluated sources to the one canonical result."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from auditor import __version__
from auditor.audit.evaluate import evaluate
from auditor.audit.spool import Spool
from auditor.model.finding import Finding, Severity, Verdict
from auditor.model.inventory import Inventory
from auditor.model.resource import Resource
from auditor.model.scan import ControlCoverage, Coverage, Identity, Input, Scan
from auditor.model.shape import timestamp
from auditor.rules import Book
from auditor.sources.batch import Collection


@dataclass(frozen=True, slots=True)
class Source:
    """One opened source: its inventory, what it was, and for an account who read what of it and when."""

    inventory: Inventory
    input: Input
    collection: Collection | None = None
    warnings: tuple[str, ...] = ()


@dataclass(slots=True)
class _Tally:
    counts: dict[str, int] = field(default_factory=lambda: {verdict.value: 0 for verdict in Verdict})
    severities: dict[str, int] = field(default_factory=lambda: {severity.value: 0 for severity in Severity})
    controls: dict[str, dict[str, int]] = field(default_factory=dict)
    assumptions: dict[str, None] = field(default_factory=dict)

    def add(self, finding: Finding) -> None:
        verdict = finding.verdict
        self.counts[verdict.value] += 1
        if verdict is Verdict.FAIL and finding.waiver is None:
            self.severities[finding.severity.value] += 1
        control = self.controls.setdefault(finding.control, {})
        for column in _COLUMNS[verdict]:
            control[column] = control.get(column, 0) + 1
        if finding.unread:
            control["unread"] = control.get("unread", 0) + 1
        for assumption in finding.assumptions:
            self.assumptions.setdefault(assumption)


_COLUMNS = {
    Verdict.PASS: ("examined", "passed"),
    Verdict.FAIL: ("examined", "failed"),
    Verdict.UNKNOWN: ("examined", "unknown"),
    Verdict.NOT_APPLICABLE: ("not_applicable",),
}


def scan_of(
    command: str,
    book: Book,
    sources: Iterable[Source],
    *,
    wanted: Callable[[Resource], bool] | None = None,
    warnings: Iterable[str] = (),
) -> Scan:
    """Evaluate ``book`` on every source and put the findings, and what was and was not looked at, together."""
    findings, tally = Spool(), _Tally()
    seen: list[Source] = []
    resources: dict[str, int] = {}
    for source in sources:
        seen.append(source)
        for finding in evaluate(source.inventory, book, wanted, resources):
            tally.add(finding)
            findings.append(finding)
    return Scan(
        command=command,
        started=_started(seen),
        version=__version__,
        rules_digest=book.digest,
        rules={rule.id: rule.info() for rule in book.rules.values()},
        findings=findings,
        counts=tally.counts,
        severities=tally.severities,
        coverage=_coverage(book, tally, seen, resources),
        inputs=[source.input for source in seen],
        identity=next((source.collection.identity for source in seen if source.collection), Identity()),
        assumptions=list(tally.assumptions),
        frameworks={framework.id: framework.info() for framework in book.frameworks.values()},
        warnings=[*warnings, *(warning for source in seen for warning in source.warnings)],
    )


def _coverage(book: Book, tally: _Tally, sources: list[Source], resources: dict[str, int]) -> Coverage:
    collections = [source.collection for source in sources if source.collection]
    calls: dict[str, int] = {}
    for collection in collections:
        for operation, count in collection.calls.items():
            calls[operation] = calls.get(operation, 0) + count
    return Coverage(
        controls=[
            ControlCoverage(control.id, control.title, **tally.controls.get(control.id, {})) for control in book.controls.values()
        ],
        resources=dict(sorted(resources.items())),
        regions=sorted({region for collection in collections for region in collection.regions}),
        quiet_regions=sorted({region for collection in collections for region in collection.quiet_regions}),
        calls=dict(sorted(calls.items())),
        gaps=[gap for source in sources for gap in source.inventory.gaps],
    )


def _started(sources: list[Source]) -> str:
    times = [source.collection.collected_at for source in sources if source.collection]
    return timestamp(min(times, default=datetime.datetime.now(datetime.UTC)))
