"""The one canonical result. Every report is a pure function of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from auditor.model.finding import Finding, Severity
from auditor.model.inventory import Gap

SCHEMA_VERSION: Final = 1
"""Raised when a reader of an older scan would misread a newer one. Fields are only ever added within a version."""


@dataclass(frozen=True, slots=True)
class RuleInfo:
    """What a report needs to say of a rule, once. ``fix`` maps a kind (text, cli, console, terraform, cloudformation) to its text."""

    id: str
    title: str
    severity: Severity
    control: str
    resource: str
    why: str
    fix: dict[str, str]
    aliases: list[str] = field(default_factory=list)
    frameworks: dict[str, list[str]] = field(default_factory=dict)
    preview: bool = False
    source: list[str] = field(default_factory=list)
    """The pages on which AWS says so."""


@dataclass(frozen=True, slots=True)
class ControlCoverage:
    """How much of a control's population was looked at. All zero: no rule of it met a resource, which is not "met"."""

    control: str
    title: str
    examined: int = 0
    passed: int = 0
    failed: int = 0
    unknown: int = 0
    unread: int = 0
    not_applicable: int = 0


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was looked at and what could not be. ``quiet_regions`` were probed and hold no machine learning in any account."""

    controls: list[ControlCoverage] = field(default_factory=list)
    resources: dict[str, int] = field(default_factory=dict)
    regions: list[str] = field(default_factory=list)
    quiet_regions: list[str] = field(default_factory=list)
    calls: dict[str, int] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)
    unjudged: dict[str, int] = field(default_factory=dict)
    """How many resources templates and plans declare of each type that this version knows nothing of."""
    beyond: dict[str, int] = field(default_factory=dict)
    """How many of ``resources``, by type, do not belong to the machine-learning estate: no rule was asked about them."""


@dataclass(frozen=True, slots=True)
class Input:
    """A file or account that was looked at: its kind, its name, a digest of a file's content, and its ML resources."""

    kind: str
    name: str
    digest: str = ""
    resources: int = 0
    ml_resources: int = 0


@dataclass(frozen=True, slots=True)
class Identity:
    """Who asked: AWS's answer to GetCallerIdentity; empty for files."""

    account: str = ""
    arn: str = ""


@dataclass(frozen=True, slots=True)
class Chapters:
    """Analyses beside the findings, each empty until its engine has run."""

    network: dict[str, list[Any]] = field(default_factory=dict)
    iam: dict[str, list[Any]] = field(default_factory=dict)
    monitoring: list[Any] = field(default_factory=list)
    changes: dict[str, list[Any]] = field(default_factory=dict)


@dataclass(slots=True)
class Scan:
    """One run over one or more sources.

    ``findings`` can be iterated over again and again, and may be backed by a file where there are millions. ``counts`` maps a
    verdict to its number, ``severities`` a severity to the number of unwaived failures. ``started`` is the time of collection.
    """

    command: str
    started: str
    version: str
    rules_digest: str
    rules: dict[str, RuleInfo]
    findings: Iterable[Finding]
    counts: dict[str, int]
    severities: dict[str, int]
    coverage: Coverage
    inputs: list[Input]
    identity: Identity = field(default_factory=Identity)
    assumptions: list[str] = field(default_factory=list)
    frameworks: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Framework id -> {title, source, controls: [{id, title, controls: [ours]}]}."""
    chapters: Chapters = field(default_factory=Chapters)
    warnings: list[str] = field(default_factory=list)
    schema_version: int = SCHEMA_VERSION
