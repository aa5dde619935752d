"""Every operator over one value: holds, does not hold, or cannot be told and why. None ever raises on data.

A value that an operator cannot be about (text for a number) never passes: neither ``gt`` nor ``not_equals`` holds for it.
"""

from __future__ import annotations

import datetime
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from auditor.model.resource_type import BOOLEAN, INTEGER, JSON, NUMBER, Schema
from auditor.model.truth import worst
from auditor.model.values import ABSENT, Kind, OneOf, Presence, Redacted, Unknown, Value
from auditor.rules.clauses import Decide
from auditor.rules.lookup import Misfit, as_text, leading_text
from auditor.rules.truth import FALSE, TRUE, Run, Truth, truth_of

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


def fits(schema: Schema) -> Callable[[Value], bool]:
    """Whether a plain value is of the JSON type that a scalar of ``schema`` has."""
    if schema == BOOLEAN:
        return lambda value: isinstance(value, bool)
    if schema in (INTEGER, NUMBER):
        return is_number
    return is_scalar if schema == JSON else lambda value: isinstance(value, str)


def equal(one: Value, other: Value) -> bool:
    """Equality as JSON has it: ``true`` is not 1."""
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def deciding(check: Callable[[Any], bool], *, absent: Truth = FALSE) -> Decide:
    """An operator that needs the plain value: what stands for one is followed, and unknown where that leads to no plain text."""

    def decide(value: Value, _path: str, run: Run) -> Truth | Unknown:
        if type(value) in PLAIN:
            return TRUE if check(value) else FALSE
        if value is ABSENT:
            return absent
        text = as_text(value, run)
        return truth_of(check(text)) if isinstance(text, str) else text or FALSE

    return decide


def equals(operand: Value, _schema: Schema) -> Decide:
    """The very same scalar."""
    if type(operand) is str:
        return deciding(lambda value: value == operand)
    return deciding(lambda value: equal(value, operand))


def not_equals(operand: Value, schema: Schema) -> Decide:
    """Another scalar of the same JSON type, or none."""
    fit = fits(schema)
    return deciding(lambda value: fit(value) and not equal(value, operand), absent=TRUE)


def one_of_these(operand: Sequence[Value], _schema: Schema) -> Decide:
    """Equal to one of a list."""
    return deciding(lambda value: any(equal(value, item) for item in operand))


def none_of_these(operand: Sequence[Value], schema: Schema) -> Decide:
    """A scalar of the same JSON type that equals none of a list, or none at all."""
    fit = fits(schema)
    return deciding(lambda value: fit(value) and not any(equal(value, item) for item in operand), absent=TRUE)


def exists(operand: bool, _schema: Schema) -> Decide:
    """There and not empty: an empty text, list or block says no more than none."""

    def decide(value: Value, _path: str, _run: Run) -> Truth | Unknown:
        if isinstance(value, Misfit):
            return FALSE
        if isinstance(value, Unknown) and value.present is not Presence.YES:
            return value
        if not isinstance(value, list | dict):
            return truth_of((value is not ABSENT and value != "") == operand)
        return _for_each_size(value, lambda size: (size > 0) == operand)

    return decide


def matches(operand: re.Pattern[str], _schema: Schema) -> Decide:
    """Text in which the expression is found, anywhere unless it is anchored."""
    search = operand.search
    return deciding(lambda value: isinstance(value, str) and search(value) is not None)


def not_matches(operand: re.Pattern[str], _schema: Schema) -> Decide:
    """Text in which the expression is not found, or none."""
    search = operand.search
    return deciding(lambda value: isinstance(value, str) and search(value) is None, absent=TRUE)


def starts_with(operand: str, _schema: Schema) -> Decide:
    """Text that begins so; of text put together from parts its plain beginning may be enough."""
    whole = deciding(lambda value: isinstance(value, str) and value.startswith(operand))

    def decide(value: Value, path: str, run: Run) -> Truth | Unknown:
        known = leading_text(value)
        if known.startswith(operand):
            return TRUE
        return whole(value, path, run) if operand.startswith(known) else FALSE

    return decide


def comparison(name: str) -> Callable[[float, Schema], Decide]:
    """The operator of a comparison of numbers."""
    compare = COMPARISONS[name]

    def build(operand: float, _schema: Schema) -> Decide:
        return deciding(lambda value: is_number(value) and compare(value, operand))

    return build


def contains(operand: Value, _schema: Schema) -> Decide:
    """A list with an element equal to the operand, or text with it as a part."""
    in_text = deciding(lambda value: isinstance(value, str) and isinstance(operand, str) and operand in value)
    same = deciding(lambda value: equal(value, operand))

    def decide(value: Value, path: str, run: Run) -> Truth | Unknown:
        if not isinstance(value, list):
            return in_text(value, path, run)
        answers = [agreed(same, element, path, run) for element in value]
        return TRUE if TRUE in answers else next((answer for answer in answers if isinstance(answer, Unknown)), FALSE)

    return decide


def agreed(decide: Decide, value: Value, path: str, run: Run) -> Truth | Unknown:
    """The answer for a value, or the one that all possibilities of a ``OneOf`` share."""
    if not isinstance(value, OneOf):
        return decide(value, path, run)
    answers = [decide(item, path, run) for item in value.values]
    if answers and all(answer == answers[0] for answer in answers):
        return answers[0]
    return Unknown(Kind.DEFERRED, "one of several values")


def count(comparison_name: str, operand: int) -> Decide:
    """A list or mapping with so many elements. Elements that may not be there are counted both ways."""
    compare = COMPARISONS[comparison_name]

    def decide(value: Value, _path: str, _run: Run) -> Truth | Unknown:
        if not isinstance(value, list | dict):
            return FALSE if type(value) in PLAIN else unplain(value)
        return _for_each_size(value, lambda size: bool(compare(size, operand)))

    return decide


def _for_each_size(value: list[Value] | dict[str, Value], check: Callable[[int], bool]) -> Truth | Unknown:
    possible = sizes(value)
    answers = {check(size) for size in possible}
    if len(answers) == 1:
        return truth_of(True in answers)
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


def unplain(value: Value) -> Truth | Unknown:
    """What can be said of a list or a block that a special value stands for: absent or not known."""
    if value is ABSENT or isinstance(value, Misfit):
        return FALSE
    if isinstance(value, Unknown):
        return value
    what = "a secret" if isinstance(value, Redacted) else "a reference"
    return Unknown(Kind.DEFERRED, f"{what} stands for all of it", Presence.YES)


def older_than(operand: datetime.timedelta, _schema: Schema) -> Decide:
    """A time further before the collection than the operand."""
    return _aged(lambda age: age > operand)


def newer_than(operand: datetime.timedelta, _schema: Schema) -> Decide:
    """A time less far before the collection than the operand, or after it."""
    return _aged(lambda age: age < operand)


def _aged(check: Callable[[datetime.timedelta], bool]) -> Decide:
    def decide(value: Value, _path: str, run: Run) -> Truth | Unknown:
        text = as_text(value, run)
        if not isinstance(text, str) or not text:
            return text or FALSE
        try:
            moment = datetime.datetime.fromisoformat(text)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
            return truth_of(check(run.inventory.collected_at - moment))
        except (ValueError, OverflowError):
            return Unknown(Kind.UNREAD, f"{text[:40]!r} is not a time", Presence.YES)

    return decide
