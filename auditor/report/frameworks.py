"""What a scan says of each control of each framework, in the words that every format uses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from auditor.model.finding import Verdict
from auditor.model.scan import Attestation, ControlCoverage, Framework, FrameworkControl, Scan
from auditor.report import words

STATES: Final = {
    "fail": "failing",
    "unknown": "unknown",
    "pass": "no failing check",
    "attested": "attested alone",
    "not_applicable": "not examined",
    "no_rule": "no rule here",
}
"""The states of a framework's control, the most urgent first. None of them says that a control is fulfilled."""


@dataclass(frozen=True, slots=True)
class Row:
    """A framework's control: its state, that in words, our controls that answer it, and who answers for it besides."""

    control: FrameworkControl
    state: str
    text: str
    ours: list[ControlCoverage]
    ran: list[str]
    """The rules that decide it and were asked in this scan."""
    attestations: list[Attestation]


@dataclass(frozen=True, slots=True)
class Section:
    """A framework and its controls."""

    id: str
    framework: Framework
    rows: list[Row]

    @property
    def counts(self) -> Counter[str]:
        """How many of its controls are in which of the ``STATES``."""
        return Counter(row.state for row in self.rows)

    @property
    def reach(self) -> str:
        """How much of the list was looked at, and how long it is as published."""
        published = self.framework.published
        rows = [row for row in self.rows if not row.control.added] if published else self.rows
        looked_at = sum(row.control.examined > 0 for row in rows)
        total = published.controls if published else len(rows)
        return f"{looked_at:,} of {total:,} controls were looked at here"


def sections(scan: Scan) -> list[Section]:
    """Each framework with its controls, in the scan's order."""
    coverage = {control.control: control for control in scan.coverage.controls}
    return [
        Section(name, framework, [_row(control, coverage, scan) for control in framework.controls])
        for name, framework in scan.frameworks.items()
    ]


def _row(control: FrameworkControl, coverage: dict[str, ControlCoverage], scan: Scan) -> Row:
    ours = [coverage[name] for name in control.controls if name in coverage]
    ran = [rule for rule in control.rules if rule in scan.rules]
    attestations = attested(control.attestations, scan)
    state, text = _state(control, ours, ran, any(not item.expired for item in attestations))
    return Row(control, state, text, ours, ran, attestations)


def _state(control: FrameworkControl, ours: list[ControlCoverage], ran: list[str], is_attested: bool) -> tuple[str, str]:
    verdict, text = words.control_status(control)
    if verdict is Verdict.PASS:
        return "pass", text if all(own.examined for own in ours) else f"{text}, partly not examined"
    if verdict is not Verdict.NOT_APPLICABLE:
        return verdict.value, text
    state = "not_applicable" if control.rules else "no_rule"
    text = "left out of this scan" if control.rules and not ran else STATES[state]
    return ("attested", f"attested; {text}") if is_attested else (state, text)


def attested(positions: Iterable[int], scan: Scan) -> list[Attestation]:
    """The scan's attestations at ``positions``."""
    return [scan.attestations[position] for position in positions if position < len(scan.attestations)]


def attestation(item: Attestation) -> str:
    """An attestation in one sentence: who, when, until when, for what, on what grounds."""
    if item.expired:
        start = f"Expired on {item.expires}, and counts no more: attested on {item.on} by {item.by}"
    else:
        start = f"Attested on {item.on} by {item.by}, until {item.expires}"
    whom = f", for {'account' if len(item.accounts) == 1 else 'accounts'} {', '.join(item.accounts)}" if item.accounts else ""
    return f"{start}{whom}: {item.statement.removesuffix('.')}. Evidence: {item.evidence}"


def outline(section: Section, most: int = 12) -> str:
    """A framework in a line: how many of its controls are in which state, and which, as far as ``most`` of them."""
    ids: dict[str, list[str]] = {}
    for row in section.rows:
        ids.setdefault(row.state, []).append(row.control.id)
    parts = []
    for state, name in STATES.items():
        if found := ids.get(state):
            more = ", …" if len(found) > most else ""
            parts.append(f"{len(found):,} {name} ({', '.join(found[:most])}{more})")
    return "; ".join(parts)
