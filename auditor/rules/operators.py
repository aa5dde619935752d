"""Every operator over one value: holds, does not hold, or cannot be told and why. None ever raises on data.

Of a value that an operator cannot be about (text for a number) nothing can be told, so that it never passes, under ``not`` either.
"""

from __future__ import annotations

import datetime
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from auditor.model.resource_type import BOOLEAN, INTEGER, JSON, NUMBER, Schema
from auditor.model.truth import Truth, any_of, in_each, worst
from auditor.model.values import ABSENT, Kind, OneOf, Presence, Redacted, Unknown, Value
from auditor.rules.clauses import Decide
from auditor.rules.lookup import as_text, leading_text, misfit, settled
from auditor.rules.truth import Run

PLAIN: Final = frozenset((str, bool, int, float, list, dict))
"""The types of plain JSON values."""

COMPARISONS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "equals": operator.eq,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}


def is_number(value: Value) -> bool:
    """JSON's numbers; a boolean is none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_scalar(value: Value) -> bool:
    """Text, a number or a boolean."""
    return isinstance(value, str | int | float)


def is_text(value: Value) -> bool:
    """JSON's strings."""
    return isinstance(value, str)


def is_boolean(value: Value) -> bool:
    """JSON's ``true`` and ``false``."""
    return isinstance(value, bool)


class Fit(NamedTuple):
    """The JSON type that an operator is about: its name, and whether a plain value is of it."""

    name: str
    has: Callable[[Value], bool]


_TEXT: Final = Fit("text", is_text)
_NUMBER: Final = Fit("a number", is_number)


def fit_of(schema: Schema) -> Fit:
    """The JSON type that a scalar of ``schema`` has."""
    if schema == BOOLEAN:
        return Fit("true or false", is_boolean)
    if schema in (INTEGER, NUMBER):
        return _NUMBER
    return Fit("a scalar", is_scalar) if schema == JSON else _TEXT


def equal(one: Value, other: Value) -> bool:
    """Equality as JSON has it: ``true`` is not 1."""
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def deciding(fit: Fit, check: Callable[[Any], bool], *, absent: bool = False) -> Decide:
    """An operator that needs the plain value: what stands for one is followed, and unknown where that leads to no plain text."""

    def decide(value: Value, _path: str, run: Run) -> Truth:
        if type(value) in PLAIN:
            return check(value) if fit.has(value) else misfit(fit.name, value)
        if value is ABSENT:
            return absent
        text = as_text(value, run)
        if isinstance(text, Unknown):
            return text
        return check(text) if fit.has(text) else misfit(fit.name, value)

    return decide


def equals(operand: Value, schema: Schema) -> Decide:
    """The very same scalar."""
    return deciding(fit_of(schema), lambda value: equal(value, operand))


def not_equals(operand: Value, schema: Schema) -> Decide:
    """Another scalar, or none."""
    return deciding(fit_of(schema), lambda value: not equal(value, operand), absent=True)


def one_of_these(operand: Sequence[Value], schema: Schema) -> Decide:
    """Equal to one of a list."""
    return deciding(fit_of(schema), lambda value: any(equal(value, item) for item in operand))


def none_of_these(operand: Sequence[Value], schema: Schema) -> Decide:
    """A scalar that equals none of a list, or none at all."""
    return deciding(fit_of(schema), lambda value: not any(equal(value, item) for item in operand), absent=True)


def exists(operand: bool, _schema: Schema) -> Decide:
    """There and not empty: an empty text, list or block says no more than none."""

    def decide(value: Value, _path: str, _run: Run) -> Truth:
        if isinstance(value, Unknown) and value.present is not Presence.YES:
            return value
        if not isinstance(value, list | dict):
            return (value is not ABSENT and value != "") == operand
        return _for_each_size(value, lambda size: (size > 0) == operand)

    return decide


def matches(operand: re.Pattern[str], _schema: Schema) -> Decide:
    """Text in which the expression is found, anywhere unless it is anchored."""
    return deciding(_TEXT, lambda value: operand.search(value) is not None)


def not_matches(operand: re.Pattern[str], _schema: Schema) -> Decide:
    """Text in which the expression is not found, or none."""
    return deciding(_TEXT, lambda value: operand.search(value) is None, absent=True)


def starts_with(operand: str, _schema: Schema) -> Decide:
    """Text that begins so; of text put together from parts its plain beginning may be enough."""
    whole = deciding(_TEXT, lambda value: value.startswith(operand))

    def decide(value: Value, path: str, run: Run) -> Truth:
        known = leading_text(value)
        if known.startswith(operand):
            return True
        return whole(value, path, run) if operand.startswith(known) else False

    return decide


def comparison(name: str) -> Callable[[float, Schema], Decide]:
    """The operator of a comparison of numbers."""
    compare = COMPARISONS[name]

    def build(operand: float, _schema: Schema) -> Decide:
        return deciding(_NUMBER, lambda value: compare(value, operand))

    return build


def contains(operand: Value, schema: Schema) -> Decide:
    """A list with an element equal to the operand, or text with it as a part."""
    in_text = deciding(_TEXT, lambda value: is_text(operand) and operand in value)
    same = deciding(fit_of(schema[0] if isinstance(schema, list) else schema), lambda value: equal(value, operand))

    def decide(value: Value, path: str, run: Run) -> Truth:
        if isinstance(value, list):
            return any_of(in_each(settled(item), lambda one: same(one, path, run)) for item in value)
        return unplain(value) if isinstance(schema, list) else in_text(value, path, run)

    return decide


def count(comparison_name: str, operand: int) -> Decide:
    """A list or mapping with so many elements. Elements that may not be there are counted both ways."""
    compare = COMPARISONS[comparison_name]

    def decide(value: Value, _path: str, _run: Run) -> Truth:
        if not isinstance(value, list | dict):
            return unplain(value)
        return _for_each_size(value, lambda size: bool(compare(size, operand)))

    return decide


def _for_each_size(value: list[Value] | dict[str, Value], check: Callable[[int], bool]) -> Truth:
    possible = sizes(value)
    answers = {check(size) for size in possible}
    if len(answers) == 1:
        return True in answers
    items = value.values() if isinstance(value, dict) else value
    return worst(items) or Unknown(Kind.DEFERRED, f"{possible[0]} to {possible[-1]} elements")


def sizes(value: list[Value] | dict[str, Value]) -> range:
    """How many elements ``value`` may have: what may not be there is counted both ways."""
    elements = value.values() if isinstance(value, dict) else value
    most = len(value) - sum(_surely_absent(item) for item in elements)
    return range(most - sum(_maybe_absent(item) for item in elements), most + 1)


def _surely_absent(item: Value) -> bool:
    return item is None or item is ABSENT or (isinstance(item, Unknown) and item.present is Presence.NO)


def _maybe_absent(item: Value) -> bool:
    if isinstance(item, OneOf):
        return any(_surely_absent(value) or _maybe_absent(value) for value in item.values)
    return isinstance(item, Unknown) and item.present is Presence.MAYBE


def unplain(value: Value) -> Truth:
    """What can be said of something that is no list and no block, where one is wanted: absent or not known."""
    if value is ABSENT:
        return False
    if isinstance(value, Unknown):
        return value
    if type(value) in PLAIN:
        return misfit("a list", value)
    what = "a secret" if isinstance(value, Redacted) else "a reference"
    return Unknown(Kind.DEFERRED, f"{what} stands for all of it", Presence.YES)


def older_than(operand: datetime.timedelta, _schema: Schema) -> Decide:
    """A time further before the collection than the operand."""
    return _aged(lambda age: age > operand)


def newer_than(operand: datetime.timedelta, _schema: Schema) -> Decide:
    """A time less far before the collection than the operand, or after it."""
    return _aged(lambda age: age < operand)


def _aged(check: Callable[[datetime.timedelta], bool]) -> Decide:
    def decide(value: Value, _path: str, run: Run) -> Truth:
        if value is ABSENT or value == "":
            return False
        text = as_text(value, run)
        if not isinstance(text, str):
            return text or misfit("a time", value)
        age = run.inventory.age(text)
        return Unknown(Kind.UNREAD, f"{text[:40]!r} is not a time", Presence.YES) if age is None else check(age)

    return decide
