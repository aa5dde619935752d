"""What moto drops or gets wrong, put right in its answers, by operation.

Everything in moto is as old as the process, so endpoints are made older. What moto 5.2.5 drops: a model's network isolation, whether
an endpoint's capture works and how much it takes, a notebook's platform and metadata service, a processing job's cluster and
environment, where a bucket lives, root's second factor, a managed policy's name, a key's MultiRegion, and that a trail's status
is that of one region. It also lists the regions of three partitions.
"""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias
from xml.etree import ElementTree

from auditor.demo.platform import CAPTURE_STOPPED, MATERIAL_EXPIRES, REGIONS, ROOT_MFA, TRAIL_BROKEN

_AGE: Final = datetime.timedelta(days=41)
"""How long the platform has been running: what is new is given time to begin."""

_REMEMBERED: Final = {
    "sagemaker:CreateModel": "ModelName",
    "sagemaker:CreateEndpointConfig": "EndpointConfigName",
    "sagemaker:CreateNotebookInstance": "NotebookInstanceName",
    "sagemaker:CreateProcessingJob": "ProcessingJobName",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as AWS sees it: who asks in which region for what.

    ``body`` is empty where the service does not speak JSON; ``text`` is address and body as they are sent.
    """

    operation: str
    account: str
    region: str
    query: str
    host: str
    body: dict[str, Any]
    text: str


@dataclass(slots=True)
class Memory:
    """What things were made from, where moto does not keep it."""

    _made: dict[tuple[str, str, str, str], dict[str, Any]] = field(default_factory=dict)
    _buckets: dict[str, str] = field(default_factory=dict)

    def keep(self, asked: Asked) -> None:
        """Keep what a request makes, if it makes something of which anything is dropped."""
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


Amendment: TypeAlias = Callable[[Memory, Asked, bytes], bytes]
"""From what was made before, who asks, and moto's answer, the body to answer instead."""
_JsonAmendment: TypeAlias = Callable[[Memory, Asked, dict[str, Any]], None]
_XmlAmendment: TypeAlias = Callable[[Memory, Asked, ElementTree.Element], None]


def _json(amend: _JsonAmendment) -> Amendment:
    def amended(memory: Memory, asked: Asked, content: bytes) -> bytes:
        answer = json.loads(content)
        amend(memory, asked, answer)
        return json.dumps(answer).encode()

    return amended


def _xml(amend: _XmlAmendment) -> Amendment:
    def amended(memory: Memory, asked: Asked, content: bytes) -> bytes:
        answer = ElementTree.fromstring(content)  # noqa: S314 (written by moto, in this process)
        amend(memory, asked, answer)
        return ElementTree.tostring(answer)

    return amended


def _describe_model(memory: Memory, asked: Asked, answer: dict[str, Any]) -> None:
    made = memory.made("sagemaker:CreateModel", asked, answer["ModelName"])
    answer["EnableNetworkIsolation"] = made.get("EnableNetworkIsolation", False)
    for name in ("VpcConfig", "Containers", "PrimaryContainer"):
        if not answer.get(name):
            answer.pop(name, None)


def _describe_endpoint_config(memory: Memory, asked: Asked, answer: dict[str, Any]) -> None:
    made = memory.made("sagemaker:CreateEndpointConfig", asked, answer["EndpointConfigName"])
    answer.update({name: value for name, value in made.items() if name != "Tags"})
    for name in [name for name, value in answer.items() if not value]:
        del answer[name]


def _describe_notebook_instance(memory: Memory, asked: Asked, answer: dict[str, Any]) -> None:
    made = memory.made("sagemaker:CreateNotebookInstance", asked, answer["NotebookInstanceName"])
    answer["PlatformIdentifier"] = made.get("PlatformIdentifier", "notebook-al2023-v1")
    metadata = {"MinimumInstanceMetadataServiceVersion": "1"}
    answer["InstanceMetadataServiceConfiguration"] = made.get("InstanceMetadataServiceConfiguration", metadata)


def _describe_processing_job(memory: Memory, asked: Asked, answer: dict[str, Any]) -> None:
    made = memory.made("sagemaker:CreateProcessingJob", asked, answer["ProcessingJobName"])
    answer["ProcessingResources"] = made["ProcessingResources"]
    answer["Environment"] = made.get("Environment", {})


def without_times(body: dict[str, Any]) -> dict[str, Any]:
    """What a SageMaker request asks beside how old things may be.

    Moto compares times wrongly, and everything in it is as old as the process.
    """
    kept = {name: value for name, value in body.items() if name != "CreationTimeAfter"}
    filters = kept.get("SearchExpression", {}).get("Filters", [])
    if any(part["Name"] == "CreationTime" for part in filters):
        kept["SearchExpression"] = {"Filters": [part for part in filters if part["Name"] != "CreationTime"]}
    return kept


def _search(memory: Memory, asked: Asked, answer: dict[str, Any]) -> None:
    if "Results" not in answer:
        answer.clear()
        answer["Results"] = []
    for result in answer["Results"]:
        if "Endpoint" in result:
            _describe_endpoint(memory, asked, result["Endpoint"])


def _describe_endpoint(memory: Memory, asked: Asked, endpoint: dict[str, Any]) -> None:
    # https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DataCaptureConfigSummary.html
    for moment in ("CreationTime", "LastModifiedTime"):
        endpoint[moment] -= _AGE.total_seconds()
    made = memory.made("sagemaker:CreateEndpointConfig", asked, endpoint["EndpointConfigName"])
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


def _get_trail_status(_: Memory, asked: Asked, answer: dict[str, Any]) -> None:
    now = datetime.datetime.now(datetime.UTC)
    if (asked.account, asked.region) in TRAIL_BROKEN:
        answer["LatestDeliveryTime"] = int((now - _AGE).timestamp())
        answer["LatestDeliveryError"] = "AccessDenied"
    elif answer["IsLogging"]:
        answer["LatestDeliveryTime"] = int((now - datetime.timedelta(minutes=4)).timestamp())


def _get_event_selectors(_: Memory, asked: Asked, answer: dict[str, Any]) -> None:
    # what a trail has none of its own of is told as this one:
    # https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_EventSelector.html
    every = {"ReadWriteType": "All", "IncludeManagementEvents": True, "DataResources": [], "ExcludeManagementEventSources": []}
    answer.clear()
    answer.update({"TrailARN": asked.body["TrailName"], "EventSelectors": [every]})


def _describe_key(_: Memory, asked: Asked, answer: dict[str, Any]) -> None:
    key = answer["KeyMetadata"]
    key["MultiRegion"] = bool(key.get("MultiRegion"))
    if key["Origin"] == "EXTERNAL":
        # https://docs.aws.amazon.com/kms/latest/APIReference/API_KeyMetadata.html
        expires = asked.account in MATERIAL_EXPIRES
        key["ExpirationModel"] = "KEY_MATERIAL_EXPIRES" if expires else "KEY_MATERIAL_DOES_NOT_EXPIRE"


def _get_key_rotation_status(_: Memory, asked: Asked, answer: dict[str, Any]) -> None:
    answer["KeyId"] = asked.body["KeyId"]


def _get_bucket_versioning(_: Memory, __: Asked, answer: ElementTree.Element) -> None:
    # https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketVersioning.html
    space, brace = answer.tag.rpartition("}")[:2]
    answer.tag = f"{space}{brace}VersioningConfiguration"


def _describe_firewall(_: Memory, __: Asked, answer: dict[str, Any]) -> None:
    answer["Firewall"]["FirewallId"] = str(uuid.uuid5(uuid.NAMESPACE_URL, answer["Firewall"]["FirewallArn"]))


def _get_account_summary(_: Memory, asked: Asked, answer: ElementTree.Element) -> None:
    for entry in _all(answer, "entry"):
        if _one(entry, "key").text == "AccountMFAEnabled":
            _one(entry, "value").text = str(int(asked.account in ROOT_MFA))


def _get_account_authorization_details(_: Memory, __: Asked, answer: ElementTree.Element) -> None:
    for policy in answer.findall(".//{*}Policies/{*}member"):
        arn = _one(policy, "Arn")
        name = ElementTree.SubElement(policy, arn.tag.replace("Arn", "PolicyName"))
        name.text = (arn.text or "").rsplit("/", 1)[1]


def _list_buckets(memory: Memory, asked: Asked, answer: ElementTree.Element) -> None:
    # told only to those who send a parameter: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Bucket.html
    if not asked.query:
        return
    for bucket in _all(answer, "Bucket"):
        name = _one(bucket, "Name")
        region = ElementTree.SubElement(bucket, name.tag.replace("Name", "BucketRegion"))
        region.text = memory.bucket_region(name.text or "")


def _describe_regions(_: Memory, __: Asked, answer: ElementTree.Element) -> None:
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


AMENDMENTS: Final[dict[str, Amendment]] = {
    "cloudtrail:GetEventSelectors": _json(_get_event_selectors),
    "cloudtrail:GetTrailStatus": _json(_get_trail_status),
    "ec2:DescribeRegions": _xml(_describe_regions),
    "iam:GetAccountAuthorizationDetails": _xml(_get_account_authorization_details),
    "iam:GetAccountSummary": _xml(_get_account_summary),
    "kms:DescribeKey": _json(_describe_key),
    "kms:GetKeyRotationStatus": _json(_get_key_rotation_status),
    "s3:GetBucketVersioning": _xml(_get_bucket_versioning),
    "s3:ListBuckets": _xml(_list_buckets),
    "network-firewall:DescribeFirewall": _json(_describe_firewall),
    "sagemaker:DescribeEndpoint": _json(_describe_endpoint),
    "sagemaker:DescribeEndpointConfig": _json(_describe_endpoint_config),
    "sagemaker:DescribeModel": _json(_describe_model),
    "sagemaker:DescribeNotebookInstance": _json(_describe_notebook_instance),
    "sagemaker:DescribeProcessingJob": _json(_describe_processing_job),
    "sagemaker:Search": _json(_search),
}

UNKNOWN_TO_MOTO: Final = frozenset(("cloudtrail:GetEventSelectors", "sagemaker:Search"))
"""What moto answers for a trail's home region alone, or for some kinds of things: its failure elsewhere is amended too."""
