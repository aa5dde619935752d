"""Paths lead to every value they name, each with its own place."""

import pytest

from auditor.model.paths import parse, walk
from auditor.model.values import ABSENT, Kind, OneOf, Reference, Text, Unknown

HIDDEN = Unknown(Kind.DEFERRED, "a parameter")
TREE = {
    "A": {"B": 1},
    "List": [{"Name": "x", "V": 1}, {"Name": "y", "V": 2}, HIDDEN],
    "Flags": [{"Main": True, "V": "main"}, {"Main": False, "V": "other"}],
    "Maybe": OneOf(({"B": 1}, {"B": 2}, ABSENT)),
    "Either": [OneOf(({"Name": "x", "V": 1}, {"Name": "y", "V": 3})), {"Name": HIDDEN, "V": 2}],
    "Hidden": HIDDEN,
    "Map": {"one": {"V": 1}, "two (x)": {}},
    "Rule": 'ALARM(x) AND NOT (OK("y z") OR ALARM( arn:aws:cloudwatch:eu-west-1:1:alarm:w ))',
    "Parts": Text(("ALARM(", Reference("Errors"), ") OR ALARM(x) OR ALARM(", HIDDEN, ")")),
}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("A.B", [("A.B", 1)]),
        ("A.C", []),
        ("A.B.C", []),
        ("List[].V", [("List[0].V", 1), ("List[1].V", 2), ("List[2]", HIDDEN)]),
        ("List[1].V", [("List[1].V", 2)]),
        ("List[7].V", []),
        ("List[Name=y].V", [("List[1].V", 2), ("List[2]", HIDDEN)]),
        ("Flags[Main=true].V", [("Flags[0].V", "main")]),
        ("Either[Name=x].V", [("Either[0].V", OneOf((1, ABSENT))), ("Either[1].V", OneOf((2, ABSENT)))]),
        ("Either[Name=y].V", [("Either[0].V", OneOf((3, ABSENT))), ("Either[1].V", OneOf((2, ABSENT)))]),
        ("Either[Name=z].V", [("Either[1].V", OneOf((2, ABSENT)))]),
        ("Maybe.B", [("Maybe.B", OneOf((1, ABSENT))), ("Maybe.B", OneOf((2, ABSENT)))]),
        ("Maybe", [("Maybe", TREE["Maybe"])]),
        ("Hidden.B.C", [("Hidden", HIDDEN)]),
        ("Map[].V", [("Map.one.V", 1)]),
        ("Rule()", [("Rule()", "x"), ("Rule()", "y z"), ("Rule()", "arn:aws:cloudwatch:eu-west-1:1:alarm:w")]),
        ("Parts()", [("Parts()", Reference("Errors")), ("Parts()", "x"), ("Parts()", HIDDEN)]),
        ("Hidden()", [("Hidden", HIDDEN)]),
        ("Map()", []),
        ("Map.two (x)", [("Map.two (x)", {})]),
        ("", [("", TREE)]),
    ],
)
def test_walk(path, expected):
    assert list(walk(TREE, path)) == expected


@pytest.mark.parametrize("path", ["A[", "A]", "A[x", "[=]"])
def test_not_a_path(path):
    with pytest.raises(ValueError, match="not a property path"):
        parse(path)
