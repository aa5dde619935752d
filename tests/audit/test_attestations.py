"""What people attest: read strictly, counted while it holds, and never a verdict."""

import dataclasses
import datetime

import pytest

from auditor.audit.attestations import applying, read_attestations
from auditor.audit.files import open_file
from auditor.audit.scan import scan_of
from auditor.demo import attestations as of_the_demo
from auditor.files.errors import InputError
from auditor.model.scan import Attestation
from auditor.rules import load_book

BOOK = load_book()
TODAY = datetime.date(2026, 11, 25)
GOOD = {
    "framework": "hipaa",
    "control": "164.312(a)(2)(ii)",
    "statement": "Rehearsed.",
    "by": "Jo Doe",
    "on": "2026-10-01",
    "expires": "2027-10-01",
    "evidence": "audit-4711",
}
OURS = {key: value for key, value in GOOD.items() if key != "framework"} | {"control": "data-masking"}


def written(tmp_path, *entries):
    path = tmp_path / "attestations.yaml"
    lines = [f"  - {{{', '.join(f'{key}: {value}' for key, value in entry.items())}}}" for entry in entries]
    path.write_text("\n".join(["attestations:", *lines, ""]))
    return path


def test_what_is_well_formed_is_read(tmp_path):
    path = written(tmp_path, GOOD, OURS | {"accounts": "['111122223333']"})
    assert read_attestations(path, BOOK, TODAY) == [
        Attestation(**GOOD),
        Attestation(**OURS, accounts=["111122223333"]),
    ]


# fmt: off
WRONG = [
    ({"framework": "hippa"}, "2:17: unknown framework 'hippa'; did you mean 'hipaa'?"),
    ({"control": "164.312(a)(2)(i1)"}, "2:33: unknown control of hipaa '164.312(a)(2)(i1)'; did you mean '164.312(a)(2)(i"),
    ({"control": "mfa"}, "2:33: unknown control of hipaa 'mfa'"),
    ({"on": "2026-13-01"}, "on: a day like 2026-11-24 expected, not '2026-13-01'"),
    ({"on": "yesterday"}, "on: a day like 2026-11-24 expected, not 'yesterday'"),
    ({"on": "20261001"}, "on: text expected"),
    ({"on": "2026-11-26"}, "on: 2026-11-26 is still to come"),
    ({"expires": "2026-09-30"}, "expires: expires before it was made, on 2026-10-01"),
    ({"by": "''"}, "by: text expected"),
    ({"statement": "[a]"}, "statement: text expected"),
    ({"evidens": "x"}, "unknown key of an attestation 'evidens'; did you mean 'evidence'?"),
    ({"accounts": "[1111]"}, "accounts: the twelve digits of an account expected"),
    ({"accounts": "'111122223333'"}, "accounts: a list expected"),
]
# fmt: on


@pytest.mark.parametrize(("change", "line"), WRONG)
def test_what_is_wrong_is_told_with_its_place(tmp_path, change, line):
    path = written(tmp_path, GOOD | change)
    with pytest.raises(InputError) as caught:
        read_attestations(path, BOOK, TODAY)
    assert str(caught.value).startswith(f"{path}:2:")
    assert line in str(caught.value)


@pytest.mark.parametrize("key", OURS)
def test_nothing_of_it_may_be_missing(tmp_path, key):
    path = written(tmp_path, {name: value for name, value in OURS.items() if name != key})
    with pytest.raises(InputError, match=f"an attestation lacks {key}"):
        read_attestations(path, BOOK, TODAY)


def test_without_a_framework_the_control_is_one_of_ours(tmp_path):
    with pytest.raises(InputError, match="unknown control 'data-maskin'; did you mean 'data-masking'"):
        read_attestations(written(tmp_path, OURS | {"control": "data-maskin"}), BOOK, TODAY)


@pytest.mark.parametrize(
    ("accounts", "started", "expired"),
    [
        ([], "2027-10-01T23:59:59Z", False),
        ([], "2027-10-02T00:00:00Z", True),
        (["111122223333"], "2026-11-25T00:00:00Z", False),
        (["999988887777", "111122223333"], "2026-11-25T00:00:00Z", False),
        (["999988887777"], "2026-11-25T00:00:00Z", None),
    ],
)
def test_it_holds_to_the_end_of_its_last_day_and_for_its_accounts_alone(accounts, started, expired):
    item = Attestation(**GOOD, accounts=accounts)
    kept, left_out = applying([item], {"111122223333"}, started)
    if expired is None:
        assert kept == []
        assert left_out == ["the attestation for hipaa 164.312(a)(2)(ii) is about 999988887777, which was not looked at"]
    else:
        assert (kept, left_out) == ([dataclasses.replace(item, expired=expired)], [])


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    path = tmp_path_factory.mktemp("template") / "t.yaml"
    path.write_text("Resources:\n  Model: {Type: AWS::SageMaker::Model}\n")
    return path


def scanned(template, *attestations):
    book = BOOK.select(rules=["sagemaker-model-network-isolation"])
    return scan_of("gate", book, [open_file(template, book)], attestations=attestations)


def control(scan, framework, identifier):
    return next(item for item in scan.frameworks[framework].controls if item.id == identifier)


def test_a_frameworks_control_counts_what_the_rules_that_decide_it_found(template):
    scan = scanned(template)
    for framework, identifier in (("ml-checklist", "ML-5"), ("aws-ai-security", "SageMaker.5"), ("nist-800-53", "SC-7(21)")):
        found = control(scan, framework, identifier)
        assert "sagemaker-model-network-isolation" in found.rules
        assert (found.examined, found.failed, found.passed) == (1, 1, 0)
    # a single check is not decided by others of the same kind
    assert control(scan, "aws-ai-security", "SageMaker.24").examined == 0


def test_an_attestation_is_found_by_the_control_it_is_about_and_changes_nothing(template):
    ours = Attestation(**OURS | {"control": "network-isolation"})
    plain, scan = scanned(template), scanned(template, Attestation(**GOOD), ours)
    assert control(scan, "hipaa", "164.312(a)(2)(ii)").attestations == [0]
    assert control(scan, "ml-checklist", "ML-5").attestations == [1]
    assert control(scan, "aws-ai-security", "SageMaker.5").attestations == [1]
    assert control(scan, "ml-checklist", "ML-6").attestations == []
    assert next(item for item in scan.coverage.controls if item.control == "network-isolation").attestations == [1]
    assert (scan.counts, scan.severities, list(scan.findings)) == (plain.counts, plain.severities, list(plain.findings))
    assert control(scan, "ml-checklist", "ML-5").failed == control(plain, "ml-checklist", "ML-5").failed == 1


def test_the_demo_shows_one_that_holds_and_one_that_has_expired():
    for item in of_the_demo():
        assert item.control in {control.id for control in BOOK.frameworks[item.framework].controls}
    now = datetime.datetime.now(datetime.UTC).isoformat()
    kept, _ = applying(of_the_demo(), {"111122223333"}, now)
    assert [item.expired for item in kept] == [False, True]
