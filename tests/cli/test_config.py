"""auditor.yaml: found upwards, checked strictly, and weaker than the environment and the flags."""

import pytest

BAD = "Resources:\n  Model: {Type: AWS::SageMaker::Model}\n"
ONLY = ("--rule", "sagemaker-model-network-isolation")


@pytest.fixture
def template(tmp_path):
    (tmp_path / "bad.yaml").write_text(BAD)


@pytest.mark.usefixtures("template")
@pytest.mark.parametrize(
    ("file", "environment", "flags", "code"),
    [
        ("", {}, (), 1),
        ("fail_on: critical", {}, (), 0),
        ("fail_on: critical", {"AUDITOR_FAIL_ON": "high"}, (), 1),
        ("fail_on: critical", {"AUDITOR_FAIL_ON": "critical"}, ("--fail-on", "low"), 1),
        ("fail_on: low", {}, ("--fail-on", "none"), 0),
        ("# nothing", {}, (), 1),
    ],
)
def test_precedence(run, tmp_path, monkeypatch, file, environment, flags, code):
    (tmp_path / "auditor.yaml").write_text(file)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert run("gate", "bad.yaml", *ONLY, *flags).code == code


@pytest.mark.usefixtures("template")
@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("fail_onn: high", "auditor.yaml:1:1: fail_onn: no such setting; did you mean 'fail_on'?"),
        ("\nfail_on: severe", "auditor.yaml:2:1: fail_on: Input should be 'critical', 'high', 'medium', 'low' or 'none'"),
        ("regions: eu-west-1", "auditor.yaml:1:1: regions: Input should be a valid list"),
        ("parameters: {no-such-rule: {x: 1}}", "auditor.yaml:1:14: parameters.no-such-rule: unknown rule 'no-such-rule'"),
        ("parameters: {sagemaker-endpoint-data-capture: {minimum_smapling: 1}}", "did you mean 'minimum_sampling'?"),
        ("rules_from: [nowhere]", "no such folder"),
        ("fail_on: high\nattestations: nowhere.yaml", "auditor.yaml:2:1: attestations: no such file"),
        ("attestations: bad.yaml", "bad.yaml:1:1: unknown key of an attestation file 'Resources'"),
        ("- a list", "auditor.yaml:1:1: a mapping of settings expected"),
        ("a: [", "auditor.yaml:2:1: not YAML or JSON"),
    ],
)
def test_what_is_no_setting_is_refused(run, tmp_path, file, line):
    (tmp_path / "auditor.yaml").write_text(file)
    ran = run("gate", "bad.yaml")
    assert ran.code == 2
    assert line in ran.err
    assert len(ran.err.splitlines()) == 1


def test_found_above_but_not_beyond_the_repository(run, tmp_path, monkeypatch):
    (tmp_path / "auditor.yaml").write_text("fail_on: none")
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (inner / "bad.yaml").write_text(BAD)
    monkeypatch.chdir(inner)
    assert run("gate", "bad.yaml", *ONLY).code == 0
    (tmp_path / "a" / ".git").mkdir()
    assert run("gate", "bad.yaml", *ONLY).code == 1


def test_outside_a_repository_nothing_above_is_read(run, tmp_path, monkeypatch):
    (tmp_path / ".git").rmdir()
    (tmp_path / "auditor.yaml").write_text("fail_on: none")
    inner = tmp_path / "a"
    inner.mkdir()
    (inner / "bad.yaml").write_text(BAD)
    monkeypatch.chdir(inner)
    assert run("gate", "bad.yaml", *ONLY).code == 1
    monkeypatch.chdir(tmp_path)
    assert run("gate", "a/bad.yaml", *ONLY).code == 0


RULE = """
id: our-model-name
title: Models are named ours
severity: low
control: least-privilege
resource: AWS::SageMaker::Model
assert: {ModelName: {starts_with: ours-}}
why: We find them faster.
fix: {text: Rename it.}
source: [https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModel.html]
examples:
  - {expect: pass, given: {ModelName: ours-x}}
  - {expect: fail, given: {ModelName: x}}
"""


@pytest.mark.usefixtures("template")
def test_rules_of_ones_own(run, tmp_path):
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "our-model-name.yaml").write_text(RULE)
    (tmp_path / "auditor.yaml").write_text("rules_from: [rules]")
    assert "our-model-name" in run("rules", "list").out
    assert "our-model-name" in run("gate", "bad.yaml", "-f", "json").out
    assert run("rules", "test", "rules").code == 0
    (tmp_path / "rules" / "our-model-name.yaml").write_text(RULE.replace("ModelName: {", "ModleName: {"))
    ran = run("rules", "test", "rules")
    assert ran.code == 2
    assert "our-model-name.yaml:7:10" in ran.err
    assert "did you mean 'ModelName'?" in ran.err


@pytest.mark.usefixtures("template")
@pytest.mark.parametrize(("since", "code"), [("0.0.1", 1), ("999.0.0", 0)])
def test_a_preview_fails_no_gate(run, tmp_path, since, code):
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "our-model-name.yaml").write_text(f"{RULE}since: {since}\n")
    ran = run("gate", "bad.yaml", "--rules-from", "rules", "--rule", "our-model-name", "--fail-on", "low", "-f", "json")
    assert (ran.code, '"fail":1' in ran.out) == (code, True)


@pytest.mark.usefixtures("template")
@pytest.mark.parametrize(("fail_on", "code"), [("critical", 0), ("high", 1)])
def test_beside_a_preview_only_what_is_severe_enough_fails_a_gate(run, tmp_path, fail_on, code):
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "our-model-name.yaml").write_text(RULE.replace("severity: low", "severity: critical\nsince: 999.0.0"))
    both = ("--rule", "our-model-name", "--rule", "sagemaker-model-network-isolation")
    ran = run("gate", "bad.yaml", "--rules-from", "rules", *both, "--fail-on", fail_on, "-f", "json")
    assert (ran.code, '"critical":1,"high":1' in ran.out) == (code, True)


def test_a_new_rule_begins_with_a_skeleton_that_says_what_is_missing(run, tmp_path):
    assert run("rules", "new", "our-notebook-names", "--type", "AWS::SageMaker::NotebookInstance", "-o", "ours").code == 0
    ran = run("rules", "test", "ours")
    assert (ran.code, "our-notebook-names.yaml" in ran.err) in ((0, False), (2, True))
    assert run("rules", "new", "our-notebook-names", "--type", "AWS::SageMaker::NotebookInstance", "-o", "ours").code == 2
    assert "did you mean 'AWS::SageMaker::Model'?" in run("rules", "new", "x", "--type", "AWS::SageMaker::Modle").err
