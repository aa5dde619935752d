"""Things that share a name and have no ARN stay apart, from the account to the snapshot."""

import datetime

from auditor.model.resource import Origin, Resource
from auditor.sources.aws import collect
from auditor.sources.batch import gather
from auditor.sources.snapshot import Run, open_snapshot, write_snapshot
from auditor.types import all_types
from tests.audit.account import Account

APP = "AWS::SageMaker::App"
NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


def app(space):
    properties = {"AppName": "default", "AppType": "JupyterLab", "DomainId": "d-1", "SpaceName": space}
    return Resource(APP, "default", properties, Origin("test"), "111122223333", "eu-west-1")


def test_apps_of_one_name(monkeypatch, tmp_path):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    account, types = Account([app("ada"), app("ben")]), {APP: all_types()[APP]}
    session = account.session(types)

    def read(_=None, done=None):
        return collect(session, types, account.regions, done=done)

    names = {"default/JupyterLab/ada/d-1", "default/JupyterLab/ben/d-1"}
    live, _ = gather(read(), session.identity(), NOW, types, "live")
    assert {resource.id for resource in live.of_type(APP)} == names
    path = tmp_path / "account.jsonl"
    write_snapshot(path, Run(session.identity(), NOW), read)
    saved, _ = open_snapshot(path, types, frozenset())
    assert {resource.id for resource in saved if resource.type == APP} == names
