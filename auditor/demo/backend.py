"""The far side of the demo's requests: moto answers in this process, and its answers are amended."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from auditor.demo.amendments import AMENDMENTS, UNKNOWN_TO_MOTO, Asked, Memory

_CREDENTIAL = re.compile(r"Credential=(?P<key>[^/]+)/\d+/(?P<region>[^/]+)/")


@dataclass(slots=True)
class Backend:
    """Answers every request that botocore makes in this process; none leaves it.

    ``moto`` is moto's own handler of botocore's ``before-send``.
    """

    moto: Callable[..., Any]
    _memory: Memory = field(default_factory=Memory)

    def handler(self) -> Callable[..., Any]:
        """What is to stand in for ``moto``. Raises ``RuntimeError`` for a request that is not for AWS."""

        def answer(stubber: Any, event_name: str, request: Any, **_: object) -> Any:
            return self._amended(event_name, request, self._answered(stubber, event_name, request))

        return answer

    def _answered(self, stubber: Any, event_name: str, request: Any) -> Any:
        try:
            return self.moto(stubber, event_name, request)
        except NotImplementedError as error:
            # as its server answers what it does not know: to a scan that is a gap, like any other
            from botocore.awsrequest import AWSResponse
            from moto.core.botocore_stubber import MockRawResponse

            return AWSResponse(request.url, 501, {}, MockRawResponse(str(error).encode()))

    def _amended(self, event_name: str, request: Any, response: Any) -> Any:
        """``event_name`` is ``before-send.<service>.<Operation>``; ``response`` and the result are an ``AWSResponse``."""
        if response is None:
            raise RuntimeError(f"the demo speaks to nobody outside, not to {urlsplit(request.url).netloc} either")
        asked = _asked(event_name, request)
        if response.status_code >= 300 and asked.operation not in UNKNOWN_TO_MOTO:
            return response
        self._memory.keep(asked)
        amend = AMENDMENTS.get(asked.operation)
        return response if amend is None else _replaced(response, amend(self._memory, asked, response.content))


def _asked(event_name: str, request: Any) -> Asked:
    from moto.iam.models import get_account_id_from

    service, operation = event_name.split(".")[1:3]
    url = urlsplit(request.url)
    signed = _CREDENTIAL.search(_text(request.headers.get("Authorization", "")))
    key, region = (signed["key"], signed["region"]) if signed else ("", "")
    is_json = "json" in _text(request.headers.get("Content-Type", ""))
    body = json.loads(request.body) if is_json and request.body else {}
    return Asked(f"{service}:{operation}", get_account_id_from(key), region, url.query, url.netloc, body)


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def _replaced(response: Any, content: bytes) -> Any:
    from moto.core.botocore_stubber import MockRawResponse

    headers = {name: value for name, value in response.headers.items() if name.lower() != "content-length"}
    return type(response)(response.url, 200, headers, MockRawResponse(content))
