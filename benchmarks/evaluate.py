"""How fast a million resources are evaluated from a snapshot, in how much memory.

    python benchmarks/evaluate.py [--resources 1000000] [--seed 1] [--output FILE]

Writes a made-up account (19 in 20 of its resources are training jobs, the rest what those refer to, and endpoints with their alarms)
through the program's own writer, then, each in a process of its own: parses every line and does no more, reads the snapshot as an
inventory, evaluates every rule of the book. Prints a table and writes it to ``benchmarks/results/evaluate.md``.
"""

from __future__ import annotations

import argparse
import datetime
import json
import platform
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import orjson

from auditor.model.inventory import REGION
from auditor.model.resource import GLOBAL, Origin, Resource
from auditor.model.scan import Identity
from auditor.model.values import Redacted
from auditor.sources.batch import Batch, Resources, Unit
from auditor.sources.snapshot import Run, open_snapshot, write_snapshot
from auditor.types import all_types

RESULTS: Final = Path(__file__).parent / "results" / "evaluate.md"
ACCOUNT: Final = "111122223333"
REGIONS: Final = (
    *("us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1", "eu-west-1", "eu-west-2", "eu-west-3"),
    *("eu-central-1", "eu-north-1", "eu-south-1", "ap-south-1", "ap-northeast-1", "ap-northeast-2", "ap-southeast-1"),
    *("ap-southeast-2", "ap-east-1", "me-south-1", "af-south-1"),
)
STARTED: Final = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
JOBS: Final = 0.95

# of a thousand resources that are no jobs
SHARES: Final = {
    "AWS::EC2::VPC": 20,
    "AWS::EC2::InternetGateway": 15,
    "AWS::EC2::Subnet": 90,
    "AWS::EC2::RouteTable": 60,
    "AWS::KMS::Key": 80,
    "AWS::S3::Bucket": 115,
    "AWS::IAM::Role": 150,
    "AWS::SageMaker::Model": 180,
    "AWS::SageMaker::EndpointConfig": 120,
    "AWS::SageMaker::Endpoint": 90,
    "AWS::SageMaker::NotebookInstance": 20,
    "AWS::CloudWatch::Alarm": 55,
    "AWS::SNS::Topic": 5,
}
GLOBALS: Final = ("AWS::IAM::Role", "AWS::S3::Bucket")


@dataclass(slots=True)
class Estate:
    """A made-up account: the same one for the same seed and size. What stands in a region refers to what stands there too."""

    size: int
    dice: random.Random
    counts: dict[str, int] = field(default_factory=dict)

    def batches(self) -> Iterator[Batch]:
        """Every unit, global ones first."""
        others = self.size - round(self.size * JOBS)
        self.counts = {name: max(1, others * share // (1000 * len(REGIONS))) for name, share in SHARES.items()}
        yield Batch((ACCOUNT, GLOBAL, "Auditor::Account"), (self._account(),), calls={"iam:GetAccountSummary": 1})
        for name in GLOBALS:
            found = tuple(self._make(name, region, number) for region in REGIONS for number in range(self.counts[name]))
            yield Batch((ACCOUNT, GLOBAL, name), found)
        written = 1 + sum(self.counts[name] if name in GLOBALS else 0 for name in SHARES) * len(REGIONS)
        for left, region in zip(range(len(REGIONS), 0, -1), REGIONS, strict=True):
            yield Batch((ACCOUNT, region, REGION), (self._resource(REGION, region, region, {"RegionName": region}),))
            written += 1
            for name in SHARES:
                if name not in GLOBALS:
                    yield Batch((ACCOUNT, region, name), tuple(self._make(name, region, n) for n in range(self.counts[name])))
                    written += self.counts[name]
            rest = (left - 1) * (1 + sum(self.counts[name] for name in SHARES if name not in GLOBALS))
            jobs = max(1, (self.size - written - rest) // left)
            yield Batch((ACCOUNT, region, "AWS::SageMaker::TrainingJob"), tuple(self._job(region, n) for n in range(jobs)))
            written += jobs
        yield from self._empty()

    def _empty(self) -> Iterator[Batch]:
        """The listings that found nothing: without them the snapshot would be one that was taken without these types."""
        held = {*SHARES, REGION, "Auditor::Account", "AWS::SageMaker::TrainingJob"}
        for name, record in all_types().items():
            if record.live is not None and name not in held:
                for place in (GLOBAL,) if record.live.scope == GLOBAL else REGIONS:
                    yield Batch((ACCOUNT, place, name))

    def _make(self, type_name: str, region: str, number: int) -> Resource:
        return _MAKERS[type_name](self, region, number)

    def _resource(
        self, type_name: str, name: str, region: str, properties: dict[str, Any], runtime: dict[str, Any] | None = None
    ) -> Resource:
        kind = type_name.rsplit("::", 1)[1]
        arn = f"arn:aws:{type_name.split('::')[1].lower()}:{region}:{ACCOUNT}:{kind.lower()}/{name}"
        tags = {"team": f"team-{self.dice.randrange(40)}", "stage": self.dice.choice(("prod", "test"))}
        return Resource(
            type_name, name, properties, Origin(f"benchmark:Describe{kind}"), ACCOUNT, region, arn, runtime or {}, tags
        )

    def _pick(self, type_name: str) -> int:
        return self.dice.randrange(self.counts[type_name])

    def _often(self, chance: float) -> bool:
        return self.dice.random() < chance

    # -- what others refer to ----------------------------------------------------------------------------------------------

    def _account(self) -> Resource:
        summary = {"AccountMFAEnabled": 1, "AccountAccessKeysPresent": 0, "AccountPasswordPresent": 1}
        return self._resource("Auditor::Account", ACCOUNT, GLOBAL, summary)

    def _vpc(self, region: str, number: int) -> Resource:
        name = _id("vpc", region, number)
        return self._resource(
            "AWS::EC2::VPC", name, region, {"VpcId": name, "CidrBlock": "10.0.0.0/16"}, {"IsDefault": number == 0}
        )

    def _gateway(self, region: str, number: int) -> Resource:
        name = _id("igw", region, number)
        attached = [{"VpcId": _id("vpc", region, number % self.counts["AWS::EC2::VPC"])}]
        return self._resource("AWS::EC2::InternetGateway", name, region, {"InternetGatewayId": name, "Attachments": attached})

    def _subnet(self, region: str, number: int) -> Resource:
        name = _id("subnet", region, number)
        properties = {
            "SubnetId": name,
            "VpcId": _id("vpc", region, number % self.counts["AWS::EC2::VPC"]),
            "CidrBlock": f"10.0.{number % 256}.0/24",
            "AvailabilityZone": f"{region}{'abc'[number % 3]}",
            "MapPublicIpOnLaunch": self._often(0.2),
        }
        return self._resource("AWS::EC2::Subnet", name, region, properties)

    def _route_table(self, region: str, number: int) -> Resource:
        name, vpc = _id("rtb", region, number), number % self.counts["AWS::EC2::VPC"]
        routes = [{"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active"}]
        if self._often(0.3):
            gateway = _id("igw", region, number % self.counts["AWS::EC2::InternetGateway"])
            routes.append({"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": gateway, "State": "active"})
        associations: list[dict[str, Any]] = [{"Main": True}] if number < self.counts["AWS::EC2::VPC"] else []
        if number < self.counts["AWS::EC2::Subnet"]:
            associations.append({"SubnetId": _id("subnet", region, number), "Main": False})
        properties = {"RouteTableId": name, "VpcId": _id("vpc", region, vpc), "Routes": routes, "Associations": associations}
        return self._resource("AWS::EC2::RouteTable", name, region, properties)

    def _key(self, region: str, number: int) -> Resource:
        name = _key_id(region, number)
        properties = {"KeyId": name, "Enabled": True, "KeySpec": "SYMMETRIC_DEFAULT", "KeyUsage": "ENCRYPT_DECRYPT"}
        runtime = {"KeyManager": "CUSTOMER" if self._often(0.8) else "AWS", "KeyState": "Enabled"}
        return self._resource("AWS::KMS::Key", name, region, properties, runtime)

    def _bucket(self, region: str, number: int) -> Resource:
        name = f"data-{region}-{number}"
        default: dict[str, Any] = {"SSEAlgorithm": "AES256"}
        if self._often(0.6):
            default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": self._key_arn(region)}
        encryption = {
            "ServerSideEncryptionConfiguration": [{"BucketKeyEnabled": True, "ServerSideEncryptionByDefault": default}]
        }
        return self._resource("AWS::S3::Bucket", name, region, {"BucketName": name, "BucketEncryption": encryption})

    def _role(self, region: str, number: int) -> Resource:
        name = f"worker-{region}-{number}"
        properties = {
            "RoleName": name,
            "Path": "/",
            "AssumeRolePolicyDocument": _document("sts:AssumeRole", Principal={"Service": "sagemaker.amazonaws.com"}),
            "ManagedPolicyArns": ["arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"] if self._often(0.3) else [],
            "Policies": [
                {"PolicyName": "data", "PolicyDocument": _document("s3:GetObject", Resource=f"arn:aws:s3:::data-{region}-*")},
                {"PolicyName": "rest", "PolicyDocument": _document("*" if self._often(0.05) else "logs:*", Resource="*")},
            ],
            "MaxSessionDuration": 3600,
        }
        return self._resource("AWS::IAM::Role", name, GLOBAL, properties, {"CreateDate": "2025-03-01T00:00:00Z"})

    def _topic(self, region: str, number: int) -> Resource:
        arn = f"arn:aws:sns:{region}:{ACCOUNT}:alerts-{number}"
        return self._resource("AWS::SNS::Topic", arn, region, {"TopicArn": arn, "TopicName": f"alerts-{number}"})

    # -- machine learning --------------------------------------------------------------------------------------------------

    def _model(self, region: str, number: int) -> Resource:
        name = f"model-{region}-{number}"
        properties = {
            "ModelName": name,
            "ExecutionRoleArn": self._role_arn(region),
            "EnableNetworkIsolation": self._often(0.5),
            "PrimaryContainer": {
                "Image": f"{ACCOUNT}.dkr.ecr.{region}.amazonaws.com/serve:1",
                "ModelDataUrl": self._uri(region, f"models/{number}/model.tar.gz"),
                "Environment": {"SAGEMAKER_PROGRAM": "serve.py", "LOG_LEVEL": "info"},
            },
            **self._network(region),
        }
        return self._resource("AWS::SageMaker::Model", name, region, properties, {"CreationTime": self._time()})

    def _endpoint_config(self, region: str, number: int) -> Resource:
        name = f"config-{region}-{number}"
        variant = {
            "VariantName": "main",
            "ModelName": f"model-{region}-{self._pick('AWS::SageMaker::Model')}",
            "InstanceType": "ml.m5.xlarge",
            "InitialInstanceCount": 2,
            "InitialVariantWeight": 1.0,
        }
        properties: dict[str, Any] = {"EndpointConfigName": name, "ProductionVariants": [variant]}
        if self._often(0.6):
            properties["KmsKeyId"] = self._key_arn(region)
        if self._often(0.5):
            capture = {"EnableCapture": True, "InitialSamplingPercentage": 20, "DestinationS3Uri": self._uri(region, "capture")}
            properties["DataCaptureConfig"] = {
                **capture,
                "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
            }
        return self._resource("AWS::SageMaker::EndpointConfig", name, region, properties, {"CreationTime": self._time()})

    def _endpoint(self, region: str, number: int) -> Resource:
        name = f"endpoint-{region}-{number}"
        config = f"config-{region}-{number % self.counts['AWS::SageMaker::EndpointConfig']}"
        runtime = {"EndpointStatus": "InService", "CreationTime": self._time()}
        return self._resource(
            "AWS::SageMaker::Endpoint", name, region, {"EndpointName": name, "EndpointConfigName": config}, runtime
        )

    def _alarm(self, region: str, number: int) -> Resource:
        name, endpoint = f"errors-{region}-{number}", number % self.counts["AWS::SageMaker::Endpoint"]
        properties = {
            "AlarmName": name,
            "ActionsEnabled": self._often(0.9),
            "AlarmActions": [f"arn:aws:sns:{region}:{ACCOUNT}:alerts-{self._pick('AWS::SNS::Topic')}"],
            "Namespace": "AWS/SageMaker",
            "MetricName": "Invocation5XXErrors",
            "Dimensions": [
                {"Name": "EndpointName", "Value": f"endpoint-{region}-{endpoint}"},
                {"Name": "VariantName", "Value": "main"},
            ],
            "Statistic": "Sum",
            "Threshold": 1.0,
            "Period": 300,
            "EvaluationPeriods": 3,
        }
        return self._resource("AWS::CloudWatch::Alarm", name, region, properties, {"StateValue": "OK"})

    def _notebook(self, region: str, number: int) -> Resource:
        name = f"notebook-{region}-{number}"
        properties = {
            "NotebookInstanceName": name,
            "InstanceType": "ml.t3.medium",
            "RoleArn": self._role_arn(region),
            "SubnetId": self._subnet_id(region),
            "DirectInternetAccess": self.dice.choice(("Enabled", "Disabled")),
            "RootAccess": self.dice.choice(("Enabled", "Disabled")),
            "VolumeSizeInGB": 50,
        }
        return self._resource(
            "AWS::SageMaker::NotebookInstance", name, region, properties, {"NotebookInstanceStatus": "InService"}
        )

    def _job(self, region: str, number: int) -> Resource:
        name = f"train-{region}-{number:07}"
        instances = self.dice.choice((1, 1, 1, 2, 4, 8))
        disk = {"InstanceCount": instances, "InstanceType": "ml.g5.2xlarge", "VolumeSizeInGB": 100}
        output = {"S3OutputPath": self._uri(region, f"output/{number}")}
        if self._often(0.7):
            disk["VolumeKmsKeyId"] = self._key_arn(region)
            output["KmsKeyId"] = self._key_arn(region)
        # now and then somebody passes a password as a hyperparameter
        token = {"hub_token": Redacted("named-secret", f"{number % 65536:04x}")} if self._often(0.02) else {}
        source = {"S3DataSource": {"S3Uri": self._uri(region, f"input/{number}"), "S3DataType": "S3Prefix"}}
        properties = {
            "TrainingJobName": name,
            "AlgorithmSpecification": {
                "TrainingImage": f"{ACCOUNT}.dkr.ecr.{region}.amazonaws.com/train:2",
                "TrainingInputMode": "File",
            },
            "RoleArn": self._role_arn(region),
            "HyperParameters": {"epochs": "20", "batch_size": "64", "learning_rate": f"{self.dice.random():.6f}", **token},
            "InputDataConfig": [
                {"ChannelName": "train", "DataSource": source},
                {"ChannelName": "validation", "DataSource": source},
            ],
            "OutputDataConfig": output,
            "ResourceConfig": disk,
            **self._network(region),
            "EnableNetworkIsolation": self._often(0.5),
            "EnableInterContainerTrafficEncryption": self._often(0.4),
            "EnableManagedSpotTraining": self._often(0.5),
        }
        runtime = {"TrainingJobStatus": "Completed", "CreationTime": self._time(), "TrainingEndTime": self._time()}
        return self._resource("AWS::SageMaker::TrainingJob", name, region, properties, runtime)

    # -- references --------------------------------------------------------------------------------------------------------

    def _network(self, region: str) -> dict[str, Any]:
        if not self._often(0.6):
            return {}
        subnets = [self._subnet_id(region), self._subnet_id(region)]
        return {"VpcConfig": {"Subnets": subnets, "SecurityGroupIds": [_id("sg", region, self.dice.randrange(20))]}}

    def _subnet_id(self, region: str) -> str:
        return _id("subnet", region, self._pick("AWS::EC2::Subnet"))

    def _role_arn(self, region: str) -> str:
        return f"arn:aws:iam::{ACCOUNT}:role/worker-{region}-{self._pick('AWS::IAM::Role')}"

    def _key_arn(self, region: str) -> str:
        return f"arn:aws:kms:{region}:{ACCOUNT}:key/{_key_id(region, self._pick('AWS::KMS::Key'))}"

    def _uri(self, region: str, rest: str) -> str:
        return f"s3://data-{region}-{self._pick('AWS::S3::Bucket')}/{rest}"

    def _time(self) -> str:
        return f"2025-{self.dice.randint(1, 12):02}-{self.dice.randint(1, 28):02}T{self.dice.randrange(24):02}:15:00Z"


_MAKERS: Final[Mapping[str, Callable[[Estate, str, int], Resource]]] = {
    "AWS::EC2::VPC": Estate._vpc,
    "AWS::EC2::InternetGateway": Estate._gateway,
    "AWS::EC2::Subnet": Estate._subnet,
    "AWS::EC2::RouteTable": Estate._route_table,
    "AWS::KMS::Key": Estate._key,
    "AWS::S3::Bucket": Estate._bucket,
    "AWS::IAM::Role": Estate._role,
    "AWS::SageMaker::Model": Estate._model,
    "AWS::SageMaker::EndpointConfig": Estate._endpoint_config,
    "AWS::SageMaker::Endpoint": Estate._endpoint,
    "AWS::SageMaker::NotebookInstance": Estate._notebook,
    "AWS::CloudWatch::Alarm": Estate._alarm,
    "AWS::SNS::Topic": Estate._topic,
}


def _id(kind: str, region: str, number: int) -> str:
    return f"{kind}-{REGIONS.index(region):02x}{number:015x}"


def _key_id(region: str, number: int) -> str:
    return f"{REGIONS.index(region):08x}-0000-4000-8000-{number:012x}"


def _document(action: str, **others: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, **others}]}


# -- the steps, each in a process of its own -----------------------------------------------------------------------------------


def generate(path: Path, size: int, seed: int) -> dict[str, Any]:
    """Write the snapshot."""
    estate = Estate(size, random.Random(seed))
    run = Run(Identity(ACCOUNT, f"arn:aws:iam::{ACCOUNT}:user/benchmark"), STARTED)

    def collect(_: Run, done: Mapping[Unit, Resources]) -> Iterator[Batch]:
        return (batch for batch in estate.batches() if batch.unit not in done)

    header = write_snapshot(path, run, collect)
    return {"resources": sum(header.counts.values()), "bytes": path.stat().st_size}


def parse(path: Path) -> dict[str, Any]:
    """Parse each line and drop it."""
    with path.open("rb") as file:
        for line in file:
            orjson.loads(line)
    return {}


def read(path: Path) -> dict[str, Any]:
    """Go through the snapshot as an inventory, keeping what the rule book looks back at."""
    inventory, _ = open_snapshot(path, all_types(), frozenset({"AWS::EC2::RouteTable", "AWS::CloudWatch::Alarm"}))
    for _ in inventory:
        pass
    return {}


def evaluate(path: Path) -> dict[str, Any]:
    """Evaluate every rule on every resource."""
    from auditor.audit.evaluate import evaluate as findings_of
    from auditor.audit.evaluate import looked_back_at
    from auditor.rules import load_book

    book = load_book()
    inventory, _ = open_snapshot(path, all_types(), looked_back_at(book))
    verdicts = Counter(finding.verdict.value for finding in findings_of(inventory, book))
    return {"rules": len(book.rules), "verdicts": dict(verdicts)}


_STEPS: Final[Mapping[str, Callable[[Path], dict[str, Any]]]] = {"parse": parse, "read": read, "evaluate": evaluate}


def _measured(step: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    began = time.perf_counter()
    told = step()
    seconds = time.perf_counter() - began
    used = resource.getrusage(resource.RUSAGE_SELF)
    megabytes = used.ru_maxrss / (1024 if sys.platform == "linux" else 1024 * 1024)
    return {**told, "seconds": seconds, "cpu": used.ru_utime + used.ru_stime, "megabytes": megabytes}


def _in_child(step: str, path: Path, size: int, seed: int) -> dict[str, Any]:
    # a child's peak starts from what its parent holds, so this process itself does nothing
    command = [sys.executable, __file__, "--step", step, "--file", str(path), "--resources", str(size), "--seed", str(seed)]
    answer: dict[str, Any] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return answer


def _machine() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    processor = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
    return f"{processor}, Python {platform.python_version()}, orjson {orjson.__version__}, {platform.system()}"


def _report(size: int, seed: int, made: dict[str, Any], results: Mapping[str, dict[str, Any]]) -> str:
    count, least = made["resources"], results["parse"]["cpu"]
    labels = {
        "parse": "parse every line (`orjson.loads`)",
        "read": "read as an inventory",
        "evaluate": "evaluate the rule book",
    }
    rows = [
        f"| {labels[step]} | {found['seconds']:.1f} | {found['cpu']:.1f} | {count / found['cpu']:,.0f} "
        f"| {found['cpu'] / least:.1f} | {found['megabytes']:,.0f} |"
        for step, found in results.items()
    ]
    evaluated = results["evaluate"]
    verdicts = ", ".join(f"{number:,} {verdict}" for verdict, number in sorted(evaluated["verdicts"].items()))
    return "\n".join(
        [
            "# Evaluating a snapshot",
            "",
            f"    python benchmarks/evaluate.py --resources {size} --seed {seed}",
            "",
            f"{count:,} resources ({made['bytes'] / 1e6:,.0f} MB), {evaluated['rules']} rules. {_machine()}.",
            "",
            "| step | seconds | CPU seconds | resources per CPU second | × parsing | peak MB |",
            "|---|--:|--:|--:|--:|--:|",
            *rows,
            "",
            f"Verdicts: {verdicts}. Seconds beyond CPU seconds were spent waiting: for the disk, or for other work on the machine.",
            "",
            f"Making the resources up and writing them took {made['cpu']:.0f} CPU seconds and {made['megabytes']:,.0f} MB at its peak.",
            "",
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--resources", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--output", type=Path, default=RESULTS, help="where the table is written")
    parser.add_argument("--step", choices=("generate", *_STEPS), help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step == "generate":
        print(json.dumps(_measured(lambda: generate(options.file, options.resources, options.seed))))
        return
    if options.step:
        print(json.dumps(_measured(lambda: _STEPS[options.step](options.file))))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "account.jsonl"
        made = _in_child("generate", path, options.resources, options.seed)
        results = {step: _in_child(step, path, options.resources, options.seed) for step in _STEPS}
    report = _report(options.resources, options.seed, made, results)
    options.output.parent.mkdir(exist_ok=True)
    options.output.write_text(report)
    print(report)


if __name__ == "__main__":
    main()
