"""The closed vocabulary: every operator, what it may be asked of, what it is asked with, and its words."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from auditor.files.errors import closest
from auditor.model.resource_type import BOOLEAN, INTEGER, JSON, NUMBER, SCRIPT, STRING, TIMESTAMP, Schema
from auditor.rules import operators
from auditor.rules.clauses import Decide
from auditor.rules.expressions import repeats_what_varies

COMBINATORS: Final = ("all", "any", "not", "referred_by")
QUANTIFIERS: Final = ("each", "some", "none")
SPACES: Final = ("runtime", "facts", "tags")
OR_ABSENT: Final = "or_absent"


class OperandError(Exception):
    """An operand that its operator cannot be asked with; the message says what was expected."""


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator of single values.

    ``words`` are what it asks for, with the operand in place of ``{}``; ``takes`` turns the operand as written into what ``build``
    wants, given the schema of the property, or raises ``OperandError``; ``about`` says of which schemas it may be asked.
    """

    words: str
    takes: Callable[[object, Schema], Any]
    build: Callable[[Any, Schema], Decide]
    about: Callable[[Schema], bool]


def is_scalar(schema: Schema) -> bool:
    """Text, numbers, booleans, times, enumerations."""
    return isinstance(schema, str | tuple)


def is_collection(schema: Schema) -> bool:
    """A list, or a mapping of free keys."""
    return isinstance(schema, list) or (isinstance(schema, dict) and "*" in schema)


def element_of(schema: Schema) -> Schema:
    """The schema of a collection's elements; any document's elements are any documents."""
    if isinstance(schema, list):
        return schema[0]
    return schema["*"] if isinstance(schema, dict) else JSON


def describe(schema: Schema) -> str:
    """A schema in a word or two: ``text``, ``a list``, ``one of A, B``."""
    if isinstance(schema, list):
        return "a list"
    if isinstance(schema, dict):
        return "a mapping" if "*" in schema else "a block"
    return f"one of {', '.join(schema)}" if isinstance(schema, tuple) else _WORDS[schema]


_WORDS: Final = {
    STRING: "text",
    INTEGER: "a whole number",
    NUMBER: "a number",
    BOOLEAN: "true or false",
    TIMESTAMP: "a time",
    JSON: "a document",
    SCRIPT: "a script",
}


def _value(operand: object, schema: Schema) -> object:
    if isinstance(schema, tuple):
        if operand not in schema:
            hint = closest(operand, schema) if isinstance(operand, str) else "; quote it"
            raise OperandError(f"{_shown(operand)} is not {describe(schema)}{hint}")
        return operand
    if schema == TIMESTAMP:
        raise OperandError("a time is asked with older_than or newer_than")
    if not _is(operand, schema):
        hint = "; quote it" if schema == STRING and operators.is_scalar(operand) else ""
        raise OperandError(f"{describe(schema)} expected, not {_shown(operand)}{hint}")
    return operand


def _is(operand: object, schema: Schema) -> bool:
    if schema == INTEGER:
        return operators.is_number(operand) and isinstance(operand, int)
    return operators.is_scalar(operand) and operators.fit_of(schema).has(operand)


def _values(operand: object, schema: Schema) -> list[object]:
    if not isinstance(operand, list):
        raise OperandError(f"a list expected, not {_shown(operand)}")
    return [_value(item, schema) for item in operand]


def _element(operand: object, schema: Schema) -> object:
    return _value(operand, element_of(schema)) if isinstance(schema, list) else _part(operand, schema)


def _part(operand: object, schema: Schema) -> object:
    return _text(operand, schema) if schema in (STRING, SCRIPT) or operand == "" else _value(operand, schema)


def _text(operand: object, _schema: Schema) -> str:
    if not isinstance(operand, str):
        raise OperandError(f"text expected, not {_shown(operand)}; quote it")
    if not operand:
        raise OperandError("text that is not empty expected: everything has nothing in it")
    return operand


def _flag(operand: object, _schema: Schema) -> bool:
    if not isinstance(operand, bool):
        raise OperandError(f"true or false expected, not {_shown(operand)}")
    return operand


def _number(operand: object, _schema: Schema) -> object:
    if not operators.is_number(operand):
        raise OperandError(f"a number expected, not {_shown(operand)}")
    return operand


def _expression(operand: object, schema: Schema) -> re.Pattern[str]:
    text = _text(operand, schema)
    if repeats_what_varies(text):
        raise OperandError(f"{_shown(text)} repeats what itself repeats or chooses, which can take forever to match")
    try:
        return re.compile(text)
    except (re.error, OverflowError, RecursionError) as error:
        raise OperandError(f"not a regular expression: {error}") from error


_DURATION: Final = re.compile(r"([0-9]{1,6})([dh])")


def _duration(operand: object, _schema: Schema) -> datetime.timedelta:
    match = _DURATION.fullmatch(operand) if isinstance(operand, str) else None
    if match is None:
        raise OperandError(f"a duration like 90d or 12h expected, not {_shown(operand)}")
    number = int(match[1])
    return datetime.timedelta(days=number) if match[2] == "d" else datetime.timedelta(hours=number)


def _shown(operand: object) -> str:
    if isinstance(operand, bool):
        return "true" if operand else "false"
    if isinstance(operand, list | dict):
        return "a list" if isinstance(operand, list) else "a mapping"
    return "nothing" if operand is None else repr(operand)


def _is_comparable(schema: Schema) -> bool:
    return schema in (INTEGER, NUMBER, JSON)


def _is_text(schema: Schema) -> bool:
    return isinstance(schema, tuple) or schema in (STRING, SCRIPT, JSON)


def _is_time(schema: Schema) -> bool:
    return schema in (TIMESTAMP, JSON)


def _may_contain(schema: Schema) -> bool:
    return schema in (STRING, SCRIPT, JSON) or (isinstance(schema, list) and is_scalar(schema[0]))


OPERATORS: Final[Mapping[str, Operator]] = {
    "equals": Operator("{}", _value, operators.equals, is_scalar),
    "not_equals": Operator("anything but {}", _value, operators.not_equals, is_scalar),
    "in": Operator("one of {}", _values, operators.one_of_these, is_scalar),
    "not_in": Operator("none of {}", _values, operators.none_of_these, is_scalar),
    "exists": Operator("something", _flag, operators.exists, lambda _: True),
    "matches": Operator("text that matches {}", _expression, operators.matches, _is_text),
    "not_matches": Operator("no text that matches {}", _expression, operators.not_matches, _is_text),
    "starts_with": Operator("text that starts with {}", _text, operators.starts_with, _is_text),
    "gt": Operator("more than {}", _number, operators.comparison("gt"), _is_comparable),
    "gte": Operator("at least {}", _number, operators.comparison("gte"), _is_comparable),
    "lt": Operator("less than {}", _number, operators.comparison("lt"), _is_comparable),
    "lte": Operator("at most {}", _number, operators.comparison("lte"), _is_comparable),
    "contains": Operator("something that contains {}", _element, operators.contains, _may_contain),
    "older_than": Operator("older than {}", _duration, operators.older_than, _is_time),
    "newer_than": Operator("newer than {}", _duration, operators.newer_than, _is_time),
}
"""Operators with a plain operand. ``count``, ``is``, ``refers_to`` and the quantifiers take more than that."""


def in_words(name: str, operand: object) -> str:
    """What an operator with its operand asks for."""
    if name == "exists":
        return "something" if operand else "nothing"
    return OPERATORS[name].words.format(_said(operand))


def _said(operand: object) -> str:
    if isinstance(operand, list):
        return ", ".join(_said(item) for item in operand)
    if isinstance(operand, bool):
        return "true" if operand else "false"
    return str(operand)


def some_of(titles: Sequence[str]) -> str:
    """``a key or an alias``."""
    return " or ".join(f"{'an' if title[:1].lower() in 'aeiou' else 'a'} {title}" for title in titles)


SPECIAL: Final = ("count", "is", "refers_to", *QUANTIFIERS)
ALL_OPERATORS: Final = (*OPERATORS, *SPECIAL)
