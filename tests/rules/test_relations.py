"""Rules that lead from one resource to another, and how far what is unread reaches."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from auditor.model.facts import Fact
from auditor.model.finding import Verdict
from auditor.model.inventory import Gap, Inventory, SourceKind
from auditor.model.resource import GLOBAL, Origin, Resource
from auditor.model.values import Kind, OneOf, Presence, Reference, Text, Unknown, Value
from tests.rules import things

DOCUMENT = (Path(__file__).parents[2] / "docs" / "rule-language.md").read_text(encoding="utf-8")
LETTERS = {"T": Verdict.PASS, "F": Verdict.FAIL, "?": Verdict.UNKNOWN}

IT = things.thing({"Name": "it"})
UNKNOWN = Unknown(Kind.DEFERRED, "a parameter", Presence.YES)


def watcher(active: object, watches: object = "it") -> Resource:
    return things.thing({"Watches": [watches], "Active": active}, name="w", kind="Test::Watcher")


def unread(*resources: Resource) -> Inventory:
    gap = Gap(things.ACCOUNT, things.REGION, "test:ListWatchers", "Test::Watcher", "AccessDenied", "no")
    return things.world(IT, *resources, gaps=[gap])


def template(*resources: Resource) -> Inventory:
    return things.world(IT, *resources, kind=SourceKind.TERRAFORM)


SITUATIONS: dict[str, Callable[[], Inventory]] = {
    "somebody who names it, and `where` holds": lambda: things.world(IT, watcher(active=True)),
    "somebody who names it, and `where` cannot be known": lambda: things.world(IT, watcher(UNKNOWN)),
    "somebody who may name it": lambda: things.world(IT, watcher(active=True, watches=UNKNOWN)),
    "only somebody for whom `where` does not hold": lambda: things.world(IT, watcher(active=False)),
    "nobody": lambda: things.world(IT),
    "nobody, but the listing failed": unread,
    "only somebody for whom `where` does not hold, and the listing failed": lambda: unread(watcher(active=False)),
    "nobody in a template": template,
    "only somebody for whom `where` does not hold, in a template": lambda: template(watcher(active=False)),
}
DOCUMENTED = re.findall(r"^\| ([a-z][^|]*) \| ([TF?]) \|$", DOCUMENT, re.MULTILINE)


def test_every_documented_situation_is_tried() -> None:
    assert {situation for situation, _ in DOCUMENTED} == set(SITUATIONS)


@pytest.mark.parametrize(("situation", "letter"), DOCUMENTED, ids=[situation for situation, _ in DOCUMENTED])
def test_referred_by_is_as_documented(tmp_path: Path, situation: str, letter: str) -> None:
    rule = things.rule_of(tmp_path, "assert: {referred_by: {type: Test::Watcher, where: {Active: true}}}")
    assert rule.reads.referrers == {"Test::Watcher"}
    assert rule.evaluate(IT, SITUATIONS[situation]()).verdict is LETTERS[letter]


def test_a_failed_listing_in_any_region_leaves_what_has_no_region_unknown(tmp_path: Path) -> None:
    text = things.rule_text("assert: {referred_by: {type: Test::Watcher}}").replace("Test::Thing", "Auditor::Account")
    rule = things.book_of(tmp_path, text).rules["my-rule"]
    account = Resource("Auditor::Account", things.ACCOUNT, {}, Origin("test"), things.ACCOUNT, GLOBAL)
    assert rule.evaluate(account, things.world(account)).verdict is Verdict.FAIL
    gap = Gap(things.ACCOUNT, things.REGION, "test:ListWatchers", "Test::Watcher", "AccessDenied", "no")
    assert rule.evaluate(account, things.world(account, gaps=[gap])).verdict is Verdict.UNKNOWN


def test_evidence_names_the_referrer_that_decides_and_the_element_that_fails(tmp_path: Path) -> None:
    rule = things.rule_of(tmp_path, "assert: {referred_by: {type: Test::Watcher, where: {Active: true}}}")
    passed = rule.evaluate(IT, things.world(IT, watcher(active=True))).evidence
    assert [(item.resource, item.path, item.found) for item in passed] == [("", "referred_by", "w"), ("w", "Active", True)]
    failed = rule.evaluate(IT, things.world(IT, watcher(active=False))).evidence
    assert [(item.resource, item.path, item.found) for item in failed] == [("w", "Active", False)]
    gone = rule.evaluate(IT, unread()).evidence
    assert [(item.path, item.unknown) for item in gone] == [("referred_by", "unread")]
    assert "test:ListWatchers failed: AccessDenied" in str(gone[0].found)


KEY = things.thing({"KeySpec": "RSA_2048"}, name="k", kind="AWS::KMS::Key")
FOLLOWED = [
    ("Key: {refers_to: {type: AWS::KMS::Key, where: {KeySpec: RSA_2048}}}", "k", Verdict.PASS),
    ("Key: {refers_to: {type: AWS::KMS::Key, where: {KeySpec: other}}}", "k", Verdict.FAIL),
    ("Key: {refers_to: {type: AWS::KMS::Alias}}", "k", Verdict.FAIL),
    ("Key: {refers_to: {type: AWS::KMS::Key}}", "arn:aws:kms:eu-west-1:111122223333:key/k", Verdict.PASS),
    ("Key: {refers_to: {}}", "arn:aws:kms:eu-west-1:999988887777:key/k9", Verdict.UNKNOWN),
    ("Key: {refers_to: {}}", "elsewhere", Verdict.UNKNOWN),
    ("Key: {refers_to: {}}", OneOf(("k", "elsewhere")), Verdict.UNKNOWN),
]


@pytest.mark.parametrize(("clause", "value", "verdict"), FOLLOWED)
def test_a_name_is_followed(tmp_path: Path, clause: str, value: object, verdict: Verdict) -> None:
    rule = things.rule_of(tmp_path, f"assert: {{{clause}}}")
    it = things.thing({"Key": value})
    assert rule.evaluate(it, things.world(it, KEY)).verdict is verdict


def test_a_name_that_nothing_bears_says_why_nobody_can_judge(tmp_path: Path) -> None:
    rule = things.rule_of(tmp_path, "assert: {Key: {refers_to: {type: AWS::KMS::Key}}}")
    it = things.thing({"Key": "k"})
    gap = Gap(things.ACCOUNT, things.REGION, "kms:ListKeys", "AWS::KMS::Key", "AccessDenied", "no")
    (evidence,) = rule.evaluate(it, things.world(it, gaps=[gap])).evidence
    assert (evidence.path, evidence.found, evidence.unknown) == ("Key", "k", "unread")
    assert evidence.hops == ("kms:ListKeys failed: AccessDenied",)


@pytest.mark.parametrize("names", [("k", "elsewhere"), ("gone", "elsewhere"), (UNKNOWN, "elsewhere")])
def test_what_was_not_read_of_one_possibility_is_told(tmp_path: Path, names: tuple[object, ...]) -> None:
    rule = things.rule_of(tmp_path, "assert: {Key: {refers_to: {type: AWS::KMS::Key}}}")
    it = things.thing({"Key": OneOf(names)})
    gap = Gap(things.ACCOUNT, things.REGION, "kms:ListKeys", "AWS::KMS::Key", "AccessDenied", "no")
    outcome = rule.evaluate(it, things.world(it, KEY, gaps=[gap]))
    assert outcome.verdict is Verdict.UNKNOWN
    assert "unread" in {item.unknown for item in outcome.evidence}


def test_a_relation_inside_a_list_names_the_element(tmp_path: Path) -> None:
    rule = things.rule_of(tmp_path, "assert: {Blocks: {each: {Key: {refers_to: {where: {KeySpec: RSA_2048}}}}}}")
    other = things.thing({"KeySpec": "OTHER"}, name="k2", kind="AWS::KMS::Key")
    it = things.thing({"Blocks": [{"Key": "k"}, {"Key": "k2"}]})
    outcome = rule.evaluate(it, things.world(it, KEY, other))
    assert outcome.verdict is Verdict.FAIL
    assert [(item.resource, item.path, item.hops) for item in outcome.evidence] == [
        ("k2", "KeySpec", ("Blocks[1].Key names k2",))
    ]


def test_a_facts_steps_and_assumptions_reach_the_outcome(tmp_path: Path) -> None:
    text = things.rule_text("assert: {SubnetId: {refers_to: {where: {facts.internet_route: false}}}}")
    rule = things.book_of(tmp_path, text.replace("Test::Thing", "AWS::SageMaker::NotebookInstance")).rules["my-rule"]
    assert rule.reads.facts == {"internet_route"}
    assert rule.reads.targets == {"AWS::EC2::Subnet"}
    subnet = things.thing(name="subnet-1", kind="AWS::EC2::Subnet")
    it = things.thing({"SubnetId": "subnet-1"}, kind="AWS::SageMaker::NotebookInstance")
    known = {"internet_route": lambda inventory, resource: Fact(True, ("rtb-1 leads to igw-1",), ("no firewall was read",))}
    outcome = rule.evaluate(it, things.world(it, subnet, providers=known))
    assert outcome.verdict is Verdict.FAIL
    assert outcome.assumptions == ("no firewall was read",)
    assert outcome.evidence[-1].hops == ("SubnetId names subnet-1", "rtb-1 leads to igw-1")
    assert outcome.evidence[-1].resource == "subnet-1"
    assert rule.evaluate(it, things.world(it, subnet)).verdict is Verdict.UNKNOWN


DEFERRED = Unknown(Kind.DEFERRED, "a parameter", Presence.YES)
CUSTOMERS = things.thing(name="k", kind="AWS::KMS::Key", runtime={"KeyManager": "CUSTOMER"})
AMAZONS = things.thing(name="a", kind="AWS::KMS::Key", runtime={"KeyManager": "AWS"})
UNDESCRIBED = things.thing(name="u", kind="AWS::KMS::Key", runtime={"KeyManager": Unknown(Kind.UNREAD, "denied")})
ALIAS = things.thing({"AliasName": "alias/mine", "TargetKeyId": "k"}, name="alias/mine", kind="AWS::KMS::Alias")
AWS_ALIAS = things.thing({"AliasName": "alias/aws/s3"}, name="alias/aws/s3", kind="AWS::KMS::Alias")
KEYS = [
    ("k", Verdict.PASS),
    ("arn:aws:kms:eu-west-1:111122223333:key/k", Verdict.PASS),
    ("alias/mine", Verdict.PASS),
    ("arn:aws:kms:eu-west-1:111122223333:alias/mine", Verdict.PASS),
    ("a", Verdict.FAIL),
    ("alias/aws/s3", Verdict.FAIL),
    ("alias/aws/sagemaker", Verdict.FAIL),
    ("arn:aws-cn:kms:cn-north-1:111122223333:alias/aws/s3", Verdict.FAIL),
    ("u", Verdict.UNKNOWN),
    ("alias/gone", Verdict.UNKNOWN),
    ("arn:aws:kms:eu-west-1:999988887777:key/theirs", Verdict.UNKNOWN),
]


@pytest.mark.parametrize(("value", "verdict"), KEYS, ids=[value for value, _ in KEYS])
def test_a_customer_managed_key_is_one_however_it_is_named(tmp_path: Path, value: str, verdict: Verdict) -> None:
    rule = things.rule_of(tmp_path, "assert: {Key: {is: customer_managed_key}}")
    it = things.thing({"Key": value})
    inventory = things.world(it, CUSTOMERS, AMAZONS, UNDESCRIBED, ALIAS, AWS_ALIAS)
    assert rule.evaluate(it, inventory).verdict is verdict


def test_a_key_that_a_template_declares_is_the_customers(tmp_path: Path) -> None:
    rule = things.rule_of(tmp_path, "assert: {Key: {is: customer_managed_key}}")
    it = things.thing({"Key": "k"})
    key = things.thing(name="k", kind="AWS::KMS::Key")
    assert rule.evaluate(it, things.world(it, key, kind=SourceKind.CLOUDFORMATION)).verdict is Verdict.PASS
    assert rule.evaluate(it, things.world(it, key)).verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        (OneOf(("alias/mine", "alias/ours")), Verdict.PASS),
        (OneOf(("alias/mine", "alias/aws/s3")), Verdict.UNKNOWN),
        (Text(("alias/ml-", DEFERRED)), Verdict.PASS),
        (Text(("alias/", DEFERRED)), Verdict.UNKNOWN),
        (DEFERRED, Verdict.UNKNOWN),
    ],
)
def test_an_alias_whose_name_is_not_written_out(tmp_path: Path, name: Value, verdict: Verdict) -> None:
    rule = things.rule_of(tmp_path, "assert: {Key: {is: customer_managed_key}}")
    it = things.thing({"Key": Reference("Alias")})
    alias = things.thing({"AliasName": name, "TargetKeyId": "elsewhere"}, name="Alias", kind="AWS::KMS::Alias")
    assert rule.evaluate(it, things.world(it, alias, kind=SourceKind.CLOUDFORMATION)).verdict is verdict
