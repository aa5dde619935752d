"""Patterns as IAM matches them."""

import pytest

from auditor.iam.wildcards import matches, overlap


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


@pytest.mark.parametrize(
    ("pattern", "other", "both"),
    [
        ("s3:Get*", "s3:*Object", True),
        ("s3:Get*", "S3:GETOBJECT", True),
        ("s3:Get*", "s3:Put*", False),
        ("*", "", True),
        ("a?c", "*b*", True),
        ("a?c", "*bc*d", False),
        ("*a", "*b", False),
        ("", "?", False),
        ("*?" * 40 + "x", "*a" * 40, False),
    ],
)
def test_whether_a_name_can_fit_both(pattern, other, both):
    assert overlap(pattern, other) is both
    assert overlap(other, pattern) is both
