"""What one rule says of one resource."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from auditor.model.resource import Origin


class Verdict(StrEnum):
    """What a rule found. UNKNOWN is never a pass."""

    PASS = "pass"
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


class Severity(StrEnum):
    """How bad a failure is, worst first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that was looked at.

    ``resource`` is the id of the resource it belongs to where that is not the finding's own; ``path`` the property; ``wanted``
    what the rule asked for, in words; ``found`` the value as JSON (special values as ``values.encode`` writes them); ``unknown``
    the kind of unknown, if it is one; ``hops`` the steps behind a fact.
    """

    path: str
    wanted: str
    found: Any
    origin: Origin
    resource: str = ""
    unknown: str = ""
    hops: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """The resource of a finding, as reports name it. ``id`` is ``*`` for all of a type that could not be listed."""

    type: str
    id: str
    origin: Origin
    account: str = ""
    region: str = ""
    arn: str = ""


@dataclass(frozen=True, slots=True)
class Waiver:
    """Somebody's decision to live with a failure until a day. The verdict beside it stays true."""

    reason: str
    owner: str
    expires: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule's verdict on one resource. What is the same for every finding of a rule stands on the scan's ``rules``."""

    rule: str
    severity: Severity
    control: str
    verdict: Verdict
    resource: Subject
    fingerprint: str
    evidence: tuple[Evidence, ...] = ()
    assumptions: tuple[str, ...] = ()
    frameworks: dict[str, list[str]] = field(default_factory=dict)
    waiver: Waiver | None = None

    @property
    def unread(self) -> bool:
        """Whether the verdict is unknown because a call failed (rather than deferred to deploy, or outside the source)."""
        return self.verdict is Verdict.UNKNOWN and any(item.unknown == "unread" for item in self.evidence)


def fingerprint(rule: str, subject: Subject, address: str = "") -> str:
    """What tells this finding from others over time: the rule, the account, and the ARN or the place in the repository.

    ``address`` is the file's path in its repository; without one, where the resource was read stands for it. Lines do not count,
    so it survives a template's edits.
    """
    place = subject.arn or f"{address or subject.origin.where}#{subject.region}#{subject.type}#{subject.id}"
    return hashlib.sha256("\0".join((rule, subject.account, place)).encode("utf-8", "surrogatepass")).hexdigest()[:32]
