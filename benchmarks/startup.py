"""How long ``auditor --help`` and a gate of one template take from nothing, and in how much memory.

    python benchmarks/startup.py [--runs 21] [--output FILE]

The floor, measured in the same rounds, is a Python that does nothing (``python -c pass``). Prints a table of medians and writes it to
``benchmarks/results/startup.md``. Run it with the interpreter of the environment in which ``auditor`` is installed.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

RESULTS: Final = Path(__file__).parent / "results" / "startup.md"
AUDITOR: Final = str(Path(sys.executable).parent / "auditor")

TEMPLATE: Final = """AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Isolated: {Type: String}
Resources:
  Net: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Net}}
  Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Net, CidrBlock: 10.0.0.0/24}}
  Routed: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref Subnet, RouteTableId: !Ref Table}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: sagemaker.amazonaws.com}, Action: sts:AssumeRole}]
      Policies:
        - PolicyName: data
          PolicyDocument: {Statement: [{Effect: Allow, Action: s3:GetObject, Resource: "arn:aws:s3:::data/*"}]}
  Notebook:
    Type: AWS::SageMaker::NotebookInstance
    Properties:
      InstanceType: ml.t3.medium
      RoleArn: !GetAtt Role.Arn
      SubnetId: !Ref Subnet
      DirectInternetAccess: Disabled
  Model:
    Type: AWS::SageMaker::Model
    Properties:
      ExecutionRoleArn: !GetAtt Role.Arn
      EnableNetworkIsolation: !Ref Isolated
      PrimaryContainer: {Image: image, ModelDataUrl: !Sub "s3://${Artifacts}/model.tar.gz"}
  Artifacts: {Type: AWS::S3::Bucket}
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """One run of a command, from its start to its end."""

    seconds: float
    cpu_seconds: float
    peak_mb: float


def main() -> None:
    """Run every command in turn, round after round, and write the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=21)
    parser.add_argument("--output", type=Path, default=RESULTS)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "template.yaml"
        template.write_text(TEMPLATE, "utf-8")
        commands = {
            "`python -c pass`": (sys.executable, "-c", "pass"),
            "`auditor --help`": (AUDITOR, "--help"),
            "`auditor gate template.yaml`": (AUDITOR, "gate", str(template), "--fail-on", "none"),
        }
        for command in commands.values():
            cost_of(command)  # writes the bytecode, and warms the disk's cache
        # in turn, so that a busy machine slows all of them alike
        rounds = [[cost_of(command) for command in commands.values()] for _ in range(options.runs)]
    costs = dict(zip(commands, zip(*rounds, strict=True), strict=True))
    report = table(costs, options.runs)
    options.output.parent.mkdir(exist_ok=True)
    options.output.write_text(report, "utf-8")
    print(report)


def cost_of(command: tuple[str, ...]) -> Cost:
    """What one run of ``command`` costs. Raises ``SystemExit`` where it fails: a failure is quick."""
    quiet = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_WRONLY, 0) for number in (1, 2)]
    begun = time.perf_counter()
    process = os.posix_spawn(command[0], command, os.environ, file_actions=quiet)
    _, status, usage = os.wait4(process, 0)
    seconds = time.perf_counter() - begun
    if status:
        raise SystemExit(f"{' '.join(command)} failed: {os.waitstatus_to_exitcode(status)}")
    return Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / (1024 if sys.platform == "linux" else 1024**2))


def table(costs: dict[str, tuple[Cost, ...]], runs: int) -> str:
    """The medians as Markdown; ratios are to the first row."""
    bare = statistics.median(cost.seconds for cost in next(iter(costs.values())))
    rows = "".join(row(name, of, bare) for name, of in costs.items())
    load = f"load {os.getloadavg()[0]:.1f}"
    return f"""# Starting

    python benchmarks/startup.py --runs {runs}

Medians of {runs} rounds. {os.cpu_count()} CPUs, {load}, Python {platform.python_version()}, {platform.system()}.

| | ms | ms, quickest | CPU ms | × bare Python | peak MB |
|---|--:|--:|--:|--:|--:|
{rows}"""


def row(name: str, costs: tuple[Cost, ...], bare: float) -> str:
    """One command's costs."""
    seconds, cpu, peak = (
        statistics.median(getattr(cost, column) for cost in costs) for column in ("seconds", "cpu_seconds", "peak_mb")
    )
    quickest = min(cost.seconds for cost in costs)
    return f"| {name} | {seconds * 1000:.0f} | {quickest * 1000:.0f} | {cpu * 1000:.0f} | {seconds / bare:.1f} | {peak:.0f} |\n"


if __name__ == "__main__":
    main()
