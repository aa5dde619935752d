"""The demo, as somebody who runs it sees it: good and bad side by side, all of it read, the same every time."""

from __future__ import annotations

import io

import pytest

from auditor.audit.account import read_account
from auditor.audit.scan import Source, scan_of
from auditor.demo import demo_accounts
from auditor.demo.platform import HOME, OUTPOST, PRODUCTION, REGIONS, SANDBOX
from auditor.model.scan import Scan
from auditor.report import write
from auditor.rules import Book, load_book
from tests.faults.scanned import Account
from tests.report.scans import most_bytes

EXPECTED = [
    ("account-root-mfa", PRODUCTION, "pass"),
    ("account-root-mfa", SANDBOX, "fail"),
    ("cloudtrail-multi-region-logging", HOME, "pass"),
    ("cloudtrail-multi-region-logging", OUTPOST, "fail"),
    ("iam-execution-role-no-wildcard-administration", "fraud-training", "pass"),
    ("iam-execution-role-no-wildcard-administration", "recs-notebooks", "fail"),
    ("iam-execution-role-no-wildcard-administration", "recs-training", "fail"),
    ("iam-execution-role-no-wildcard-administration", "sandbox-everything", "fail"),
    ("sagemaker-endpoint-alarm-notifies", "fraud-scoring-production", "pass"),
    ("sagemaker-endpoint-alarm-notifies", "fraud-scoring-staging", "pass"),
    ("sagemaker-endpoint-alarm-notifies", "recs-ranking-production", "fail"),
    ("sagemaker-endpoint-alarm-notifies", "recs-ranking-staging", "fail"),
    ("sagemaker-endpoint-alarm-notifies", "recs-retrieval-canary", "fail"),
    # its topic is there, and nobody ever confirmed a subscription to it
    ("sagemaker-endpoint-alarm-notifies", "us-ranking", "fail"),
    ("sagemaker-endpoint-data-capture", "fraud-scoring-production", "pass"),
    ("sagemaker-endpoint-data-capture", "recs-ranking-production", "fail"),
    ("sagemaker-endpoint-data-capture", "recs-ranking-staging", "fail"),
    ("sagemaker-endpoint-data-capture", "recs-retrieval-canary", "not_applicable"),
    ("sagemaker-model-bucket-customer-managed-key", "fraud-scorer-v7", "pass"),
    ("sagemaker-model-bucket-customer-managed-key", "recs-ranker-v3", "fail"),
    ("sagemaker-model-bucket-customer-managed-key", "recs-pipeline-v1", "fail"),
    ("sagemaker-model-network-isolation", "fraud-graph-v2", "pass"),
    ("sagemaker-model-network-isolation", "recs-ranker-v3", "fail"),
    ("sagemaker-notebook-no-direct-internet", "fraud-exploration", "pass"),
    ("sagemaker-notebook-no-direct-internet", "recs-playground", "fail"),
    ("sagemaker-notebook-private-subnet", "fraud-investigation", "pass"),
    ("sagemaker-notebook-private-subnet", "fraud-labelling", "pass"),
    ("sagemaker-notebook-private-subnet", "fraud-exploration", "fail"),
    ("sagemaker-notebook-private-subnet", "recs-archive", "fail"),
    ("sagemaker-notebook-private-subnet", "recs-playground", "fail"),
    ("sagemaker-training-job-output-customer-managed-key", "fraud-graph-run-31", "pass"),
    ("sagemaker-training-job-output-customer-managed-key", "recs-item2vec-run-54", "fail"),
    ("sagemaker-training-job-volume-customer-managed-key", "recs-item2vec-run-54", "pass"),
    ("sagemaker-training-job-volume-customer-managed-key", "recs-mixed-cluster-run-2", "fail"),
    ("sagemaker-training-job-volume-customer-managed-key", "fraud-embeddings-run-12", "not_applicable"),
    ("sagemaker-training-job-private-subnets", "fraud-embeddings-run-12", "pass"),
    ("sagemaker-training-job-private-subnets", "recs-embeddings-run-88", "fail"),
    ("sagemaker-training-job-no-secrets", "recs-embeddings-run-88", "fail"),
    ("sagemaker-tuning-job-network-isolation", "fraud-depth-search", "pass"),
    ("sagemaker-tuning-job-network-isolation", "recs-ranker-search", "fail"),
    ("sagemaker-notebook-lifecycle-no-secrets", "fraud-setup", "pass"),
    ("sagemaker-notebook-lifecycle-no-secrets", "recs-setup", "fail"),
    ("sagemaker-code-repository-no-credentials", "recs-ranking", "fail"),
    ("sagemaker-training-job-inter-container-tls", "fraud-graph-run-31", "pass"),
    ("sagemaker-training-job-inter-container-tls", "fraud-xgboost-run-118", "not_applicable"),
    ("sagemaker-training-job-inter-container-tls", "recs-two-tower-run-7", "fail"),
    ("sagemaker-training-job-inter-container-tls", "recs-mixed-cluster-run-2", "fail"),
    ("sagemaker-training-job-network-isolation", "fraud-xgboost-run-118", "pass"),
    ("sagemaker-training-job-network-isolation", "recs-two-tower-run-7", "fail"),
]
"""Rule, resource, verdict: what the platform was built to show."""


@pytest.fixture(scope="module")
def book() -> Book:
    return load_book()


@pytest.fixture(scope="module")
def demo(book: Book) -> tuple[list[Source], Scan]:
    with demo_accounts() as sessions:
        sources = [read_account(session, book) for session in sessions]
    return sources, scan_of("demo", book, sources)


@pytest.fixture(scope="module")
def scan(demo: tuple[list[Source], Scan]) -> Scan:
    return demo[1]


def test_each_rule_passes_and_fails_somewhere(scan: Scan, book: Book) -> None:
    verdicts = {(item.rule, item.verdict.value) for item in scan.findings}
    lacking = {(rule, verdict) for rule in book.rules for verdict in ("pass", "fail")} - verdicts
    assert not lacking


CHECKLISTS = [("ml-checklist", f"ML-{number}") for number in range(1, 15)] + [
    ("hipaa", f"HIPAA-{number}") for number in range(1, 7)
]


@pytest.mark.parametrize(("framework", "item"), CHECKLISTS)
def test_each_item_of_the_checklists_has_evidence_for_and_against(scan: Scan, framework: str, item: str) -> None:
    found = {finding.verdict.value for finding in scan.findings if item in finding.frameworks.get(framework, [])}
    assert {"pass", "fail"} <= found
    control = next(control for control in scan.frameworks[framework].controls if control.id == item)
    assert control.passed
    assert control.failed
    assert control.examined == control.passed + control.failed + control.unknown


def test_the_checklists_are_asked_whole(scan: Scan) -> None:
    items = {(name, control.id) for name in ("ml-checklist", "hipaa") for control in scan.frameworks[name].controls}
    assert set(CHECKLISTS) == {item for item in items if item[1].startswith(("ML-", "HIPAA-"))}


def test_what_several_regions_list_is_judged_once(scan: Scan) -> None:
    fingerprints = [item.fingerprint for item in scan.findings]
    assert len(fingerprints) == len(set(fingerprints))
    assert [item.resource.region for item in scan.findings if item.rule == "cloudtrail-log-file-validation"].count(HOME) == 2


@pytest.mark.parametrize(("rule", "name", "verdict"), EXPECTED)
def test_it_shows_what_it_was_built_to_show(scan: Scan, rule: str, name: str, verdict: str) -> None:
    found = {
        item.verdict.value for item in scan.findings if item.rule == rule and _is(name, item.resource.id, item.resource.account)
    }
    assert found == {verdict}


def _is(name: str, found: str, account: str) -> bool:
    return name == found and (name != HOME or account == PRODUCTION)


UNDECIDED = {
    # AWS's own policy allows it under conditions on tags, which nobody here can decide
    ("iam-execution-role-no-reading-from-every-bucket", "recs-research"),
    ("iam-execution-role-no-reading-of-every-secret", "recs-research"),
    ("iam-execution-role-single-purpose", "sandbox-demo"),
}


def test_every_call_is_answered_and_what_can_be_known_is(demo: tuple[list[Source], Scan]) -> None:
    sources, scan = demo
    assert [gap for source in sources for gap in source.inventory.gaps] == []
    assert {(item.rule, item.resource.id) for item in scan.findings if item.verdict.value == "unknown"} == UNDECIDED


def test_the_page_about_it_keeps_within_its_budget(scan: Scan) -> None:
    stream = io.BytesIO()
    write(scan, "html", stream)
    listed = [item.rule for item in scan.findings if item.verdict.value in ("fail", "unknown")]
    assert len(stream.getvalue()) <= most_bytes(len(set(listed)), len(listed))


def test_two_regions_hold_machine_learning_and_the_others_are_quiet(scan: Scan) -> None:
    assert scan.coverage.regions == [HOME, OUTPOST]
    assert set(scan.coverage.quiet_regions) | {HOME, OUTPOST} == set(REGIONS)
    assert not set(scan.coverage.quiet_regions) & set(scan.coverage.regions)


def test_the_home_region_is_the_main_one(demo: tuple[list[Source], Scan]) -> None:
    production = demo[0][0].inventory
    ml = [item.region for item in production if production.types[item.type].ml]
    assert ml.count(HOME) > 3 * ml.count(OUTPOST) > 0


def test_it_is_the_same_every_time(scan: Scan) -> None:
    recorded = Account().baseline.scan
    assert rows(recorded) == [row for row in rows(scan) if row[1] == PRODUCTION]


def rows(scan: Scan) -> list[tuple[str, ...]]:
    return [
        (item.rule, item.resource.account, item.resource.id, item.verdict.value, item.fingerprint) for item in scan.findings
    ]
