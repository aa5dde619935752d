"""The rule book: choosing rules, frameworks, settings, digests."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from auditor.files.errors import InputError
from auditor.model.finding import Verdict
from auditor.rules import Book, Control, load_book
from tests.rules import things

RULES = {
    "first": {"severity: high": "severity: critical"},
    "second": {"why:": "aliases: [Peer.2]\nformerly: [old-second]\nwhy:"},
    "third": {"my-control": "other-control"},
}
FRAMEWORK = """\
id: theirs
title: Their list
source: https://docs.aws.amazon.com/theirs
controls:
  - {id: T.1, title: One, controls: [my-control]}
  - {id: T.2, title: Two, controls: [my-control, unused]}
  - {id: T.3, title: Three, controls: []}
  - {id: Peer.2, title: A single check}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    texts = {}
    for name, changes in RULES.items():
        text = things.rule_text("assert: {Text: a}").replace("my-rule", name)
        for old, new in changes.items():
            text = text.replace(old, new)
        texts[name] = text
    things.write_book(tmp_path, texts)
    (tmp_path / "controls.yaml").write_text(
        "my-control: {title: Mine, doc: What.}\nother-control: {title: Other}\nunused: {title: Unused}\n", encoding="utf-8"
    )
    (tmp_path / "frameworks").mkdir()
    (tmp_path / "frameworks" / "theirs.yaml").write_text(FRAMEWORK, encoding="utf-8")
    return tmp_path


@pytest.fixture
def book(folder: Path) -> Book:
    return load_book(types=things.TYPES, base=folder)


def test_a_book_knows_its_rules_controls_and_frameworks(book: Book) -> None:
    assert list(book.rules) == ["first", "second", "third"]
    assert book.controls["my-control"] == Control("my-control", "Mine", "What.")
    assert book.frameworks["theirs"].title == "Their list"
    assert {control.id: control.rules for control in book.frameworks["theirs"].controls} == {
        "T.1": ["first", "second"],
        "T.2": ["first", "second"],
        "T.3": [],
        "Peer.2": ["second"],
    }
    assert book.rules["first"].info().frameworks == {"theirs": ["T.1", "T.2"]}
    assert book.rules["second"].info().frameworks == {"theirs": ["T.1", "T.2", "Peer.2"]}
    assert book.rules["third"].info().frameworks == {}


CHOICES: list[tuple[Mapping[str, list[str]], list[str]]] = [
    ({}, ["first", "second", "third"]),
    ({"rules": ["third", "first"]}, ["first", "third"]),
    ({"rules": ["Peer.2"]}, ["second"]),
    ({"rules": ["old-second"]}, ["second"]),
    ({"controls": ["my-control"]}, ["first", "second"]),
    ({"controls": ["unused"]}, []),
    ({"frameworks": ["theirs"]}, ["first", "second"]),
    ({"severities": ["critical", "low"]}, ["first"]),
    ({"controls": ["my-control"], "severities": ["high"]}, ["second"]),
    ({"controls": ["other-control"], "rules": ["first"]}, []),
]


@pytest.mark.parametrize(("choice", "rules"), CHOICES)
def test_rules_are_chosen(book: Book, choice: Mapping[str, list[str]], rules: list[str]) -> None:
    assert list(book.select(**choice).rules) == rules


WRONG = [
    ({"rules": ["frist"]}, "unknown rule 'frist'; did you mean 'first'?"),
    ({"rules": ["Pear.2"]}, "unknown rule 'Pear.2'; did you mean 'Peer.2'?"),
    ({"controls": ["my-contrl"]}, "unknown control 'my-contrl'; did you mean 'my-control'?"),
    ({"frameworks": ["thers"]}, "unknown framework 'thers'; did you mean 'theirs'?"),
    ({"severities": ["hihg"]}, "unknown severity 'hihg'; did you mean 'high'?"),
]


@pytest.mark.parametrize(("choice", "line"), WRONG)
def test_a_name_that_nothing_bears_is_refused(book: Book, choice: Mapping[str, list[str]], line: str) -> None:
    with pytest.raises(InputError) as caught:
        book.select(**choice)
    assert str(caught.value) == line


def test_other_folders_add_rules_and_controls(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    theirs = tmp_path_factory.mktemp("theirs")
    (theirs / "controls.yaml").write_text("a-new-one: {title: New}\n", encoding="utf-8")
    (theirs / "fourth.yaml").write_text(
        things.rule_text("assert: {Text: a}").replace("my-rule", "fourth").replace("my-control", "a-new-one"), encoding="utf-8"
    )
    book = load_book([theirs, folder], types=things.TYPES, base=folder)
    assert list(book.rules) == ["first", "fourth", "second", "third"]
    with pytest.raises(InputError, match=r"nowhere: no such folder"):
        load_book([theirs / "nowhere"], types=things.TYPES, base=folder)


def test_the_digest_tells_any_change_of_text_or_setting(folder: Path, book: Book) -> None:
    assert load_book(types=things.TYPES, base=folder).digest == book.digest
    path = folder / "things" / "first.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "# a remark\n", encoding="utf-8")
    assert load_book(types=things.TYPES, base=folder).digest != book.digest


BODY = (
    "assert: {Time: {newer_than: {parameter: age}}, Text: {in: {parameter: texts}}}\n"
    "parameters: {age: {default: 90d, why: w}, texts: {default: [a], why: w}}"
)


@pytest.mark.parametrize(
    ("settings", "verdict"),
    [
        ({}, Verdict.PASS),
        ({"age": "10d"}, Verdict.FAIL),
        ({"texts": ["b"]}, Verdict.FAIL),
        ({"texts": ["b", "a"]}, Verdict.PASS),
    ],
)
def test_a_setting_takes_the_place_of_the_default(tmp_path: Path, settings: dict[str, object], verdict: Verdict) -> None:
    book = things.book_of(tmp_path, things.rule_text(BODY), **settings)
    it = things.thing({"Time": "2025-12-01T00:00:00Z", "Text": "a"})
    assert book.rules["my-rule"].evaluate(it, things.world(it)).verdict is verdict
    assert (book.digest == things.book_of(tmp_path, things.rule_text(BODY)).digest) == (not settings)


@pytest.mark.parametrize(("since", "preview"), [("", False), ("0.0.1", False), ("999.0.0", True)])
def test_a_rule_of_this_minor_version_is_a_preview(tmp_path: Path, since: str, preview: bool) -> None:
    body = "assert: {Text: a}" + (f"\nsince: {since}" if since else "")
    assert things.rule_of(tmp_path, body).info().preview is preview
