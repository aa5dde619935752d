import dataclasses
import io
import json
import tracemalloc

import jsonschema
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.files.errors import InputError
from auditor.model.finding import Evidence, Finding, Severity, Subject, Verdict, Waiver
from auditor.model.inventory import Gap
from auditor.model.resource import Origin
from auditor.report import write
from auditor.report.json import read, schema
from tests.report.scans import rule_info, scan_of, synthetic

RULE = rule_info("a-rule", "A rule", "high", "identity", "Role")

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False, allow_infinity=False) | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=6,
)
origins = st.builds(Origin, text, st.integers(0, 9), st.integers(0, 9))
texts = st.lists(text, max_size=2).map(tuple)
findings = st.builds(
    Finding,
    rule=st.just(RULE.id),
    severity=st.sampled_from(Severity),
    control=text,
    verdict=st.sampled_from(Verdict),
    resource=st.builds(Subject, text, text, origins, text, text, text),
    fingerprint=text,
    evidence=st.lists(st.builds(Evidence, text, text, values, origins, text, text, texts), max_size=2).map(tuple),
    assumptions=texts,
    frameworks=st.dictionaries(text, st.lists(text, max_size=2), max_size=2),
    waiver=st.none() | st.builds(Waiver, text, text, text),
)
gaps = st.builds(Gap, text, text, text, text, text, text, text, texts)


def written(scan):
    stream = io.BytesIO()
    write(scan, "json", stream)
    return stream.getvalue()


def restored(path):
    scan = read(path)
    return dataclasses.replace(scan, findings=list(scan.findings))


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    return tmp_path_factory.mktemp("scans") / "scan.json"


@settings(max_examples=60, deadline=None)
@given(items=st.lists(findings, max_size=4), unread=st.lists(gaps, max_size=2))
def test_what_is_written_is_read_back(stored, items, unread):
    scan = scan_of(items, {RULE.id: RULE})
    scan.coverage = dataclasses.replace(scan.coverage, gaps=unread)
    write(scan, "json", stored)
    assert restored(stored) == scan


def test_another_layout_of_the_same_document_is_read_too(tmp_path):
    scan = synthetic(40)
    path = tmp_path / "scan.json"
    path.write_text(json.dumps(json.loads(written(scan)), indent=2, sort_keys=True))
    assert restored(path) == scan


def test_the_published_schema_fits_what_is_written():
    published = schema()
    jsonschema.Draft202012Validator.check_schema(published)
    assert published["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert published["$id"].endswith(":scan:1")
    for hostile in (False, True):
        jsonschema.Draft202012Validator(published).validate(json.loads(written(synthetic(60, hostile=hostile))))


def test_the_published_schema_refuses_what_is_none():
    document = json.loads(written(synthetic(5)))
    document["findings"][0]["verdict"] = "compliant"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema()).validate(document)


def test_the_fields_that_others_rely_on():
    document = json.loads(written(synthetic(30)))
    for finding in document["findings"]:
        assert set(finding) == {
            "rule", "severity", "control", "verdict", "waiver", "resource", "evidence", "assumptions", "fingerprint", "frameworks",
        }  # fmt: skip
        assert set(finding["resource"]) == {"type", "id", "arn", "account", "region", "origin"}
        assert finding["verdict"] in ("pass", "fail", "unknown", "not_applicable")


def test_the_same_scan_gives_the_same_bytes():
    assert written(synthetic(100)) == written(synthetic(100))


def test_half_characters_and_vast_numbers_are_written_as_what_json_can_hold(tmp_path):
    subject = Subject("T", "half \ud800 name", Origin("call"))
    item = Evidence("P", "wanted", [10**30, "\udfff"], Origin("call"))
    finding = Finding(RULE.id, Severity.LOW, "c", Verdict.FAIL, subject, "f", (item,))
    path = tmp_path / "scan.json"
    write(scan_of([finding], {RULE.id: RULE}), "json", path)
    (back,) = read(path).findings
    assert back.resource.id == "half \ufffd name"
    assert back.evidence[0].found == ["1" + "0" * 30, "\ufffd"]


def test_what_is_nested_too_deeply_is_cut(tmp_path):
    found = "end"
    for _ in range(2_000):
        found = [found]
    item = Evidence("P", "wanted", found, Origin("call"))
    finding = Finding(RULE.id, Severity.LOW, "c", Verdict.FAIL, Subject("T", "r", Origin("call")), "f", (item,))
    path = tmp_path / "scan.json"
    write(scan_of([finding], {RULE.id: RULE}), "json", path)
    assert b"nested too deeply to be kept" in path.read_bytes()
    assert len(list(read(path).findings)) == 1


class Endless:
    """Many findings, none of them kept."""

    def __init__(self, count):
        self.finding, self.count = synthetic(1, failing=1).findings[0], count

    def __iter__(self):
        return (dataclasses.replace(self.finding, fingerprint=str(number)) for number in range(self.count))


class Sink(io.RawIOBase):
    def writable(self):
        return True

    def write(self, data):
        return len(data)


@pytest.mark.parametrize("kind", ["json", "csv", "html", "markdown", "terminal"])
def test_findings_are_not_held(kind):
    scan = synthetic(1, failing=1)
    write(scan, kind, Sink())
    scan.findings = Endless(20_000)
    tracemalloc.start()
    try:
        write(scan, kind, Sink())
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 6_000_000


def edited(**changes):
    def edit(document):
        document.update(changes)

    return edit


def in_finding(**changes):
    def edit(document):
        document["findings"][2].update(changes)

    return edit


def without(key):
    def edit(document):
        del document[key]

    return edit


@pytest.mark.parametrize("layout", ["own", "other"])
@pytest.mark.parametrize(
    ("edit", "key"),
    [
        (edited(schema_version=2), "schema_version: 2 is newer"),
        (edited(schema_version="1"), "schema_version: not a stored scan"),
        (without("schema_version"), "schema_version: not a stored scan"),
        (without("findings"), "findings: a list expected"),
        (edited(findings={}), "findings: a list expected"),
        (without("coverage"), "coverage: "),
        (edited(coverage=[]), "coverage: "),
        (edited(rules={"x": {"id": 3}}), "rules.x."),
        (in_finding(verdict="compliant"), "findings.2.verdict: "),
        (in_finding(severity=1), "findings.2.severity: "),
        (in_finding(rule="another"), "findings.2.rule: 'another' is none of"),
        (in_finding(resource=None), "findings.2.resource"),
        (in_finding(verdict="not_applicable"), "counts."),
        (edited(frameworks={"x": {"title": "X", "source": ""}}), "frameworks.x.controls: "),
        (edited(frameworks={"x": {"title": "X", "source": "", "controls": [{"id": "1"}]}}), "frameworks.x.controls.0."),
        (edited(counts={}), "counts.fail: 0 announced"),
        (edited(severities={"critical": 0}), "severities."),
    ],
)
def test_a_file_that_is_no_scan_is_refused_by_key(tmp_path, edit, key, layout):
    document = json.loads(written(synthetic(10, failing=1, unknown=0)))
    edit(document)
    path = tmp_path / "scan.json"
    if layout == "own" and isinstance(document.get("findings"), list):
        lines = document.pop("findings")
        body = b",\n".join(orjson.dumps(item) for item in lines)
        path.write_bytes(orjson.dumps(document)[:-1] + b',"findings":[\n' + body + b"\n]}\n")
    else:
        path.write_text(json.dumps(document))
    with pytest.raises(InputError) as caught:
        read(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: {key}")
    assert "\n" not in message


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"schema_version": 1',
        b'{"schema_version": 1, "findings": []}',
        b"[" * 100_000,
        b'{"schema_version": NaN}',
        written(synthetic(20))[:-200],
        written(synthetic(20)).rstrip(b"]}\n"),
        written(synthetic(20)).replace(b"},\n{", b"}\n{"),
        written(synthetic(20)) + b"x",
    ],
    ids=range(12),
)
def test_garbage_is_refused_in_one_line(tmp_path, content):
    path = tmp_path / "scan.json"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read(path)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read(tmp_path / "none.json")


def test_an_older_file_without_newer_fields_is_read(tmp_path):
    document = json.loads(written(synthetic(5)))
    for key in ("identity", "assumptions", "frameworks", "chapters", "warnings"):
        del document[key]
    for rule in document["rules"].values():
        del rule["source"]
    path = tmp_path / "scan.json"
    path.write_text(json.dumps(document))
    assert len(list(read(path).findings)) == 5
