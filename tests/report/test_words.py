import pytest

from auditor.model.finding import Verdict
from auditor.model.scan import ControlCoverage
from auditor.report import words
from tests.report.scans import synthetic


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain-name_1", "plain-name_1"),
        ("größe 模型 שלום", "größe 模型 שלום"),
        ("abc\u202egpj.exe", "abc<U+202E>gpj.exe"),
        ("\x1b[31mred", "<U+001B>[31mred"),
        ("a\nb\tc\r", "a<U+000A>b<U+0009>c<U+000D>"),
        ("zero\u200bwidth\ufeff", "zero<U+200B>width<U+FEFF>"),
        ("half \ud800", "half <U+D800>"),
        ("tag \U000e0041", "tag <U+E0041>"),
        ("c1 \x9b31m", "c1 <U+009B>31m"),
    ],
)
def test_what_does_not_show_is_spelt_out(text, shown):
    assert words.visible(text) == shown
    assert words.visible(text).isprintable()


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("Enabled", "Enabled"),
        ("", '""'),
        (True, "true"),
        (None, "null"),
        (3, "3"),
        (["a", 1], "[a, 1]"),
        ({"A": {"B": False}}, "{A: {B: false}}"),
        ({"$absent": True}, "not set"),
        ({"$unknown": {"kind": "unread", "reason": "it failed", "present": "yes"}}, "could not be read: it failed"),
        ({"$one_of": ["a", {"$absent": True}]}, "one of a, not set"),
        ({"$reference": {"target": "Subnet", "attribute": ""}}, "→ Subnet"),
        ({"$reference": {"target": "Key", "attribute": "Arn"}}, "→ Key.Arn"),
        ({"$text": ["arn:", {"$reference": {"target": "Key", "attribute": ""}}]}, "arn:→ Key"),
        ({"$redacted": {"kind": "password", "digest": "ab12"}}, "redacted (password, ab12)"),
        ({"$literal": {"$x": 1}}, "{$x: 1}"),
        ({"$unknown": "hostile"}, "{$unknown: hostile}"),
        ({"$unknown": {"kind": [], "reason": 1}}, "{$unknown: {kind: none, reason: 1}}"),
        ("x" * 500, "x" * 400 + "… (100 more characters)"),
    ],
)
def test_what_was_found_in_words(value, shown):
    assert words.found(value) == shown


def test_what_is_nested_deeply_is_cut():
    value = "end"
    for _ in range(5_000):
        value = [value]
    assert words.found(value) == "[" * 21 + "…" + "]" * 21


@pytest.mark.parametrize(
    ("count", "failing", "unknown", "said"),
    [
        (0, 0, 0, [(Verdict.UNKNOWN, "Nothing was checked")]),
        (50, 0, 0, [(Verdict.PASS, "No failing check")]),
        (50, 0, 0.2, [(Verdict.PASS, "No failing check"), (Verdict.UNKNOWN, "8 unknown")]),
        (1, 0, 1, [(Verdict.UNKNOWN, "1 unknown")]),
        (2, 1, 0, [(Verdict.FAIL, "1 failing check")]),
    ],
)
def test_the_headline_never_says_more_than_was_checked(count, failing, unknown, said):
    assert words.headline(synthetic(count, failing=failing, unknown=unknown)) == said


@pytest.mark.parametrize(
    ("coverage", "state"),
    [
        (ControlCoverage("c", "C"), (Verdict.NOT_APPLICABLE, "not examined")),
        (ControlCoverage("c", "C", not_applicable=4), (Verdict.NOT_APPLICABLE, "not examined")),
        (ControlCoverage("c", "C", examined=4, passed=4), (Verdict.PASS, "no failing check")),
        (ControlCoverage("c", "C", examined=4, passed=3, unknown=1), (Verdict.UNKNOWN, "1 unknown")),
        (ControlCoverage("c", "C", examined=4, failed=2, unknown=2), (Verdict.FAIL, "2 failing")),
    ],
)
def test_the_state_of_a_control(coverage, state):
    assert words.control_status(coverage) == state
