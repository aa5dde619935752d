"""What the platform's people answer for, where no rule can look."""

from __future__ import annotations

import datetime

from auditor.demo.platform import PRODUCTION
from auditor.model.scan import Attestation


def attestations() -> list[Attestation]:
    """One that holds and one that has run out, whenever the demo is run."""
    return [
        _attestation(
            "164.312(a)(2)(ii)",
            "Break-glass access to patient data was rehearsed with the on-call team.",
            "Ines Duarte, head of platform security",
            "https://wiki.halyard.example/break-glass/rehearsal",
            days_ago=41,
        ),
        _attestation(
            "164.312(a)(2)(iii)",
            "Sessions of the labelling tool end after fifteen minutes.",
            "Tomas Lind, recommendations team",
            "ticket SEC-2291",
            days_ago=400,
        ),
    ]


def _attestation(control: str, statement: str, by: str, evidence: str, *, days_ago: int) -> Attestation:
    on = datetime.datetime.now(datetime.UTC).date() - datetime.timedelta(days=days_ago)
    expires = on + datetime.timedelta(days=365)
    return Attestation(control, statement, by, str(on), str(expires), evidence, framework="hipaa", accounts=[PRODUCTION])
