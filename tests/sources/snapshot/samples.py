"""Resources, batches and runs for the tests of the snapshot, seeded by nothing but their arguments."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from pathlib import Path

from auditor.model.inventory import REGION, Gap, Inventory
from auditor.model.resource import Origin, Resource
from auditor.model.scan import Identity
from auditor.sources.batch import JOBS_SINCE, Batch, Collection, Resources, Unit
from auditor.sources.snapshot import Header, Run, write_snapshot

ACCOUNT = "111122223333"
STARTED = datetime.datetime(2026, 11, 24, 8, 0, tzinfo=datetime.UTC)
JOB = "AWS::SageMaker::TrainingJob"
BUCKET = "AWS::S3::Bucket"
ROLE = "AWS::IAM::Role"


def run(
    account: str = ACCOUNT,
    started: datetime.datetime = STARTED,
    regions: tuple[str, ...] = (),
    jobs: datetime.timedelta = JOBS_SINCE,
) -> Run:
    return Run(Identity(account, f"arn:aws:iam::{account}:user/auditor"), started, regions, jobs)


def resource(type_name: str, name: str, region: str = "eu-west-1", **others: object) -> Resource:
    fields: dict[str, object] = {"properties": {"Name": name}, "origin": Origin("service:Describe"), "arn": f"arn:{name}"}
    return Resource(type_name, name, account=ACCOUNT, region=region, **{**fields, **others})  # type: ignore[arg-type]


def batches(jobs: int = 4, regions: tuple[str, ...] = ("eu-west-1", "us-east-1")) -> list[Batch]:
    """An account: a role, a bucket, and in each region itself and jobs; each region's bucket listing failed once."""
    found = [
        Batch((ACCOUNT, "global", ROLE), (resource(ROLE, "worker", "global"),), calls={"iam:ListRoles": 1}),
        Batch((ACCOUNT, "global", BUCKET), tuple(resource(BUCKET, f"data-{region}", region) for region in regions)),
    ]
    for region in regions:
        found.append(Batch((ACCOUNT, region, REGION), (resource(REGION, region, region),)))
        names = [f"job-{number}" for number in reversed(range(jobs))]
        found.append(
            Batch((ACCOUNT, region, JOB), tuple(resource(JOB, name, region) for name in names), calls={"sagemaker:Search": 2})
        )
    return found


def gap(type_name: str = JOB, region: str = "eu-west-1", **others: object) -> Gap:
    return Gap(ACCOUNT, region, "sagemaker:Search", type_name, "AccessDenied", "not authorized", **others)  # type: ignore[arg-type]


def write(path: Path, given: Iterable[Batch], this: Run | None = None) -> Header:
    """A snapshot of ``given``, but for the units that are finished."""

    def collect(this: Run, done: Mapping[Unit, Resources]) -> Iterable[Batch]:
        return (batch for batch in given if batch.unit not in done)

    return write_snapshot(path, this or run(), collect)


def write_again(path: Path, inventory: Inventory, collection: Collection) -> Header:
    """A snapshot of what was read from another."""
    units: dict[Unit, list[Resource]] = {}
    for item in inventory:
        units.setdefault((item.account, item.region, item.type), []).append(item)
    found = [Batch(unit, tuple(items)) for unit, items in units.items()]
    return write(path, found, Run(collection.identity, collection.collected_at))


def body(path: Path) -> bytes:
    """The lines after the header."""
    return path.read_bytes().partition(b"\n")[2]
