"""Reading a template from its text."""

import datetime
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from auditor.model.inventory import Inventory
from auditor.model.resource import Resource
from auditor.sources.cloudformation import read_template
from auditor.types import all_types

AT = datetime.datetime(2026, 11, 24, tzinfo=datetime.UTC)


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Inventory]:
    """``read(text, {parameter: value})``; the file is called t.yaml in every message."""
    monkeypatch.chdir(tmp_path)

    def reading(text: str, parameters: dict[str, str] | None = None) -> Inventory:
        path = Path("t.yaml")
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        return read_template(path, all_types(), parameters, AT)

    return reading


@pytest.fixture
def notebook(read: Callable[..., Inventory]) -> Callable[..., Resource]:
    """``notebook(value of KmsKeyId, other sections)``: a notebook in a template with a key, a bucket and a parameter of each kind."""

    def reading(value: str, sections: str = "", parameters: dict[str, str] | None = None) -> Resource:
        text = TEMPLATE.replace("VALUE", value).replace("LONG", "x" * 100).replace("SECTIONS", sections)
        inventory = read(text, parameters)
        return next(item for item in inventory.resources if item.id == "Notebook")

    return reading


TEMPLATE = """\
Parameters:
  Free: {Type: String}
  Stage: {Type: String, Default: dev}
  Size: {Type: Number, AllowedValues: [5, 50]}
  Choice: {Type: String, AllowedValues: [red, green]}
  Only: {Type: String, AllowedValues: [red]}
  Perhaps: {Type: String, Default: ''}
  Subnets: {Type: 'List<AWS::EC2::Subnet::Id>'}
  Names: {Type: CommaDelimitedList, AllowedValues: [a, b, c]}
  Stored: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /ml/key}
  Password: {Type: String, NoEcho: true, Default: hunter2hunter2}
  ApiToken: {Type: String, Default: correct-horse}
  Long: {Type: String, Default: LONG}
  Code: {Type: String, AllowedPattern: '(a+)+b'}
Mappings:
  Keys:
    dev: {key: alias/dev, count: 1, list: [one, two]}
    prod: {key: alias/prod, count: 2}
Conditions:
  Is: !Equals [a, a]
  IsNot: !Equals [a, b]
  IsProd: !Equals [!Ref Free, prod]
SECTIONS
Resources:
  Key: {Type: AWS::KMS::Key, Properties: {EnableKeyRotation: true}}
  Bucket: {Type: AWS::S3::Bucket}
  Lambda: {Type: AWS::Lambda::Function, Properties: {Role: x}}
  Notebook:
    Type: AWS::SageMaker::NotebookInstance
    Properties:
      InstanceType: ml.t3.medium
      KmsKeyId: VALUE
"""
