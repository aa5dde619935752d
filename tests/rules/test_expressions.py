"""Which regular expressions a rule may use."""

from __future__ import annotations

import pytest

from auditor.rules.expressions import repeats_what_varies

REFUSED = [
    "(a+)+",
    "(a*)*$",
    "(a|aa)*",
    "(?:a|b)+",
    "((a+))+",
    "(x(a|b)y){2,}",
    "(?P<n>a+)*",
    "(a{1,5}){1,50}",
    r"(\(a+)*",
    "(a+)+?",
]
ALLOWED = [
    "^a+$",
    "(a+)b",
    "(a|b)c",
    "(abc)+",
    r"\(a+\)+",
    "([+*|])+",
    "([^]+]a)*",
    "(a+)?",
    "(?:ab){2,3}",
    "a|b",
    r"^ml\.([a-z]+\d+[a-z]*d[a-z]*|g[5-7]e?|trn[12][a-z]*)\.",
    "(?=a+)b",
    "",
]


@pytest.mark.parametrize("text", REFUSED)
def test_one_that_can_take_forever_is_found(text: str) -> None:
    assert repeats_what_varies(text)


@pytest.mark.parametrize("text", ALLOWED)
def test_one_that_cannot_is_let_through(text: str) -> None:
    assert not repeats_what_varies(text)
