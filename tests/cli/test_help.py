"""Every command is documented where a newcomer looks, and starts quickly because it imports little."""

import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from auditor.cli import group

ROOT = Path(__file__).parents[2]


def commands(parent=group, prefix=()):
    for name, command in parent.commands.items():
        yield (*prefix, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*prefix, name))


ALL = dict(commands())


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_help_has_an_example(path):
    result = CliRunner().invoke(group, [*path, "--help"])
    assert result.exit_code == 0
    assert f"auditor {' '.join(path)}" in result.output.replace("\n", " ")
    assert ALL[path].short_help


@pytest.mark.parametrize("name", sorted(group.commands))
def test_the_readme_and_the_changelog_name_every_command(name):
    assert f"auditor {name}" in (ROOT / "README.md").read_text()
    assert name in (ROOT / "CHANGELOG.md").read_text()


def test_help_of_the_whole_is_one_screen():
    lines = CliRunner().invoke(group, ["--help"]).output.splitlines()
    assert len(lines) < 50


HEAVY = ("boto3", "botocore", "networkx", "pydantic", "jinja2", "rich", "moto")


@pytest.mark.parametrize(
    "arguments", [["--help"], ["gate", "--help"], ["--version"], ["rules", "list"]], ids=lambda arguments: " ".join(arguments)
)
def test_what_needs_no_heavy_library_imports_none(arguments):
    assert _run(arguments, _REFUSING).returncode == 0


_REFUSING = f"""
import sys
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {HEAVY!r}:
            raise ImportError(name)
sys.meta_path.insert(0, Refuse())
"""


@pytest.mark.parametrize("name", ["template.yaml", "plan.json"])
def test_a_gate_of_a_vpc_works_without_boto3_and_networkx(tmp_path, name):
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    (tmp_path / "plan.json").write_text(PLAN)
    result = _run(["gate", str(tmp_path / name)], _REFUSING)
    assert result.returncode == 1, result.stderr
    assert "sagemaker-notebook-private-subnet" in result.stdout


def _run(arguments, before=""):
    program = f"{before}\nimport sys\nsys.argv = ['auditor', *{arguments!r}]\nfrom auditor.cli import main\nmain()"
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=False)


TEMPLATE = """
Resources:
  Net: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Gateway: {Type: AWS::EC2::InternetGateway}
  Attached:
    Type: AWS::EC2::VPCGatewayAttachment
    Properties: {VpcId: !Ref Net, InternetGatewayId: !Ref Gateway}
  Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Net}}
  Out:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Gateway}
  Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Net, CidrBlock: 10.0.0.0/24}}
  Routed:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: !Ref Subnet, RouteTableId: !Ref Table}
  Notebook:
    Type: AWS::SageMaker::NotebookInstance
    Properties:
      InstanceType: ml.t3.medium
      RoleArn: arn:aws:iam::111122223333:role/notebook
      SubnetId: !Ref Subnet
      DirectInternetAccess: Disabled
"""

PLAN = """{
 "format_version": "1.2", "terraform_version": "1.9.0",
 "planned_values": {"root_module": {"resources": [
  {"address": "aws_sagemaker_notebook_instance.n", "mode": "managed", "type": "aws_sagemaker_notebook_instance", "name": "n",
   "values": {"name": "n", "instance_type": "ml.t3.medium", "direct_internet_access": "Disabled", "subnet_id": null}}]}},
 "resource_changes": [
  {"address": "aws_sagemaker_notebook_instance.n", "mode": "managed", "type": "aws_sagemaker_notebook_instance", "name": "n",
   "change": {"actions": ["create"], "before": null, "after_unknown": {"id": true}}}],
 "configuration": {"root_module": {"resources": [
  {"address": "aws_sagemaker_notebook_instance.n", "mode": "managed", "type": "aws_sagemaker_notebook_instance", "name": "n",
   "expressions": {"name": {"constant_value": "n"}}}]}}
}"""
