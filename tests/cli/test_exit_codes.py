"""The exit codes are a promise: the same for every command and format, in one order of precedence."""

import datetime
import errno
import json
import os
import subprocess
import sys

import pytest

from auditor.model.inventory import Gap
from auditor.model.resource import Origin, Resource
from auditor.model.scan import Identity
from auditor.sources.batch import Batch
from auditor.sources.snapshot import Run, write_snapshot
from auditor.types import all_types

MODEL = "Resources:\n  Model:\n    Type: AWS::SageMaker::Model\n    Properties: {EnableNetworkIsolation: %s}\n"
GOOD = MODEL % "true"
BAD = MODEL % "false"
DEFERRED = "Parameters:\n  Isolate: {Type: String}\n" + MODEL % "!Ref Isolate"
WITHOUT_ML = "Resources:\n  Topic: {Type: AWS::SNS::Topic}\n"
ACCOUNT, REGION = "111122223333", "eu-west-1"
RUN = Run(Identity(ACCOUNT, "arn:aws:iam::111122223333:role/auditor"), datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC))


def model(*, isolated):
    return Resource(
        "AWS::SageMaker::Model",
        "m",
        {"ModelName": "m", "EnableNetworkIsolation": isolated},
        Origin("sagemaker:DescribeModel"),
        ACCOUNT,
        REGION,
        f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model/m",
    )


def region():
    return Resource("Auditor::Region", REGION, {"RegionName": REGION}, Origin("ec2:DescribeRegions"), ACCOUNT, REGION)


def gap(type_name):
    return Gap(ACCOUNT, REGION, "sagemaker:Denied", type_name, "AccessDeniedException", "not allowed")


def save(path, *resources, gaps=()):
    scopes = {name: record.live.scope for name, record in all_types().items() if record.live}
    units = {(ACCOUNT, REGION if scope == "region" else "global", name): [] for name, scope in scopes.items()}
    for resource in resources:
        units.setdefault((ACCOUNT, resource.region, resource.type), []).append(resource)
    batches = [Batch(unit, tuple(found), tuple(item for item in gaps if item.type == unit[2])) for unit, found in units.items()]
    write_snapshot(path, RUN, lambda run, done: batches)


@pytest.fixture
def files(tmp_path):
    (tmp_path / "good.yaml").write_text(GOOD)
    (tmp_path / "bad.yaml").write_text(BAD)
    (tmp_path / "deferred.yaml").write_text(DEFERRED)
    (tmp_path / "without-ml.yaml").write_text(WITHOUT_ML)
    (tmp_path / "unknown-type.yaml").write_text("Resources:\n  New: {Type: AWS::SageMaker::Unheard}\n")
    (tmp_path / "broken.yaml").write_text("Resources:\n  Model: {Type: AWS::SageMaker::Model")
    (tmp_path / "state.json").write_text('{"version": 4, "resources": []}')
    (tmp_path / "empty").mkdir()
    (tmp_path / "mixed").mkdir()
    (tmp_path / "mixed" / "bad.yaml").write_text(BAD)
    (tmp_path / "mixed" / "values.yaml").write_text("replicas: 3\n")
    (tmp_path / "mixed" / "broken.yaml").write_text("AWSTemplateFormatVersion: 2010-09-09\nResources: [")
    save(tmp_path / "good.jsonl", region(), model(isolated=True))
    save(tmp_path / "bad.jsonl", region(), model(isolated=False))
    save(tmp_path / "unread.jsonl", region(), gaps=[gap("AWS::SageMaker::Model")])
    save(tmp_path / "bad-and-unread.jsonl", region(), model(isolated=False), gaps=[gap("AWS::SageMaker::TrainingJob")])
    account = Batch(
        (ACCOUNT, "global", "Auditor::Account"), (Resource("Auditor::Account", ACCOUNT, {}, Origin("x"), ACCOUNT, "global"),)
    )
    write_snapshot(tmp_path / "no-region.jsonl", RUN, lambda run, done: [account])
    save(tmp_path / "quiet.jsonl")
    (tmp_path / "cut.jsonl").write_bytes((tmp_path / "good.jsonl").read_bytes()[:-20])


ONLY = ("--rule", "sagemaker-model-network-isolation")
CASES = {
    # what was found
    ("gate", "good.yaml", *ONLY): 0,
    ("gate", "bad.yaml", *ONLY): 1,
    ("gate", "bad.yaml", *ONLY, "--fail-on", "critical"): 0,
    ("gate", "bad.yaml", *ONLY, "--fail-on", "none"): 0,
    ("gate", "bad.yaml", *ONLY, "-f", "json"): 1,
    ("gate", "bad.yaml", *ONLY, "-f", "markdown"): 1,
    ("gate", "bad.yaml", *ONLY, "-f", "csv"): 1,
    ("gate", "bad.yaml", *ONLY, "-f", "html"): 1,
    ("gate", "good.yaml", "bad.yaml", *ONLY): 1,
    ("scan", "--from", "bad.yaml", *ONLY): 0,
    ("scan", "--from", "bad.jsonl", *ONLY): 0,
    ("scan", "--from", "bad.jsonl", *ONLY, "--fail-on", "high"): 1,
    # what cannot be known before the deploy does not turn a gate red, unless asked to
    ("gate", "deferred.yaml", *ONLY): 0,
    ("gate", "deferred.yaml", *ONLY, "--fail-on-unknown"): 1,
    ("gate", "deferred.yaml", *ONLY, "--parameter", "Isolate=true"): 0,
    ("gate", "deferred.yaml", *ONLY, "--parameter", "Isolate=false"): 1,
    ("gate", "deferred.yaml", "good.yaml", *ONLY, "--parameter", "Isolate=true"): 0,
    ("gate", "deferred.yaml", "good.yaml", *ONLY, "--parameter", "Isolatte=true"): 2,
    # what was not read
    ("scan", "--from", "unread.jsonl", *ONLY): 3,
    ("scan", "--from", "unread.jsonl", *ONLY, "--fail-on", "none"): 3,
    ("scan", "--from", "unread.jsonl", *ONLY, "--fail-on-unknown"): 3,
    ("scan", "--from", "unread.jsonl", "--rule", "sagemaker-notebook-no-direct-internet"): 0,
    ("scan", "--from", "bad-and-unread.jsonl", "--fail-on", "high"): 1,
    ("scan", "--from", "bad-and-unread.jsonl"): 3,
    # nothing to look at
    ("gate", "empty"): 4,
    ("scan", "--from", "no-region.jsonl", *ONLY): 4,
    ("scan", "--from", "quiet.jsonl", *ONLY): 0,
    ("gate", "good.yaml", "no-region.jsonl", *ONLY): 0,
    ("gate", "without-ml.yaml"): 0,
    ("gate", "unknown-type.yaml"): 0,
    ("gate", "good.yaml", *ONLY, "--resource", "Mod*"): 0,
    ("gate", "good.yaml", *ONLY, "--resource", "Mdel"): 4,
    ("scan", "--from", "bad.jsonl", *ONLY, "--fail-on", "high", "--resource", "arn:*:model/m"): 1,
    ("scan", "--from", "bad.jsonl", *ONLY, "--fail-on", "high", "--resource", "arn:*:model/other"): 4,
    # bad input
    ("gate", "missing.yaml"): 2,
    ("gate", "broken.yaml"): 2,
    ("gate", "mixed"): 2,
    ("gate", "state.json"): 2,
    ("gate", "good.yaml", "--rule", "sagemaker-model-network-isolatoin"): 2,
    ("gate", "good.yaml", *ONLY, "--severity", "low"): 2,
    ("gate", "good.yaml", "--fail-on", "severe"): 2,
    ("gate", "good.yaml", "--parameter", "Isolate"): 2,
    ("gate", "good.yaml", "-f", "json", "-f", "html"): 2,
    ("gate", "good.yaml", "-o", "report.xyz"): 2,
    ("gate", "good.yaml", "-f", "csv", "-o", "x", "-f", "json", "-o", "x"): 2,
    ("gate", "good.yaml", "-f", "csv", "-o", "-", "-f", "json"): 2,
    ("scan", "--from", "good.yaml", "--region", "eu-west-1"): 2,
    ("scan", "--jobs-since", "last week"): 2,
    ("snapshot", "--jobs-since", "0d"): 2,
    ("permissions", "--resource", "x"): 2,
    ("rules", "docs", "-o", "good.yaml/docs"): 2,
    ("gate", "good.yaml", "-o", "no-such-folder/report.html"): 2,
    ("gate",): 2,
    ("scan", "--from", "cut.jsonl"): 2,
    ("scan", "--from", "missing.jsonl"): 2,
    ("report", "good.yaml", "-f", "html"): 2,
    ("explain", "--from", "bad.yaml", "sagemaker-model-network-isolation", "Modle"): 2,
    ("explain", "--from", "bad.yaml", "sagemaker-model-network-isolation", "Model"): 0,
    ("rules", "show", "SageMaker.2"): 0,
    ("rules", "show", "SageMaker.9999"): 2,
    ("nonsense",): 2,
    (): 2,
}


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(("arguments", "code"), CASES.items(), ids=[" ".join(case) or "nothing" for case in CASES])
def test_exit_code(run, arguments, code):
    ran = run(*arguments)
    assert ran.code == code, ran.err
    assert "Traceback" not in ran.err
    if code == 2 and arguments:
        assert len(ran.err.strip().splitlines()[-1]) < 300
        assert not ran.out


LINES = {
    ("gate", "broken.yaml"): "error: broken.yaml:3:1: not YAML or JSON: did not find expected ',' or '}'",
    ("gate", "state.json"): (
        "error: state.json: not a snapshot, a CloudFormation template or a Terraform plan (terraform show -json)"
    ),
    ("gate", "good.yaml", "--rule", "sagemaker-model-network-isolatoin"): "did you mean 'sagemaker-model-network-isolation'?",
    ("explain", "--from", "bad.yaml", "sagemaker-model-network-isolation", "Modle"): "did you mean 'Model'?",
    ("explain", "--from", "bad.yaml", "kms-key-rotation", "key"): "rule 'kms-key-rotation' has no finding on 'key'\n",
    ("explain", "--from", "without-ml.yaml", "sns-topic-not-public", "Topic"): "no machine learning leads there: 1 SNS Topic\n",
    ("gate", "bad.yaml", "--framework", "x"): "; there are aws-ai-security, aws-fsbp, hipaa, ml-checklist, nist-800-53\n",
    ("gate", "empty"): "no template or plan found in empty",
    ("gate", "without-ml.yaml"): "no machine-learning resources in without-ml.yaml",
    ("gate", "unknown-type.yaml", "-f", "csv"): "not judged, for no rule knows them: AWS::SageMaker::Unheard (1)",
    ("gate", "bad.yaml", *ONLY): "one finding in full: auditor explain --from bad.yaml ",
    ("gate", "bad.yaml", *ONLY, "--resource", "Mdel"): "no resource that the rules are about matches Mdel",
    (
        "gate",
        "bad.yaml",
        "-o",
        "no-such-folder/report.html",
    ): "error: no-such-folder/report.html: no such folder: no-such-folder",
    ("gate", "bad.yaml", "-o", "a.csv", "-f", "json", "-o", "a.csv"): "a.csv holds one report: give json and csv a file each",
    ("scan", "--from", "bad.yaml", "--profile", "audit"): "--profile is about a live account; it does not go with --from",
    ("scan", "--from", "bad.yaml", "--jobs-since", "7d"): "--jobs-since is about a live account; it does not go with --from",
    ("scan", "--jobs-since", "7"): "Error: Invalid value for '--jobs-since': '7' is not a number of days such as 90d",
    ("explain", "--from", "bad.yaml", "--region", "eu-west-1", "x"): "--region is about a live account",
    ("--log-format", "json", "gate", "broken.yaml"): '{"level": "error", "message": "broken.yaml:3:1: not YAML or JSON',
    ("--log-format", "json", "gate", "missing.yaml"): '{"level": "error", "message": "missing.yaml: cannot be read: ',
    ("rules", "docs", "-o", "good.yaml/docs"): "error: good.yaml/docs: no folder can be made here: Not a directory",
}


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(("arguments", "line"), LINES.items(), ids=[" ".join(case) for case in LINES])
def test_the_line_says_what_is_wrong(run, arguments, line):
    assert line in run(*arguments).err


@pytest.mark.parametrize(
    ("raised", "code", "said"),
    [(KeyboardInterrupt(), 130, "interrupted"), (RuntimeError("surprise"), 70, "internal error: RuntimeError: surprise")],
)
@pytest.mark.usefixtures("files")
def test_interrupted_and_internal(run, monkeypatch, raised, code, said):
    def fail(*_):
        raise raised

    monkeypatch.setattr("auditor.audit.files.open_file", fail)
    ran = run("scan", "--from", "good.yaml")
    assert (ran.code, ran.err.strip()[: len(said)]) == (code, said)


def test_no_credentials(run, monkeypatch):
    for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    ran = run("scan")
    assert ran.code == 2
    assert ran.err == "error: no AWS credentials were found: name a profile, or set them in the environment\n"


@pytest.mark.usefixtures("files")
def test_the_parser_is_the_only_one_who_reads_standard_output(run):
    ran = run("gate", "bad.yaml", "without-ml.yaml", "-f", "json")
    assert json.loads(ran.out)["counts"]["fail"] >= 1


@pytest.mark.usefixtures("files")
def test_no_name_moves_a_terminals_cursor(run, tmp_path, monkeypatch):
    monkeypatch.setattr("click.utils.should_strip_ansi", lambda *_: False)
    (tmp_path / "\x1b[31m.yaml").write_text(BAD)
    for arguments in (
        ["-o", "\x1b[31m.csv"],
        ["-o", "\x1b[31m.xyz"],
        ["--rule", "\x1b[31m"],
        [],
        ["-f", "csv", "--resource", "\x1b"],
    ):
        ran = run("gate", "\x1b[31m.yaml", *arguments)
        assert "\x1b" not in ran.out + ran.err, arguments
        assert "\\x1b" in ran.err or not arguments


@pytest.mark.usefixtures("files")
def test_a_dash_is_standard_output(run, tmp_path):
    assert json.loads(run("gate", "bad.yaml", "-f", "json", "-o", "-").out)["command"] == "gate"
    assert not (tmp_path / "-").exists()


def through_a_closed_pipe(*arguments):
    """The exit code where whoever reads standard output has left."""
    reader, writer = os.pipe()
    os.close(reader)
    program = "from auditor.cli import main; main()"
    ended = subprocess.run([sys.executable, "-c", program, *arguments], stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert not ended.stderr.startswith(b"Traceback"), ended.stderr
    return ended.returncode


@pytest.mark.usefixtures("files")
def test_a_reader_who_leaves_changes_no_verdict(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert through_a_closed_pipe("gate", "bad.yaml", *ONLY) == 1
    assert through_a_closed_pipe("gate", "good.yaml", *ONLY) == 0
    assert through_a_closed_pipe("rules", "list") == 0


@pytest.mark.usefixtures("files")
def test_a_full_disk_is_no_internal_error(run, monkeypatch):
    def fail(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("auditor.report.write", fail)
    ran = run("gate", "good.yaml", "-f", "json", "-o", "x.json")
    assert (ran.code, ran.err) == (2, "error: cannot write: No space left on device\n")
