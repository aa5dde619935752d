"""From evaluated sources to the one canonical result."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from auditor import __version__
from auditor.audit.attestations import about, applying
from auditor.audit.evaluate import evaluate
from auditor.audit.spool import Spool
from auditor.model.finding import Finding, Severity, Verdict
from auditor.model.inventory import Inventory
from auditor.model.resource import Resource
from auditor.model.scan import (
    Attestation,
    ControlCoverage,
    Coverage,
    Framework,
    FrameworkControl,
    Identity,
    Input,
    Scan,
)
from auditor.model.shape import timestamp
from auditor.rules import Book
from auditor.sources.batch import Collection


@dataclass(frozen=True, slots=True)
class Source:
    """One opened source: its inventory; of a file its SHA-256 and its path in its repository; of an account who read what when."""

    inventory: Inventory
    digest: str = ""
    address: str = ""
    collection: Collection | None = None


@dataclass(slots=True)
class _Tally:
    counts: dict[str, int] = field(default_factory=lambda: {verdict.value: 0 for verdict in Verdict})
    severities: dict[str, int] = field(default_factory=lambda: {severity.value: 0 for severity in Severity})
    rules: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    assumptions: dict[str, None] = field(default_factory=dict)

    def add(self, finding: Finding) -> None:
        verdict = finding.verdict
        self.counts[verdict.value] += 1
        if verdict is Verdict.FAIL and finding.waiver is None:
            self.severities[finding.severity.value] += 1
        rule = self.rules[finding.rule]
        rule.update(_COLUMNS[verdict])
        rule["unread"] += finding.unread
        for assumption in finding.assumptions:
            self.assumptions.setdefault(assumption)

    def of(self, rules: Iterable[str]) -> dict[str, Any]:
        """What these rules found together, by column."""
        return sum((self.rules[rule] for rule in rules if rule in self.rules), Counter())


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
    attestations: Iterable[Attestation] = (),
) -> Scan:
    """Evaluate ``book`` on every source and put the findings, and what was and was not looked at, together.

    Of the ``attestations``, those that are limited to accounts of which none was looked at are left out, with a warning.
    """
    findings, tally = Spool(), _Tally()
    seen: list[Source] = []
    inputs: list[Input] = []
    resources: Counter[str] = Counter()
    beyond: Counter[str] = Counter()
    for source in sources:
        met: Counter[str] = Counter()
        for finding in evaluate(source.inventory, book, wanted, met, source.address, beyond):
            tally.add(finding)
            findings.append(finding)
        seen.append(source)
        inputs.append(_input(source, met))
        resources += met
    started = _started(seen)
    attested, left_out = applying(
        attestations, {source.collection.identity.account for source in seen if source.collection}, started
    )
    return Scan(
        command=command,
        started=started,
        version=__version__,
        rules_digest=book.digest,
        rules={rule.id: rule.info() for rule in book.rules.values()},
        findings=findings,
        counts=tally.counts,
        severities=tally.severities,
        coverage=_coverage(book, tally, seen, resources, beyond, attested),
        inputs=inputs,
        identity=next((source.collection.identity for source in seen if source.collection), Identity()),
        assumptions=list(tally.assumptions),
        frameworks={name: _looked_at(name, framework, book, tally, attested) for name, framework in book.frameworks.items()},
        attestations=attested,
        warnings=[*warnings, *left_out],
    )


def _input(source: Source, met: Counter[str]) -> Input:
    inventory = source.inventory
    machine_learning = sum(count for name, count in met.items() if name in inventory.types and inventory.types[name].ml)
    return Input(inventory.kind.value, inventory.name, source.digest, met.total(), machine_learning)


def _looked_at(name: str, framework: Framework, book: Book, tally: _Tally, attestations: Sequence[Attestation]) -> Framework:
    """``framework`` with what the rules found, and what is attested, for each of its controls."""

    def looked_at(control: FrameworkControl) -> FrameworkControl:
        ours = {*control.controls, *(book.rules[rule].control for rule in control.rules if rule in book.rules)}
        return replace(control, attestations=about(attestations, ours, name, control.id), **tally.of(control.rules))

    return replace(framework, controls=[looked_at(control) for control in framework.controls])


def _coverage(
    book: Book,
    tally: _Tally,
    sources: list[Source],
    resources: Counter[str],
    beyond: Counter[str],
    attestations: Sequence[Attestation],
) -> Coverage:
    collections = [source.collection for source in sources if source.collection]
    calls: Counter[str] = Counter()
    for collection in collections:
        calls.update(collection.calls)
    regions = {region for collection in collections for region in collection.regions}
    return Coverage(
        controls=[
            ControlCoverage(
                control.id,
                control.title,
                about(attestations, {control.id}),
                **tally.of(rule.id for rule in book.rules.values() if rule.control == control.id),
            )
            for control in book.controls.values()
        ],
        resources=dict(sorted(resources.items())),
        regions=sorted(regions),
        # a region can be quiet in one account and not in another
        quiet_regions=sorted({region for collection in collections for region in collection.quiet_regions} - regions),
        calls=dict(sorted(calls.items())),
        gaps=[gap for source in sources for gap in source.inventory.gaps],
        beyond=dict(sorted(beyond.items())),
        unasked=_unasked(sources),
        unjudged=dict(sorted(sum((Counter(source.inventory.unjudged) for source in sources), Counter()).items())),
    )


def _unasked(sources: list[Source]) -> dict[str, list[str]]:
    found: dict[str, set[str]] = {}
    for source in sources:
        if source.collection is not None:
            looked_at = {*source.collection.regions, *source.collection.quiet_regions}
            for name, record in source.inventory.types.items():
                if record.live is not None and (lacking := looked_at.intersection(record.live.lacking)):
                    found.setdefault(name, set()).update(lacking)
    return {name: sorted(regions) for name, regions in sorted(found.items())}


def _started(sources: list[Source]) -> str:
    times = [source.collection.collected_at for source in sources if source.collection]
    return timestamp(min(times, default=datetime.datetime.now(datetime.UTC)))
