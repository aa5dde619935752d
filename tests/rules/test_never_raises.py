"""Whatever a source leaves in a property, a rule gives a verdict with evidence: it never raises, and tells nothing by nonsense."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.model.finding import Verdict
from auditor.model.inventory import SourceKind
from auditor.model.resource import Resource
from auditor.model.values import ABSENT, Kind, OneOf, Presence, Redacted, Reference, Text, Unknown, Value
from auditor.rules import Rule
from tests.rules import things

EVERY_OPERATOR = """\
when: {runtime.State: {not_equals: Bad}}
assert:
  any:
    - Text: {equals: a}
    - Text: {not_equals: a, not_in: [b], not_matches: c}
    - Text: {in: [a], matches: b, starts_with: c, contains: d}
    - Text: {is: secret}
    - Text: {is: local_storage}
    - Text: {is: s3_uri}
    - Number: {gt: 1, gte: 1, lt: 5, lte: 5}
    - Time: {older_than: 1d}
    - Time: {newer_than: 1h, or_absent: true}
    - List: {each: {equals: a}, or_absent: true}
    - List: {some: {not_equals: a}, count: 1, contains: a}
    - List: {none: {matches: a}, count: {gt: 1, lte: 3}}
    - Free: {none: {is: secret}}
    - Document: {Statement: {some: {Effect: Allow, Action: {contains: '*'}}}}
    - Document.Statement: {each: {exists: true}}
    - Block: {Inner: a, Deep: {Leaf: {exists: false}}}
    - Block.Deep.Leaf: {not_equals: a}
    - Blocks: {each: {Inner: a, Key: {refers_to: {where: {EnableKeyRotation: true}}}}}
    - Key: {is: customer_managed_key}
    - Key: {refers_to: {where: {runtime.KeyState: Enabled}, type: AWS::KMS::Key}}
    - Topic: {is: sns_topic}
    - Topic: {refers_to: {where: {KmsMasterKeyId: {is: customer_managed_key}}}}
    - tags.owner: {exists: true}
    - not: {Flag: true, Mode: Enabled, Default: 'On'}
    - referred_by: {type: Test::Watcher, where: {Active: true, Watches: {each: {refers_to: {where: {Flag: true}}}}}}
"""

TEXTS = st.sampled_from(["", "a", "it", "k", "s3://b/x", "alias/aws/s3", "arn:aws:sns:x", "arn:", "2025-12-31", "0001-01-01"])
UNKNOWNS = st.builds(Unknown, st.sampled_from(Kind), st.just("why"), st.sampled_from(Presence))
REFERENCES = st.builds(Reference, st.sampled_from(["it", "k", "gone"]), st.sampled_from(["", "Arn"]))
PARTS = st.lists(TEXTS | REFERENCES | UNKNOWNS, min_size=1, max_size=3).map(lambda parts: Text(tuple(parts)))
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=3)
    | TEXTS
    | UNKNOWNS
    | REFERENCES
    | PARTS
    | st.just(ABSENT)
    | st.just(Redacted("named-secret", "0000"))
)
NAMES = st.sampled_from(["Inner", "Deep", "Leaf", "Key", "Statement", "Effect", "Action", "", "a.b", "$x"])
VALUES: st.SearchStrategy[Value] = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(NAMES, inner, max_size=3)
        | st.lists(inner, max_size=3).map(lambda values: OneOf(tuple(values)))
    ),
    max_leaves=6,
)


def properties_of(record: str) -> st.SearchStrategy[dict[str, Value]]:
    names = list(things.TYPES[record].properties)
    return st.dictionaries(st.sampled_from(names), VALUES, max_size=len(names))


RUNTIMES = st.dictionaries(st.sampled_from(["State", "KeyManager", "KeyState"]), VALUES, max_size=2)
TAGS = st.dictionaries(st.just("owner"), VALUES, max_size=1) | UNKNOWNS


@st.composite
def resources(draw: st.DrawFn, kind: str, name: str) -> Resource:
    return things.thing(draw(properties_of(kind)), name=name, kind=kind, runtime=draw(RUNTIMES), tags=draw(TAGS))


@pytest.fixture(scope="module")
def rule(tmp_path_factory: pytest.TempPathFactory) -> Rule:
    return things.rule_of(tmp_path_factory.mktemp("book"), EVERY_OPERATOR)


@given(
    it=resources("Test::Thing", "it"),
    others=st.tuples(resources("AWS::KMS::Key", "k"), resources("AWS::KMS::Alias", "alias/a"), resources("Test::Watcher", "w")),
    kind=st.sampled_from(SourceKind),
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_every_operator_gives_a_verdict_on_anything(
    rule: Rule, it: Resource, others: tuple[Resource, ...], kind: SourceKind
) -> None:
    outcome = rule.evaluate(it, things.world(it, *others, kind=kind))
    assert outcome.evidence
    assert (outcome.verdict is Verdict.UNKNOWN) == any(item.unknown for item in outcome.evidence)


OPERATORS = {
    "Text": ["equals: a", "not_equals: a", "in: [a]", "not_in: [a]", "matches: a", "not_matches: a", "starts_with: a"],
    "Number": ["gt: 1", "gte: 1", "lt: 1", "lte: 1"],
    "Time": ["older_than: 1d", "newer_than: 1d"],
    "List": ["each: {equals: a}", "some: {equals: a}", "none: {equals: a}", "count: 1"],
    "Key": ["is: customer_managed_key", "refers_to: {}"],
}
FIT: dict[str, tuple[type, ...]] = {"Text": (str,), "Number": (int, float), "Time": (str,), "List": (list, dict), "Key": (str,)}
JSON = st.recursive(
    st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner, max_size=2),
    max_leaves=4,
)


@pytest.mark.parametrize(("name", "operator"), [(name, operator) for name, group in OPERATORS.items() for operator in group])
def test_a_value_of_another_type_decides_nothing(tmp_path: Path, name: str, operator: str) -> None:
    asserted = things.rule_of(tmp_path, f"assert: {{{name}: {{{operator}}}}}")
    denied = things.rule_of(tmp_path, f"assert: {{not: {{{name}: {{{operator}}}}}}}")
    excluding = things.rule_of(tmp_path, f"when: {{{name}: {{{operator}}}}}\nassert: {{Flag: true}}")

    @given(value=JSON.filter(lambda value: isinstance(value, bool) or not isinstance(value, FIT[name])))
    @settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
    def decides_nothing(value: Value) -> None:
        it = things.thing({name: value, "Flag": False})
        assert {rule.evaluate(it, things.world(it)).verdict for rule in (asserted, denied, excluding)} == {Verdict.UNKNOWN}

    decides_nothing()
