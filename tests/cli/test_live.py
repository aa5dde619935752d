"""The commands that read an account, on the demo's: nothing but the endpoint differs from a real one."""

import json

import pytest

from auditor.demo import demo_accounts

ROLE = ("--role-arn", "arn:aws:iam::111122223333:role/auditor")


@pytest.fixture(scope="module")
def _accounts():
    with demo_accounts():
        yield


@pytest.mark.usefixtures("_accounts")
def test_scan_snapshot_and_scan_of_the_snapshot_agree(run, tmp_path):
    live = run("scan", *ROLE, "-f", "json")
    assert live.code == 0
    assert live.err == ""
    saved = run("snapshot", *ROLE, "-o", "account.jsonl")
    assert (saved.code, saved.out) == (0, "")
    again = run("scan", "--from", "account.jsonl", "-f", "json")
    assert again.code == 0
    assert _verdicts(again.out) == _verdicts(live.out)
    assert not (tmp_path / "account.jsonl.partial").exists()
    assert run("scan", "--from", "account.jsonl", "--fail-on", "high").code == 1


def _verdicts(text):
    return {finding["fingerprint"]: finding["verdict"] for finding in json.loads(text)["findings"]}


@pytest.mark.usefixtures("_accounts")
def test_an_account_without_machine_learning(run):
    ran = run("scan", "--rule", "account-root-mfa", "--region", "eu-west-1", "--region", "us-east-1")
    assert ran.code == 0
    assert "no machine-learning resources" in ran.err


@pytest.mark.usefixtures("_accounts")
def test_a_region_that_is_none(run):
    ran = run("scan", *ROLE, "--region", "eu-wets-1")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "error: AWS has no region 'eu-wets-1'; did you mean 'eu-west-1'?\n"


@pytest.mark.usefixtures("_accounts")
def test_selection(run):
    ran = run("scan", *ROLE, "--control", "network-isolation", "--resource", "fraud-*", "-f", "json")
    found = json.loads(ran.out)["findings"]
    assert {finding["control"] for finding in found} == {"network-isolation"}
    assert all(finding["resource"]["id"].startswith("fraud-") for finding in found)


def test_permissions_hold_no_write_action(run):
    policy = json.loads(run("permissions").out)
    actions = [action for statement in policy["Statement"] for action in statement["Action"]]
    assert len(actions) > 10
    reads = ("Get", "List", "Describe", "Search")
    assert [action for action in actions if not action.split(":")[1].startswith(reads)] == [
        "apigateway:GET",
        "budgets:ViewBudget",
        # has IAM write its credential report anew, which changes nothing else
        "iam:GenerateCredentialReport",
    ]
    only = json.loads(run("permissions", "--rule", "account-root-mfa").out)
    assert "iam:GetAccountSummary" in json.dumps(only)
    assert len(json.dumps(only)) < len(json.dumps(policy))
