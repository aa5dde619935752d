"""What a record's call asks, and what of its answer it is about."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from auditor.model.paths import walk
from auditor.model.resource_type import Call
from auditor.model.shape import timestamp
from auditor.sources.aws.calls import UNPARSABLE, Caller, UnansweredError

ITSELF: Final = ""
"""The member that holds an item that is a plain value."""
# what AWS answers about a thing that was deleted since it was listed; SageMaker does so with a ValidationException
_GONE: Final = re.compile(r"NotFound|NoSuch")
_GONE_MESSAGE: Final = re.compile(r"(?:Could not find|RecordNotFound)", re.IGNORECASE)


def arguments(caller: Caller, call: Call, item: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of ``call`` about ``item``. Raises ``UnansweredError`` where the item lacks one."""
    params: dict[str, Any] = {}
    if call.params:
        params = filled_in(call.params, caller.session.model(call.operation).input_shape, caller.stand_ins)
    return {**params, **{name: _argument(item, path, call) for name, path in call.args.items()}}


def _argument(item: Mapping[str, Any], path: str, call: Call) -> Any:
    """What stands at ``path``; all of it as a list where that leads through one."""
    return [value for _, value in walk(item, path)] if "[]" in path else value_at(item, path, call)


def filled_in(value: Any, shape: Any, stand_ins: Mapping[str, object]) -> Any:
    """``value``, a parameter of the botocore ``shape``, with ``stand_ins`` put in, a time as text where no time is expected."""
    match value:
        case Mapping():
            inner = shape.members if shape.type_name == "structure" else dict.fromkeys(value, shape.value)
            return {key: filled_in(item, inner[key], stand_ins) for key, item in value.items()}
        case list():
            return [filled_in(item, shape.member, stand_ins) for item in value]
        case str() if value in stand_ins:
            found = stand_ins[value]
            if isinstance(found, datetime.datetime) and shape.type_name != "timestamp":
                return timestamp(found)
            return found
        case _:
            return value


def value_at(value: Mapping[str, Any], path: str, call: Call) -> Any:
    """What stands at ``path``. Raises ``UnansweredError`` where nothing does."""
    found = value.get(ITSELF) if path == ITSELF else next((item for _, item in walk(value, path)), None)
    if found is None:
        raise UnansweredError(call.operation, UNPARSABLE, f"{path} is not there")
    return found


def items(caller: Caller, call: Call, params: Mapping[str, Any], region: str = "") -> Iterator[Any]:
    """What the pages of ``call`` hold, in order.

    Raises ``UnansweredError`` where a page is missing or is not whole; what stood before that was handed out.
    """
    for page in caller.pages(call.operation, params, region, empty=call.empty):
        yield from (item for _, item in walk(page, call.result) if item != {})
        if page and not _is_whole(page, call.result):
            raise UnansweredError(call.operation, UNPARSABLE, f"{call.result} is not in the answer")


def _is_whole(answer: Any, result: str) -> bool:
    """Whether everything that ``result`` leads through is there: a list that is missing is not an empty one, nor is a block."""
    place, each, rest = result.partition("[]")
    found = next((value for _, value in walk(answer, place)), None)
    if not each:
        return found not in (None, {})
    return isinstance(found, list) and all(_is_whole(item, rest.removeprefix(".")) for item in found)


def is_absent(call: Call, error: UnansweredError) -> bool:
    """Whether ``error`` says that there is nothing, rather than that nobody could see."""
    told = f"{error.code}: {error.message}"
    return any(told.startswith(known) if ": " in known else error.code == known for known in call.absent)


def seems_gone(error: UnansweredError) -> bool:
    """Whether ``error`` may say that what was asked about is not there any more."""
    return bool(_GONE.search(error.code) or _GONE_MESSAGE.match(error.message))
