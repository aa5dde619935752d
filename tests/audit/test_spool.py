"""Findings beyond what memory should hold are kept in their order, and can be gone through again."""

import pytest

from auditor.audit import spool
from auditor.model.finding import Finding, Severity, Subject, Verdict
from auditor.model.resource import Origin


@pytest.mark.parametrize("count", [0, 1, 9, 10, 11, 35])
def test_in_order_again_and_again(monkeypatch, count):
    monkeypatch.setattr(spool, "IN_MEMORY", 10)
    findings = spool.Spool()
    made = [
        Finding("r", Severity.LOW, "c", Verdict.PASS, Subject("t", str(number), Origin("x")), str(number))
        for number in range(count)
    ]
    for number, finding in enumerate(made):
        findings.append(finding)
        # reading in between does not disturb the writing
        assert next(iter(findings)) == made[0]
        assert len(findings) == number + 1
    assert list(findings) == list(findings) == made
    assert list(zip(findings, findings, strict=True)) == list(zip(made, made, strict=True))
