"""A rule's examples are its tests: they must hold, be enough, and notice a clause that is gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.files.errors import InputError
from auditor.model.facts import Fact
from auditor.model.finding import Verdict
from auditor.model.inventory import SourceKind
from auditor.model.resource import GLOBAL
from auditor.model.values import ABSENT, Kind, OneOf, Presence, Redacted, Reference, Text, Unknown, Value
from auditor.rules import Rule, load_book
from auditor.rules.examples import inventory_of, read_examples, run_examples
from tests.rules import things

EXAMPLES = "examples:\n  - {expect: pass, given: {}}\n"


def rule_with(folder: Path, body: str, *examples: str, resource: str = "Test::Thing", fix: str = "") -> Rule:
    text = things.rule_text(body).replace("Test::Thing", resource)
    text = text.replace(EXAMPLES, "examples:\n" + "".join(f"  - {{{example}}}\n" for example in examples))
    return things.book_of(folder, text.replace("Do it.", f"Do it.{fix}")).rules["my-rule"]


def problems(folder: Path, body: str, *examples: str, fix: str = "") -> list[str]:
    rule_with(folder, body, *examples, fix=fix)
    return [
        str(item).removeprefix(f"{folder}/things/my-rule.yaml:").replace(": my-rule", "")
        for item in run_examples(load_book(types=things.TYPES, base=folder), {}, things.TYPES)
    ]


PASS, FAIL = "expect: pass, given: {Text: a}", "expect: fail, given: {Text: b}"


def test_a_rule_whose_examples_hold_has_no_problem(tmp_path: Path) -> None:
    assert problems(tmp_path, "assert: {Text: a}", PASS, FAIL) == []


LACKING = [
    ("assert: {Text: a}", (PASS,), "11: no example expects fail: every rule has one"),
    ("assert: {Text: a}", (FAIL,), "11: no example expects pass: every rule has one"),
    ("assert: {Text: a}", (PASS, "expect: fail, given: {Text: a}"), "12: expected fail, is pass"),
    ("when: {Mode: Enabled}\nassert: {Text: a}", (PASS, FAIL), "12: no example expects not_applicable: the rule has a when"),
    (
        "assert: {Key: {is: customer_managed_key}}",
        ("expect: pass, given: {Key: k}, with: [{type: AWS::KMS::Key, id: k, runtime: {KeyManager: CUSTOMER}}]",),
        "11: no example expects unknown: the rule looks at more than its resource",
    ),
    (
        "assert: {runtime.State: Good}",
        ("expect: pass, given: {}, world: open",),
        "11: asks nothing that a template knows; it needs no open world",
    ),
    ("assert: {Text: a}", ("expect: maybe",), "11: unknown verdict 'maybe'"),
    ("assert: {Text: a}", ("expct: pass",), "11: unknown key of an example 'expct'; did you mean 'expect'?"),
]


@pytest.mark.parametrize(("body", "examples", "problem"), LACKING, ids=[problem for _, _, problem in LACKING])
def test_what_examples_lack_is_told(tmp_path: Path, body: str, examples: tuple[str, ...], problem: str) -> None:
    assert problem in problems(tmp_path, body, *examples)


BAD_SHAPES = [
    ("given: {Txt: a}", "Test::Thing has no property 'Txt'; did you mean 'Text'?"),
    ("given: {Block: {Iner: a}}", "Test::Thing.Block has no property 'Iner'; did you mean 'Inner'?"),
    ("given: {Mode: On}", "one of Enabled, Disabled expected"),
    ("given: {List: a}", "a list expected"),
    ("runtime: {Stat: a}", "Test::Thing runtime has no property 'Stat'; did you mean 'State'?"),
    ("facts: {internet_route: true}", "Test::Thing facts has no property 'internet_route'"),
    ("with: {type: Test::Watcher, id: w}", "a list expected"),
    ("unread: Test::Watcher", "a list expected"),
    ("tags: [a]", "a mapping expected"),
    ("given: {$unknown: unread}", "Test::Thing has no property '$unknown'"),
    ("with: [{type: Test::Watcher, id: w}, {type: Test::Watcher, id: w}]", "two of Test::Watcher are called 'w'"),
    ("with: [{type: Test::Thin, id: x}]", "unknown resource type 'Test::Thin'; did you mean 'Test::Thing'?"),
    ("with: [{type: Test::Watcher}]", "a Test::Watcher lacks id"),
    ("unread: [Test::Wacher]", "unknown resource type 'Test::Wacher'; did you mean 'Test::Watcher'?"),
    ("world: opn", "unknown world 'opn'; did you mean 'open'?"),
    ("world: open, runtime: {State: a}", "a template knows nothing of run time"),
    ("given: {Text: {$unknown: unred}}", "'unred' is not a valid Kind"),
    ("given: {Text: {$unheard: a}}", "unknown marker $unheard"),
]


@pytest.mark.parametrize(("example", "message"), BAD_SHAPES, ids=[message for _, message in BAD_SHAPES])
def test_an_example_that_says_nothing_sensible_is_refused(tmp_path: Path, example: str, message: str) -> None:
    rule = rule_with(tmp_path, "assert: {Text: a}", f"expect: pass, {example}")
    with pytest.raises(InputError) as caught:
        read_examples(rule, things.TYPES)
    assert caught.value.message == message
    assert caught.value.line == 11


# body, examples that hold but are blind to one clause, that clause
IDLE = [
    ("assert: {Text: a, Mode: Enabled}", ("Text: a, Mode: Enabled", "Mode: Enabled"), "6: … without Mode"),
    ("assert: {Text: {starts_with: a, not_matches: z}}", ("Text: a", "Text: b"), "6: … without not_matches"),
    ("assert: {Text: {equals: a, or_absent: true}}", ("Text: a", "Text: b"), "6: … without or_absent"),
    ("assert: {any: [{Text: a}, {Text: c}]}", ("Text: a", "Text: b"), "6: … without one of the alternatives"),
    ("assert: {List: {count: {gte: 1, lte: 5}}}", ("List: [a]", "List: []"), "6: … without count"),
    ("assert: {Blocks: {some: {Inner: a, Other: x}}}", ("Blocks: [{Inner: a, Other: x}]", ""), "6: … without Inner"),
    ("assert:\n  Text: a\n  not: {Mode: Enabled}", ("Text: a", "Text: b"), "8: … without not"),
]


@pytest.mark.parametrize(("body", "examples", "problem"), IDLE, ids=[problem for _, _, problem in IDLE])
def test_a_clause_that_no_example_would_miss_is_told(
    tmp_path: Path, body: str, examples: tuple[str, str], problem: str
) -> None:
    passing, failing = examples
    found = problems(tmp_path, body, f"expect: pass, given: {{{passing}}}", f"expect: fail, given: {{{failing}}}")
    assert problem.replace("…", "no example changes its verdict") in found


def test_a_relation_is_missed_and_so_is_its_where(tmp_path: Path) -> None:
    body = "assert: {Key: {refers_to: {type: AWS::KMS::Key, where: {KeySpec: RSA_2048}}}}"
    good = "expect: pass, given: {Key: k}, with: [{type: AWS::KMS::Key, id: k, given: {KeySpec: RSA_2048}}]"
    bad = "expect: fail, given: {Key: k}, with: [{type: AWS::KMS::Key, id: k, given: {KeySpec: OTHER}}]"
    unknown = "expect: unknown, given: {Key: k}"
    assert problems(tmp_path, body, good, unknown, "expect: fail, given: {}") == [
        "6: no example changes its verdict without KeySpec"
    ]
    assert problems(tmp_path, body, good, unknown, bad) == []


@pytest.mark.parametrize(
    ("settings", "told"),
    [("{Text: a}", []), ("{Mode: Enabled}", ["11: every example that fails still fails after fix.set"])],
)
def test_a_fix_must_repair_a_failing_example(tmp_path: Path, settings: str, told: list[str]) -> None:
    assert problems(tmp_path, "assert: {Text: a}", PASS, FAIL, fix=f", set: {settings}") == told


WRITTEN = [
    ("{$unknown: unread}", Unknown(Kind.UNREAD, "the example says so", Presence.MAYBE)),
    ("{$unknown: {kind: deferred, reason: r, present: 'yes'}}", Unknown(Kind.DEFERRED, "r", Presence.YES)),
    ("{$one_of: [a, {$unknown: outside}]}", OneOf(("a", Unknown(Kind.OUTSIDE, "the example says so")))),
    ("{$one_of: [a, {$absent: true}]}", OneOf(("a", ABSENT))),
    ("{$reference: other}", Reference("other")),
    ("{$reference: {target: other, attribute: Arn}}", Reference("other", "Arn")),
    ("{$text: [a, {$reference: other}]}", Text(("a", Reference("other")))),
    ("{$redacted: named-secret}", Redacted("named-secret", "0000")),
]


@pytest.mark.parametrize(("written", "value"), WRITTEN, ids=[written for written, _ in WRITTEN])
def test_special_values_have_a_short_and_a_full_form(tmp_path: Path, written: str, value: Value) -> None:
    rule = rule_with(tmp_path, "assert: {Text: a}", f"expect: pass, given: {{Text: {written}}}")
    (example,) = read_examples(rule, things.TYPES)
    assert example.subject.given == {"Text": value}
    assert inventory_of(example, rule, things.TYPES, {}).resources[0].properties == {"Text": value}


def test_an_example_is_a_closed_world_unless_it_says_otherwise(tmp_path: Path) -> None:
    watcher = "with: [{type: Test::Watcher, id: w, account: '999988887777', region: eu-west-1}]"
    rule = rule_with(
        tmp_path,
        "assert: {Text: a}",
        f"expect: pass, given: {{Name: n}}, {watcher}",
        "expect: pass, given: {}, unread: [Test::Watcher, AWS::IAM::Role]",
        "expect: pass, given: {}, world: open",
    )
    closed, unread, template = (inventory_of(item, rule, things.TYPES, {}) for item in read_examples(rule, things.TYPES))
    assert (closed.kind, [item.id for item in closed]) == (SourceKind.LIVE, ["n", "w"])
    assert closed.read == {("111122223333", "us-east-1"), ("999988887777", "eu-west-1")}
    assert closed.missing("Test::Watcher", closed.resources[0]) is None
    subject = unread.resources[0]
    for name in ("Test::Watcher", "AWS::IAM::Role"):
        missing = unread.missing(name, subject)
        assert missing is not None
        assert missing.kind is Kind.UNREAD
    assert (template.kind, template.read) == (SourceKind.CLOUDFORMATION, frozenset())


@pytest.mark.parametrize(
    ("resource", "given", "region"),
    [
        ("AWS::IAM::Role", "RoleName: r", GLOBAL),
        ("Auditor::Account", "", GLOBAL),
        ("AWS::S3::Bucket", "BucketName: b", "us-east-1"),
        ("Test::Thing", "", "us-east-1"),
    ],
)
def test_what_has_no_region_lies_in_none(tmp_path: Path, resource: str, given: str, region: str) -> None:
    clause = "AccountMFAEnabled: 1" if resource == "Auditor::Account" else f"{given or 'Text: a'}"
    rule = rule_with(tmp_path, f"assert: {{{clause}}}", f"expect: pass, given: {{{given}}}", resource=resource)
    (example,) = read_examples(rule, things.TYPES)
    assert inventory_of(example, rule, things.TYPES, {}).resources[0].region == region


def test_facts_are_taken_as_given_and_else_computed(tmp_path: Path) -> None:
    clause = "assert: {facts.internet_route: false}"
    examples = ("expect: pass, facts: {internet_route: false}", "expect: fail, given: {}")
    rule = rule_with(tmp_path, clause, *examples, resource="AWS::EC2::Subnet")
    computed = {"internet_route": lambda inventory, resource: Fact(True)}
    verdicts = []
    for example in read_examples(rule, things.TYPES):
        inventory = inventory_of(example, rule, things.TYPES, computed)
        verdicts.append(rule.evaluate(inventory.resources[0], inventory).verdict)
    assert verdicts == [Verdict.PASS, Verdict.FAIL]
