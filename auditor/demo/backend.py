"""The far side of the demo's requests: moto answers in this process, and its answers are amended."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from auditor.demo.amendments import AMENDMENTS, UNKNOWN_TO_MOTO, Asked, Memory, without_times
from auditor.demo.beside import Answer, Beside

_CREDENTIAL = re.compile(r"Credential=(?P<key>[^/]+)/\d+/(?P<region>[^/]+)/")


@dataclass(slots=True)
class Backend:
    """Answers every request that botocore makes in this process; none leaves it.

    ``moto`` is moto's own handler of botocore's ``before-send``.
    """

    moto: Callable[..., Any]
    beside: Beside
    _memory: Memory = field(default_factory=Memory)
    # moto is not made for threads, and compiling its routes in several at once ends in a SystemError:
    # https://github.com/python/cpython/issues/106905
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def handler(self) -> Callable[..., Any]:
        """What is to stand in for ``moto``. Raises ``RuntimeError`` for a request that is not for AWS."""

        def answer(stubber: Any, event_name: str, request: Any, **_: object) -> Any:
            with self._lock:
                return self._answered(stubber, event_name, request)

        return answer

    def _answered(self, stubber: Any, event_name: str, request: Any) -> Any:
        asked = self._asked(event_name, request)
        if (told := self.beside.told(asked)) is not None:
            return _response(request, told)
        if asked.operation.startswith("sagemaker:"):
            request.body = json.dumps(without_times(asked.body)).encode()
        try:
            response = self.moto(stubber, event_name, request)
        except (NotImplementedError, ModuleNotFoundError) as error:
            # as its server answers what it does not know: to a scan that is a gap, like any other;
            # some of moto's services need packages that the demo does not ask for
            response = _response(request, (501, {}, str(error).encode()))
        if response is None:
            raise RuntimeError(f"the demo speaks to nobody outside, not to {urlsplit(request.url).netloc} either")
        if _is_lacking(response) and (empty := self.beside.empty(asked)) is not None:
            return _response(request, empty)
        return self._amended(asked, response)

    def _amended(self, asked: Asked, response: Any) -> Any:
        """``response`` and the result are an ``AWSResponse``."""
        if response.status_code >= 300 and asked.operation not in UNKNOWN_TO_MOTO:
            return response
        self._memory.keep(asked)
        amend = AMENDMENTS.get(asked.operation)
        return response if amend is None else _replaced(response, amend(self._memory, asked, response.content))

    def _asked(self, event_name: str, request: Any) -> Asked:
        """``event_name`` is ``before-send.<service>.<Operation>``."""
        from moto.iam.models import get_account_id_from

        service, operation = event_name.split(".")[1:3]
        url = urlsplit(request.url)
        signed = _CREDENTIAL.search(_text(request.headers.get("Authorization", "")))
        key, region = (signed["key"], signed["region"]) if signed else ("", "")
        text = _text(request.body) if isinstance(request.body, str | bytes) else ""
        is_json = "json" in _text(request.headers.get("Content-Type", ""))
        return Asked(
            operation=f"{self.beside.services.get(service, service)}:{operation}",
            account=get_account_id_from(key),
            region=region,
            query=url.query,
            host=url.netloc,
            body=json.loads(text) if is_json and text else {},
            text=f"{request.url} {text}",
        )


def _is_lacking(response: Any) -> bool:
    """Whether moto has no such operation, or no such service."""
    status: int = response.status_code
    return status == 501 or (status == 404 and response.content == b"Not yet implemented")


def _response(request: Any, answer: Answer) -> Any:
    from botocore.awsrequest import AWSResponse
    from moto.core.botocore_stubber import MockRawResponse

    status, headers, body = answer
    return AWSResponse(request.url, status, dict(headers), MockRawResponse(body))


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def _replaced(response: Any, content: bytes) -> Any:
    from moto.core.botocore_stubber import MockRawResponse

    headers = {name: value for name, value in response.headers.items() if name.lower() != "content-length"}
    return type(response)(response.url, 200, headers, MockRawResponse(content))
