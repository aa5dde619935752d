"""What is wrong in a rule is told with its place and the nearest name: rule text in, exact line out."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.files.errors import InputError
from auditor.rules import check_book, load_book
from tests.rules import things

CLAUSES = [
    ("Txt: {equals: a}", "6:10: Test::Thing has no property 'Txt'; did you mean 'Text'?"),
    ("Block.Iner: {equals: a}", "6:10: Test::Thing Block has no property 'Iner'; did you mean 'Inner'?"),
    ("Block: {Deep: {Laef: a}}", "6:25: Test::Thing Block.Deep has no property 'Laef'; did you mean 'Leaf'?"),
    ("Blocks: {some: {Iner: a}}", "6:26: Test::Thing Blocks[] has no property 'Iner'; did you mean 'Inner'?"),
    ("Blocks.Inner: a", "6:10: Blocks is a list: ask of its elements with each, some or none"),
    ("Text.Inner: a", "6:10: Text is text and has no 'Inner'"),
    ("runtime.Stat: {exists: true}", "6:10: Test::Thing runtime has no property 'Stat'; did you mean 'State'?"),
    ("runtime: {exists: true}", "6:10: what of runtime? runtime.x expected"),
    ("Block: {runtime.State: a}", "6:18: runtime.State belongs to the whole resource, not to Block"),
    ("Block: {tags.owner: a}", "6:18: tags.owner belongs to the whole resource, not to Block"),
    ("facts.internet_rout: true", "6:10: unknown fact 'internet_rout'; did you mean 'internet_route'?"),
    ("facts.internet_route: true", "6:10: the fact internet_route is of AWS::EC2::Subnet, not of Test::Thing"),
    ("al: [{Text: a}]", "6:10: unknown clause 'al'; did you mean 'all'?"),
    ("any: []", "6:15: any: a list of clauses expected"),
    ("not: [{Text: a}]", "6:15: a mapping of clauses expected"),
    ("not: {}", "6:15: a clause expected, not an empty mapping"),
    ("Text: {}", "6:16: an operator expected, not an empty mapping"),
    ("Text: {equls: a}", "6:17: unknown operator 'equls'; did you mean 'equals'?"),
    ("Text: {any: [{equals: a}]}", "6:17: unknown operator 'any'"),
    ("Text: 5", "6:16: Text equals: text expected, not 5; quote it"),
    ("Text: [a]", "6:16: Text equals: text expected, not a list"),
    ("Text: ~", "6:16: Text equals: text expected, not nothing"),
    ("Text: {in: a}", "6:21: Text in: a list expected, not 'a'"),
    ("Text: {in: [a, 5]}", "6:21: Text in: text expected, not 5; quote it"),
    ("Text: {gt: 5}", "6:17: gt cannot be asked of Text, which is text"),
    ("Text: {each: {equals: a}}", "6:17: each cannot be asked of Text, which is text"),
    ("Text: {exists: maybe}", "6:25: Text exists: true or false expected, not 'maybe'"),
    ("Text: {or_absent: true}", "6:16: or_absent stands beside an operator"),
    ("Text: {equals: a, or_absent: false}", "6:39: or_absent: true expected; leave it out otherwise"),
    ("Mode: Enabld", "6:16: Mode equals: 'Enabld' is not one of Enabled, Disabled; did you mean 'Enabled'?"),
    ("Mode: {not_in: [Disable]}", "6:25: Mode not_in: 'Disable' is not one of Enabled, Disabled; did you mean 'Disabled'?"),
    ("Default: On", "6:19: Default equals: true is not one of On, Off; quote it"),
    ("Flag: Enabled", "6:16: Flag equals: true or false expected, not 'Enabled'"),
    ("Whole: 1.5", "6:17: Whole equals: a whole number expected, not 1.5"),
    ("Whole: {gt: many}", "6:22: Whole gt: a number expected, not 'many'"),
    ("Time: 2026-01-01", "6:16: Time equals: a time is asked with older_than or newer_than"),
    ("Time: {older_than: 90}", "6:29: Time older_than: a duration like 90d or 12h expected, not 90"),
    ("Time: {older_than: 3 months}", "6:29: Time older_than: a duration like 90d or 12h expected, not '3 months'"),
    ("Text: {older_than: 90d}", "6:17: older_than cannot be asked of Text, which is text"),
    ("Text: {matches: '('}", "6:26: Text matches: not a regular expression: missing ), unterminated subpattern at position 0"),
    (
        "Text: {matches: '(a+)+$'}",
        "6:26: Text matches: '(a+)+$' repeats what itself repeats or chooses, which can take forever to match",
    ),
    ("Text: {starts_with: ''}", "6:30: Text starts_with: text that is not empty expected: everything has nothing in it"),
    ("Text: {contains: ''}", "6:27: Text contains: text that is not empty expected: everything has nothing in it"),
    ("Text: {starts_with: 5}", "6:30: Text starts_with: text expected, not 5; quote it"),
    ("List: a", "6:16: equals cannot be asked of List, which is a list"),
    ("Block: a", "6:17: equals cannot be asked of Block, which is a block"),
    ("List: {each: a}", "6:23: each: a mapping of operators or clauses expected"),
    ("List: {each: {equals: 5}}", "6:32: List[] equals: text expected, not 5; quote it"),
    ("List: {contains: 5}", "6:27: List contains: text expected, not 5; quote it"),
    ("Blocks: {contains: a}", "6:19: contains cannot be asked of Blocks, which is a list"),
    ("List: {count: many}", "6:24: List count: a whole number expected"),
    ("List: {count: {}}", "6:24: count: a number or a mapping of comparisons expected"),
    ("List: {count: {mor: 1}}", "6:25: unknown operator of count 'mor'"),
    ("Key: {is: customer_key}", "6:20: unknown predicate 'customer_key'; did you mean 'customer_managed_key'?"),
    ("Number: {is: secret}", "6:19: is cannot be asked of Number, which is a number"),
    ("Text: {refers_to: {}}", "6:17: Text is no reference to another resource"),
    ("Key: {refers_to: {typ: AWS::KMS::Key}}", "6:28: unknown key of refers_to 'typ'; did you mean 'type'?"),
    ("Key: {refers_to: {type: AWS::KMS::Kee}}", "6:34: unknown target of Key 'AWS::KMS::Kee'; did you mean 'AWS::KMS::Key'?"),
    (
        "Key: {refers_to: {where: {KeySpek: a}}}",
        "6:36: AWS::KMS::Key has no property 'KeySpek'; did you mean 'KeySpec'?",
    ),
    ("referred_by: {where: {Active: true}}", "6:23: referred_by lacks type"),
    ("referred_by: {type: Test::Wacher}", "6:30: unknown resource type 'Test::Wacher'; did you mean 'Test::Watcher'?"),
    ("referred_by: {type: AWS::KMS::Key}", "6:30: no property of AWS::KMS::Key names a Test::Thing"),
    ("Block: {referred_by: {type: Test::Watcher}}", "6:18: referred_by belongs to the whole resource, not to Block"),
    ("Text: {equals: {parameter: none}}", "6:37: unknown parameter 'none'"),
]


@pytest.mark.parametrize(("clause", "line"), CLAUSES, ids=[clause for clause, _ in CLAUSES])
def test_a_clause_that_cannot_hold_is_refused(tmp_path: Path, clause: str, line: str) -> None:
    with pytest.raises(InputError) as caught:
        things.rule_of(tmp_path, f"assert: {{{clause}}}")
    assert str(caught.value) == f"{tmp_path}/things/my-rule.yaml:{line}"


GOOD = things.rule_text("assert: {Text: a}")
RULES = [
    (("severity: high", "severity: grave"), "3:11: unknown severity 'grave'"),
    (("severity: high", "severty: high"), "3:1: unknown key of a rule 'severty'; did you mean 'severity'?"),
    (("why: Because.\n", ""), "1:1: a rule lacks why"),
    (("why: Because.", "why: ''"), "7:6: why: text expected"),
    (("id: my-rule", "id: my_rule"), "1:5: id: small letters, digits and single hyphens expected"),
    (("id: my-rule", "id: other"), "1:5: id: 'other' is not the file's name, 'my-rule'"),
    (("my-control", "my-contrl"), "4:10: unknown control 'my-contrl'; did you mean 'my-control'?"),
    (("Test::Thing", "Test::Thin"), "5:11: unknown resource type 'Test::Thin'; did you mean 'Test::Thing'?"),
    (("fix: {text: Do it.}", "fix: {cli: do}"), "8:6: fix lacks text"),
    (("Do it.}", "Do it., set: {Mode: On}}"), "8:33: Test::Thing.Mode: one of Enabled, Disabled expected"),
    (("Do it.}", "Do it., set: {Mod: On}}"), "8:27: Test::Thing has no property 'Mod'; did you mean 'Mode'?"),
    (("https://docs.aws.amazon.com/thing", "https://example.com/x"), None),
    (("https://docs.aws.amazon.com/thing", "http://docs.aws.amazon.com/x"), None),
    (("https://docs.aws.amazon.com/thing", "https://docs.aws.amazon.com.example.com/x"), None),
    (("  - {expect: pass, given: {}}\n", ""), "10:10: examples: a list expected"),
    (("  - {expect: pass, given: {}}", "  []"), "11:3: examples: at least one example expected"),
    (("assert:", "when: [{Text: b}]\nassert:"), "6:7: a mapping of clauses expected"),
    (("Do it.}", "Do it., set: {Key: {$reference: k}}}"), "8:32: Test::Thing.Key: text expected"),
    (("why: Because.", "why: Because.\nsince: soon"), "8:8: since: a version like 0.1.0 expected, not 'soon'"),
    (("why: Because.", "why: Because.\naliases: X.1"), "8:10: aliases: a list expected"),
    (
        ("why: Because.", "why: Because.\nparameters: {days: {default: 5, why: w}}"),
        "8:14: parameters: no clause uses the parameter 'days'",
    ),
    (("why: Because.", "why: Because.\nparameters: {days: {default: 5}}"), "8:20: parameter days lacks why"),
    (("why: Because.", "why: Because.\nwhy: Again."), "8:1: why: this key stands twice"),
    (("{Text: a}", "{Text: a"), "7:4: not YAML or JSON: did not find expected ',' or '}'"),
]


@pytest.mark.parametrize(("change", "line"), RULES, ids=[change[1] for change, _ in RULES])
def test_a_rule_that_is_not_whole_is_refused(tmp_path: Path, change: tuple[str, str], line: str | None) -> None:
    assert change[0] in GOOD
    line = line or f"9:10: source: a page of AWS like https://docs.aws.amazon.com/… expected, not '{change[1]}'"
    with pytest.raises(InputError) as caught:
        things.book_of(tmp_path, GOOD.replace(*change))
    assert str(caught.value) == f"{tmp_path}/things/my-rule.yaml:{line}"


WITH_PARAMETER = things.rule_text(
    "assert: {Time: {newer_than: {parameter: age}}, Number: {lt: {parameter: most}}}\n"
    "parameters: {age: {default: 90d, why: w}, most: {default: 5, why: w}}"
)
SETTINGS = [
    ({"my-rul": {"age": "1d"}}, "my-rul: unknown rule 'my-rul'; did you mean 'my-rule'?"),
    ({"my-rule": {"ag": "1d"}}, "my-rule.ag: my-rule has no parameter 'ag'; did you mean 'age'?"),
    ({"my-rule": {"age": 90}}, "my-rule.age: text expected, not a number"),
    ({"my-rule": {"most": True}}, "my-rule.most: a number expected, not true or false"),
    ({"my-rule": {"age": "90x"}}, "my-rule.age: Time newer_than: a duration like 90d or 12h expected, not '90x'"),
]


@pytest.mark.parametrize(("settings", "line"), SETTINGS, ids=[line for _, line in SETTINGS])
def test_a_setting_that_does_not_fit_is_refused(tmp_path: Path, settings: dict[str, dict[str, object]], line: str) -> None:
    base = things.write_book(tmp_path, {"my-rule": WITH_PARAMETER})
    with pytest.raises(InputError) as caught:
        load_book(parameters=settings, types=things.TYPES, base=base)
    assert str(caught.value) == line


def test_every_file_that_is_wrong_is_told(tmp_path: Path) -> None:
    base = things.write_book(tmp_path, {"my-rule": GOOD, "second": GOOD, "third": "[]", "fourth": "", "fifth": "a: [b"})
    (base / "frameworks").mkdir()
    (base / "frameworks" / "theirs.yaml").write_text(
        "id: theirs\ntitle: Theirs\nsource: s\ncontrols: [{id: T.1, title: t, controls: [my-contrl]}]\n", encoding="utf-8"
    )
    assert [str(error).removeprefix(str(tmp_path)) for error in check_book(types=things.TYPES, base=base)] == [
        "/frameworks/theirs.yaml:4:43: unknown control 'my-contrl'; did you mean 'my-control'?",
        "/things/fifth.yaml:2:1: not YAML or JSON: did not find expected ',' or ']'",
        "/things/fourth.yaml:1: a mapping expected",
        "/things/second.yaml:1:5: id: 'my-rule' is not the file's name, 'second'",
        "/things/third.yaml:1: a mapping expected",
    ]


@pytest.mark.parametrize("key", ["aliases", "formerly"])
def test_a_name_stands_for_one_rule_alone(tmp_path: Path, key: str) -> None:
    second = GOOD.replace("id: my-rule", "id: second").replace("why:", f"{key}: [my-rule]\nwhy:")
    base = things.write_book(tmp_path, {"my-rule": GOOD, "second": second})
    (error,) = check_book(types=things.TYPES, base=base)
    assert str(error) == f"{base}/things/second.yaml:7:1: {key}: 'my-rule' already names a rule, in {base}/things/my-rule.yaml"
