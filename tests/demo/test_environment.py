"""The demo touches nothing of the user's: no profile, no credential, no network, no variable."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import boto3
import botocore.session
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, EndpointConnectionError

from auditor.demo import demo_accounts
from auditor.demo.environment import sealed_environment
from auditor.demo.platform import PRODUCTION, SANDBOX
from auditor.files.errors import InputError

CONFIG = """
[default]
region = ap-south-1
credential_process = {marker}
endpoint_url = http://127.0.0.1:9

[profile mine]
region = ap-south-1
credential_process = {marker}
"""


@pytest.fixture
def marker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user with an AWS configuration; the file returned comes into being when somebody uses it."""
    used = tmp_path / "used"
    program = tmp_path / "credentials"
    answer = '{"Version": 1, "AccessKeyId": "a", "SecretAccessKey": "b"}'
    program.write_text(f"#!/bin/sh\ntouch {used}\necho '{answer}'\n", encoding="utf-8")
    program.chmod(0o700)
    config = tmp_path / "config"
    config.write_text(CONFIG.format(marker=program), encoding="utf-8")
    for name, value in {
        "HOME": str(tmp_path),
        "AWS_CONFIG_FILE": str(config),
        "AWS_SHARED_CREDENTIALS_FILE": str(config),
        "AWS_PROFILE": "mine",
        "AWS_REGION": "ap-south-1",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9",
        "AWS_SESSION_TOKEN": "mine",
        "AWS_EMPTY": "",
        "MOTO_ALLOW_NONEXISTENT_REGION": "true",
    }.items():
        monkeypatch.setenv(name, value)
    return used


@pytest.fixture
def unplugged(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """No socket can connect; those that tried."""
    tried: list[Any] = []

    def refuse(_: socket.socket, address: Any) -> None:
        tried.append(address)
        raise OSError("unplugged")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    return tried


def test_the_users_own_configuration_is_not_used_until_it_is_over(
    marker: Path, unplugged: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = object()
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", theirs)
    before = dict(os.environ)
    with demo_accounts() as sessions:
        assert [session.identity().account for session in sessions] == [PRODUCTION, SANDBOX]
        assert sessions[0].own_region != "ap-south-1"
        other = botocore.session.Session()
        with pytest.raises(RuntimeError, match=r"speaks to nobody outside, not to example\.org either"):
            other.create_client("sts", region_name="eu-west-1", endpoint_url="https://example.org").get_caller_identity()
        with pytest.raises(ClientError):
            other.create_client("wellarchitected", region_name="eu-west-1").list_workloads()
    assert dict(os.environ) == before
    assert boto3.DEFAULT_SESSION is theirs
    assert not marker.exists()
    assert unplugged == []

    once = Config(retries={"total_max_attempts": 1})
    with pytest.raises(EndpointConnectionError):
        botocore.session.Session().create_client("sts", config=once).get_caller_identity()
    assert marker.exists()
    assert unplugged == [("127.0.0.1", 9)]


@pytest.mark.parametrize("error", [KeyboardInterrupt, InputError("no"), RuntimeError()])
def test_the_environment_is_put_back_whatever_happens(marker: Path, error: BaseException) -> None:
    before = dict(os.environ)
    with pytest.raises(BaseException) as caught, sealed_environment():  # noqa: PT012 (what is tested is leaving it)
        assert "AWS_PROFILE" not in os.environ
        os.environ["AWS_NEW"] = "left behind"
        del os.environ["HOME"]
        raise error
    assert caught.type is (error if isinstance(error, type) else type(error))
    assert dict(os.environ) == before


def test_without_moto_it_says_what_to_install(marker: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "moto", None)
    before = dict(os.environ)
    with pytest.raises(InputError, match=r"pip install 'ml-auditor\[demo\]'"), demo_accounts():
        pass
    assert dict(os.environ) == before


def test_importing_it_imports_neither_moto_nor_boto3() -> None:
    check = "import sys, auditor.demo; print(sorted({'moto', 'boto3', 'botocore'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
