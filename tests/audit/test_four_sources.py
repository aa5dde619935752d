"""The promise: one rule, one world, four sources, one verdict.

Every example of every rule that can be written down as a real world is read live, saved and read again, and written as a template
and as a plan. The verdict must be the same wherever the source can know; where it cannot, it must be UNKNOWN or no finding.
"""

import datetime
import json
from dataclasses import replace

import pytest

from auditor.audit.evaluate import evaluate, looked_back_at, needed_types
from auditor.audit.providers import providers
from auditor.model.facts import Fact
from auditor.model.finding import Verdict
from auditor.model.inventory import Inventory, SourceKind
from auditor.model.values import encode
from auditor.rules import load_book
from auditor.rules.examples import inventory_of, read_examples
from auditor.sources.aws import collect
from auditor.sources.batch import gather
from auditor.sources.cloudformation import read_template
from auditor.sources.snapshot import Run, open_snapshot, write_snapshot
from auditor.sources.terraform import read_plan
from auditor.types import all_types
from auditor.types.facts import FACTS
from tests.audit.account import Account
from tests.audit.render import is_place, plan, template

BOOK = load_book()
PROVIDERS = providers(FACTS)
NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)

# The only rules whose verdict may differ, and how: that nobody refers to a resource is a FAIL in an account, which is read whole,
# and UNKNOWN in a template, beside which others may be deployed; which account is another, a template does not say either.
OPEN_WORLD = {
    "apigateway-rest-api-web-acl",
    "cloudwatch-alarm-acts",
    "ec2-vpc-default-security-group",
    "ec2-vpc-flow-logs",
    "elbv2-load-balancer-shield",
    "elbv2-load-balancer-web-acl",
    "iam-execution-role-own-account",
    "kms-key-policy-own-account",
    *(name for name in BOOK.rules if name.startswith("sagemaker-endpoint-alarm-") or name.endswith("-monitored")),
    *(name for name in BOOK.rules if name.startswith("ec2-vpc-endpoint-")),
}

# Rules that pass or do not apply where nobody else refers to a thing, of which a template cannot say that there is nobody.
NOBODY_ELSE = {"iam-execution-role-one-kind-of-work", "sagemaker-model-network-isolation", "sagemaker-model-private-subnets"}

# Rules that ask nothing but how a thing is doing: there is nothing to say of what is not deployed.
RUN_TIME = {
    "kms-key-material-lasts",
    "secretsmanager-secret-in-use",
    "sagemaker-monitoring-schedule-enabled",
    "sagemaker-monitoring-schedule-executes",
    "sagemaker-monitoring-schedule-no-violations",
    "sns-topic-confirmed-subscription",
}


def _is_a_world(example):
    """Whether an example can be written down: facts come from resources, and nothing special stands for a value."""
    things = (example.subject, *example.others)
    plain = all(encode(dict(block)) == block for thing in things for block in (thing.given, thing.runtime, thing.tags))
    return plain and not example.unread and not example.open and not any(thing.facts for thing in things)


def _examples():
    for rule in BOOK.rules.values():
        for example in read_examples(rule, all_types()):
            if _is_a_world(example):
                yield pytest.param(rule, example, id=f"{rule.id}:{example.line}")


EXAMPLES = list(_examples())


def world_of(rule, example):
    return inventory_of(example, rule, all_types(), PROVIDERS).resources


class Everything:
    """An estate to which every resource of an example belongs, whoever refers to it."""

    def fact(self, _):
        return Fact(True)


def verdicts(inventory, rule):
    inventory.estate = Everything()
    book = BOOK.select(rules=[rule.id])
    return {finding.resource.id: finding for finding in evaluate(inventory, book)}


def read_live(world, rule, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    account = Account(world)
    # without machine learning no region is quiet for want of it, and everything is asked about
    needed = needed_types(BOOK.select(rules=[rule.id]))
    types = {name: replace(record, ml=False) for name, record in all_types().items() if name in needed}
    session = account.session(types)
    return session, lambda _=None, done=None: collect(session, types, account.regions, done=done)


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_live_and_snapshot(rule, example, monkeypatch, tmp_path):
    world = world_of(rule, example)
    session, read = read_live(world, rule, monkeypatch)
    live, _ = gather(read(), session.identity(), NOW, all_types(), "live")
    assert not live.gaps
    # of a setting there is one, which bears no name of its own
    named = not is_place(world[0]) and all_types()[world[0].type].identifiers
    subject = world[0].id if named else live.of_type(world[0].type)[0].id
    found = verdicts(live, rule)[subject]
    assert found.verdict is example.expect, found.evidence

    path = tmp_path / "account.jsonl"
    write_snapshot(path, Run(session.identity(), NOW), read)
    saved, _ = open_snapshot(path, all_types(), looked_back_at(BOOK))
    assert verdicts(saved, rule)[subject] == found


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_template(rule, example, tmp_path):
    _same_in_a_file(rule, example, SourceKind.CLOUDFORMATION, template, read_template, tmp_path)


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_plan(rule, example, tmp_path):
    _same_in_a_file(rule, example, SourceKind.TERRAFORM, plan, read_plan, tmp_path)


def _same_in_a_file(rule, example, kind, write, read, tmp_path):
    world = [resource for resource in world_of(rule, example) if not is_place(resource)]
    if not rule.applies_to(kind):
        unknown_there = rule.record.terraform is None if kind is SourceKind.TERRAFORM else not rule.record.cloudformation
        assert unknown_there or rule.resource.startswith("Auditor::") or rule.id in RUN_TIME
        return
    document, names = write(world)
    path = tmp_path / "source.json"
    path.write_text(json.dumps(document, indent=1))
    subject = next(name for name, resource in names.items() if resource is world[0])
    found = verdicts(read(path, all_types()), rule)[subject]
    expected = expected_in_a_file(rule, example, world, kind)
    if found.verdict is not expected:
        outside = rule.id in OPEN_WORLD and expected in (Verdict.FAIL, Verdict.NOT_APPLICABLE)
        outside |= rule.id in NOBODY_ELSE and expected in (Verdict.PASS, Verdict.NOT_APPLICABLE)
        assert outside or len(names) < len(world), "a difference that nothing explains"
        assert found.verdict is Verdict.UNKNOWN
        assert {item.unknown for item in found.evidence if item.unknown} == {"outside"}


def expected_in_a_file(rule, example, world, kind):
    """The example's verdict; one that hangs on run time is judged as if the resource were deployed and healthy."""
    if not any(resource.runtime for resource in world):
        return example.expect
    resources = [replace(resource, runtime={}, account="", region="") for resource in world]
    inventory = Inventory(kind, "the example", all_types(), NOW, resources=resources, providers=PROVIDERS)
    return rule.evaluate(resources[0], inventory).verdict


@pytest.mark.parametrize("kind", [SourceKind.CLOUDFORMATION, SourceKind.TERRAFORM])
def test_every_rule_that_applies_to_templates_passes_and_fails_there(kind):
    seen = {}
    for param in EXAMPLES:
        rule, example = param.values
        if rule.applies_to(kind):
            seen.setdefault(rule.id, set()).add(expected_in_a_file(rule, example, world_of(rule, example), kind))
    assert not [name for name, found in seen.items() if name not in OPEN_WORLD and not {Verdict.PASS, Verdict.FAIL} <= found]
    assert seen.keys() == {rule.id for rule in BOOK.rules.values() if rule.applies_to(kind)}
