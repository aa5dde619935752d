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


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How much of a population was looked at, and with what result. All zero: no rule met a resource, which is not "met"."""

    examined: int = 0
    passed: int = 0
    failed: int = 0
    unknown: int = 0
    unread: int = 0
    not_applicable: int = 0


@dataclass(frozen=True, slots=True)
class ControlCoverage(Tally):
    """One of our controls, and what its rules found."""

    control: str
    title: str
    attestations: list[int] = field(default_factory=list)
    """Which of the scan's attestations are about it, by position, expired ones too."""


@dataclass(frozen=True, slots=True)
class FrameworkControl(Tally):
    """A control of somebody else's list, and what the rules that decide it found.

    ``controls`` are those of ours that answer it. ``rules`` are all that decide it, whether they were chosen for this scan or not:
    where there is none, nobody looked. ``source`` is its page, ``attestations`` as in ``ControlCoverage``. What is ``added`` is
    not among the controls that were published.
    """

    id: str
    title: str
    controls: list[str] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    source: str = ""
    attestations: list[int] = field(default_factory=list)
    added: bool = False


@dataclass(frozen=True, slots=True)
class Published:
    """How many controls a list has as published, where that is said, and what exactly was counted."""

    controls: int
    source: str
    counted: str = ""


@dataclass(frozen=True, slots=True)
class Framework:
    """Somebody's list of controls, or as much of it as bears on machine learning."""

    title: str
    source: str
    controls: list[FrameworkControl]
    published: Published | None = None


@dataclass(frozen=True, slots=True)
class Attestation:
    """What a person answers for where no rule can look, or beside one. It changes no verdict.

    It is about a control of ``framework``, or of ours where that is empty. ``on`` and ``expires`` are days (``2026-11-24``),
    the latter the last on which it holds; ``expired`` says that the scan is of a later one. ``accounts`` limits it to some.
    """

    control: str
    statement: str
    by: str
    on: str
    expires: str
    evidence: str
    framework: str = ""
    accounts: list[str] = field(default_factory=list)
    expired: bool = False


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
    unasked: dict[str, list[str]] = field(default_factory=dict)
    """By type, the regions looked at in which it was not asked for, because AWS did not have its service there."""


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
    frameworks: dict[str, Framework] = field(default_factory=dict)
    """By id, in the order in which they are shown."""
    attestations: list[Attestation] = field(default_factory=list)
    chapters: Chapters = field(default_factory=Chapters)
    warnings: list[str] = field(default_factory=list)
    schema_version: int = SCHEMA_VERSION
