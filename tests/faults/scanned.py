"""The recorded production account as a scan sees it, whatever fails."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from auditor.audit.account import read_account
from auditor.audit.scan import Source, scan_of
from auditor.demo.environment import sealed_environment
from auditor.demo.platform import HOME, OUTPOST, PRODUCTION
from auditor.model.finding import Finding
from auditor.model.scan import Scan
from auditor.rules import Book, load_book
from auditor.sources.aws.session import Session, reading_session
from auditor.types import all_types
from tests.faults.recorded import recorded
from tests.faults.replay import Fault, Replayer

Place = tuple[str, str, str]
"""Rule, region and id of a finding."""


@dataclass
class Result:
    source: Source
    scan: Scan
    findings: dict[Place, Finding]


class Account:
    """One session and its clients for the whole table: making them takes longer than all the calls."""

    def __init__(self) -> None:
        self.book: Book = load_book()
        self.slept: list[float] = []
        self._answers = recorded()[PRODUCTION]
        self._replayer = Replayer(self._answers)
        self._session = self.session()
        self.baseline = self.scan()

    def session(self) -> Session:
        """A session that nobody has asked anything."""
        hooks: dict[str, Any] = {"before-send": lambda **event: self._replayer(**event)}
        return reading_session(types=all_types(), hooks=hooks)

    @contextmanager
    def failing(self, operation: str, fault: Fault, **how: Any) -> Iterator[Replayer]:
        self._replayer = Replayer(self._answers, operation, fault, **how)
        try:
            yield self._replayer
        finally:
            self._replayer = Replayer(self._answers)

    def scan(self, regions: Sequence[str] = (HOME, OUTPOST), session: Session | None = None) -> Result:
        with sealed_environment(), patch("botocore.endpoint.time", SimpleNamespace(sleep=self.slept.append)):
            source = read_account(session or self._session, self.book, tuple(regions))
        scan = scan_of("scan", self.book, [source])
        findings = {(item.rule, item.resource.region, item.resource.id): item for item in scan.findings}
        return Result(source, scan, findings)


def verdicts(findings: dict[Place, Finding], rules: set[str] | frozenset[str]) -> dict[Place, str]:
    return {place: item.verdict.value for place, item in findings.items() if place[0] in rules}
