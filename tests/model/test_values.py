"""What a property can hold survives being written as JSON."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model.values import ABSENT, Kind, OneOf, Presence, Redacted, Reference, Text, Unknown, decode, encode, one_of

KEYS = st.text(max_size=6) | st.sampled_from(["$unknown", "$one_of", "$literal", "$absent"])
SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=8)
UNKNOWNS = st.builds(Unknown, st.sampled_from(Kind), st.text(max_size=8), st.sampled_from(Presence))
REFERENCES = st.builds(Reference, st.text(max_size=8), st.text(max_size=4))
SPECIALS = (
    UNKNOWNS
    | REFERENCES
    | st.just(ABSENT)
    | st.builds(Redacted, st.text(max_size=4), st.text(max_size=4))
    | st.builds(lambda parts: Text(tuple(parts)), st.lists(st.text(max_size=4) | REFERENCES | UNKNOWNS, min_size=1, max_size=3))
)
VALUES = st.recursive(
    SCALARS | SPECIALS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(KEYS, inner, max_size=3)
        | st.lists(inner.filter(lambda item: not isinstance(item, OneOf)), min_size=2, max_size=3).map(
            lambda some: OneOf(tuple(some))
        )
    ),
    max_leaves=12,
)


@given(VALUES)
def test_encoded_and_decoded_is_the_same(value):
    assert decode(json.loads(json.dumps(encode(value)))) == value


@pytest.mark.parametrize(
    "written", [{"$nobody": 1}, {"$unknown": {}}, {"$unknown": {"kind": "no", "reason": "", "present": "yes"}}, {"$text": 3}]
)
def test_unreadable_markers(written):
    with pytest.raises(ValueError, match=r"marker|unreadable"):
        decode(written)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 1], 1),
        ([1, 2, 1], OneOf((1, 2))),
        ([OneOf((1, 2)), 3], OneOf((1, 2, 3))),
        ([True, 1], OneOf((True, 1))),
        ([ABSENT, ABSENT], ABSENT),
    ],
)
def test_one_of_is_flat_and_without_repeats(values, expected):
    assert one_of(values) == expected
