"""What a rule says of one resource: defaults, blocks, lists, run time, implication, evidence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from auditor.model.facts import Fact
from auditor.model.finding import Evidence, Verdict
from auditor.model.inventory import SourceKind
from auditor.model.resource import Origin, Resource
from auditor.model.values import ABSENT, Kind, OneOf, Presence, Redacted, Reference, Text, Unknown, Value
from tests.rules import things

PASS, FAIL, UNKNOWN, EXEMPT = Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN, Verdict.NOT_APPLICABLE
PERHAPS = Unknown(Kind.UNREAD, "denied", Presence.MAYBE)
NOT_THERE = Unknown(Kind.UNREAD, "denied", Presence.NO)
BAD_ELEMENT = {"Inner": "b", "Other": "x"}

CASES: list[tuple[str, dict[str, Value], Verdict]] = [
    # AWS's defaults stand on the type
    ("Default: 'On'", {}, PASS),
    ("Default: 'On'", {"Default": None}, PASS),
    ("Default: 'On'", {"Default": NOT_THERE}, PASS),
    ("Default: 'On'", {"Default": PERHAPS}, UNKNOWN),
    ("Default: 'On'", {"Default": OneOf((ABSENT, "On"))}, PASS),
    ("Default: 'On'", {"Default": OneOf((ABSENT, "Off"))}, UNKNOWN),
    ("DefaultBlock.Inner: given", {}, PASS),
    ("DefaultBlock.Inner: given", {"DefaultBlock": {}}, FAIL),
    # a path and nested clauses are the same
    ("Block.Deep.Leaf: a", {"Block": {"Deep": {"Leaf": "a"}}}, PASS),
    ("Block: {Deep: {Leaf: a}}", {"Block": {"Deep": {"Leaf": "a"}}}, PASS),
    ("Block: {Deep: {Leaf: a}}", {}, FAIL),
    ("Block: {Inner: {not_equals: a}}", {}, PASS),
    ("Block: {exists: true}", {"Block": {"Inner": "a"}}, PASS),
    ("Block: {exists: true}", {"Block": {}}, FAIL),
    ("Block.Inner: a", {"Block": PERHAPS}, UNKNOWN),
    ("Block.Inner: {exists: true}", {"Block": Unknown(Kind.DEFERRED, "If", Presence.YES)}, UNKNOWN),
    ("Block.Inner: a", {"Block": OneOf(({"Inner": "a"}, {"Inner": "a", "Deep": {}}))}, PASS),
    ("Block.Inner: a", {"Block": OneOf(({"Inner": "a"}, {"Inner": "b"}))}, UNKNOWN),
    ("Block.Inner: a", {"Block": Reference("other")}, UNKNOWN),
    ("not: {Block: {Inner: a, Deep.Leaf: y}}", {"Block": OneOf(({"Inner": "a"}, {"Deep": {"Leaf": "y"}}))}, PASS),
    # nonsense neither passes nor fails, under a negation either
    ("Block.Inner: {not_equals: a}", {"Block": "text"}, UNKNOWN),
    ("Block: {Inner: {exists: false}}", {"Block": ["a"]}, UNKNOWN),
    ("Text: {not_matches: a}", {"Text": {"a": 1}}, UNKNOWN),
    ("Flag: true", {"Flag": 1}, UNKNOWN),
    ("Number: 1", {"Number": True}, UNKNOWN),
    ("Number: {gte: 1}", {"Number": True}, UNKNOWN),
    ("not: {Number: {gt: 5}}", {"Number": "x"}, UNKNOWN),
    ("not: {Time: {older_than: 1d}}", {"Time": 5}, UNKNOWN),
    ("List: {none: {equals: a}}", {"List": [5]}, UNKNOWN),
    ("List: {contains: a}", {"List": "a"}, UNKNOWN),
    ("List: {contains: a}", {"List": [5, None]}, UNKNOWN),
    ("Free: {none: {is: secret}}", {"Free": {"PASSWORD": 12345}}, UNKNOWN),
    # lists
    ("Blocks: {each: {Inner: a}}", {"Blocks": [{"Inner": "a"}, {"Inner": "a"}]}, PASS),
    ("Blocks: {each: {Inner: a}}", {"Blocks": [{"Inner": "a"}, BAD_ELEMENT]}, FAIL),
    ("Blocks: {each: {Inner: a}}", {"Blocks": [{"Inner": "a"}, PERHAPS]}, UNKNOWN),
    ("Blocks: {each: {Inner: a}}", {"Blocks": [BAD_ELEMENT, PERHAPS]}, FAIL),
    ("Blocks: {each: {Inner: a}}", {"Blocks": [{"Inner": "a"}, ABSENT, NOT_THERE, None]}, PASS),
    ("Blocks: {some: {Inner: a}}", {"Blocks": [PERHAPS, {"Inner": "a"}]}, PASS),
    # an element that may not be there is not taken for one without properties
    ("List: {some: {not_equals: a}}", {"List": [OneOf(("b", ABSENT))]}, UNKNOWN),
    ("Blocks: {some: {Inner: {not_equals: a}}}", {"Blocks": [OneOf((BAD_ELEMENT, ABSENT))]}, UNKNOWN),
    ("List: {none: {not_equals: a}}", {"List": [OneOf(("b", ABSENT))]}, UNKNOWN),
    ("List: {none: {not_equals: a}}", {"List": [OneOf(("a", ABSENT))]}, PASS),
    ("List: {each: {equals: a}}", {"List": ["a", OneOf(("a", ABSENT))]}, PASS),
    ("List: {each: {equals: a}}", {"List": ["a", OneOf(("b", ABSENT))]}, UNKNOWN),
    ("List: {each: {not_equals: a}}", {"List": [OneOf(("b", ABSENT))]}, UNKNOWN),
    ("List: {each: {equals: a}, or_absent: true}", {"List": [ABSENT]}, PASS),
    ("List: {exists: true}", {"List": [ABSENT]}, FAIL),
    ("List: {exists: true}", {"List": [PERHAPS]}, UNKNOWN),
    ("List: {exists: true}", {"List": [OneOf(("a", ABSENT)), "b"]}, PASS),
    ("List: {exists: false}", {"List": [OneOf(("a", ABSENT))]}, UNKNOWN),
    ("Blocks: {some: {Inner: a, Other: x}}", {"Blocks": [{"Inner": "a"}, BAD_ELEMENT]}, FAIL),
    ("Blocks: {none: {Inner: b}}", {"Blocks": [BAD_ELEMENT]}, FAIL),
    ("Blocks: {some: {Inner: a}}", {"Blocks": [OneOf(({"Inner": "a"}, BAD_ELEMENT))]}, UNKNOWN),
    ("Blocks: {some: {all: [{Inner: b}, {Other: x}]}}", {"Blocks": [BAD_ELEMENT]}, PASS),
    ("Free: {none: {is: secret}}", {"Free": {"REGION": "eu-west-1"}}, PASS),
    ("Free: {none: {is: secret}}", {"Free": {"KEY": Redacted("aws-access-key", "0000")}}, FAIL),
    ("Free: {none: {is: secret}}", {"Free": {"DB_PASSWORD": "hunter22"}}, FAIL),
    ("Free: {none: {is: secret}}", {"Free": {"A": Unknown(Kind.DEFERRED, "a parameter")}}, UNKNOWN),
    ("Free.NAME: a", {"Free": {"NAME": "a"}}, PASS),
    ("List: {count: 2}", {"List": ["a", PERHAPS]}, UNKNOWN),
    ("List: {count: {gte: 1}}", {"List": ["a", PERHAPS]}, PASS),
    ("List: {count: {gte: 1, lte: 2}}", {"List": ["a", "b", "c"]}, FAIL),
    ("List: {contains: a}", {"List": [PERHAPS, "a"]}, PASS),
    ("List: {contains: a}", {"List": [PERHAPS, "b"]}, UNKNOWN),
    ("List: {contains: a}", {"List": [OneOf(("a", "b"))]}, UNKNOWN),
    # documents are whatever they are
    ("Document: {Statement: {some: {Effect: Allow}}}", {"Document": {"Statement": [{"Effect": "Allow"}]}}, PASS),
    ("Document.Statement.Effect: Allow", {"Document": {"Statement": {"Effect": "Deny"}}}, FAIL),
    # combinations
    ("any: [{Text: a}, {Mode: Enabled}]", {"Text": PERHAPS, "Mode": "Enabled"}, PASS),
    ("any: [{Text: a}, {Mode: Enabled}]", {"Text": PERHAPS, "Mode": "Disabled"}, UNKNOWN),
    ("all: [{Text: a}, {Mode: Enabled}]", {"Text": PERHAPS, "Mode": "Disabled"}, FAIL),
    ("not: {Text: a, Mode: Enabled}", {"Text": PERHAPS, "Mode": "Disabled"}, PASS),
    ("not: {Text: a}", {"Text": PERHAPS}, UNKNOWN),
    ("Text: {starts_with: a, not_matches: c}", {"Text": "abc"}, FAIL),
    ("Text: {starts_with: 'arn:aws:'}", {"Text": Text(("arn:", Reference("it", "Arn"), ":x"))}, UNKNOWN),
    ("Text: {starts_with: 's3://it/'}", {"Text": Text(("s3://", Reference("it"), "/x"))}, PASS),
    ("Document.X: {equals: 1}", {"Document": {"X": True}}, FAIL),
    ("Document.X: {not_equals: true}", {"Document": {"X": 1}}, PASS),
    ("Text: {equals: it}", {"Text": Reference("it")}, PASS),
    ("Text: {equals: it}", {"Text": Reference("it", "Arn")}, UNKNOWN),
    # ages count from the collection
    ("Time: {older_than: 90d}", {"Time": "2025-10-02T23:59:59Z"}, PASS),
    ("Time: {older_than: 90d}", {"Time": "2025-10-03T00:00:00Z"}, FAIL),
    ("Time: {newer_than: 90d}", {"Time": "2025-10-03T00:00:00Z"}, FAIL),
    ("Time: {newer_than: 12h}", {"Time": "2025-12-31T14:00:00+02:00"}, FAIL),
    ("Time: {newer_than: 13h}", {"Time": "2025-12-31T14:00:00+02:00"}, PASS),
    ("Time: {newer_than: 1d}", {"Time": "2026-02-01T00:00:00Z"}, PASS),
    ("Time: {newer_than: 1d}", {"Time": "yesterday"}, UNKNOWN),
]


@pytest.mark.parametrize(("clause", "properties", "verdict"), CASES)
def test_the_verdict_on_a_live_resource(tmp_path: Path, clause: str, properties: dict[str, Value], verdict: Verdict) -> None:
    rule = things.rule_of(tmp_path, f"assert: {{{clause}}}")
    it = things.thing({"Name": "it", **properties})
    outcome = rule.evaluate(it, things.world(it))
    assert outcome.verdict is verdict
    assert outcome.evidence
    assert (verdict is UNKNOWN) == any(item.unknown for item in outcome.evidence)


@pytest.mark.parametrize(
    ("tags", "verdict"),
    [({"owner": "me"}, PASS), ({"Owner": "me"}, FAIL), ({}, FAIL), (Unknown(Kind.UNREAD, "denied"), UNKNOWN)],
)
def test_tags_are_told_by_their_very_name_and_may_be_unread(tmp_path: Path, tags: Value, verdict: Verdict) -> None:
    rule = things.rule_of(tmp_path, "assert: {tags.owner: {exists: true}}")
    it = things.thing(tags=tags)
    assert rule.evaluate(it, things.world(it)).verdict is verdict


DOCUMENT = (Path(__file__).parents[2] / "docs" / "rule-language.md").read_text(encoding="utf-8")
IMPLICATION = re.findall(r"^\| ([TF?]) \| (\w+) \| (\w+) \| (\w+) \|$", DOCUMENT, re.MULTILINE)
TRUTHS: dict[str, Value] = {"T": "a", "F": "b", "?": PERHAPS}


@pytest.mark.parametrize(
    ("when", "asserted", "verdict"),
    [(row[0], letter, row[index]) for row in IMPLICATION for index, letter in enumerate("T?F", start=1)],
)
def test_when_and_assert_combine_as_documented(tmp_path: Path, when: str, asserted: str, verdict: str) -> None:
    rule = things.rule_of(tmp_path, "when: {Text: a}\nassert: {Block.Inner: a}")
    it = things.thing({"Text": TRUTHS[when], "Block": {"Inner": TRUTHS[asserted]}})
    assert rule.evaluate(it, things.world(it)).verdict is Verdict(verdict)


def test_the_implication_is_documented_in_full() -> None:
    assert [row[0] for row in IMPLICATION] == ["T", "?", "F"]


# rule, verdict live where the run-time state is Bad, verdict in a template (nothing: the rule does not apply)
RUNTIME = [
    ("assert: {runtime.State: Good}", FAIL, None),
    ("assert: {not: {runtime.State: Bad}}", FAIL, None),
    ("assert: {any: [{runtime.State: Good}]}", FAIL, None),
    ("assert: {runtime.State: Good, Text: a}", FAIL, PASS),
    ("assert: {any: [{runtime.State: Bad}, {Text: b}]}", PASS, FAIL),
    ("when: {runtime.State: Good}\nassert: {Text: b}", EXEMPT, FAIL),
    ("when: {runtime.State: Good, Text: b}\nassert: {Text: b}", EXEMPT, EXEMPT),
]


@pytest.mark.parametrize(("body", "live", "template"), RUNTIME)
def test_clauses_about_run_time_vanish_in_templates(tmp_path: Path, body: str, live: Verdict, template: Verdict | None) -> None:
    rule = things.rule_of(tmp_path, body)
    it = things.thing({"Text": "a"}, runtime={"State": "Bad"})
    assert rule.evaluate(it, things.world(it)).verdict is live
    assert rule.applies_to(SourceKind.SNAPSHOT)
    assert rule.applies_to(SourceKind.CLOUDFORMATION) is (template is not None)
    if template is not None:
        declared = things.thing({"Text": "a"})
        assert rule.evaluate(declared, things.world(declared, kind=SourceKind.CLOUDFORMATION)).verdict is template


def test_a_relation_keeps_what_is_left_of_its_where_in_a_template(tmp_path: Path) -> None:
    rule = things.rule_of(tmp_path, "assert: {Key: {refers_to: {type: AWS::KMS::Key, where: {runtime.KeyState: Enabled}}}}")
    it = things.thing({"Key": "k"})
    key = things.thing(name="k", kind="AWS::KMS::Key")
    assert rule.evaluate(it, things.world(it, key, kind=SourceKind.CLOUDFORMATION)).verdict is PASS
    assert rule.evaluate(it, things.world(it, key)).verdict is FAIL


@pytest.mark.parametrize(
    ("resource", "kinds"),
    [
        ("Test::Thing", set(SourceKind)),
        ("Test::Watcher", {SourceKind.LIVE, SourceKind.SNAPSHOT}),
        ("AWS::SageMaker::TrainingJob", set(SourceKind)),
        ("AWS::SageMaker::ModelPackage", set(SourceKind) - {SourceKind.TERRAFORM}),
    ],
)
def test_a_rule_applies_where_its_type_exists(tmp_path: Path, resource: str, kinds: set[SourceKind]) -> None:
    name = {"Test::Thing": "Name", "Test::Watcher": "Name"}.get(resource, f"{resource.rpartition(':')[2]}Name")
    text = things.rule_text(f"assert: {{{name}: a}}").replace("Test::Thing", resource)
    rule = things.book_of(tmp_path, text).rules["my-rule"]
    assert {kind for kind in SourceKind if rule.applies_to(kind)} == kinds


# -- evidence ------------------------------------------------------------------------------------------------------------------


def evidence_of(folder: Path, body: str, it: Resource) -> list[tuple[str, str, Value, str]]:
    found = things.rule_of(folder, body).evaluate(it, things.world(it)).evidence
    return [(item.path, item.wanted, item.found, item.unknown) for item in found]


EVIDENCE = [
    ("Text: a, Mode: Enabled", {"Text": "b", "Mode": "Enabled"}, [("Text", "a", "b", "")]),
    ("Text: a, Mode: Enabled", {"Text": "a", "Mode": "Enabled"}, [("Text", "a", "a", ""), ("Mode", "Enabled", "Enabled", "")]),
    ("Text: {in: [a, b]}", {}, [("Text", "one of a, b", {"$absent": True}, "")]),
    ("Text: {not_in: [a, b]}", {"Text": "b"}, [("Text", "none of a, b", "b", "")]),
    ("not: {Text: a}", {"Text": "a"}, [("Text", "not: a", "a", "")]),
    ("not: {not: {Text: a}}", {"Text": "b"}, [("Text", "a", "b", "")]),
    ("List: {none: {starts_with: b}}", {"List": ["a", "bc"]}, [("List[1]", "not: text that starts with b", "bc", "")]),
    ("Blocks: {each: {Inner: a}}", {"Blocks": [{"Inner": "a"}, {}]}, [("Blocks[1].Inner", "a", {"$absent": True}, "")]),
    ("List: {each: {equals: a}}", {"List": []}, [("List", "at least one element, each as the rule asks", [], "")]),
    ("Free: {each: {equals: a}}", {"Free": {"x": "a", "y": "b"}}, [("Free.y", "a", "b", "")]),
    (
        "Text: a, Mode: Enabled",
        {"Text": OneOf(("a", "b")), "Mode": "Enabled"},
        [("Text", "a", {"$one_of": ["a", "b"]}, "deferred")],
    ),
    (
        "Block.Inner: a",
        {"Block": Unknown(Kind.DEFERRED, "Fn::If")},
        [("Block.Inner", "a", {"$unknown": {"kind": "deferred", "reason": "Fn::If", "present": "maybe"}}, "deferred")],
    ),
    ("any: [{Text: a}, {Mode: Enabled}]", {"Text": "a", "Mode": "Disabled"}, [("Text", "a", "a", "")]),
    ("Text: {equals: a, or_absent: true}", {}, [("Text", "nothing", {"$absent": True}, "")]),
    ("Time: {newer_than: 90d}", {"Time": "x"}, [("Time", "newer than 90d", "x", "unread")]),
]


@pytest.mark.parametrize(("clause", "properties", "evidence"), EVIDENCE)
def test_evidence_is_what_decided(
    tmp_path: Path, clause: str, properties: dict[str, Value], evidence: list[tuple[str, str, Value, str]]
) -> None:
    assert evidence_of(tmp_path, f"assert: {{{clause}}}", things.thing(properties)) == evidence


def test_evidence_names_the_line_of_the_property(tmp_path: Path) -> None:
    rule = things.rule_of(tmp_path, "assert: {Blocks: {each: {Inner: a}}}")
    here, there = Origin("t.yaml", 3, 1), Origin("t.yaml", 9, 7)
    it = Resource("Test::Thing", "it", {"Blocks": [{"Inner": "b"}]}, here, origins={"Blocks[0]": there})
    assert rule.evaluate(it, things.world(it)).evidence == (Evidence("Blocks[0].Inner", "a", "b", there),)


def test_evidence_of_a_long_list_is_bounded(tmp_path: Path) -> None:
    it = things.thing({"List": ["b"] * 10_000})
    assert 1 < len(evidence_of(tmp_path, "assert: {List: {each: {equals: a}}}", it)) < 50


def test_what_is_unread_stays_in_the_evidence_however_much_there_is(tmp_path: Path) -> None:
    it = things.thing({"List": [Unknown(Kind.DEFERRED, "a parameter")] * 100 + [PERHAPS]})
    kinds = [unknown for _, _, _, unknown in evidence_of(tmp_path, "assert: {List: {each: {equals: a}}}", it)]
    assert kinds[0] == "unread"
    assert set(kinds[1:]) == {"deferred"}


@pytest.mark.parametrize(
    "clause", ["internet_route: false", "internet_route: {exists: false}", "internet_route: {not_equals: true}"]
)
def test_a_fact_that_rests_on_nothing_is_unknown(tmp_path: Path, clause: str) -> None:
    text = things.rule_text(f"assert: {{facts.{clause}}}").replace("resource: Test::Thing", "resource: AWS::EC2::Subnet")
    subnet = things.thing(kind="AWS::EC2::Subnet")
    nothing = Fact(Unknown(Kind.OUTSIDE, "it names no VPC", Presence.NO))
    inventory = things.world(subnet, providers={"internet_route": lambda *_: nothing})
    assert things.book_of(tmp_path, text).rules["my-rule"].evaluate(subnet, inventory).verdict is UNKNOWN
