"""A scan arranged as the HTML page shows it. Nothing here knows of markup."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from auditor.model.finding import Finding, Severity, Subject, Verdict
from auditor.model.scan import ControlCoverage, RuleInfo, Scan
from auditor.report import frameworks, words

MOST: Final = 500
"""Results of one status that a rule lists in full."""
SHOWN: Final = 200
"""How many it lists where there are more."""
PASSES: Final = 8
"""Passing resources that a rule names."""
ROWS: Final = 200
"""Rows of a table (gaps, inputs, waivers) that stand outside the findings."""

LISTED: Final = ("fail", "unknown", "waived")
"""Statuses whose resources are listed with their evidence, in this order."""


@dataclass(slots=True)
class RuleSection:
    """One rule, how its findings are spread, and those of them that the page lists."""

    info: RuleInfo
    counts: Counter[str] = field(default_factory=Counter)
    listed: dict[str, list[Finding]] = field(default_factory=lambda: {status: [] for status in LISTED})
    passes: list[Finding] = field(default_factory=list)

    def add(self, finding: Finding) -> None:
        """Count a finding, and keep it while there is room."""
        status = words.status(finding)
        self.counts[status] += 1
        if status in self.listed and self.counts[status] <= MOST:
            self.listed[status].append(finding)
        elif status == "pass" and self.counts[status] <= PASSES:
            self.passes.append(finding)

    def shown(self, status: str) -> list[Finding]:
        """The findings of a status that the page lists."""
        return self.listed[status][: SHOWN if self.counts[status] > MOST else MOST]

    @property
    def rows(self) -> list[Finding]:
        """Everything that the page lists of this rule."""
        return [finding for status in LISTED for finding in self.shown(status)]

    @property
    def left_out(self) -> int:
        """How many results with something to see are not listed."""
        return sum(self.counts[status] for status in LISTED) - len(self.rows)

    @property
    def rank(self) -> tuple[int, int, int, int, str]:
        """What to look at first: unwaived failures by severity and number, then what is unknown."""
        failing, unknown = self.counts["fail"], self.counts["unknown"]
        return (0 if failing else 1 if unknown else 2, self.info.severity.rank, -failing, -unknown, self.info.id)


@dataclass(slots=True)
class ResourceSection:
    """One resource, and what the page lists of it."""

    subject: Subject
    rows: list[Finding] = field(default_factory=list)

    @property
    def rank(self) -> tuple[int, int, int, str, str]:
        """Worst first: failures before what is unknown, by their severity, then by how many there are."""
        worst = min((LISTED.index(words.status(finding)), finding.severity.rank) for finding in self.rows)
        return (*worst, -len(self.rows), self.subject.type, self.subject.id)


@dataclass(frozen=True, slots=True)
class Facet:
    """One way to narrow the findings: what the script calls it, its title, and its values with their counts."""

    key: str
    title: str
    values: list[tuple[str, str, int]]


@dataclass(slots=True)
class Page:
    """A scan arranged as the page shows it."""

    scan: Scan
    rules: list[RuleSection]

    @property
    def open(self) -> list[RuleSection]:
        """The rules with something to list."""
        return [section for section in self.rules if section.rows]

    @property
    def quiet(self) -> list[RuleSection]:
        """The rules that were evaluated and list nothing."""
        return [section for section in self.rules if section.counts and not section.rows]

    @property
    def idle(self) -> list[RuleSection]:
        """The rules that met no resource."""
        return [section for section in self.rules if not section.counts]

    @property
    def fix_first(self) -> list[RuleSection]:
        """The rules whose failures weigh most."""
        return [section for section in self.rules if section.counts["fail"]][:8]

    @property
    def waived(self) -> list[Finding]:
        """The waived failures that are listed."""
        return [finding for section in self.rules for finding in section.shown("waived")]

    @property
    def analyses(self) -> list[tuple[str, str, dict[str, list[Any]]]]:
        """The scan's chapters that stand before the findings: id, title, content."""
        chapters = self.scan.chapters
        return [
            ("changes", "Changes", chapters.changes),
            ("network", "Network paths", chapters.network),
            ("iam", "Rights", chapters.iam),
        ]

    @property
    def control_titles(self) -> dict[str, str]:
        """Our controls by id."""
        return {control.control: control.title for control in self.scan.coverage.controls}

    @property
    def controls(self) -> list[tuple[ControlCoverage, tuple[Verdict, str]]]:
        """Our controls, each with what its findings amount to, or that no rule of it was asked."""
        asked = {info.control for info in self.scan.rules.values()}
        return [
            (own, words.control_status(own) if own.control in asked else (Verdict.NOT_APPLICABLE, "no rule ran"))
            for own in self.scan.coverage.controls
        ]

    def elsewhere(self, info: RuleInfo) -> list[str]:
        """What others call a rule, beyond the controls of frameworks that it is listed under anyway."""
        listed = {control for controls in info.frameworks.values() for control in controls}
        return [alias for alias in info.aliases if alias not in listed]

    def counts(self) -> dict[str, int]:
        """Every finding of the scan by status."""
        total: Counter[str] = Counter()
        for section in self.rules:
            total.update(section.counts)
        return {status: total[status] for status in words.STATUSES}

    def resources(self) -> list[ResourceSection]:
        """What is listed, by resource."""
        sections: dict[tuple[str, str, str, str, str], ResourceSection] = {}
        for section in self.rules:
            for finding in section.rows:
                subject = finding.resource
                key = (
                    subject.account,
                    subject.region,
                    subject.type,
                    subject.id,
                    subject.origin.where if not subject.arn else "",
                )
                sections.setdefault(key, ResourceSection(subject)).rows.append(finding)
        return sorted(sections.values(), key=lambda item: item.rank)

    def frameworks(self) -> list[frameworks.Section]:
        """Each framework with its controls."""
        return frameworks.sections(self.scan)

    def facets(self) -> list[Facet]:
        """The ways to narrow what is listed, each with at least two values to choose from."""
        tallies = {key: Counter[str]() for key in _FACETS}
        for section in self.rules:
            for finding in section.rows:
                for key, values in _facets_of(finding):
                    tallies[key].update(values)
        return [Facet(key, *_facet(key, tally, self)) for key, tally in tallies.items() if len(tally) > 1]


def arranged(scan: Scan) -> Page:
    """Go through the findings once, keeping only those that the page lists."""
    sections = {name: RuleSection(info) for name, info in scan.rules.items()}
    for finding in scan.findings:
        sections[finding.rule].add(finding)
    return Page(scan, sorted(sections.values(), key=lambda section: section.rank))


_FACETS: Final = {
    "status": "Status",
    "severity": "Severity",
    "type": "Resource type",
    "region": "Region",
    "account": "Account",
    "control": "Control",
    "framework": "Framework",
}


def _facets_of(finding: Finding) -> Iterator[tuple[str, list[str]]]:
    subject = finding.resource
    yield "status", [words.status(finding)]
    yield "severity", [finding.severity.value]
    yield "type", [subject.type]
    yield "region", [subject.region] if subject.region else []
    yield "account", [subject.account] if subject.account else []
    yield "control", [finding.control]
    yield "framework", list(finding.frameworks)


def _facet(key: str, tally: Counter[str], page: Page) -> tuple[str, list[tuple[str, str, int]]]:
    """A facet's title and values: in the order of their weight where they have one, else the most frequent first."""
    labels = {
        "status": words.STATUSES,
        "severity": {severity.value: severity.value.capitalize() for severity in Severity},
        "control": page.control_titles,
        "framework": {name: framework.title for name, framework in page.scan.frameworks.items()},
        "type": {value: words.type_title(value) for value in tally},
    }.get(key, {})
    weights = {word: number for number, word in enumerate((*LISTED, *Severity))}
    values = sorted(tally, key=lambda value: (weights.get(value, len(weights)), -tally[value], value))
    return _FACETS[key], [(value, labels.get(value, value), tally[value]) for value in values]
