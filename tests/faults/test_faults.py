"""Each call of a scan, failing in each way: what rests on it is UNKNOWN, and nothing else changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace

import pytest

from auditor.audit.evaluate import needed_types
from auditor.audit.exit_codes import ExitCode, exit_code
from auditor.demo.platform import HOME, OUTPOST
from auditor.files.errors import InputError
from auditor.model.finding import Finding, Severity, Verdict
from auditor.model.resource import GLOBAL
from auditor.model.resource_type import ResourceType
from auditor.rules import load_book
from auditor.sources.aws.permissions import operations
from auditor.sources.aws.session import reading_session
from auditor.types import all_types
from tests.faults.recorded import QUIET
from tests.faults.replay import GARBLED, GARBLED_JSON, REFUSALS, Fault, error
from tests.faults.scanned import Account, Place, Result, verdicts

READS: dict[str, set[str]] = {
    "cloudtrail:DescribeTrails": {"cloudtrail-multi-region-logging"},
    "cloudtrail:GetEventSelectors": {"cloudtrail-multi-region-logging"},
    "cloudtrail:GetTrailStatus": {"cloudtrail-multi-region-logging"},
    "cloudwatch:DescribeAlarms": {"sagemaker-endpoint-alarm-notifies"},
    # a route says by itself that it leads to an internet gateway, and a table whose VPC it is
    "ec2:DescribeInternetGateways": set(),
    "ec2:DescribeVpcs": set(),
    "ec2:DescribeRouteTables": {"sagemaker-notebook-private-subnet"},
    "ec2:DescribeSubnets": {"sagemaker-notebook-private-subnet"},
    "iam:GetAccountAuthorizationDetails": {"iam-execution-role-no-wildcard-administration"},
    "iam:GetAccountSummary": {"account-root-mfa"},
    "kms:DescribeKey": {
        "sagemaker-model-bucket-customer-managed-key",
        "sagemaker-training-job-output-customer-managed-key",
        "sagemaker-training-job-volume-customer-managed-key",
    },
    "kms:ListAliases": {"sagemaker-training-job-output-customer-managed-key"},
    "kms:ListKeys": {
        "sagemaker-model-bucket-customer-managed-key",
        "sagemaker-training-job-output-customer-managed-key",
        "sagemaker-training-job-volume-customer-managed-key",
    },
    "s3:GetBucketEncryption": {"sagemaker-model-bucket-customer-managed-key"},
    "s3:ListBuckets": {"sagemaker-model-bucket-customer-managed-key"},
    "sagemaker:DescribeEndpointConfig": {"sagemaker-endpoint-data-capture", "sagemaker-model-network-isolation"},
    "sagemaker:DescribeModel": {"sagemaker-model-bucket-customer-managed-key", "sagemaker-model-network-isolation"},
    "sagemaker:DescribeNotebookInstance": {"sagemaker-notebook-no-direct-internet", "sagemaker-notebook-private-subnet"},
    "sagemaker:ListEndpointConfigs": {"sagemaker-endpoint-data-capture", "sagemaker-model-network-isolation"},
    "sagemaker:ListModels": {"sagemaker-model-bucket-customer-managed-key", "sagemaker-model-network-isolation"},
    "sagemaker:ListNotebookInstances": {"sagemaker-notebook-no-direct-internet", "sagemaker-notebook-private-subnet"},
    "sagemaker:Search": {
        "sagemaker-model-bucket-customer-managed-key",
        "sagemaker-endpoint-alarm-notifies",
        "sagemaker-endpoint-data-capture",
        "sagemaker-training-job-output-customer-managed-key",
        "sagemaker-training-job-volume-customer-managed-key",
        "sagemaker-training-job-inter-container-tls",
        "sagemaker-training-job-network-isolation",
    },
    "sns:ListTopics": {"sagemaker-endpoint-alarm-notifies"},
}
"""By operation, the rules that look at something it alone tells; written by hand from the rules and AWS's API reference.

Rules and operations that are not named here are held to what follows from the records alone.
"""

_NO_KEY = {"fraud-embeddings-run-12", "recs-embeddings-run-88"}
"""Jobs on instances that keep their data on disks of their own."""
_ISOLATED = {
    *("fraud-explainer-v1", "fraud-graph-v2", "fraud-scorer-v7", "fraud-scorer-v8", "recs-retriever-v1", "us-ranker-v1")
}
"""Models of which it does not matter who serves them."""
_ALIAS = {"fraud-graph-run-31"}
"""Jobs that name an alias, which tells by its name that it is not AWS's."""
STILL_PASSES: dict[tuple[str, str], set[str]] = {
    ("kms:ListAliases", "sagemaker-training-job-output-customer-managed-key"): {
        *("fraud-embeddings-run-12", "fraud-graph-run-32", "fraud-text-run-3", "fraud-xgboost-run-118")
    },
    ("sagemaker:DescribeEndpointConfig", "sagemaker-model-network-isolation"): _ISOLATED,
    ("sagemaker:ListEndpointConfigs", "sagemaker-model-network-isolation"): _ISOLATED,
    # serverless endpoints alone serve it, which its endpoint configuration tells
    ("sagemaker:DescribeModel", "sagemaker-model-network-isolation"): {"recs-pipeline-v1"},
    # they were made from no package
    ("sagemaker:Search", "sagemaker-model-bucket-customer-managed-key"): {
        "fraud-explainer-v1",
        "fraud-graph-v2",
        "fraud-scorer-v7",
    },
    **{
        (f"kms:{name}", f"sagemaker-training-job-{rule}-customer-managed-key"): jobs
        for name in ("DescribeKey", "ListKeys")
        for rule, jobs in (("output", _ALIAS), ("volume", _NO_KEY))
    },
}
"""What passes, or does not apply, without what the operation tells."""

ALWAYS = {"ec2:DescribeRegions", "sts:GetCallerIdentity", "sts:AssumeRole"}
"""What is asked before there is anything to judge; tested by themselves below."""


def listing(record: ResourceType) -> set[str]:
    """The operations without which nothing of a type can be listed."""
    live = record.live
    calls = () if live is None else (live.listing, live.parents, live.prepare)
    return {call.operation for call in calls if call is not None}


BOOK = load_book()
NEEDED = {name: all_types()[name] for name in needed_types(BOOK)}
OPERATIONS = sorted(operations(NEEDED, tags=False).keys() - ALWAYS)
TOLD = {
    operation: {name for name, record in NEEDED.items() if operation in operations({name: record}, tags=False)}
    for operation in OPERATIONS
}
"""By operation, the types of which it tells something."""
LISTED = {operation: {name for name in names if operation in listing(NEEDED[name])} for operation, names in TOLD.items()}
MAY_READ = {
    operation: {rule.id for rule in BOOK.rules.values() if needed_types(BOOK.select(rules=[rule.id])) & names}
    for operation, names in TOLD.items()
}
"""By operation, the rules that look at a type of which it tells something."""
NAMED_RULES = set().union(*READS.values())
FAULTS = {fault.name: fault for fault in (*REFUSALS, *GARBLED, *GARBLED_JSON)}
ONE_OF_EACH = [FAULTS[name] for name in ("denied", "read timeout", "a proxy's page")]
PASSING = (Verdict.PASS, Verdict.NOT_APPLICABLE)
THROTTLED = FAULTS["throttled out"]
EVERYWHERE = ("denied", "another shape")


TAKEN_FOR_AN_ANSWER = {("s3:GetBucketPolicy", "another shape")}
"""To botocore its answer is a text, and this one is JSON: it is read, and found to be no policy."""
NOTHING_BEFORE = SimpleNamespace(verdict=None)


@dataclass(frozen=True)
class Case:
    operation: str
    fault: Fault

    def __str__(self) -> str:
        return f"{self.operation}-{self.fault.name}"


def cases() -> Iterator[Case]:
    """Each operation denied and answered in another shape.

    The first listing and the first description of each protocol fail in every other way as well.
    """
    models = reading_session(types=NEEDED)
    seen: set[tuple[str, bool]] = set()
    for operation in OPERATIONS:
        protocol = models.model(operation).service_model.resolved_protocol
        kind = protocol, bool(LISTED[operation])
        garbled = (*GARBLED, *(GARBLED_JSON if protocol == "json" else ()))
        for fault in (*REFUSALS, *garbled):
            if kind not in seen or fault.name in EVERYWHERE:
                yield Case(operation, fault)
        seen.add(kind)


@pytest.fixture(scope="module")
def account() -> Account:
    return Account()


@pytest.fixture(scope="module", params=cases(), ids=str)
def case(request: pytest.FixtureRequest) -> Case:
    found: Case = request.param
    return found


@pytest.fixture(scope="module")
def failed(account: Account, case: Case) -> Result:
    """A scan during which every call of the case's operation meets its fault."""
    with account.failing(case.operation, case.fault) as replayer:
        result = account.scan()
    assert replayer.met
    return result


def test_the_table_names_operations_and_rules_that_there_are() -> None:
    assert set(READS) <= set(OPERATIONS)
    assert all(READS[operation] <= MAY_READ[operation] for operation in READS)


def test_nothing_is_unread_where_nothing_fails(account: Account) -> None:
    assert account.baseline.source.inventory.gaps == []
    assert set(verdicts(account.baseline.findings, set(account.book.rules)).values()) >= {"pass", "fail", "not_applicable"}
    assert not any(item.unread for item in account.baseline.findings.values())
    assert exit_code(account.baseline.scan, None) is ExitCode.OK


def test_what_reads_the_call_is_unknown_and_nothing_else_changes(account: Account, case: Case, failed: Result) -> None:
    before, now, operation = account.baseline.findings, failed.findings, case.operation

    others = set(account.book.rules) - MAY_READ[operation]
    assert verdicts(now, others) == verdicts(before, others)

    turned = {place for place, item in now.items() if place not in before or item.verdict is not before[place].verdict}
    for place in turned:
        verdict = now[place].verdict
        # what may belong to the estate is judged then; a rule that may not pertain holds anyhow
        if verdict not in PASSING or before.get(place, NOTHING_BEFORE).verdict is Verdict.FAIL:
            assert verdict is Verdict.UNKNOWN
            assert now[place].unread
            assert operation in str(now[place].evidence) or (operation, case.fault.name) in TAKEN_FOR_AN_ANSWER

    for place in before.keys() & now.keys() - turned:
        assert not any(item.origin.where == operation for item in now[place].evidence)

    if (reads := READS.get(operation)) is not None:
        judged = {place for place in turned if place in before or place[2] == "*"}
        assert {place[0] for place in judged} & NAMED_RULES == reads
        passing = {place for place, item in now.items() if place[0] in reads and item.verdict in PASSING}
        assert {(rule, name) for rule, _, name in passing} == {
            (rule, name) for rule in reads for name in STILL_PASSES.get((operation, rule), ())
        }

    # what is not there any more belongs to a listing that failed, and one finding stands for all of it
    for rule in {place[0] for place in before.keys() - now.keys()}:
        assert account.book.rules[rule].resource in LISTED[operation]
    places = {(rule, region) for rule, region, name in now if name == "*"}
    concerned = [rule for rule in account.book.rules.values() if rule.resource in LISTED[operation]]
    assert {rule for rule, _ in places} == {rule.id for rule in concerned}
    for rule in concerned:
        record = NEEDED[rule.resource]
        if record.live is not None and record.live.parents is None:
            assert {region for name, region in places if name == rule.id} == set(_regions_of(rule.resource))


def test_the_gap_is_named_and_decides_the_exit_code(case: Case, failed: Result) -> None:
    scan = failed.scan
    assert {gap.operation for gap in scan.coverage.gaps} == {case.operation}
    assert {gap.code for gap in scan.coverage.gaps} <= case.fault.codes
    assert all(gap.message for gap in scan.coverage.gaps)
    unread = any(item.unread for item in failed.findings.values())
    assert exit_code(scan, None) is (ExitCode.UNREAD if unread else ExitCode.OK)
    assert exit_code(scan, Severity.LOW) is ExitCode.FINDINGS


def test_a_call_that_fails_in_one_region_changes_nothing_in_another(account: Account) -> None:
    with account.failing("sagemaker:DescribeModel", FAULTS["denied"], region=OUTPOST):
        now = account.scan().findings
    before = account.baseline.findings
    changed = {place for place in before if now[place].verdict is not before[place].verdict}
    assert changed >= {place for place in before if place[1:] == (OUTPOST, "us-ranker-v1")}
    # a role has no region, and what it is for is not wholly known
    assert {place[1] for place in changed} <= {OUTPOST, GLOBAL}
    assert {now[place].verdict for place in changed} == {Verdict.UNKNOWN}


@pytest.mark.parametrize("times", [1, 2, 4])
def test_a_call_that_is_answered_in_the_end_is_no_gap(account: Account, times: int) -> None:
    account.slept.clear()
    with account.failing("ec2:DescribeSubnets", THROTTLED, region=HOME, times=times) as replayer:
        result = account.scan(session=account.session())
    assert replayer.met == times
    assert len(account.slept) == times
    assert result.source.inventory.gaps == []
    assert verdicts(result.findings, set(account.book.rules)) == verdicts(account.baseline.findings, set(account.book.rules))


@pytest.mark.parametrize("fault", [THROTTLED, FAULTS["read timeout"], FAULTS["server error"]], ids=lambda fault: fault.name)
def test_a_call_is_given_up_after_a_few_attempts(account: Account, fault: Fault) -> None:
    with account.failing("ec2:DescribeSubnets", fault, region=HOME) as replayer:
        account.scan(session=account.session())
    assert replayer.met == 5


def test_a_region_without_machine_learning_is_quiet(account: Account) -> None:
    assert account.scan((HOME, OUTPOST, QUIET)).scan.coverage.quiet_regions == [QUIET]


def assert_only_doubts_are_new(before: dict[Place, Finding], now: dict[Place, Finding]) -> None:
    """Nothing regional is judged otherwise; what is new, or has no region, is at worst unknown."""
    changed = {place for place in before if now[place].verdict is not before[place].verdict}
    assert {place[1] for place in changed} <= {GLOBAL}
    assert {now[place].verdict for place in changed} <= {Verdict.UNKNOWN}
    assert {now[place].verdict for place in now.keys() - before.keys()} <= {Verdict.UNKNOWN, *PASSING}


@pytest.mark.parametrize("operation", [name for name in OPERATIONS if any(NEEDED[kind].ml for kind in LISTED[name])])
@pytest.mark.parametrize("fault", ONE_OF_EACH, ids=lambda fault: fault.name)
def test_a_region_of_which_the_probe_fails_is_not_quiet(account: Account, operation: str, fault: Fault) -> None:
    regions = (HOME, OUTPOST, QUIET)
    with account.failing(operation, fault, region=f".{QUIET}."):
        result = account.scan(regions)
    assert result.scan.coverage.quiet_regions == []
    assert QUIET in result.scan.coverage.regions
    stars = {place for place, item in result.findings.items() if place[1:] == (QUIET, "*") and item.verdict is Verdict.UNKNOWN}
    assert {rule for rule, *_ in stars} == {
        rule.id for rule in account.book.rules.values() if rule.resource in LISTED[operation]
    }
    elsewhere = {place: item for place, item in result.findings.items() if place[1] != QUIET}
    assert_only_doubts_are_new(account.baseline.findings, elsewhere)


@pytest.mark.parametrize("fault", ONE_OF_EACH, ids=lambda fault: fault.name)
def test_without_the_list_of_regions_those_known_are_read_and_the_gap_is_named(account: Account, fault: Fault) -> None:
    disabled = error(403, {"": "UnrecognizedClientException"}, "The security token included in the request is invalid.")
    with account.failing("ec2:DescribeRegions", fault, elsewhere=disabled):
        result = account.scan(())
    assert_only_doubts_are_new(account.baseline.findings, result.findings)
    gap = next(gap for gap in result.scan.coverage.gaps if gap.operation == "ec2:DescribeRegions")
    assert gap.code in fault.codes
    assert exit_code(result.scan, None) is ExitCode.UNREAD


@pytest.mark.parametrize("fault", [*REFUSALS, *GARBLED], ids=lambda fault: fault.name)
def test_nothing_is_read_where_AWS_does_not_say_who_asks(account: Account, fault: Fault) -> None:
    with (
        account.failing("sts:GetCallerIdentity", fault),
        pytest.raises(InputError, match=r"\AAWS did not say who asks[^\n]+\Z"),
    ):
        account.scan(session=account.session())


def _regions_of(name: str) -> tuple[str, ...]:
    record = NEEDED[name]
    assert record.live is not None
    return ("",) if record.live.scope == GLOBAL else (HOME, OUTPOST)
