"""What the page says, read without a browser, a style sheet or a script."""

import dataclasses
import io
import re
from html.parser import HTMLParser

import pytest

from auditor.model.finding import Verdict
from auditor.model.scan import Chapters, ControlCoverage, Coverage, Framework, FrameworkControl
from auditor.report import page, words, write
from tests.report.scans import HOSTILE, most_bytes, synthetic

VOID = {"meta", "input", "br", "rect"}


class Element(dict):
    """An element's attributes; its text is a slice of the document's."""

    def __init__(self, tag, attributes, chunks):
        super().__init__(attributes)
        self.tag, self.chunks, self.start, self.end = tag, chunks, len(chunks), len(chunks)

    @property
    def text(self):
        return "".join(self.chunks[self.start : self.end])


class Document(HTMLParser):
    """Elements with their attributes and text, and a check that each is closed, and no attribute or id stands twice."""

    def __init__(self, source):
        super().__init__()
        self.open, self.elements, self.by_id, self.chunks = [], [], {}, []
        self.feed(source)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        element = Element(tag, attrs, self.chunks)
        assert len(attrs) == len(element)
        self.elements.append(element)
        if "id" in element:
            assert element["id"] not in self.by_id, element["id"]
            self.by_id[element["id"]] = element
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag, attrs):
        assert tag in VOID

    def handle_endtag(self, tag):
        element = self.open.pop()
        assert element.tag == tag
        element.end = len(self.chunks)

    def handle_data(self, data):
        self.chunks.append(data)

    def all(self, tag):
        return [element for element in self.elements if element.tag == tag]

    @property
    def text(self):
        return " ".join(self.all("body")[0].text.split())


def source_of(scan):
    stream = io.BytesIO()
    write(scan, "html", stream)
    return stream.getvalue().decode()


def document(scan):
    return Document(source_of(scan))


def chapters(doc):
    return [element["id"] for element in doc.all("section")]


def rows(doc):
    return [element for element in doc.all("tr") if element.get("id", "").startswith("f-")]


def listed_rules(doc):
    return [element for element in doc.all("details") if element.get("class") == "rule"]


def test_the_chapters_stand_in_order_and_empty_ones_are_left_out():
    full = ["summary", "frameworks", "fix-first", "findings", "resources", "controls", "waivers", "coverage", "about"]
    assert chapters(document(synthetic(100))) == full
    assert chapters(document(synthetic(30, failing=0, unknown=0, gaps=0))) == [
        "summary",
        "frameworks",
        "findings",
        "controls",
        "coverage",
        "about",
    ]
    scan = synthetic(100)
    scan.chapters = Chapters(
        network={"paths": [{"verdict": "blocked", "hops": ["igw-1"]}]},
        iam={"reach": [{"role": "train"}]},
        monitoring=[{"endpoint": "ranker"}],
    )
    doc = document(scan)
    assert chapters(doc) == [*full[:3], "network", "iam", *full[3:6], "monitoring", *full[6:]]
    assert "igw-1" in doc.by_id["network"].text
    assert "ranker" in doc.by_id["monitoring"].text


def test_a_chapter_nested_without_end_is_cut():
    scan = synthetic(3)
    content = "end"
    for _ in range(3_000):
        content = [content]
    scan.chapters = Chapters(monitoring=[content])
    assert "…" in document(scan).by_id["monitoring"].text


def test_every_link_leads_somewhere_on_the_page():
    for scan in (synthetic(300), synthetic(100, hostile=True), synthetic(0), synthetic(2_000, failing=0.8)):
        doc = document(scan)
        links = [element["href"] for element in doc.all("a")]
        assert all(link.startswith("#") and link[1:] in doc.by_id for link in links), links


def test_every_failure_and_every_unknown_is_there_with_its_evidence():
    scan = synthetic(200)
    doc = document(scan)
    wanted = [item for item in scan.findings if item.verdict in (Verdict.FAIL, Verdict.UNKNOWN)]
    assert len(rows(doc)) == len(wanted)
    for finding in wanted:
        row = doc.by_id[f"f-{finding.fingerprint[:12]}"]
        text = " ".join(row.text.split())
        assert row["data-status"] == words.status(finding)
        assert words.STATUSES[words.status(finding)] in text
        assert finding.resource.id in text
        for item in finding.evidence:
            assert item.path in text
            assert item.wanted in text
            assert words.found(item.found) in text
            assert str(item.origin) in text
            assert all(hop in text for hop in item.hops)
        for assumption in finding.assumptions:
            assert assumption in text
        if finding.waiver:
            assert f"Waived until {finding.waiver.expires} by {finding.waiver.owner}: {finding.waiver.reason}" in text


def test_what_is_the_same_for_a_rule_stands_once():
    scan = synthetic(300)
    doc = document(scan)
    (rule,) = (element for element in doc.all("details") if element.get("id") == "rule-sagemaker-training-tls")
    info = scan.rules["sagemaker-training-tls"]
    for text in (info.why, *info.fix.values(), info.source[0]):
        assert rule.text.count(text) == 1


def test_numbers_agree_with_the_scan():
    scan = synthetic(500)
    doc = document(scan)
    tiles = dict(re.findall(r"(Fail|Unknown|Waived|Pass|Not applicable)\s*([\d,]+)", doc.by_id["summary"].text))
    assert int(tiles["Fail"]) == sum(scan.severities.values())
    assert int(tiles["Waived"]) == words.waived(scan)
    assert int(tiles["Unknown"]) == scan.counts["unknown"]
    assert int(tiles["Pass"]) == scan.counts["pass"]
    assert int(tiles["Not applicable"]) == scan.counts["not_applicable"]


def test_nothing_is_ever_called_compliant():
    for scan in (synthetic(60), synthetic(60, failing=0, unknown=0, gaps=0), synthetic(0)):
        assert not re.search(r"\b(compliant|compliance|met the|is met|secure\b)", document(scan).text, re.IGNORECASE)


def test_a_framework_control_says_where_only_a_part_was_examined():
    scan = synthetic(60)
    (first, second) = (
        ControlCoverage("audit-trail", "Audit trail", examined=2, passed=2),
        ControlCoverage("identity", "Identity"),
    )
    scan.coverage = Coverage(controls=[first, second])
    item = FrameworkControl("X.1", "Both", ["audit-trail", "identity"], examined=2, passed=2)
    scan.frameworks = {"x": Framework("X", "", [item])}
    assert "no failing check, partly not examined" in document(scan).by_id["frameworks"].text


def test_a_control_that_nothing_was_examined_for_says_so():
    scan = synthetic(60)
    (asked, *_) = scan.rules.values()
    scan.coverage = Coverage(controls=[ControlCoverage(asked.control, "Asked in vain"), ControlCoverage("unasked", "Unasked")])
    doc = document(scan)
    assert "not examined" in doc.by_id[f"control-{asked.control}"].text
    assert "no rule ran" in doc.by_id["control-unasked"].text
    doc = document(synthetic(60))
    assert "no failing check" in doc.by_id["control-audit-trail"].text
    assert "no rule here" in doc.by_id["framework-2"].text


@pytest.mark.parametrize(
    ("gaps", "unknown", "said"),
    [
        (2, 0.3, r"Incomplete\. 2 API calls were denied or failed, so \d+ results are unknown, not passed\."),
        (1, 0, r"Incomplete\. 1 API call was denied or failed\. What"),
        (0, 0.3, r"Incomplete\. Calls were denied or failed, so \d+ results are unknown, not passed\."),
    ],
)
def test_an_incomplete_scan_says_so_at_the_top(gaps, unknown, said):
    assert re.search(said, document(synthetic(60, gaps=gaps, unknown=unknown)).text)


def test_a_complete_scan_has_no_such_banner():
    doc = document(synthetic(60, gaps=0, unknown=0))
    assert "Incomplete" not in doc.text
    assert "None: every call was answered." in doc.by_id["coverage"].text


def test_a_scan_of_nothing_is_no_calm_zero():
    scan = synthetic(0, gaps=0)
    scan.coverage = Coverage(controls=[ControlCoverage("identity", "Identity")])
    scan.inputs = []
    doc = document(scan)
    assert "Nothing was checked" in doc.text
    assert "No rule met a resource it is about." in doc.by_id["findings"].text


def test_beyond_the_bound_a_rule_shows_some_and_says_where_the_rest_are():
    scan = synthetic(3_000, failing=0.95, unknown=0)
    doc = document(scan)
    failing = [item for item in scan.findings if item.rule == "sagemaker-training-tls" and words.status(item) == "fail"]
    assert len(failing) > page.MOST
    rule = doc.by_id["rule-sagemaker-training-tls"]
    assert f"{len(failing) - page.SHOWN:,} more are not listed here" in " ".join(rule.text.split())
    ids = {f"f-{item.fingerprint[:12]}" for item in failing}
    assert sum(row["id"] in ids for row in rows(doc)) == page.SHOWN
    assert f"{len(failing):,} fail" in rule.text


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_name_is_text_wherever_it_stands(name):
    scan = synthetic(20, failing=1, unknown=0)
    (first, *rest) = scan.findings
    subject = dataclasses.replace(first.resource, id=name, arn=name, account=name, region=name)
    evidence = dataclasses.replace(first.evidence[0], path=name, wanted=name, found=name, resource=name, hops=(name,))
    waiver = dataclasses.replace(scan.findings[0].waiver, reason=name, owner=name, expires=name)
    scan.findings = [
        dataclasses.replace(first, resource=subject, evidence=(evidence,), waiver=waiver, assumptions=(name,)),
        *rest,
    ]
    info = dataclasses.replace(
        scan.rules[first.rule], title=name, why=name, fix={"text": name, "cli": name}, aliases=[name], source=[name]
    )
    scan.rules[first.rule] = info
    scan.warnings = scan.assumptions = [name]
    scan.inputs = [dataclasses.replace(scan.inputs[0], name=name, digest=name)]
    source = source_of(scan)
    doc = Document(source)
    assert len(doc.all("script")) == len(doc.all("style")) == 1
    assert not doc.all("img")
    assert not [key for element in doc.elements for key in element if key.startswith("on") or key == "style" or key == "src"]
    assert words.visible(name) in doc.text or " ".join(words.visible(name).split()) in doc.text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069]", source)


def test_names_are_isolated_from_the_text_around_them():
    scan = synthetic(60, hostile=True)
    doc = document(scan)
    wanted = [item for item in scan.findings if words.status(item) in page.LISTED and len(item.resource.id) < words.LONG_NAME]
    isolated = {e.text for e in doc.elements if e.tag == "bdi" or e.get("dir") == "auto"}
    assert all(words.visible(item.resource.id) in isolated for item in wanted)


def test_a_long_name_is_cut_and_there_in_full():
    scan = synthetic(60, hostile=True)
    long = next(
        item.resource.id for item in scan.findings if words.status(item) in page.LISTED and len(item.resource.id) > 2_000
    )
    doc = document(scan)
    assert any(element.text == long for element in doc.all("bdi"))
    assert max(len(element.text) for element in doc.all("a")) <= words.LONG_NAME + 1


def test_the_policy_lets_nothing_in():
    source = source_of(synthetic(30))
    (policy,) = (e["content"] for e in Document(source).all("meta") if e.get("http-equiv") == "Content-Security-Policy")
    rules = dict(part.split(" ", 1) for part in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["require-trusted-types-for"] == "'script'"
    for name in ("style-src", "script-src"):
        assert re.fullmatch(r"'sha256-[A-Za-z0-9+/]{43}='", rules[name])
    assert "unsafe" not in policy
    assert all(e.get("href", "#").startswith("#") and "src" not in e for e in Document(source).elements)


def test_the_script_stays_small_and_uses_no_dangerous_sink():
    script = Document(source_of(synthetic(3))).all("script")[0].text
    assert len(script.encode()) <= 10_000
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|Function\(|fetch\(|XMLHttp", script)


@pytest.mark.parametrize(("count", "failing"), [(0, 0), (50, 0.5), (2_000, 0.3), (5_000, 0.7)])
def test_the_page_keeps_within_its_budget(count, failing):
    scan = synthetic(count, failing=failing)
    source = source_of(scan)
    doc = Document(source)
    assert len(source.encode()) <= most_bytes(len(listed_rules(doc)), len(rows(doc)))
