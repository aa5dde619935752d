"""Hostile YAML and JSON: a tree with places, or one clear line."""

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from auditor.files.errors import InputError
from auditor.files.yaml import MAX_DEPTH, compose, read_text

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(min_size=1, max_size=8), inner, max_size=4),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: 1", {"a": 1}),
        ("a: 2012-10-17", {"a": "2012-10-17"}),
        ("account: 012345678901", {"account": "012345678901"}),
        ("account: 123456789012", {"account": 123456789012}),
        ("a: 'yes'\nb: yes\nc: off", {"a": "yes", "b": True, "c": False}),
        ("a: !Sub '${X}'", {"a": "${X}"}),
        ("a: ~\nb:\nc: ''", {"a": None, "b": None, "c": ""}),
        ("a: 1.5\nb: 1e3\nc: 1:30", {"a": 1.5, "b": 1000.0, "c": "1:30"}),
        ("a: &x [1]\nb: *x", {"a": [1], "b": [1]}),
        ('{\n\t"a": "\\ud83d\\ude00", "b": "x\\/y"}', {"a": "😀", "b": "x/y"}),
    ],
)
def test_values(text, value):
    node = compose(text, "f")
    assert node is not None
    assert node.plain_value() == value


def test_places_and_tags():
    node = compose("Resources:\n  Model:\n    Name: !Sub x\n", "f")
    assert node is not None
    name = node.get("Resources").get("Model").get("Name")
    assert (name.line, name.column, name.tag, name.content) == (3, 11, "!Sub", "x")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\na: 2", "f:2:1: a: this key stands twice"),
        ("a: &a {b: 1}\nc: {<<: *a}", "f:2:5: <<: one mapping merged into another is not read; write its values out"),
        ("? [x]\n: y", "f:1:3: a key must be text"),
        ("a: b: c", "f:1:5: not YAML or JSON: mapping values are not allowed in this context"),
        ("--- {}\n--- {}", "f:2:1: one document expected, a second begins here"),
        ("a: &a [*a]", "f:1:8: *a stands inside itself or before its anchor"),
        ("[" * 200, f"f:1:{MAX_DEPTH + 1}: nested deeper than {MAX_DEPTH} levels"),
    ],
)
def test_refused(text, line):
    with pytest.raises(InputError) as error:
        compose(text, "f")
    assert str(error.value) == line


def test_alias_bomb_stops_at_the_bound():
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    bomb += "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12))
    with pytest.raises(InputError, match="aliases written out"):
        compose(bomb, "f")


@given(PLAIN)
def test_json_and_yaml_read_the_same(value):
    text = json.dumps(value)
    node = compose(text, "f")
    if node is None:
        assert value is None
        return
    assert node.plain_value() == value
    block = compose(yaml.safe_dump(value), "f")
    assert block is not None
    assert _as_text(block.plain_value()) == _as_text(value)


def _as_text(value):
    # YAML's writer quotes for YAML 1.1, which has more kinds of number and date than are read here
    if isinstance(value, list):
        return [_as_text(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _as_text(item) for key, item in value.items()}
    return str(value)


@given(st.text(max_size=200))
def test_any_text_is_a_tree_or_one_line(text):
    try:
        compose(text, "f")
    except InputError as error:
        line = str(error)
        assert line.startswith("f:")
        assert len(line.splitlines()) == 1


@pytest.mark.parametrize(
    ("content", "message"), [(b"\xff\xfe", "not UTF-8 text (byte 0)"), (b"x" * 11, "11 bytes; at most 10 are read")]
)
def test_unreadable_files(tmp_path: Path, content, message):
    path = tmp_path / "f"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message.replace("(", r"\(").replace(")", r"\)")):
        read_text(path, limit=10)


def test_a_byte_order_mark_is_not_text(tmp_path: Path):
    path = tmp_path / "f"
    path.write_bytes(b"\xef\xbb\xbfa: 1")
    assert read_text(path) == "a: 1"
