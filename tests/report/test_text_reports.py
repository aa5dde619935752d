import csv
import dataclasses
import html
import io
import re
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from auditor.model.finding import Evidence, Finding, Severity, Subject, Verdict, Waiver
from auditor.model.resource import Origin
from auditor.report import FORMATS, write
from auditor.report.csv import COLUMNS
from auditor.report.explain import explain
from auditor.report.markdown import LIMIT
from auditor.report.terminal import Look, lines
from auditor.report.words import shortened, visible
from tests.report.scans import HOSTILE, rule_info, scan_of, synthetic

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069]")


def text_of(scan, kind):
    stream = io.BytesIO()
    write(scan, kind, stream)
    return stream.getvalue().decode()


def one(name, **more):
    """A scan of one failure of a resource of this name."""
    rule = rule_info("a-rule", "A rule", "high", "identity", "Role")
    evidence = (Evidence("P", "equals x", "y", Origin("t.yaml", 3, 4)),)
    subject = Subject("AWS::IAM::Role", name, Origin("t.yaml", 3, 4))
    finding = Finding(rule.id, Severity.HIGH, "identity", Verdict.FAIL, subject, "abcdef0123456789", evidence, **more)
    return scan_of([finding], {rule.id: rule})


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_writes_to_a_file_and_to_a_stream(tmp_path, kind):
    scan = synthetic(40, hostile=True)
    path = tmp_path / f"report{FORMATS[kind][1]}"
    write(scan, kind, path)
    assert path.read_text("utf-8-sig" if kind == "csv" else "utf-8")
    stream = io.BytesIO()
    write(scan, kind, stream)
    assert stream.getvalue() == path.read_bytes()


REASONS = {
    "read from no source": (
        Evidence("Bucket", "a bucket", "b", Origin("t.yaml"), unknown="outside", hops=("Key names k", "b is not in t.yaml")),
        "Bucket b: outside what was looked at (b is not in t.yaml)",
    ),
    "a value nobody knows": (
        Evidence("P", "x", {"$unknown": {"kind": "deferred", "reason": "parameter Iso"}}, Origin("t.yaml"), unknown="deferred"),
        "P known only at deploy: parameter Iso",
    ),
    "everything of a type": (
        Evidence("", "all", {"$unknown": {"kind": "unread", "reason": "x failed"}}, Origin("x"), unknown="unread"),
        "could not be read: x failed",
    ),
}


@pytest.mark.parametrize(("evidence", "reason"), REASONS.values(), ids=REASONS)
@pytest.mark.parametrize("kind", ["terminal", "markdown"])
def test_what_is_unknown_says_why_in_words(evidence, reason, kind):
    settled = Evidence("Other", "x", "y", Origin("t.yaml"))
    scan = one("R")
    (finding,) = scan.findings
    finding = dataclasses.replace(finding, verdict=Verdict.UNKNOWN, evidence=(settled, evidence))
    text = text_of(scan_of([finding], scan.rules), kind)
    assert reason in " ".join(html.unescape(text).split())


@pytest.mark.parametrize("kind", FORMATS)
def test_what_could_not_be_listed_stands_in_every_format(kind):
    scan = one("*")
    (finding,) = scan.findings
    missing = {"$unknown": {"kind": "unread", "reason": "iam:ListRoles failed: AccessDenied", "present": "yes"}}
    evidence = (Evidence("", "every one of them read", missing, Origin("iam:ListRoles"), unknown="unread"),)
    finding = dataclasses.replace(finding, verdict=Verdict.UNKNOWN, evidence=evidence)
    text = html.unescape(text_of(scan_of([finding], scan.rules), kind))
    assert "a-rule" in text
    assert "iam:ListRoles failed: AccessDenied" in text


@pytest.mark.parametrize("kind", ["terminal", "markdown", "html"])
def test_types_that_no_rule_knows_are_named(kind):
    scan = one("R")
    unjudged = {"AWS::SageMaker::Pipeline": 2, "AWS::Lambda::Function": 1}
    scan.coverage = dataclasses.replace(scan.coverage, unjudged=unjudged)
    text = html.unescape(text_of(scan, kind))
    assert "AWS::SageMaker::Pipeline (2)" in text
    assert "Lambda::Function (1)" not in text
    assert ("AWS::Lambda::Function" in text) is (kind == "html")
    assert "no rule knows" not in text_of(one("R"), kind).lower()


class TestCsv:
    def test_there_is_one_row_for_each_finding(self):
        scan = synthetic(80)
        rows = list(csv.DictReader(io.StringIO(text_of(scan, "csv").removeprefix("\ufeff"), newline="")))
        assert len(rows) == 80
        for row, finding in zip(rows, scan.findings, strict=True):
            assert row["verdict"] == finding.verdict
            assert row["id"] == finding.resource.id
            assert row["fingerprint"] == finding.fingerprint
            assert row["waived_by"] == (finding.waiver.owner if finding.waiver else "")
            assert None not in row

    @pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝"])
    def test_no_cell_is_a_formula(self, start):
        name = f"{start}cmd|' /C calc'!A0"
        waiver = Waiver(f"{start}reason", f"{start}owner", "2027-01-01")
        (row,) = csv.DictReader(io.StringIO(text_of(one(name, waiver=waiver), "csv").removeprefix("\ufeff"), newline=""))
        assert row["id"] == f"'{name}"
        assert row["waiver_reason"] == f"'{start}reason"
        assert row["waived_by"] == f"'{start}owner"

    def test_lines_end_as_the_standard_says_and_the_mark_is_there(self):
        text = text_of(synthetic(10), "csv")
        assert text.startswith("\ufeffstatus,verdict,")
        assert text.count("\r\n") == 11
        assert text.split("\r\n")[0].split(",") == ["\ufeffstatus", *COLUMNS[1:]]


class Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.text = set(), []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)

    def handle_data(self, data):
        self.text.append(data)


def rendered(markdown):
    page = Reader()
    page.feed(MarkdownIt("commonmark", {"html": True}).enable("table").render(markdown))
    return page


class TestMarkdown:
    @pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
    def test_a_hostile_name_renders_as_itself(self, name):
        page = rendered(text_of(one(name), "markdown"))
        assert page.tags == {"h3", "h4", "p", "strong", "code", "table", "thead", "tbody", "tr", "th", "td", "br"}
        assert shortened(visible(name), 160) in page.text

    @pytest.mark.parametrize(
        "name", ["@octocat", "a|b", "#12", "`", "\\|", "<!--", "www.evil.example", "a_b_c", "*x*", "[x](y)"]
    )
    def test_nothing_in_a_name_starts_markup(self, name):
        text = text_of(one(name), "markdown")
        (row,) = [line for line in text.splitlines() if line.startswith("| High")]
        assert row.count("|") == 6
        cell = row.split(" | ")[2]
        assert cell.startswith("<code>")
        assert not re.search(r"[@`*\[\]()#\\_!]|www\.|<(?!/?code>)", re.sub(r"&#\d+;", "", cell))
        assert html.unescape(cell) == f"<code>{name}</code>"

    def test_a_mention_in_prose_reaches_nobody(self):
        scan = one("x")
        info = scan.rules["a-rule"]
        scan.rules = {"a-rule": rule_info("a-rule", "Ask @octocat", info.severity, info.control, "Role")}
        assert "@\u2060octocat" in html.unescape(text_of(scan, "markdown"))

    @pytest.mark.parametrize("hostile", [False, True])
    def test_it_is_bounded_and_says_what_it_leaves_out(self, hostile):
        scan = synthetic(4_000, hostile=hostile)
        text = text_of(scan, "markdown")
        assert len(text.encode()) < LIMIT
        shown = {"Failing": 0, "Unknown": 0}
        left = dict(shown)
        for line in text.splitlines():
            if line.startswith("#### "):
                title = line[5:]
            elif re.match(r"\| (Critical|High|Medium|Low) ", line):
                shown[title] += 1
            elif match := re.match(r"([\d,]+) more are left out", line):
                left[title] = int(match[1].replace(",", ""))
        assert shown["Failing"] > 50
        assert shown["Failing"] + left["Failing"] == sum(scan.severities.values())
        assert shown["Unknown"] + left["Unknown"] == scan.counts["unknown"]

    def test_the_worst_comes_first(self):
        text = text_of(synthetic(200), "markdown").partition("#### Unknown")[0]
        severities = re.findall(r"^\| (Critical|High|Medium|Low) ", text, re.MULTILINE)
        assert severities == sorted(severities, key=["Critical", "High", "Medium", "Low"].index)
        assert len(set(severities)) > 2

    def test_what_could_not_be_read_is_said(self):
        assert "**Incomplete.** 2 API calls denied or failed" in text_of(synthetic(10), "markdown")
        assert "Incomplete" not in text_of(synthetic(10, gaps=0), "markdown")


class Terminal(io.BytesIO):
    def isatty(self):
        return True


class TestTerminal:
    @pytest.mark.parametrize("width", [40, 80, 120])
    def test_no_line_is_wider_than_the_terminal(self, width):
        for line in lines(synthetic(300), Look(width)):
            assert all(len(part) <= width for part in line.split("\n"))

    def test_a_hostile_name_sends_no_escape_sequence(self):
        assert not CONTROL.search(text_of(synthetic(300, hostile=True), "terminal"))

    def test_colours_go_to_a_terminal_alone(self, monkeypatch):
        monkeypatch.delenv("NO_COLOR", raising=False)
        monkeypatch.setenv("TERM", "xterm")
        stream = Terminal()
        write(synthetic(30), "terminal", stream)
        painted = stream.getvalue().decode()
        assert "\x1b[1;31m" in painted
        assert "\x1b" not in text_of(synthetic(30), "terminal")
        monkeypatch.setenv("NO_COLOR", "1")
        stream = Terminal()
        write(synthetic(30), "terminal", stream)
        assert b"\x1b" not in stream.getvalue()

    def test_colour_changes_no_word(self):
        scan = synthetic(100, hostile=True)
        painted = "\n".join(lines(scan, Look(80, colour=True)))
        assert re.sub(r"\x1b\[[\d;]*m", "", painted) == "\n".join(lines(scan, Look(80)))
        assert not CONTROL.search(re.sub(r"\x1b\[[\d;]*m", "", painted))

    def test_it_says_what_failed_where_and_how_to_put_it_right(self):
        text = text_of(one("Notebook"), "terminal")
        for part in (
            "1 failing check",
            "FAIL HIGH  A rule",
            "Notebook  t.yaml:3:4",
            "P found y, wanted “equals x”",
            "fix: Recreate",
        ):
            assert part in text

    def test_unknown_is_counted_with_its_reasons(self):
        text = text_of(synthetic(60, failing=0, unknown=0.5), "terminal")
        assert re.match(r"No failing check, \d+ unknown\n", text)
        assert re.search(r"^UNKNOWN  \d+ results, not passed", text, re.MULTILINE)
        assert "could not be read:" in text
        assert "known only at deploy:" in text
        assert "INCOMPLETE  2 API calls denied or failed" in text

    def test_what_is_not_shown_is_counted(self):
        scan = synthetic(3_000)
        failures = text_of(scan, "terminal").partition("\nUNKNOWN")[0]
        shown = len(re.findall(r"^  \S+-\d+  ", failures, re.MULTILINE))
        left = sum(int(number.replace(",", "")) for number in re.findall(r"^  and ([\d,]+) more$", failures, re.MULTILINE))
        assert shown + left == sum(scan.severities.values())


class TestExplain:
    def test_everything_is_there(self):
        scan = synthetic(60)
        finding = next(
            item for item in scan.findings if item.verdict is Verdict.FAIL and len(item.evidence) > 1 and not item.waiver
        )
        text = explain(scan, finding)
        info = scan.rules[finding.rule]
        for part in (
            info.title,
            finding.fingerprint,
            *finding.evidence[1].hops,
            "ML security checklist: ML.",
            info.source[0],
        ):
            assert part in text
        for fix in info.fix.values():
            for line in fix.splitlines():
                assert line in text
        for item in finding.evidence:
            assert str(item.origin) in text

    def test_a_waived_finding_says_by_whom_until_when(self):
        scan = one("x", waiver=Waiver("The reason", "The owner", "2027-01-01"))
        text = explain(scan, scan.findings[0])
        assert text.startswith("WAIVED")
        assert "Waived until 2027-01-01 by The owner: The reason" in text
        assert "- rule:" not in text

    @pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
    def test_a_hostile_name_sends_no_escape_sequence(self, name):
        scan = one(name)
        assert not CONTROL.search(explain(scan, scan.findings[0]))
