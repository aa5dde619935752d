"""Whether an answer has the shape that botocore's service model gives it. An answer that has not is never taken for an empty one."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Final

from auditor.model.paths import parse
from auditor.model.resource_type import Call

_SCALARS: Final[Mapping[str, tuple[type, ...]]] = {
    "string": (str,),
    "character": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
    "timestamp": (datetime.datetime,),
    "blob": (bytes,),
}
# botocore hands out IAM's policies parsed:
# https://docs.aws.amazon.com/boto3/latest/reference/services/iam/client/get_account_authorization_details.html
_DOCUMENT: Final = "policyDocumentType"


def flaw(value: Any, shape: Any, at: str = "answer") -> str:
    """Where ``value`` is not what ``shape`` (a botocore ``Shape``) says, in words; empty where it is."""
    match shape.type_name:
        case "structure" if getattr(shape, "is_document_type", False):
            return ""
        case "structure" if isinstance(value, dict):
            members = shape.members
            inner = ((key, item, members[key]) for key, item in value.items() if key in members)
            return next((found for key, item, member in inner if (found := flaw(item, member, f"{at}.{key}"))), "")
        case "list" if isinstance(value, list):
            return next((found for item in value if (found := flaw(item, shape.member, f"{at}[]"))), "")
        case "map" if isinstance(value, dict):
            return next((found for item in value.values() if (found := flaw(item, shape.value, f"{at}.*"))), "")
        case "structure" | "list" | "map":
            return f"{at} is not a {shape.type_name}"
        case scalar:
            fits = isinstance(value, _SCALARS[scalar]) and (scalar == "boolean" or not isinstance(value, bool))
            return "" if fits or (shape.name == _DOCUMENT and isinstance(value, dict)) else f"{at} is not a {scalar}"


def member(shape: Any, path: str) -> Any:
    """The shape that ``path`` leads to from ``shape``, or nothing where the model has no such place. A map has every key."""
    for step in parse(path):
        if shape.type_name == "structure":
            shape = shape.members.get(step) if isinstance(step, str) else None
        elif shape.type_name == "map":
            shape = shape.value
        else:
            shape = shape.member if shape.type_name == "list" and not isinstance(step, str) else None
        if shape is None:
            return None
    return shape


def place_of(call: Call, place: str, output: Any) -> Any:
    """The shape of ``place``, a path in a listed item, as ``call`` fills it; nothing where the call's ``output`` has no such place."""
    # what is put into an item is the list, what is listed are its elements
    shape = member(output, call.result.removesuffix("[]") if call.into else call.result)
    if shape is None or not call.into:
        return shape and member(shape, place)
    steps, into = parse(place), parse(call.into)
    return member(shape, place.removeprefix(call.into)) if steps[: len(into)] == into else None
