"""An account's HTTP answers, recorded once and replayed without moto, with one operation failing in one of the ways that calls fail."""

from __future__ import annotations

import io
import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.exceptions import ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError

from auditor.sources.aws.permissions import operations
from auditor.sources.aws.session import reading_session
from auditor.types import all_types

Answer = tuple[int, dict[str, str], bytes]
"""Status, headers and body."""

NOTHING: Answer = (200, {}, b"")

Key = tuple[str, str, str, bytes]
"""Operation, method, address without scheme, body; a time, which is another one in each scan, is a ``T``."""

_TIME = re.compile(rb"(?<=TimeAfter\"): ?[-\d.e+]+|\d{4}-\d\d-\d\dT\d\d(?::|%3A)\d\d(?::|%3A)\d\d(?:\.\d+)?Z?")


class _Raw(io.BytesIO):
    def stream(self, **_: object) -> Any:
        yield self.read()


def respond(request: Any, answer: Answer) -> AWSResponse:
    status, headers, body = answer
    return AWSResponse(request.url, status, headers, _Raw(body))


@cache
def _modules() -> dict[str, str]:
    """The names of services by those that botocore's events give them."""
    models, asked = reading_session(types=all_types()), operations(all_types())
    return {models.model(name).service_model.service_id.hyphenize(): name.split(":")[0] for name in asked}


def operation_of(event_name: str) -> str:
    """``service:Operation``, from ``before-send.<service>.<Operation>``."""
    service, name = event_name.split(".")[1:3]
    return f"{_modules().get(service, service)}:{name}"


def key_of(event_name: str, request: Any) -> Key:
    """``event_name`` is that of a ``before-send``."""
    operation = operation_of(event_name)
    body = request.body or b""
    address = request.url.split("://", 1)[1]
    body = body.encode() if isinstance(body, str) else bytes(body)
    return operation, request.method, _TIME.sub(b"T", address.encode()).decode(), _TIME.sub(b"T", body)


@dataclass
class Recorder:
    """Stands before a backend and keeps what it answers."""

    backend: Callable[..., AWSResponse]
    answers: dict[Key, Answer] = field(default_factory=dict)

    def __call__(self, event_name: str, request: Any, **rest: Any) -> AWSResponse:
        key = key_of(event_name, request)
        response = self.backend(event_name, request, **rest)
        answer = (response.status_code, dict(response.headers.items()), response.content)
        self.answers[key] = answer
        return respond(request, answer)


Failing = Callable[[Any, Answer], Answer]
"""From a request and the answer that it would have had, the one that it gets instead; or raises as botocore's HTTP client does."""


@dataclass(frozen=True)
class Fault:
    """One way for a call to fail; ``codes`` are what the gap may say."""

    name: str
    codes: frozenset[str]
    fail: Failing


@dataclass
class Replayer:
    """Answers as recorded, for botocore's ``before-send``; ``operation`` meets ``fault``."""

    answers: dict[Key, Answer]
    operation: str = ""
    fault: Fault | None = None
    region: str = ""
    """The only one in which it meets it; empty for all."""
    times: float = math.inf
    """How often it meets it, before all is well again."""
    elsewhere: Failing | None = None
    """What happens where nothing was recorded."""
    met: int = 0

    def __call__(self, event_name: str, request: Any, **_: Any) -> AWSResponse:
        key = key_of(event_name, request)
        answer = self.answers.get(key)
        if answer is None:
            assert self.elsewhere is not None, f"a call that was never recorded: {key}"
            request.protocol = _protocols()[key[0].split(":")[0]]
            return respond(request, self.elsewhere(request, NOTHING))
        if self.fault is not None and key[0] == self.operation and self.region in key[2] and self.met < self.times:
            self.met += 1
            request.protocol = _protocols()[self.operation.split(":")[0]]
            answer = self.fault.fail(request, answer)
        return respond(request, answer)


# -- errors in each service's own protocol --------------------------------------------------------------------------------------

_ERRORS = {
    "ec2": ("text/xml", "<Response><Errors><Error>{}</Error></Errors><RequestID>r</RequestID></Response>"),
    "s3": ("application/xml", "<Error>{}<RequestId>r</RequestId></Error>"),
    "query": ("text/xml", "<ErrorResponse><Error><Type>Sender</Type>{}</Error><RequestId>r</RequestId></ErrorResponse>"),
}


@cache
def _protocols() -> dict[str, str]:
    """In which of the ways above, or as JSON, each service tells its errors."""
    models = reading_session(types=all_types())
    names = {"ec2": "ec2", "query": "query", "rest-xml": "query", "json": "json", "rest-json": "json"}
    found = {name.split(":")[0]: models.model(name).service_model.resolved_protocol for name in operations(all_types())}
    return {service: "s3" if service == "s3" else names[protocol] for service, protocol in found.items()}


def error(status: int, codes: dict[str, str], message: str) -> Failing:
    """An error answer; ``codes`` by protocol, ``""`` for all others."""

    def fail(request: Any, _: Answer) -> Answer:
        protocol = request.protocol
        code = codes.get(protocol, codes[""])
        if protocol == "json":
            kind, body = "application/x-amz-json-1.1", json.dumps({"__type": code, "message": message})
        else:
            kind, form = _ERRORS[protocol]
            body = form.format(f"<Code>{code}</Code><Message>{message}</Message>")
        return status, {"Content-Type": kind}, body.encode()

    return fail


def raising(make: Callable[[str], Exception]) -> Failing:
    def fail(request: Any, _: Answer) -> Answer:
        raise make(request.url)

    return fail


def with_body(change: Callable[[bytes], bytes]) -> Failing:
    """An answer that says it went well, and has another body."""

    def fail(_: Any, answer: Answer) -> Answer:
        headers = {name: value for name, value in answer[1].items() if name.lower() != "content-length"}
        return 200, headers, change(answer[2])

    return fail


def _of_another_shape(body: bytes) -> bytes:
    if body.lstrip().startswith(b"{"):
        return b'{"Shape": {"of": ["something", "else"]}}'
    return b"<SomethingElse><value>1</value></SomethingElse>"


def members(change: Callable[[Any], Any]) -> Failing:
    """JSON with the right members, each with another value."""
    return with_body(lambda body: json.dumps({name: change(value) for name, value in json.loads(body).items()}).encode())


_PROXY = b"<html><head><title>Blocked</title></head><body><p>Ask your administrator.</p></body></html>"
_DENIED = {"": "AccessDenied", "json": "AccessDeniedException", "ec2": "UnauthorizedOperation"}
_THROTTLED = {"": "Throttling", "json": "ThrottlingException", "ec2": "RequestLimitExceeded", "s3": "SlowDown"}
_BROKEN = {"": "InternalFailure", "ec2": "InternalError", "s3": "InternalError"}
_TIMEOUT = frozenset({"Timeout"})
_UNPARSABLE = frozenset({"Unparsable"})

REFUSALS = (
    Fault("denied", frozenset(_DENIED.values()), error(403, _DENIED, "not authorized to perform this")),
    Fault("throttled out", frozenset(_THROTTLED.values()), error(400, _THROTTLED, "Rate exceeded")),
    Fault("server error", frozenset(_BROKEN.values()), error(500, _BROKEN, "We made a mistake")),
    Fault("read timeout", _TIMEOUT, raising(lambda url: ReadTimeoutError(endpoint_url=url))),
    Fault("connect timeout", _TIMEOUT, raising(lambda url: ConnectTimeoutError(endpoint_url=url))),
    Fault(
        "no connection",
        frozenset({"EndpointConnectionError"}),
        raising(lambda url: EndpointConnectionError(endpoint_url=url, error="reset")),
    ),
)
"""Nothing comes, or an error. It is told the same way whatever was asked, in each protocol."""

GARBLED = (
    Fault("a proxy's page", _UNPARSABLE, with_body(lambda _: _PROXY)),
    # botocore makes a server error of what S3 began to answer well and did not end
    Fault("cut short", frozenset({"Unparsable", "500"}), with_body(lambda body: body[: len(body) // 2])),
    Fault("another shape", _UNPARSABLE, with_body(_of_another_shape)),
    Fault("empty", _UNPARSABLE, with_body(lambda _: b"")),
)
"""What comes is not the answer. What becomes of it depends on the answer's members."""

GARBLED_JSON = (
    Fault("a bare list", _UNPARSABLE, with_body(lambda _: b"[]")),
    Fault("nulls", _UNPARSABLE, members(lambda _: None)),
    Fault("texts", _UNPARSABLE, members(lambda _: "what?")),
    Fault("hollow items", _UNPARSABLE, members(lambda value: [{}] if isinstance(value, list) else {})),
)
"""Ways to garble that only JSON has."""
