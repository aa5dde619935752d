"""The rules' pages say what the rules ask; a new rule's skeleton is one that works."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.files.errors import InputError
from auditor.rules import load_book
from auditor.rules.docs import pages
from auditor.rules.examples import run_examples
from auditor.rules.new import skeleton
from auditor.types import all_types
from tests.rules import things

HOW = [
    ("assert: {Text: a}", "- `Text`: a"),
    (
        "assert: {Text: {in: [a, b], not_matches: c, or_absent: true}}",
        "- `Text`: nothing, or one of a, b and no text that matches `c`",
    ),
    ("assert: {List: {each: {starts_with: a}}}", "- `List`: at least one element, each text that starts with a"),
    ("assert: {List: {count: {gte: 2}}}", "- `List`: at least 2 elements"),
    (
        "assert: {Blocks: {or_absent: true, each: {Inner: a, Other: b}}}",
        "- `Blocks`: nothing, or at least one element, each with:\n  - `Inner`: a\n  - `Other`: b",
    ),
    ("assert: {not: {Text: a}}", "- not:\n  - `Text`: a"),
    (
        "assert: {any: [{Text: a, Flag: true}, {Mode: Enabled}]}",
        "- at least one of:\n  - all of:\n    - `Text`: a\n    - `Flag`: true\n  - `Mode`: Enabled",
    ),
    ("assert: {Key: {refers_to: {}}}", "- `Key`: the name of a key or a key alias"),
    (
        "assert: {referred_by: {type: Test::Watcher, where: {Active: true}}}",
        "- a watcher that names it, with:\n  - `Active`: true",
    ),
]


@pytest.mark.parametrize(("body", "how"), HOW, ids=[body for body, _ in HOW])
def test_a_page_says_how_a_rule_decides(tmp_path: Path, body: str, how: str) -> None:
    page = pages(things.book_of(tmp_path, things.rule_text(body)))["my-rule.md"]
    assert page.partition("Passes where:\n\n")[2].partition("\n\n## ")[0] == how


def test_a_page_holds_everything_of_a_rule(tmp_path: Path) -> None:
    body = (
        "when: {Mode: Enabled}\nassert: {Text: {in: {parameter: texts}}}\nparameters: {texts: {default: [a], why: To choose.}}"
    )
    text = things.rule_text(body).replace("{text: Do it.}", "{text: Do it., cli: aws do it, set: {Text: a}}")
    page = pages(things.book_of(tmp_path, text.replace("why: Because.", "why: Because.\naliases: [Peer.1]")))["my-rule.md"]
    for part in (
        "# A rule\n",
        "Because.",
        "Does not apply unless:\n\n- `Mode`: Enabled",
        "- `texts` (default `[a]`): To choose.",
        "AWS CLI:\n\n```sh\naws do it\n```",
        "```hcl\nresource",
        "Passes:\n\n```yaml\ngiven: {}\n```",
        "- `Peer.1`",
        "- <https://docs.aws.amazon.com/thing>",
        "**Judges** live accounts, snapshots, CloudFormation templates, Terraform plans",
    ):
        assert part in page


def test_the_index_leads_to_every_page(tmp_path: Path) -> None:
    written = pages(things.book_of(tmp_path, things.rule_text("assert: {Text: a}")))
    assert set(written) == {"index.md", "my-rule.md"}
    assert "| [my-rule](my-rule.md) | high | `Test::Thing` | A rule |" in written["index.md"]


@pytest.mark.parametrize("resource", list(all_types()))
def test_the_skeleton_of_a_rule_works(tmp_path: Path, resource: str) -> None:
    (tmp_path / "controls.yaml").write_text("volume-encryption: {title: Encryption}\n", encoding="utf-8")
    (tmp_path / "my-own.yaml").write_text(skeleton("my-own", resource), encoding="utf-8")
    assert run_examples(load_book(base=tmp_path), {}) == []


@pytest.mark.parametrize(
    ("rule", "resource", "message"),
    [
        ("My Rule", "AWS::KMS::Key", "'My Rule' is no id for a rule: small letters, digits and single hyphens expected"),
        ("my-rule", "AWS::KMS::Kee", "unknown resource type 'AWS::KMS::Kee'; did you mean 'AWS::KMS::Key'?"),
    ],
)
def test_a_skeleton_of_nothing_is_refused(rule: str, resource: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        skeleton(rule, resource)
    assert caught.value.message == message
