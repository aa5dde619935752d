"""The book that comes with the auditor: its rules hold what they promise, and together they use the whole language."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from auditor.audit.providers import providers
from auditor.files.data import data_folder
from auditor.model.inventory import SourceKind
from auditor.rules import check_book, load_book
from auditor.rules.examples import run_examples
from auditor.rules.language import ALL_OPERATORS, COMBINATORS, OR_ABSENT
from auditor.types.facts import FACTS, IN_ESTATE

BOOK = load_book()
FILES = sorted(path for path in data_folder("rules").rglob("*.yaml") if path.parent.name not in ("rules", "frameworks"))

LANGUAGE = frozenset((*ALL_OPERATORS, *COMBINATORS, OR_ABSENT, "parameter"))
SUPPORTING = {
    "latency": "endpoint metrics",
    "retraining": "what drift leads to",
    "cost-control": "the cost chapter",
    "right-sizing": "the cost chapter",
    "commitments": "the cost chapter",
}
"""Controls that no framework of the book asks for, and what they are there for."""


def test_every_file_is_a_rule():
    assert check_book() == []
    assert sorted(BOOK.rules) == sorted(path.stem for path in FILES)


@pytest.mark.parametrize("rule", BOOK.rules.values(), ids=list(BOOK.rules))
def test_examples(rule):
    assert [str(problem) for problem in run_examples(BOOK.select(rules=[rule.id]), providers(rule.reads.facts))] == []


def clauses(node: object) -> Iterator[str]:
    """Every word of the language that a clause uses."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in LANGUAGE:
                yield key
            yield from clauses(value)
    elif isinstance(node, list):
        for item in node:
            yield from clauses(item)


def test_the_rules_use_the_whole_language():
    written = [yaml.safe_load(path.read_text()) for path in FILES]
    used = {name for rule in written for part in ("when", "assert") for name in clauses(rule.get(part, {}))}
    assert used == LANGUAGE


def test_the_rules_use_every_kind_of_subject_and_place():
    written = "\n".join(path.read_text() for path in FILES)
    resources = {rule.resource for rule in BOOK.rules.values()}
    assert {"Auditor::Account", "Auditor::Region"} <= resources
    assert {fact for rule in BOOK.rules.values() for fact in rule.reads.facts} == set(FACTS) - {IN_ESTATE}
    assert any(rule.reads.referrers for rule in BOOK.rules.values())
    assert any(rule.reads.targets for rule in BOOK.rules.values())
    assert any(rule.parameters for rule in BOOK.rules.values())
    assert all(word in written for word in ("runtime.", "unread: [", "$unknown: unread", "world: open", "when:"))


@pytest.mark.parametrize("rule", BOOK.rules.values(), ids=list(BOOK.rules))
def test_every_rule_says_where_it_is_from_and_whom_it_serves(rule):
    hosts = {urlsplit(page).netloc for page in rule.source}
    assert "docs.aws.amazon.com" in hosts
    assert hosts <= {"docs.aws.amazon.com", "aws.amazon.com"}
    assert rule.frameworks or rule.control in SUPPORTING
    assert rule.fix["text"]


ABOUT_RUN_TIME = {
    "kms-key-material-lasts",
    "sagemaker-monitoring-schedule-enabled",
    "sagemaker-monitoring-schedule-executes",
    "sagemaker-monitoring-schedule-no-violations",
    "secretsmanager-secret-in-use",
    "sns-topic-confirmed-subscription",
}
"""Rules that ask for nothing that could be declared."""


@pytest.mark.parametrize("rule", BOOK.rules.values(), ids=list(BOOK.rules))
def test_a_rule_applies_wherever_its_resource_can_stand(rule):
    declared = rule.id not in ABOUT_RUN_TIME
    assert rule.applies_to(SourceKind.LIVE)
    assert rule.applies_to(SourceKind.CLOUDFORMATION) == (declared and rule.record.cloudformation)
    assert rule.applies_to(SourceKind.TERRAFORM) == (declared and rule.record.terraform is not None)


def test_every_control_is_asked_for():
    asked = {ours for framework in BOOK.frameworks.values() for control in framework.controls for ours in control.controls}
    assert not asked & set(SUPPORTING)
    assert asked | set(SUPPORTING) == set(BOOK.controls)


def test_the_checklist_has_its_fourteen_items():
    checklist = BOOK.frameworks["ml-checklist"]
    assert next(iter(BOOK.frameworks)) == "ml-checklist"
    assert [item.id for item in checklist.controls] == [f"ML-{number}" for number in range(1, 15)]
    assert all(item.controls for item in checklist.controls)


@pytest.mark.parametrize(("name", "number"), {"ml-checklist": 14, "hipaa": 18, "aws-ai-security": 31}.items())
def test_a_framework_that_is_listed_whole_is_whole(name, number):
    assert len(BOOK.frameworks[name].controls) == number


@pytest.mark.parametrize("name", BOOK.frameworks)
def test_every_control_of_a_framework_names_its_page_and_the_list_its_length(name):
    framework = BOOK.frameworks[name]
    assert all(urlsplit(control.source).scheme == "https" for control in framework.controls)
    counted = [control for control in framework.controls if not control.added]
    if name == "ml-checklist":
        assert framework.published is None
    else:
        assert framework.published.controls >= len(counted)


def test_parameters_can_be_set():
    stricter = load_book(parameters={"sagemaker-endpoint-data-capture": {"minimum_sampling": 100}})
    capture = "sagemaker-endpoint-data-capture"
    assert stricter.digest != BOOK.digest
    assert [
        problem.message for problem in run_examples(stricter.select(rules=[capture]), {}) if "expected" in problem.message
    ] == ["expected pass, is fail"]


def test_files_stand_by_service():
    assert all(path.stem.startswith(Path(path.parent).name) for path in FILES)
