"""What a named predicate says of values that people write: the tables of the language have what they do with special ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.model.finding import Verdict
from tests.rules import things

# by https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-store-volumes.html
LOCAL = [
    "m5d",
    "c6id",
    "r7gd",
    "g4dn",
    "g5",
    "g6",
    "g6e",
    "gr6",
    "g7e",
    "i3en",
    "dl1",
    "p3dn",
    "p4d",
    "p4de",
    "p5",
    "p5en",
    "p6-b200",
]
LOCAL += ["p6e-gb200", "trn1", "trn1n", "trn2"]
NOT_LOCAL = ["m5", "m4", "c5", "c5n", "c6gn", "c7i-flex", "r8g", "m8i", "t3", "t2", "p2", "p3", "inf1", "inf2"]


@pytest.mark.parametrize(
    ("family", "verdict"), [*dict.fromkeys(LOCAL, Verdict.PASS).items(), *dict.fromkeys(NOT_LOCAL, Verdict.FAIL).items()]
)
def test_which_instance_types_have_local_storage(tmp_path: Path, family: str, verdict: Verdict) -> None:
    rule = things.rule_of(tmp_path, "assert: {Text: {is: local_storage}}")
    thing = things.thing({"Text": f"ml.{family}.xlarge"})
    assert rule.evaluate(thing, things.world(thing)).verdict is verdict
