"""The tables of docs/rule-language.md, evaluated cell by cell: the document and the code cannot drift apart."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from auditor.model.finding import Verdict
from auditor.model.resource import Resource
from auditor.model.values import ABSENT, Kind, OneOf, Presence, Redacted, Reference, Text, Unknown, Value
from auditor.rules import language
from tests.rules import things

DOCUMENT = Path(__file__).parents[2] / "docs" / "rule-language.md"
LETTERS = {Verdict.PASS: "T", Verdict.FAIL: "F", Verdict.UNKNOWN: "?"}

# by column of the table: what stands at a property, as the document describes it below the table
VALUES: dict[str, dict[str, Value]] = {
    "Text": {"empty": "", "alike": OneOf(("b", "c")), "split": OneOf(("a", "b")), "perhaps": OneOf(("a", ABSENT)), "other": 5},
    "Number": {"alike": OneOf((1, 2)), "split": OneOf((1, 9)), "perhaps": OneOf((9, ABSENT)), "other": "x"},
    "Time": {
        "empty": "",
        "alike": OneOf(("2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z")),
        "split": OneOf(("2020-01-01T00:00:00Z", "2025-12-31T00:00:00Z")),
        "perhaps": OneOf(("2020-01-01T00:00:00Z", ABSENT)),
        "other": 5,
    },
    "List": {
        "empty": [],
        "alike": OneOf((["b"], ["c"])),
        "split": OneOf((["a"], ["b", "b"])),
        "perhaps": OneOf((["a"], ABSENT)),
        "other": "x",
    },
    "Key": {
        "empty": "",
        "alike": OneOf(("k-1", "k-2")),
        "split": OneOf(("k-1", "alias/aws/s3")),
        "perhaps": OneOf(("k-1", ABSENT)),
        "reference": Reference("k-1"),
        "other": 5,
    },
    "Topic": {
        "empty": "",
        "alike": OneOf(("arn:aws:sns:eu-west-1:111122223333:one", "arn:aws:sns:eu-west-1:111122223333:two")),
        "split": OneOf(("arn:aws:sns:eu-west-1:111122223333:one", "arn:aws:lambda:eu-west-1:111122223333:function:f")),
        "perhaps": OneOf(("arn:aws:sns:eu-west-1:111122223333:one", ABSENT)),
        "reference": Reference("arn:aws:sns:eu-west-1:111122223333:one"),
        "other": 5,
    },
}
EVERYWHERE: dict[str, Value] = {
    "absent": ABSENT,
    "there": Unknown(Kind.DEFERRED, "a parameter", Presence.YES),
    "maybe": Unknown(Kind.UNREAD, "denied", Presence.MAYBE),
    "reference": Reference("other"),
    "parts": Text(("x-", Unknown(Kind.DEFERRED, "a parameter", Presence.YES))),
    "secret": Redacted("aws-access-key", "0000"),
}
COLUMNS = ("absent", "empty", "there", "maybe", "alike", "split", "perhaps", "reference", "parts", "secret", "other")

OTHERS = (
    things.thing(name="other"),
    things.thing(name="k-1", kind="AWS::KMS::Key", runtime={"KeyManager": "CUSTOMER"}),
    things.thing(name="k-2", kind="AWS::KMS::Key", runtime={"KeyManager": "CUSTOMER"}),
    things.thing(name="arn:aws:sns:eu-west-1:111122223333:one", kind="AWS::SNS::Topic"),
    things.thing(name="arn:aws:sns:eu-west-1:111122223333:two", kind="AWS::SNS::Topic"),
)


def subject(clause: str, column: str) -> Resource | None:
    """A thing with what the column describes at the property that the clause is about; nothing where there is no such value."""
    name = clause.partition(":")[0]
    values = {**EVERYWHERE, **VALUES[name]}
    return things.thing({name: values[column]}) if column in values else None


def cell(folder: Path, clause: str, column: str) -> str:
    looked_at = subject(clause, column)
    if looked_at is None:
        return "–"
    rule = things.rule_of(folder, f"assert: {{{clause}}}")
    return LETTERS[rule.evaluate(looked_at, things.world(looked_at, *OTHERS)).verdict]


TABLE = re.compile(r"^\| `(?P<clause>[^`]+)` \| (?P<cells>[^`]+) \|$", re.MULTILINE)
ROWS = [(match["clause"], match["cells"].split(" | ")) for match in TABLE.finditer(DOCUMENT.read_text(encoding="utf-8"))]


@pytest.mark.parametrize(("clause", "cells"), ROWS, ids=[clause for clause, _ in ROWS])
def test_every_cell_is_as_documented(tmp_path: Path, clause: str, cells: list[str]) -> None:
    assert {column: cell(tmp_path, clause, column) for column in COLUMNS} == dict(zip(COLUMNS, cells, strict=True))


def test_the_table_has_every_operator() -> None:
    used = {operator for clause, _ in ROWS for operator in language.ALL_OPERATORS if re.search(rf"\b{operator}:", clause)}
    assert used == set(language.ALL_OPERATORS)


def test_the_document_names_the_operators_there_are_and_no_others() -> None:
    listed = re.search(r"Operators on a value: `([^`]+)`", DOCUMENT.read_text(encoding="utf-8"))
    assert listed is not None
    assert sorted(listed[1].split()) == sorted(language.ALL_OPERATORS)
