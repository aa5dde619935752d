"""One AWS operation, asked once or page by page. Whatever goes wrong becomes one kind of error with a code and a sentence."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, TypeVar

from botocore import xform_name
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    PaginationError,
    ParamValidationError,
    ReadTimeoutError,
    ResponseStreamingError,
)
from botocore.parsers import ResponseParserError

from auditor.sources.aws.guard import NotAllowedError
from auditor.sources.aws.parsers import EMPTY
from auditor.sources.aws.shapes import flaw

WORKERS: Final = 16
"""Requests under way at once."""
UNPARSABLE: Final = "Unparsable"
TIMEOUT: Final = "Timeout"
_LONGEST_MESSAGE: Final = 300
_GOES_ON: Final = re.compile("next(?:token|marker)", re.IGNORECASE)
# it differs from request to request: https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html
_ENCODED: Final = re.compile(r"\s*Encoded authorization failure message:.*", re.DOTALL)
# of a proxy, or of an endpoint of one's own
_LOGIN: Final = re.compile(r"//[^/\s@]+@")
# what botocore's parsers let through on an answer that is not what its model says
_PARSER_ERRORS: Final = (ArithmeticError, AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError)
_T = TypeVar("_T")


class UnansweredError(Exception):
    """An operation that was not answered. ``code`` is AWS's own, or ``Timeout``, ``Unparsable``, or botocore's name for it."""

    def __init__(self, operation: str, code: str, message: str) -> None:
        self.operation = operation
        self.code = code
        # further lines quote the answer or the request: of an account's content, a message says nothing
        first = next(iter(_ENCODED.sub("", message).strip().splitlines()), "")
        self.message = " ".join(_LOGIN.sub("//", first).split())[:_LONGEST_MESSAGE]
        super().__init__(f"{operation} failed: {code}")


class StoppedError(Exception):
    """Nobody waits for the answer any more."""


class Clients(Protocol):
    """What a caller needs of a session."""

    def client(self, service: str, region: str) -> Any:
        """The client of a service in a region."""

    def model(self, operation: str) -> Any:
        """Botocore's model of ``service:Operation``."""

    def page_size(self, operation: str) -> int:
        """The most items that a page may hold; 0 where that cannot be asked for."""

    @property
    def partition(self) -> str:
        """The second part of every ARN."""


@dataclass(slots=True)
class Caller:
    """Asks in one region, from any number of threads, and counts what it asks by operation.

    ``stand_ins`` are what the words that stand for another value in a call's parameters stand for: ``SINCE``, ``ACCOUNT_ID``.
    """

    session: Clients
    region: str
    stop: threading.Event = field(default_factory=threading.Event)
    counts: Counter[str] = field(default_factory=Counter)
    stand_ins: Mapping[str, object] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def one(self, operation: str, params: Mapping[str, object], region: str = "", *, empty: str = "") -> dict[str, Any]:
        """The answer to one request; nothing where it is ``empty`` (see ``Call.empty``).

        Raises ``UnansweredError``, also where the answer is empty in another way, or not of its model's shape.
        """
        client, method = self._method(operation, region)
        answer = self._ask(operation, lambda: getattr(client, method)(**params))
        if empty and answer.get("ResponseMetadata", {}).get(EMPTY) == empty:
            return {}
        return self._checked(operation, answer)

    def pages(
        self, operation: str, params: Mapping[str, object], region: str = "", *, empty: str = ""
    ) -> Iterator[dict[str, Any]]:
        """The pages of a listing, in order. Raises ``UnansweredError`` where one is missing; those before it were handed out."""
        client, method = self._method(operation, region)
        if not client.can_paginate(method):
            yield from self._followed(operation, params, region, empty)
            return
        size = self.session.page_size(operation)
        pages = iter(client.get_paginator(method).paginate(**params, PaginationConfig={"PageSize": size} if size else {}))
        last: dict[str, Any] = {}
        while (page := self._next(operation, pages)) is not None:
            last = self._checked(operation, page)
            yield last
        if last.get("IsTruncated") is True or last.get("Truncated") is True:
            # a page that promises another and does not say which: the paginator ends there without a word
            raise UnansweredError(operation, UNPARSABLE, "the answer is truncated and has no marker for what follows")

    def _followed(self, operation: str, params: Mapping[str, object], region: str, empty: str) -> Iterator[dict[str, Any]]:
        """Pages of what botocore does not know to have any: the member that says where to go on is the same both ways."""
        model = self.session.model(operation)
        known = model.input_shape.members if model.input_shape is not None else {}
        name = next((name for name in model.output_shape.members if name in known and _GOES_ON.fullmatch(name)), "")
        token = None
        while True:
            page = self.one(operation, {**params, name: token} if token else params, region, empty=empty)
            yield page
            last, token = token, page.get(name)
            if not token:
                return
            if token == last:
                raise UnansweredError(operation, UNPARSABLE, "the same page follows itself")

    def pause(self, seconds: float) -> None:
        """Let time pass before asking again. Raises ``StoppedError`` where nobody waits any more."""
        if self.stop.wait(seconds):
            raise StoppedError

    def _next(self, operation: str, pages: Iterator[dict[str, Any]]) -> dict[str, Any] | None:
        page = self._ask(operation, lambda: next(pages, None))
        if page is None:
            self._count(operation, -1)
        return page

    def _method(self, operation: str, region: str = "") -> tuple[Any, str]:
        service, name = operation.split(":")
        client = translated(operation, lambda: self.session.client(service, region or self.region))
        return client, xform_name(name)

    def _ask(self, operation: str, request: Callable[[], _T]) -> _T:
        if self.stop.is_set():
            raise StoppedError
        self._count(operation, 1)
        return translated(operation, request)

    def _count(self, operation: str, number: int) -> None:
        with self._lock:
            self.counts[operation] += number

    def _checked(self, operation: str, answer: dict[str, Any]) -> dict[str, Any]:
        content = {key: value for key, value in answer.items() if key != "ResponseMetadata"}
        wrong = flaw(content, self.session.model(operation).output_shape) if content else "the answer is empty"
        if wrong:
            raise UnansweredError(operation, UNPARSABLE, wrong)
        return content


def translated(operation: str, request: Callable[[], _T]) -> _T:
    """What ``request`` returns; whatever botocore raises, as ``UnansweredError``."""
    try:
        return request()
    except ClientError as error:
        answer = error.response.get("Error", {})
        raise UnansweredError(operation, str(answer.get("Code") or UNPARSABLE), str(answer.get("Message") or "")) from error
    except (ConnectTimeoutError, ReadTimeoutError) as error:
        raise UnansweredError(operation, TIMEOUT, str(error)) from error
    except (PaginationError, ResponseParserError, ResponseStreamingError) as error:
        raise UnansweredError(operation, UNPARSABLE, str(error)) from error
    except ParamValidationError as error:
        raise UnansweredError(operation, "ParamValidation", str(error)) from error
    except (BotoCoreError, NotAllowedError) as error:
        raise UnansweredError(operation, type(error).__name__, str(error)) from error
    except _PARSER_ERRORS as error:
        raise UnansweredError(operation, UNPARSABLE, f"{type(error).__name__}: {error}") from error
