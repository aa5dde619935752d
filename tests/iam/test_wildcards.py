"""Patterns as IAM matches them."""

import pytest

from auditor.iam.wildcards import matches


@pytest.mark.parametrize(
    ("pattern", "name", "fits"),
    [
        ("*", "", True),
        ("", "", True),
        ("", "a", False),
        ("iam:*", "IAM:PassRole", True),
        ("a*b*c", "a-x-b-y-b-c", True),
        ("a*b*c", "a-b-c-d", False),
        ("??", "a", False),
        ("a?", "ab", True),
        ("[a-z]", "b", False),
        ("*?" * 40 + "x", "a" * 200, False),
    ],
)
def test_wildcards(pattern, name, fits):
    assert matches(pattern, name) is fits
