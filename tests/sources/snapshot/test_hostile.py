"""A file that is not a whole snapshot gives one line that says where, before or while it is streamed, and never half a result."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from auditor.files.errors import InputError
from auditor.sources.snapshot import open_snapshot
from auditor.types import all_types
from tests.sources.snapshot.samples import JOB, ROLE, batches, write

Lines = list[bytes]

# the sample's lines: 1 header, 2 role, 3-4 buckets, 5-6 regions, 7-14 jobs
JOB_LINE = 8


def header(lines: Lines, change: Callable[[dict[str, object]], object]) -> Lines:
    found = orjson.loads(lines[0])
    change(found)
    return [orjson.dumps(found) + b"\n", *lines[1:]]


def line(number: int, old: bytes, new: bytes) -> Callable[[Lines], Lines]:
    """Replace within a line, keeping its length, so that only the line itself is wrong."""

    def change(lines: Lines) -> Lines:
        before = lines[number - 1]
        after = before.replace(old, new)
        assert after != before
        assert len(after) == len(before)
        return [*lines[: number - 1], after, *lines[number:]]

    return change


def whole(number: int, content: bytes) -> Callable[[Lines], Lines]:
    """Put ``content`` in the place of a line, filled up to the same length."""
    return lambda lines: [*lines[: number - 1], content.ljust(len(lines[number - 1]) - 1) + b"\n", *lines[number:]]


def swapped(lines: Lines) -> Lines:
    return [*lines[:7], lines[8], lines[7], *lines[9:]]


CASES: list[tuple[str, Callable[[Lines], Lines], int, str]] = [
    ("empty", lambda lines: [], 1, "not a snapshot"),
    ("template", lambda lines: [b"Resources: {}\n"], 1, "not a snapshot"),
    ("another JSON", lambda lines: [b'{"schema_version":1}\n'], 1, "not a snapshot"),
    ("binary", lambda lines: [bytes(range(256)) * 9], 1, "not a snapshot"),
    ("header cut", lambda lines: [lines[0][:90]], 1, "cannot be read"),
    ("newer", lambda lines: header(lines, lambda found: found.update(auditor_snapshot=2)), 1, "upgrade auditor"),
    ("version no number", lambda lines: header(lines, lambda found: found.update(auditor_snapshot="x")), 1, "upgrade auditor"),
    (
        "no identity",
        lambda lines: header(lines, lambda found: found.pop("identity")),
        1,
        "identity: is missing from the header",
    ),
    ("no time", lambda lines: header(lines, lambda found: found.update(collected_at="yesterday")), 1, "cannot be read"),
    (
        "naive time",
        lambda lines: header(lines, lambda found: found.update(collected_at="2026-01-01T00:00:00")),
        1,
        "lacks its offset",
    ),
    (
        "counts no numbers",
        lambda lines: header(lines, lambda found: found["resources"][0].update(count=-1)),
        1,
        "a whole number expected, not -1",
    ),
    ("gap no text", lambda lines: header(lines, lambda found: found.update(gaps=[{"type": 1}])), 1, "cannot be read"),
    ("gap unknown", lambda lines: header(lines, lambda found: found.update(gaps=[{"x": 1}])), 1, "cannot be read"),
    ("regions a text", lambda lines: header(lines, lambda found: found.update(regions="eu")), 1, "a list of texts expected"),
    (
        "type twice",
        lambda lines: header(lines, lambda found: found.update(resources=found["resources"][:1] * 2)),
        1,
        "a type stands twice",
    ),
    ("calls a list", lambda lines: header(lines, lambda found: found.update(calls=[])), 1, "cannot be read"),
    ("cut in a line", lambda lines: [*lines[:-1], lines[-1][:-9]], 14, "cut off"),
    ("cut at a line", lambda lines: lines[:-1], 13, "cut off"),
    ("a line lost", lambda lines: [*lines[:6], *lines[7:]], 13, "cut off or changed"),
    ("a line added", lambda lines: [*lines, lines[-1]], 15, "cut off or changed"),
    ("line ends changed", lambda lines: [item.replace(b"\n", b"\r\n") for item in lines], 14, "cut off or changed"),
    ("garbage kept", whole(2, b"garbage"), 2, "not a line of a snapshot"),
    ("garbage streamed", whole(JOB_LINE, b"garbage"), JOB_LINE, "not a line of a snapshot"),
    ("blank streamed", whole(JOB_LINE, b""), JOB_LINE, "not a line of a snapshot"),
    ("a list", whole(JOB_LINE, b"[]"), JOB_LINE, "not a resource"),
    ("no object", whole(JOB_LINE, b"1"), JOB_LINE, "not a resource"),
    ("a key lacks", line(JOB_LINE, b'"origin"', b'"nigiro"'), JOB_LINE, "'origin' is missing"),
    ("id no text", line(JOB_LINE, b'"id":"job-1"', b'"id":1234567'), JOB_LINE, "must be text"),
    ("region no text", line(JOB_LINE, b'"eu-west-1"', b"12345678901"), JOB_LINE, "not a resource"),
    ("properties a list", line(JOB_LINE, b'{"Name":"job-1"}', b'["Name","job-1"]'), JOB_LINE, "must be objects"),
    ("origin", line(JOB_LINE, b'"service:Describe"', b'["service",    17]'), JOB_LINE, "not a resource"),
    ("nested", whole(JOB_LINE, b'{"type":' + b"[" * 120), JOB_LINE, "not a line of a snapshot"),
    ("another type", line(JOB_LINE, b"TrainingJob", b"TestingJobs"), JOB_LINE, "stands out of order|found among"),
    ("out of order", swapped, JOB_LINE + 1, "stands out of order"),
    ("twice", lambda lines: [*lines[:8], lines[7].replace(b'"arn":"a', b'"arn":"b'), *lines[9:]], JOB_LINE + 1, "stands twice"),
]


@pytest.mark.parametrize(("change", "number", "message"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
@pytest.mark.parametrize("keep", [frozenset(), frozenset({JOB})], ids=["streamed", "kept"])
def test_what_is_wrong_is_said_in_one_line(
    tmp_path: Path, change: Callable[[Lines], Lines], number: int, message: str, keep: frozenset[str]
) -> None:
    path = tmp_path / "a.jsonl"
    write(path, batches())
    path.write_bytes(b"".join(change(path.read_bytes().splitlines(keepends=True))))
    with pytest.raises(InputError, match=message) as caught:
        list(open_snapshot(path, all_types(), keep)[0])
    assert str(caught.value).startswith(f"{path}:{number}: ")
    assert "\n" not in str(caught.value)


def test_counts_that_do_not_fit_the_lines(tmp_path: Path) -> None:
    path = tmp_path / "a"
    write(path, batches())

    def fewer(found: dict[str, list[dict[str, object]]]) -> None:
        next(section for section in found["resources"] if section["type"] == JOB)["count"] = 7

    path.write_bytes(b"".join(header(path.read_bytes().splitlines(keepends=True), fewer)))  # type: ignore[arg-type]
    with pytest.raises(InputError, match="7 AWS::SageMaker::TrainingJob expected"):
        list(open_snapshot(path, all_types())[0])


def test_bytes_deep_in_marked_values(tmp_path: Path) -> None:
    path = tmp_path / "a"
    write(path, batches())
    content = path.read_bytes().splitlines(keepends=True)
    content[1] = content[1].replace(b'"properties":{"Name":"worker"}', b'"form":"marked","properties":{"P":{"$strange":1}}')
    lines = header(content, lambda found: found["resources"][0].update(bytes=len(content[1])))  # type: ignore[index]
    assert orjson.loads(lines[1])["type"] == ROLE
    path.write_bytes(b"".join(lines))
    with pytest.raises(InputError, match=r":2: not a line of a snapshot: unknown marker \$strange"):
        open_snapshot(path, all_types())


@pytest.mark.parametrize("name", ["nowhere", "."])
def test_no_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="cannot be read: "):
        open_snapshot(tmp_path / name, all_types())


def test_a_file_replaced_or_gone_between_opening_and_streaming(tmp_path: Path) -> None:
    path = tmp_path / "a"
    write(path, batches(jobs=4))
    inventory, _ = open_snapshot(path, all_types())
    write(path, batches(jobs=5))
    with pytest.raises(InputError, match="was replaced while it was being read"):
        list(inventory)
    path.unlink()
    with pytest.raises(InputError, match="cannot be read: No such file"):
        list(inventory)
