"""What reports say of a framework's control: at most that nothing failed."""

import dataclasses
import html
import io

import pytest

from auditor.model.scan import Framework, FrameworkControl, Published
from auditor.report import frameworks, write
from tests.report.scans import ATTESTATIONS, HOSTILE, synthetic

RULE = "cloudtrail-multi-region"
HOLDS, EXPIRED = 0, 1


def of(*controls, published=None):
    """A scan with one framework of these controls."""
    scan = synthetic(30)
    scan.attestations = list(ATTESTATIONS)
    scan.frameworks = {"x": Framework("List", "https://example.com", list(controls), published)}
    return scan


def one(**values):
    return FrameworkControl("X.1", "A control", **{"rules": [RULE], **values})


# fmt: off
STATES = [
    (one(examined=4, failed=2, unknown=1, passed=1), "fail", "2 failing"),
    (one(examined=4, failed=2, passed=2, attestations=[HOLDS]), "fail", "2 failing"),
    (one(examined=4, unknown=1, passed=3, attestations=[HOLDS]), "unknown", "1 unknown"),
    (one(examined=4, passed=4), "pass", "no failing check"),
    (one(examined=4, passed=4, controls=["audit-trail", "bias"]), "pass", "no failing check, partly not examined"),
    (one(), "not_applicable", "not examined"),
    (one(not_applicable=3), "not_applicable", "not examined"),
    (one(rules=["some-other-rule"]), "not_applicable", "left out of this scan"),
    (one(rules=[]), "no_rule", "no rule here"),
    (one(rules=[], attestations=[HOLDS]), "attested", "attested; no rule here"),
    (one(attestations=[HOLDS]), "attested", "attested; not examined"),
    (one(rules=[], attestations=[EXPIRED]), "no_rule", "no rule here"),
]
# fmt: on


@pytest.mark.parametrize(("control", "state", "text"), STATES)
def test_the_state_of_a_control(control, state, text):
    ((row,),) = (section.rows for section in frameworks.sections(of(control)))
    assert (row.state, row.text) == (state, text)


def text_of(scan, kind):
    stream = io.BytesIO()
    write(scan, kind, stream)
    return " ".join(html.unescape(stream.getvalue().decode()).split())


@pytest.mark.parametrize("kind", ["html", "markdown", "terminal"])
def test_every_format_says_where_nobody_looked_and_who_answers(kind):
    scan = of(
        one(examined=4, failed=2, passed=2),
        FrameworkControl("X.2", "Nobody looks"),
        FrameworkControl("X.3", "Somebody answers", attestations=[HOLDS, EXPIRED]),
    )
    text = text_of(scan, kind)
    assert "no rule here" in text
    assert "2 failing" in text
    for said in (
        "Attested on 2026-10-01 by Jo Doe, until 2027-10-01: The building is locked. Evidence: audit-4711",
        "Expired on 2026-01-01, and counts no more: attested on 2025-01-01 by Ed Roe, for account 123456789012: Looked at",
    ):
        assert said in text


@pytest.mark.parametrize("kind", ["html", "markdown", "terminal"])
def test_a_framework_that_is_not_the_first_tells_the_same(kind):
    scan = of(one(examined=1, passed=1))
    controls = [FrameworkControl("Y.1", "Nobody looks"), FrameworkControl("Y.2", "Somebody answers", attestations=[HOLDS])]
    scan.frameworks["y"] = Framework("Another", "https://example.com", controls)
    text = text_of(scan, kind)
    assert "no rule here" in text
    assert "Y.1" in text
    assert "Attested on 2026-10-01 by Jo Doe" in text


@pytest.mark.parametrize(
    ("published", "said"),
    [
        (None, "1 of 3 controls were looked at here"),
        (Published(336, "https://example.com"), "1 of 336 controls were looked at here"),
    ],
)
def test_how_much_of_the_list_was_looked_at(published, said):
    seen = {"examined": 2, "passed": 2}
    scan = of(
        one(**seen, added=published is not None),
        FrameworkControl("X.2", "Listed", rules=[RULE], **(seen if published else {})),
        FrameworkControl("X.3", "Not looked at", not_applicable=4),
        published=published,
    )
    (section,) = frameworks.sections(scan)
    assert section.reach == said
    for kind in ("html", "markdown", "terminal"):
        assert said in text_of(scan, kind)


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("kind", ["html", "markdown", "terminal"])
def test_a_hostile_attestation_is_text(kind, name):
    scan = of(FrameworkControl("X.1", name, attestations=[0]))
    fields = dict.fromkeys(("statement", "by", "on", "expires", "evidence"), name)
    scan.attestations = [dataclasses.replace(ATTESTATIONS[0], **fields, accounts=[name])]
    stream = io.BytesIO()
    write(scan, kind, stream)
    raw = stream.getvalue().decode()
    assert "\x1b" not in raw
    assert "\u202e" not in raw
    if kind != "terminal":
        assert "<img" not in raw
        assert raw.count("<script") == (kind == "html")
