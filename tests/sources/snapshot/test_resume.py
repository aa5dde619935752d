"""An interruption of any kind leaves the old file or the new one, and the same call goes on where it stopped."""

from __future__ import annotations

import dataclasses
import datetime
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import auditor
from auditor.files.errors import InputError
from auditor.model.inventory import REGION
from auditor.sources.batch import Batch, Resources, Unit
from auditor.sources.snapshot import Run, open_snapshot, write_snapshot
from auditor.sources.snapshot.journal import Journal
from auditor.types import all_types
from tests.sources.snapshot.samples import ACCOUNT, BUCKET, JOB, STARTED, batches, body, gap, resource, run, write

KILLED = Path(__file__).with_name("killed.py")
SAMPLE = batches(jobs=2, regions=("eu-west-1",))
UNITS = [batch.unit for batch in SAMPLE]


def started_child(target: Path, step: int) -> tuple[subprocess.Popen[str], str]:
    command = [sys.executable, str(KILLED), str(target), str(step)]
    environment = {**os.environ, "PYTHONPATH": str(Path(auditor.__file__).parent.parent)}
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
    assert child.stdout is not None
    return child, child.stdout.readline().strip()


def killed_at(target: Path, step: int) -> bool:
    """Whether a real process came to ``step`` and was killed there."""
    child, said = started_child(target, step)
    with child:
        child.kill()
    assert said in ("here", "done")
    return said == "here"


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("whole") / "a"
    write(path, SAMPLE)
    return path.read_bytes()


@pytest.mark.parametrize("before", ["nothing", "an older snapshot"])
def test_killed_at_any_step(tmp_path: Path, uninterrupted: bytes, before: str) -> None:
    steps = 0
    old = b""
    # each step once with nothing there, every third with an older file in place
    stride = 1 if before == "nothing" else 3
    while True:
        target = tmp_path / str(steps) / "account.jsonl"
        target.parent.mkdir()
        if before == "an older snapshot":
            write(target, batches(jobs=9), run(started=STARTED - datetime.timedelta(days=2)))
            old = target.read_bytes()
        if not killed_at(target, steps):
            break
        found = target.read_bytes() if target.exists() else b""
        assert found in (old, uninterrupted), steps
        write(target, SAMPLE)
        assert body(target) == uninterrupted.partition(b"\n")[2], steps
        assert [file.name for file in target.parent.iterdir()] == ["account.jsonl"], steps
        steps += stride
    assert steps > 20


class Stop(Exception):
    """What stops a collector in the middle."""


def stopped(target: Path, given: list[Batch], after: int, **others: object) -> None:
    """Take a snapshot that ends with an exception after ``after`` units."""

    def collect(this: Run, done: Mapping[Unit, Resources]) -> Iterator[Batch]:
        yield from given[:after]
        raise Stop

    with pytest.raises(Stop):
        write_snapshot(target, run(**others), collect)  # type: ignore[arg-type]


def asked_again(target: Path, given: list[Batch], **others: object) -> list[Unit]:
    """Resume, and return the units that had to be read."""
    asked: list[Unit] = []

    def collect(this: Run, done: Mapping[Unit, Resources]) -> Iterator[Batch]:
        for batch in given:
            if batch.unit not in done:
                asked.append(batch.unit)
                yield batch

    write_snapshot(target, run(**others), collect)  # type: ignore[arg-type]
    return asked


@pytest.mark.parametrize("after", range(len(SAMPLE) + 1))
def test_only_what_is_missing_is_read_again(tmp_path: Path, uninterrupted: bytes, after: int) -> None:
    stopped(tmp_path / "a", SAMPLE, after)
    assert not (tmp_path / "a").exists()
    assert asked_again(tmp_path / "a", SAMPLE) == UNITS[after:]
    assert (tmp_path / "a").read_bytes() == uninterrupted


def test_finished_units_come_with_their_resources(tmp_path: Path) -> None:
    stopped(tmp_path / "a", SAMPLE, 4)

    def collect(this: Run, done: Mapping[Unit, Resources]) -> Iterator[Batch]:
        for batch in SAMPLE:
            resources = done[batch.unit]
            assert len(resources) == len(batch.resources)
            assert list(resources) == sorted(batch.resources, key=lambda item: item.id) == list(resources)
        yield from ()

    write_snapshot(tmp_path / "a", run(), collect)


@pytest.mark.parametrize("content", [b"garbage\n", None])
def test_lines_that_cannot_be_read_again(tmp_path: Path, content: bytes | None) -> None:
    stopped(tmp_path / "a", SAMPLE, 4)
    lines = sorted((tmp_path / "a.partial").glob("*.lines"))[0]
    lines.unlink() if content is None else lines.write_bytes(content)

    def collect(this: Run, done: Mapping[Unit, Resources]) -> Iterator[Batch]:
        yield from ()
        for resources in done.values():
            list(resources)

    with pytest.raises(InputError, match="cannot be read; remove this folder"):
        write_snapshot(tmp_path / "a", run(), collect)


def test_a_resumed_snapshot_has_the_jobs_of_its_first_run(tmp_path: Path) -> None:
    stopped(tmp_path / "a", SAMPLE, 2)
    seen: list[datetime.datetime] = []
    later = run(started=STARTED + datetime.timedelta(hours=3))
    header = write_snapshot(tmp_path / "a", later, lambda this, done: seen.append(this.since) or ())
    assert seen == [STARTED - datetime.timedelta(days=90)] == [header.collection.jobs_since]
    assert open_snapshot(tmp_path / "a", all_types())[1].jobs_since == seen[0]


def test_what_failed_is_tried_again(tmp_path: Path, uninterrupted: bytes) -> None:
    failed = [dataclasses.replace(batch, resources=(), gaps=(gap(JOB),)) if batch.unit[2] == JOB else batch for batch in SAMPLE]
    stopped(tmp_path / "a", failed, len(failed))
    assert asked_again(tmp_path / "a", SAMPLE) == [unit for unit in UNITS if unit[2] == JOB]
    assert (tmp_path / "a").read_bytes() == uninterrupted


def test_what_fails_again_stays_a_gap(tmp_path: Path) -> None:
    failed = [Batch((ACCOUNT, "eu-west-1", JOB), gaps=(gap(JOB),))]
    stopped(tmp_path / "a", failed, 1)
    assert asked_again(tmp_path / "a", failed) == [failed[0].unit]
    assert open_snapshot(tmp_path / "a", all_types())[0].gaps[0] == gap(JOB)


def test_a_failure_that_does_not_come_again_is_forgotten(tmp_path: Path, uninterrupted: bytes) -> None:
    no_regions = Batch((ACCOUNT, "global", REGION), gaps=(gap(REGION, "global"),))
    stopped(tmp_path / "a", [no_regions, *SAMPLE], 3)
    assert asked_again(tmp_path / "a", SAMPLE) == UNITS[2:]
    assert (tmp_path / "a").read_bytes() == uninterrupted


def test_a_resumed_snapshot_is_as_old_as_its_first_part(tmp_path: Path) -> None:
    stopped(tmp_path / "a", SAMPLE, 2)
    asked_again(tmp_path / "a", SAMPLE, started=STARTED + datetime.timedelta(hours=23))
    assert open_snapshot(tmp_path / "a", all_types())[1].collected_at == STARTED


def test_what_became_a_snapshot_is_not_resumed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(journal: Journal) -> None:
        raise Stop

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "remove", stop)
        with pytest.raises(Stop):
            write(tmp_path / "a", SAMPLE)
    later = STARTED + datetime.timedelta(hours=1)
    assert asked_again(tmp_path / "a", SAMPLE, started=later) == UNITS
    assert open_snapshot(tmp_path / "a", all_types())[1].collected_at == later


@pytest.mark.parametrize(
    ("others", "message"),
    [
        ({"account": "999988887777"}, f"of account {ACCOUNT}"),
        ({"regions": ("us-east-1",)}, "of regions: all"),
        ({"jobs": datetime.timedelta(days=7)}, "with jobs since 90d"),
        ({"started": STARTED + datetime.timedelta(hours=25)}, "interrupted too long ago \\(begun 2026-11-24T08:00:00Z\\)"),
    ],
)
def test_another_run_is_not_mixed_in(tmp_path: Path, others: dict[str, object], message: str) -> None:
    stopped(tmp_path / "a", SAMPLE, 2)
    with pytest.raises(InputError, match=f"a.partial: holds .*(?:{message}); remove this folder to begin anew"):
        asked_again(tmp_path / "a", SAMPLE, **others)
    assert asked_again(tmp_path / "a", SAMPLE) == UNITS[2:]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"auditor_version": "0.0.1"}, "taken by auditor 0.0.1"),
        ({"started": 7}, "cannot be read"),
        ({"started": "2026-01-01T00:00:00"}, "cannot be read"),
    ],
)
def test_a_journal_of_another_version(tmp_path: Path, change: dict[str, object], message: str) -> None:
    stopped(tmp_path / "a", SAMPLE, 2)
    manifest = tmp_path / "a.partial" / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), **change}))
    with pytest.raises(InputError, match=message):
        asked_again(tmp_path / "a", SAMPLE)


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"unit": 3, "gaps": []}'])
def test_a_garbled_journal(tmp_path: Path, content: str) -> None:
    stopped(tmp_path / "a", SAMPLE, 2)
    record = next(file for file in (tmp_path / "a.partial").glob("*.json") if file.name != "manifest.json")
    record.write_text(content)
    with pytest.raises(InputError, match="cannot be read; remove this folder"):
        asked_again(tmp_path / "a", SAMPLE)


def test_what_cannot_be_written_is_said_before_anything_is_read(tmp_path: Path) -> None:
    def collect(this: Run, done: Mapping[Unit, Resources]) -> Iterator[Batch]:
        raise AssertionError("nothing may be read")

    for target in (tmp_path, tmp_path / "nowhere" / "a"):
        with pytest.raises(InputError):
            write_snapshot(target, run(), collect)


def test_a_full_disk_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    stopped(tmp_path / "a", SAMPLE, 2)
    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        with pytest.raises(InputError, match="a: cannot be written: No space left on device"):
            asked_again(tmp_path / "a", SAMPLE)
    assert asked_again(tmp_path / "a", SAMPLE) == UNITS[2:]


def test_two_at_once_do_not_mix(tmp_path: Path, uninterrupted: bytes) -> None:
    def collect(this: Run, done: Mapping[Unit, Resources]) -> Iterator[Batch]:
        yield from SAMPLE[:2]
        with pytest.raises(InputError, match=r"a.partial: another auditor is taking this snapshot; write to another file"):
            write(tmp_path / "a", SAMPLE)
        yield from SAMPLE[2:]

    write_snapshot(tmp_path / "a", run(), collect)
    assert (tmp_path / "a").read_bytes() == uninterrupted


def test_a_unit_holds_its_own_type_only(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="another type"):
        write(tmp_path / "a", [Batch((ACCOUNT, "eu-west-1", JOB), (resource(BUCKET, "b"),))])
