"""An account in this process: moto answers, and what it drops or gets wrong is put right in its answers.

Everything in it is as old as the process, so endpoints are made older. What moto 5.2.5 drops: a model's network isolation, whether
an endpoint's capture works and how much it takes, where a bucket lives, root's second factor, a managed policy's name, a key's
MultiRegion, and that a trail's status is that of one region. It also lists the regions of three partitions.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit
from xml.etree import ElementTree

from auditor.demo.platform import CAPTURE_STOPPED, REGIONS, ROOT_MFA, TRAIL_BROKEN

_AGE: Final = datetime.timedelta(days=41)
"""How long the platform has been running: what is new is given time to begin."""

_CREDENTIAL = re.compile(r"Credential=(?P<key>[^/]+)/\d+/(?P<region>[^/]+)/")
_REMEMBERED: Final = {
    "sagemaker:CreateModel": "ModelName",
    "sagemaker:CreateEndpointConfig": "EndpointConfigName",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as AWS sees it: who asks in which region for what. ``body`` is empty where the service does not speak JSON."""

    operation: str
    account: str
    region: str
    query: str
    host: str
    body: dict[str, Any]


@dataclass(slots=True)
class Backend:
    """The far side of every request that botocore makes in this process. No request leaves it.

    ``moto`` is moto's own handler of botocore's ``before-send``.
    """

    moto: Callable[..., Any]
    _made: dict[tuple[str, str, str, str], dict[str, Any]] = field(default_factory=dict)
    _buckets: dict[str, str] = field(default_factory=dict)

    @property
    def answer(self) -> Callable[..., Any]:
        """To stand in for ``moto``."""

        def answer(stubber: Any, event_name: str, request: Any, **_: object) -> Any:
            return self._answered(event_name, request, self.moto(stubber, event_name, request))

        return answer

    def _answered(self, event_name: str, request: Any, response: Any) -> Any:
        """``event_name`` is ``before-send.<service>.<Operation>``; ``response`` and the result are an ``AWSResponse``."""
        if response is None:
            raise RuntimeError(f"the demo speaks to nobody outside, not to {urlsplit(request.url).netloc} either")
        asked = _asked(event_name, request)
        if response.status_code >= 300:
            return response
        self._remember(asked)
        amend = _AMENDMENTS.get(asked.operation)
        return response if amend is None else _replaced(response, amend(self, asked, response.content))

    def _remember(self, asked: Asked) -> None:
        if (name := _REMEMBERED.get(asked.operation)) is not None:
            self._made[asked.operation, asked.account, asked.region, asked.body[name]] = asked.body
        elif asked.operation == "s3:CreateBucket":
            self._buckets[asked.host.split(".")[0]] = asked.region

    def made(self, operation: str, asked: Asked, name: str) -> dict[str, Any]:
        """What ``name`` was made from, in the account and region of ``asked``."""
        return self._made.get((operation, asked.account, asked.region, name), {})

    def bucket_region(self, name: str) -> str:
        """The region a bucket was made in."""
        return self._buckets[name]


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
    return type(response)(response.url, response.status_code, headers, MockRawResponse(content))


# -- amendments -----------------------------------------------------------------------------------------------------------------

_Amendment: TypeAlias = Callable[[Backend, Asked, bytes], bytes]
_JsonAmendment: TypeAlias = Callable[[Backend, Asked, dict[str, Any]], None]
_XmlAmendment: TypeAlias = Callable[[Backend, Asked, ElementTree.Element], None]


def _json(amend: _JsonAmendment) -> _Amendment:
    def amended(backend: Backend, asked: Asked, content: bytes) -> bytes:
        answer = json.loads(content)
        amend(backend, asked, answer)
        return json.dumps(answer).encode()

    return amended


def _xml(amend: _XmlAmendment) -> _Amendment:
    def amended(backend: Backend, asked: Asked, content: bytes) -> bytes:
        answer = ElementTree.fromstring(content)  # noqa: S314 (written by moto, in this process)
        amend(backend, asked, answer)
        return ElementTree.tostring(answer)

    return amended


def _describe_model(backend: Backend, asked: Asked, answer: dict[str, Any]) -> None:
    made = backend.made("sagemaker:CreateModel", asked, answer["ModelName"])
    answer["EnableNetworkIsolation"] = made.get("EnableNetworkIsolation", False)
    for name in ("VpcConfig", "Containers", "PrimaryContainer"):
        if not answer.get(name):
            answer.pop(name, None)


def _describe_endpoint_config(_: Backend, __: Asked, answer: dict[str, Any]) -> None:
    if not answer.get("DataCaptureConfig"):
        answer.pop("DataCaptureConfig", None)


def _search(backend: Backend, asked: Asked, answer: dict[str, Any]) -> None:
    for result in answer["Results"]:
        if "Endpoint" in result:
            _describe_endpoint(backend, asked, result["Endpoint"])


def _describe_endpoint(backend: Backend, asked: Asked, endpoint: dict[str, Any]) -> None:
    # https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DataCaptureConfigSummary.html
    for moment in ("CreationTime", "LastModifiedTime"):
        endpoint[moment] -= _AGE.total_seconds()
    made = backend.made("sagemaker:CreateEndpointConfig", asked, endpoint["EndpointConfigName"])
    capture = made.get("DataCaptureConfig")
    if capture is None:
        endpoint.pop("DataCaptureConfig", None)
        return
    works = capture["EnableCapture"] and endpoint["EndpointName"] not in CAPTURE_STOPPED
    endpoint["DataCaptureConfig"] = {
        "EnableCapture": capture["EnableCapture"],
        "CaptureStatus": "Started" if works else "Stopped",
        "CurrentSamplingPercentage": capture["InitialSamplingPercentage"],
        "DestinationS3Uri": capture["DestinationS3Uri"],
        "KmsKeyId": capture.get("KmsKeyId", ""),
    }


def _get_trail_status(_: Backend, asked: Asked, answer: dict[str, Any]) -> None:
    now = datetime.datetime.now(datetime.UTC)
    if (asked.account, asked.region) in TRAIL_BROKEN:
        answer["LatestDeliveryTime"] = int((now - _AGE).timestamp())
        answer["LatestDeliveryError"] = "AccessDenied"
    elif answer["IsLogging"]:
        answer["LatestDeliveryTime"] = int((now - datetime.timedelta(minutes=4)).timestamp())


def _describe_key(_: Backend, __: Asked, answer: dict[str, Any]) -> None:
    answer["KeyMetadata"]["MultiRegion"] = bool(answer["KeyMetadata"].get("MultiRegion"))


def _get_account_summary(_: Backend, asked: Asked, answer: ElementTree.Element) -> None:
    for entry in _all(answer, "entry"):
        if _one(entry, "key").text == "AccountMFAEnabled":
            _one(entry, "value").text = str(int(asked.account in ROOT_MFA))


def _get_account_authorization_details(_: Backend, __: Asked, answer: ElementTree.Element) -> None:
    for policy in answer.findall(".//{*}Policies/{*}member"):
        arn = _one(policy, "Arn")
        name = ElementTree.SubElement(policy, arn.tag.replace("Arn", "PolicyName"))
        name.text = (arn.text or "").rsplit("/", 1)[1]


def _list_buckets(backend: Backend, asked: Asked, answer: ElementTree.Element) -> None:
    # told only to those who send a parameter: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Bucket.html
    if not asked.query:
        return
    for bucket in _all(answer, "Bucket"):
        name = _one(bucket, "Name")
        region = ElementTree.SubElement(bucket, name.tag.replace("Name", "BucketRegion"))
        region.text = backend.bucket_region(name.text or "")


def _describe_regions(_: Backend, __: Asked, answer: ElementTree.Element) -> None:
    listing = next(_all(answer, "regionInfo"))
    for region in list(listing):
        if _one(region, "regionName").text not in REGIONS:
            listing.remove(region)


def _all(element: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    return iter(element.findall(f".//{{*}}{name}"))


def _one(element: ElementTree.Element, name: str) -> ElementTree.Element:
    found = element.find(f"{{*}}{name}")
    if found is None:
        raise LookupError(f"moto's answer has no {name}")
    return found


_AMENDMENTS: Final[dict[str, _Amendment]] = {
    "cloudtrail:GetTrailStatus": _json(_get_trail_status),
    "ec2:DescribeRegions": _xml(_describe_regions),
    "iam:GetAccountAuthorizationDetails": _xml(_get_account_authorization_details),
    "iam:GetAccountSummary": _xml(_get_account_summary),
    "kms:DescribeKey": _json(_describe_key),
    "s3:ListBuckets": _xml(_list_buckets),
    "sagemaker:DescribeEndpoint": _json(_describe_endpoint),
    "sagemaker:DescribeEndpointConfig": _json(_describe_endpoint_config),
    "sagemaker:DescribeModel": _json(_describe_model),
    "sagemaker:Search": _json(_search),
}
