"""What a session puts on the wire, and faults put in place of the answers."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.exceptions import ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError
from moto.core.botocore_stubber import MockRawResponse

from auditor.model.inventory import Inventory
from auditor.sources.aws import collect
from auditor.sources.aws.session import Session, reading_session
from auditor.sources.batch import gather
from auditor.types import all_types
from tests.faults.replay import operation_of
from tests.sources.aws.conftest import TYPES

Fault = Callable[[Any, int], AWSResponse | None]
"""From a request and how often its operation was asked before, to an answer; nothing lets the request pass."""

JSON, XML = "application/x-amz-json-1.1", "text/xml"


@dataclass
class Wire:
    """For botocore's ``before-send``. ``asked`` are the operations whose requests came by, as ``sagemaker.ListModels``."""

    faults: dict[str, Fault] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def __call__(self, event_name, request, **_):
        operation = operation_of(event_name).replace(":", ".")
        count = self.asked.count(operation)
        self.asked.append(operation)
        fault = self.faults.get(operation)
        return fault(request, count) if fault else None


def answer(status: int, body: str | bytes, kind: str = JSON) -> Fault:
    content = body.encode() if isinstance(body, str) else body
    return lambda request, _: AWSResponse(request.url, status, {"Content-Type": kind}, MockRawResponse(content))


def error(code: str, status: int = 400, message: str = "no") -> Fault:
    return answer(status, json.dumps({"__type": code, "message": message}))


def xml_error(code: str, status: int = 400) -> Fault:
    body = f"<ErrorResponse><Error><Code>{code}</Code><Message>no</Message></Error><RequestId>1</RequestId></ErrorResponse>"
    return answer(status, body, XML)


def fails(exception: type[Exception], url: str = "") -> Fault:
    def fault(request, _):
        raise exception(endpoint_url=url or request.url, error="cut")

    return fault


read_timeout, connect_timeout = fails(ReadTimeoutError), fails(ConnectTimeoutError)
unreachable = fails(EndpointConnectionError)


def session(wire: Wire | None = None, **arguments: Any) -> Session:
    hooks = {"before-send": wire} if wire is not None else None
    return reading_session(types=all_types(), hooks=hooks, **arguments)


class Switch:
    """A wire that can be changed under a session."""

    wire: Wire | None = None

    def __call__(self, event_name, request, **_):
        return self.wire(event_name, request) if self.wire is not None else None


_switch = Switch()


@cache
def shared() -> Session:
    """One session for all that do not count attempts: its clients share what retries they have left."""
    return session(_switch)


def read(wire: Wire | None = None, regions=("eu-west-1",), types=None, *, opened=None, **arguments: Any) -> Inventory:
    opened = opened or shared()
    _switch.wire = wire
    types = TYPES if types is None else {name: all_types()[name] for name in types}
    batches = collect(opened, types, regions, **arguments)
    moment = datetime.datetime(2026, 11, 24, tzinfo=datetime.UTC)
    return gather(batches, opened.identity(), moment, all_types(), "account")[0]


def only(inventory: Inventory, type_name: str):
    (found,) = inventory.of_type(type_name)
    return found
