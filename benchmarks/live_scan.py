"""What a scan of a live account costs: calls, CPU, memory, and wall time against what the calls themselves take.

    python -m benchmarks.live_scan [--sizes 20 200 2000] [--latency 60] [--output FILE]

The account lives in a process of its own, which answers with moto as the demo does and keeps what it has answered, so that it costs
next to nothing when it is asked again. The scan is ``auditor scan`` in another process; of it only this is changed: what botocore is
about to send goes to the first process, over HTTP. Each account is scanned once to warm the answers up, then measured: once without
latency, for CPU and memory, and once with each answer held back until ``latency`` milliseconds have passed since its request came in.

An account of size n has n notebooks, models, endpoint configurations, endpoints and training jobs in one region, and for each ten of
them a team with a role, a bucket and a key of its own. Prints tables and writes them to ``benchmarks/results/live_scan.md``.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar, Final
from unittest.mock import patch
from urllib.parse import urlsplit

ROOT: Final = Path(__file__).parent.parent
RESULTS: Final = Path(__file__).parent / "results" / "live_scan.md"
COMMAND: Final = (sys.executable, "-m", "benchmarks.live_scan")
HOME: Final = "eu-west-1"
REGIONS: Final = (
    *("us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1", "eu-west-1", "eu-west-2", "eu-west-3"),
    *("eu-central-1", "eu-north-1", "ap-south-1", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3"),
    *("ap-southeast-1", "ap-southeast-2"),
)
"""Those that every account has: https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html"""
TEAM: Final = 10
"""How many of each kind share a role, a bucket and a key."""
WORKERS: Final = 16
"""Requests that a scan has under way at once: ``auditor.sources.aws.calls.WORKERS``."""


# -- the measurements ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cost:
    """What one scan took, and what it asked and found."""

    seconds: float
    cpu_seconds: float
    peak_mb: float
    calls: Counter[str]
    resources: int
    gaps: Counter[str]


@dataclass(frozen=True, slots=True)
class Row:
    """One account, of which so many regions were read: measured without latency and with it."""

    name: str
    regions: int
    quick: Cost
    slow: Cost


def main() -> None:
    """Build each account, scan it, and write the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[20, 200, 2000])
    parser.add_argument("--latency", type=int, default=60, help="milliseconds for each answer")
    parser.add_argument("--output", type=Path, default=RESULTS)
    options = parser.parse_args()
    rows: list[Row] = []
    for size in (1, *options.sizes):
        with account(size) as port:
            rows.append(measured(f"{size:,} of each", port, (HOME,), options.latency))
            if size == options.sizes[0]:
                rows.append(measured(f"{size:,} of each, 17 regions", port, REGIONS, options.latency))
    report = written(rows, options.sizes, options.latency)
    options.output.parent.mkdir(exist_ok=True)
    options.output.write_text(report, "utf-8")
    print(report)


@contextmanager
def account(size: int) -> Iterator[int]:
    """The port of a process that holds an account."""
    with subprocess.Popen(
        [*COMMAND, "serve", str(size)], cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            port = process.stdout.readline().strip()
            if not port:
                raise SystemExit(f"the account of size {size} could not be built")
            yield int(port)
        finally:
            process.kill()


def environment(**others: str) -> dict[str, str]:
    """That of the children: nobody's own configuration, and no proxy between them."""
    kept = {name: value for name, value in os.environ.items() if not re.match(r"AWS_|AUDITOR_|.*_PROXY", name, re.IGNORECASE)}
    keys = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": HOME}
    nowhere = dict.fromkeys(("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"), os.devnull)
    return {**kept, **keys, **nowhere, "AWS_EC2_METADATA_DISABLED": "true", "MOTO_EC2_LOAD_DEFAULT_AMIS": "false", **others}


def measured(name: str, port: int, regions: tuple[str, ...], latency: int) -> Row:
    """The costs of scanning the account at ``port``, after a scan that warms it up."""
    scanned(port, regions, 0)
    return Row(name, len(regions), scanned(port, regions, 0), scanned(port, regions, latency))


def scanned(port: int, regions: tuple[str, ...], latency: int) -> Cost:
    """What one scan costs. Raises ``SystemExit`` where it ends with an error: a failure is quick."""
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "scan.json"
        chosen = [part for region in regions for part in ("--region", region)]
        command = [*COMMAND, "scan", *chosen, "-f", "json", "-o", str(result)]
        asked_of(port)
        begun = time.perf_counter()
        child = environment(BENCHMARK_PORT=str(port), BENCHMARK_LATENCY=str(latency))
        process = subprocess.Popen(command, cwd=ROOT, env=child, stderr=subprocess.PIPE)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        if not result.exists():
            raise SystemExit(f"the scan failed ({os.waitstatus_to_exitcode(status)}): {(process.stderr or sys.stdin).read()!r}")
        # by another process: the peak of this one would count as its children's
        found = json.loads(subprocess.check_output([*COMMAND, "summary", str(result)], cwd=ROOT))
    return Cost(
        seconds,
        usage.ru_utime + usage.ru_stime,
        usage.ru_maxrss / (1024 if sys.platform == "linux" else 1024**2),
        Counter(asked_of(port)),
        found["resources"],
        Counter(found["gaps"]),
    )


def summary(result: str) -> None:
    """Print how many resources a scan's result holds, and what was not answered."""
    coverage = json.loads(Path(result).read_bytes())["coverage"]
    gaps = [gap["operation"] for gap in coverage["gaps"]]
    print(json.dumps({"resources": sum(coverage["resources"].values()), "gaps": gaps}))


def asked_of(port: int) -> dict[str, int]:
    """What the account was asked since this was called last, by operation."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/counts")
    found: dict[str, int] = json.loads(connection.getresponse().read())
    connection.close()
    return found


# -- the tables ----------------------------------------------------------------------------------------------------------------


def written(rows: list[Row], sizes: list[int], latency: int) -> str:
    """The result as Markdown."""
    fixed = rows[0].quick
    alone = [row for row in rows if row.regions == 1]
    (many,) = (row for row in rows if row.regions > 1)
    few = next(row for row in alone if f"{row.name}, {many.regions} regions" == many.name)
    operations = sorted({operation for row in alone for operation in row.quick.calls})
    return "\n".join(
        (
            "# Scanning a live account",
            "",
            f"    python -m benchmarks.live_scan --sizes {' '.join(map(str, sizes))} --latency {latency}",
            "",
            f"{os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}, {platform.system()}.",
            "CPU and memory are those of the scanning process, from its start to its end, with nothing held back;",
            f"wall time is with each answer held back for {latency} ms, beside what the calls alone take, {WORKERS} at a time.",
            "Calls per resource are those beyond the fixed set, which is what an account with one of each takes.",
            "",
            "| account | resources | calls | calls per resource | CPU s | peak MB | wall s | calls' own s | ratio |",
            "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
            *(line(row, fixed, latency) for row in rows),
            "",
            further(few, many),
            "",
            f"## The fixed set: {fixed.calls.total()} calls",
            "",
            textwrap.fill(", ".join(f"{name} {n}" if n > 1 else name for name, n in sorted(fixed.calls.items())), 128),
            "",
            "## Calls that grow with the account",
            "",
            "| operation |" + "".join(f" {row.name} |" for row in alone),
            "|---|" + "--:|" * len(alone),
            *(
                f"| {name} |" + "".join(f" {row.quick.calls[name]:,} |" for row in alone)
                for name in operations
                if len({row.quick.calls[name] for row in alone}) > 1
            ),
            "",
            *unread(rows),
        )
    )


def further(one: Row, many: Row) -> str:
    """What each region costs that holds no machine learning."""
    calls = many.quick.calls.total() - one.quick.calls.total()
    seconds, megabytes = many.quick.cpu_seconds - one.quick.cpu_seconds, many.quick.peak_mb - one.quick.peak_mb
    more = many.regions - one.regions
    return (
        f"A further region, without machine learning, takes {calls / more:.0f} calls, {seconds / more:.2f} s of CPU "
        f"and {megabytes / more:.1f} MB."
    )


def line(row: Row, fixed: Cost, latency: int) -> str:
    """One account's costs."""
    quick, slow = row.quick, row.slow
    more, things = quick.calls.total() - fixed.calls.total(), quick.resources - fixed.resources
    rate = f"{more / things:.2f}" if things and row.regions == 1 else ""
    own = slow.calls.total() * latency / 1000 / WORKERS
    return (
        f"| {row.name} | {quick.resources:,} | {quick.calls.total():,} | {rate} | {quick.cpu_seconds:.2f} | {quick.peak_mb:.0f} "
        f"| {slow.seconds:.1f} | {own:.1f} | {slow.seconds / own:.2f} |"
    )


def unread(rows: list[Row]) -> list[str]:
    """What moto does not answer, where there is any."""
    found = sorted({operation for row in rows for operation in row.quick.gaps})
    return ["## Not answered by moto", "", ", ".join(found), ""] if found else []


# -- the scanning process ------------------------------------------------------------------------------------------------------


def scan(arguments: list[str]) -> None:
    """``auditor scan``, with every request going to the account's process."""
    from botocore.handlers import BUILTIN_HANDLERS

    port, latency = os.environ["BENCHMARK_PORT"], os.environ["BENCHMARK_LATENCY"]

    def redirect(event_name: str, request: Any, **_: object) -> None:
        request.headers.update({"X-Event": event_name, "X-Url": request.url, "X-Latency": latency})
        request.url = f"http://127.0.0.1:{port}/"

    BUILTIN_HANDLERS.append(("before-send", redirect))
    from auditor.cli import main as auditor

    sys.argv = ["auditor", "scan", *arguments]
    auditor()


# -- the account's process -----------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Answers:
    """moto's answers, each made once."""

    make: Any
    kept: dict[tuple[str, str, bytes], tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, event: str, method: str, url: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body."""
        key = (f"{event} {method}", url, _TIMES.sub(b"", body))
        with self.lock:
            service, operation = event.split(".")[1:3]
            self.counts[f"{service}:{operation}"] += 1
            # what generates a report answers otherwise when asked again
            if key not in self.kept or operation.startswith("Generate"):
                self.kept[key] = self.make(event, method, url, headers, body)
            return self.kept[key]


# since when jobs are asked for differs from scan to scan
_TIMES: Final = re.compile(rb"\d{4}-\d\d-\d\dT[\d:%A]+Z|(?<=After\": )[\d.]+")


class Handler(BaseHTTPRequestHandler):
    """Answers what the scanning process redirects here."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    answers: ClassVar[Answers]

    def _answer(self) -> None:
        begun = time.perf_counter()
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path == "/counts":
            counts, self.answers.counts = self.answers.counts, Counter()
            self._send(200, {}, json.dumps(counts).encode())
            return
        event, url = self.headers["X-Event"], self.headers["X-Url"]
        try:
            status, headers, content = self.answers.of(event, self.command, url, dict(self.headers.items()), body)
        except Exception:
            traceback.print_exc()
            os._exit(1)
        time.sleep(max(0.0, int(self.headers["X-Latency"]) / 1000 - (time.perf_counter() - begun)))
        self._send(status, headers, content)

    do_GET = do_POST = do_PUT = do_HEAD = _answer  # noqa: N815 (the base class's names)

    def _send(self, status: int, headers: dict[str, str], content: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            if name.lower() not in ("content-length", "connection", "transfer-encoding", "date", "server"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def serve(size: int) -> None:
    """Build an account, print the port at which it answers, and answer until the process is killed."""
    from botocore.awsrequest import AWSPreparedRequest, HeadersDict
    from moto import mock_aws
    from moto.core.models import botocore_stubber

    from auditor.demo.amendments import AMENDMENTS
    from auditor.demo.backend import Backend
    from auditor.demo.beside import Beside
    from auditor.sources.aws.permissions import operations
    from auditor.types import all_types

    stubber = type(botocore_stubber)
    backend = Backend(stubber.__call__, Beside(frozenset(operations(all_types()))))

    def make(event: str, method: str, url: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        request = AWSPreparedRequest(method, url, HeadersDict({**headers, "Host": urlsplit(url).netloc}), body, False)
        response: Any = botocore_stubber(event, request)
        return response.status_code, {name: str(value) for name, value in response.headers.items()}, response.content

    with ExitStack() as opened:
        opened.enter_context(mock_aws())
        opened.enter_context(patch.object(stubber, "__call__", backend.handler()))
        # the demo has three regions
        opened.enter_context(patch.dict(AMENDMENTS))
        del AMENDMENTS["ec2:DescribeRegions"]
        build(size)
        Handler.answers = Answers(make)
        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        print(server.server_address[1], flush=True)
        server.serve_forever()


def build(size: int) -> None:
    """Make ``size`` of each kind, and the teams to which they belong."""
    import boto3

    aws = boto3.Session(region_name=HOME)
    clients = {name: aws.client(name) for name in ("iam", "s3", "kms", "sagemaker")}
    for number in range(size):
        if number % TEAM == 0:
            team = made_team(clients, f"team-{number // TEAM}")
        make_each(clients["sagemaker"], f"{number:05}", *team)


def made_team(clients: dict[str, Any], name: str) -> tuple[str, str, str]:
    """The ARN of a role, the name of a bucket and the ARN of a key."""
    service = {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [service]})
    role = clients["iam"].create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    key = clients["kms"].create_key()["KeyMetadata"]["Arn"]
    bucket = f"{name}-data"
    clients["s3"].create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": HOME})
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}}
    clients["s3"].put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})
    return role, bucket, key


def make_each(sagemaker: Any, name: str, role: str, bucket: str, key: str) -> None:
    """One of each kind."""
    sagemaker.create_notebook_instance(
        NotebookInstanceName=f"notebook-{name}", InstanceType="ml.t3.medium", RoleArn=role, KmsKeyId=key
    )
    container = {"Image": "image", "ModelDataUrl": f"s3://{bucket}/models/{name}.tar.gz"}
    sagemaker.create_model(ModelName=f"model-{name}", ExecutionRoleArn=role, PrimaryContainer=container)
    variant = {"VariantName": "all", "ModelName": f"model-{name}", "InitialInstanceCount": 1, "InstanceType": "ml.m5.large"}
    sagemaker.create_endpoint_config(EndpointConfigName=f"config-{name}", ProductionVariants=[variant], KmsKeyId=key)
    sagemaker.create_endpoint(EndpointName=f"endpoint-{name}", EndpointConfigName=f"config-{name}")
    sagemaker.create_training_job(
        TrainingJobName=f"job-{name}",
        AlgorithmSpecification={"TrainingImage": "image", "TrainingInputMode": "File"},
        RoleArn=role,
        OutputDataConfig={"S3OutputPath": f"s3://{bucket}/out", "KmsKeyId": key},
        ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 10},
        StoppingCondition={"MaxRuntimeInSeconds": 600},
    )


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve", size]:
            serve(int(size))
        case ["summary", result]:
            summary(result)
        case ["scan", *rest]:
            scan(rest)
        case _:
            main()
