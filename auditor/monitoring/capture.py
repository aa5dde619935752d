"""What reads the data that an endpoint captures, beside Model Monitor."""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from auditor.model.facts import Fact
from auditor.model.inventory import Gap, Inventory
from auditor.model.paths import walk
from auditor.model.resource import Resource
from auditor.model.truth import Truth, all_of, any_of, in_each, worst
from auditor.model.values import ABSENT, Absent, Kind, OneOf, Redacted, Reference, Text, Unknown, Value

_CONFIG: Final = ("AWS::SageMaker::EndpointConfig",)
_BUCKET: Final = ("AWS::S3::Bucket",)
_EVENT_RULE: Final = "AWS::Events::Rule"

_READS: Final[Mapping[str, tuple[str, ...]]] = {
    "AWS::Lambda::Function": ("Environment",),
    "AWS::StepFunctions::StateMachine": ("DefinitionString", "Definition"),
    "AWS::CodePipeline::Pipeline": ("Stages",),
    "AWS::SageMaker::Pipeline": ("PipelineDefinition",),
    "AWS::SageMaker::ProcessingJob": ("ProcessingInputs",),
}
"""Where something says what it reads, by type."""

_HANDS_ON: Final[Mapping[str, tuple[str, ...]]] = {
    _EVENT_RULE: ("Targets",),
    "AWS::Scheduler::Schedule": ("Target",),
}
"""Where something says what it hands to what it starts: told only of what belongs to the estate."""

_READERS: Final = (*_READS, *_HANDS_ON)

_BEYOND: Final = "nothing reads it that its bucket notifies, that names it in its code alone, or from another account"
_LOCATION: Final = re.compile(
    r"(?:s3://|arn:[^:\s]*:s3:::)(?P<bucket>(?:\$\{[^}]*\}|[^/\s\"'*\\])+)(?:/(?P<key>[^\s\"'*\\]*))?"
)
_WORD: Final = re.compile(r"(?:\$\{[^}]*\}|[a-z0-9.-])+")
_CAME_TO_NOTHING: Final = ("Failed", "Stopping", "Stopped")
_AT_LEAST_EVERY: Final = datetime.timedelta(days=31)
"""What ran longer ago than that was a single look, or has been given up."""


def capture_readers(inventory: Inventory, endpoint: Resource) -> Fact:
    """What names the captured data of ``endpoint`` in its settings, as ``function drift-check``; sorted.

    Functions (environment), state machines, delivery and SageMaker pipelines (definition), processing jobs (inputs, without those
    of Model Monitor and those that failed or ran long ago), event rules (pattern, input of targets) and schedules (input) count
    where they are on. The fact is unknown where nothing does and something is not known: what was not read, what is there on a
    condition only, one that names the bucket and not what of it.
    """
    place = _place(inventory, endpoint)
    if isinstance(place, Unknown):
        return Fact(place, (f"where {endpoint.id} captures to is not known: {place.reason}",))
    if place is None:
        return Fact([], (f"{endpoint.id} captures nothing",))
    mentions = _mentions(inventory)
    answers = {
        _called(inventory, each.resource): all_of((each.of(place), inventory.unsure(each.resource, endpoint) or True))
        for each in mentions.about(place.buckets)
    }
    readers = sorted(name for name, answer in answers.items() if answer is True)
    if readers:
        return Fact(readers, tuple(f"{name} names {place}" for name in readers))
    unread = [missing for name in _READERS if (missing := inventory.missing(name, endpoint)) is not None]
    doubt = worst([*answers.values(), *mentions.doubts, *unread])
    if doubt is not None:
        return Fact(doubt, (f"nothing is known to name {place}",))
    return Fact([], (f"nothing that is read names {place}",), (_BEYOND,))


def _called(inventory: Inventory, resource: Resource) -> str:
    return f"{inventory.types[resource.type].title} {resource.id}"


# -- where captured data lies --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the requests of one endpoint lie: a bucket, by every name that it has here, and the key they begin with.

    ``whole`` tells whether that ends in the name of the endpoint: others may capture beside it otherwise.
    """

    buckets: frozenset[str]
    key: str
    whole: bool
    uri: str

    def __str__(self) -> str:
        return self.uri

    def meets(self, key: str) -> Truth:
        """Whether what lies under ``key`` and what lies here have anything in common."""
        return self.begins(key.strip("/") + "/" if key.strip("/") else "")

    def begins(self, prefix: str) -> Truth:
        """Whether something here has a key that begins with ``prefix``."""
        if self.key.startswith(prefix):
            return True
        if self.whole or not prefix.startswith(self.key):
            return prefix.startswith(self.key)
        return Unknown(
            Kind.DEFERRED, f"{prefix} may be what another endpoint captures: the name of this one is not written out"
        )


def _place(inventory: Inventory, endpoint: Resource) -> _Place | Unknown | None:
    """https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture-endpoint.html tells how keys begin."""
    config = inventory.resolve(endpoint.properties.get("EndpointConfigName", ABSENT), _CONFIG, endpoint)
    if not isinstance(config, Resource):
        return config if isinstance(config, Unknown) else Unknown(Kind.DEFERRED, "its configuration is decided at deploy")
    capture = config.properties.get("DataCaptureConfig", ABSENT)
    if capture is ABSENT or capture is None:
        return None
    enabled = next((value for _, value in walk(capture, "EnableCapture")), True)
    captures = in_each(enabled, lambda one: one if isinstance(one, Unknown) else one is not False)
    if captures is not True:
        return captures or None
    found = next((value for _, value in walk(config.properties, "DataCaptureConfig.DestinationS3Uri")), ABSENT)
    uri = _spelled(found)
    if not isinstance(uri, str):
        return uri if isinstance(uri, Unknown) else Unknown(Kind.DEFERRED, "its destination is decided at deploy")
    location = _LOCATION.match(uri)
    if location is None:
        return Unknown(Kind.UNREAD, f"{uri} is not a place in S3")
    buckets = {location["bucket"]}
    bucket = inventory.resolve(found, _BUCKET, config)
    if isinstance(bucket, Resource):
        buckets |= {bucket.id, _stand_in(bucket.id), str(bucket.properties.get("BucketName", bucket.id))}
    name = _spelled(endpoint.properties.get("EndpointName", ABSENT))
    parts = [part for part in ((location["key"] or "").strip("/"), name) if isinstance(part, str) and part]
    key = "".join(f"{part}/" for part in parts)
    return _Place(frozenset(buckets), key, isinstance(name, str), f"s3://{location['bucket']}/{'/'.join(parts)}")


# -- who names it --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Mention:
    """Everything that the settings of ``resource`` say as text, and the pattern of events that it waits for, if it does."""

    resource: Resource
    texts: tuple[str, ...]
    pattern: Value = ABSENT

    def of(self, place: _Place) -> Truth:
        """Whether it names ``place``; unknown where it names the bucket and not what of it."""
        return any_of((self._by_location(place), self._by_bucket(place), _waits_for(self.resource, self.pattern, place)))

    def _by_location(self, place: _Place) -> Truth:
        found = (match for text in self.texts for match in _LOCATION.finditer(text))
        return any_of(place.meets(match["key"]) for match in found if match["bucket"] in place.buckets and match["key"])

    def _by_bucket(self, place: _Place) -> Truth:
        naming = [text for text in self.texts if not place.buckets.isdisjoint(_buckets_of(text))]
        if not naming:
            return False
        others = (text for text in self.texts if text not in naming and text.strip("/"))
        if any(_is_bucket(text) for text in naming) and any(place.meets(text) is True for text in others):
            return True
        return Unknown(Kind.OUTSIDE, f"{self.resource.id} names the bucket of {place}, and not what it reads of it")


def _is_bucket(text: str) -> bool:
    """Whether ``text`` is no more than the name of a bucket, or its URI."""
    location = _LOCATION.fullmatch(text)
    return _WORD.fullmatch(text) is not None or (location is not None and not location["key"])


def _buckets_of(text: str) -> set[str]:
    """What may be buckets in ``text`` that are named without a key."""
    named = {match["bucket"] for match in _LOCATION.finditer(text) if not match["key"]}
    return named | set(_WORD.findall(_LOCATION.sub(" ", text)))


def _waits_for(resource: Resource, pattern: Value, place: _Place) -> Truth:
    """Whether a rule hands on new objects of ``place``: https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventBridge.html."""
    if place.buckets.isdisjoint(_awaited(pattern)):
        return False
    kinds = [value for _, value in walk(pattern, "detail-type[]")]
    created = not kinds or any_of(kind if isinstance(kind, Unknown) else kind == "Object Created" for kind in kinds)
    keys = [value for _, value in walk(pattern, "detail.object.key[]")]
    there = not keys or any_of(_filters(key, place) for key in keys)
    targets = in_each(
        resource.properties.get("Targets", ABSENT), lambda one: one if isinstance(one, Unknown) else one not in (ABSENT, [])
    )
    return all_of((created, there, targets))


def _filters(key: Value, place: _Place) -> Truth:
    """Whether a filter lets keys of ``place`` through: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html."""
    match key:
        case Unknown():
            return key
        case str():
            return place.meets(key)
        case {"prefix": str() as prefix}:
            return place.begins(prefix)
        case {"suffix": str()}:
            return True
    return Unknown(Kind.OUTSIDE, f"a filter of keys that is not followed: {key}")


def _awaited(pattern: Value) -> Iterator[str | Unknown]:
    """The buckets that a pattern names."""
    for _, value in walk(pattern, "detail.bucket.name[]"):
        yield from _texts(value)


@dataclass(slots=True)
class _Mentions:
    """Everything that says what it reads, by the buckets that it names. ``doubts`` are what may name any bucket."""

    by_bucket: defaultdict[str, list[_Mention]] = field(default_factory=lambda: defaultdict(list))
    doubts: list[Unknown] = field(default_factory=list)

    def about(self, buckets: frozenset[str]) -> list[_Mention]:
        """Those that name one of ``buckets``."""
        return [mention for bucket in sorted(buckets) for mention in self.by_bucket.get(bucket, ())]

    def add(self, mention: _Mention) -> None:
        named = {match["bucket"] for text in mention.texts for match in _LOCATION.finditer(text)}
        alone = {name for text in mention.texts for name in _buckets_of(text)}
        awaited = {name for name in _awaited(mention.pattern) if isinstance(name, str)}
        for name in named | alone | awaited:
            self.by_bucket[name].append(mention)


def _mentions(inventory: Inventory) -> _Mentions:
    """Gathered once for all endpoints: there may be thousands of them, and of jobs."""
    memo = ("capture_readers", ("", "", "", ""))
    if memo not in inventory.facts:
        inventory.facts[memo] = Fact(_gathered(inventory))
    found: _Mentions = inventory.facts[memo].value
    return found


def _gathered(inventory: Inventory) -> _Mentions:
    mentions = _Mentions()
    for type_name in _READERS:
        for resource in inventory.of_type(type_name):
            if _is_off(inventory, resource):
                continue
            pattern = resource.properties.get("EventPattern", ABSENT)
            texts = [text for value in _settings(inventory, resource) for text in _texts(value)]
            for unknown in (item for item in (*texts, *_awaited(pattern)) if isinstance(item, Unknown)):
                reason = f"{resource.id} may read it: {unknown.reason}"
                mentions.doubts.append(Unknown(unknown.kind, reason, unknown.present))
            mentions.add(_Mention(resource, tuple(dict.fromkeys(text for text in texts if isinstance(text, str))), pattern))
    return mentions


def _is_off(inventory: Inventory, resource: Resource) -> bool:
    """Whether it is switched off, is Model Monitor's own, or ran to no end or too long ago."""
    runtime = resource.runtime
    if resource.properties.get("State") == "DISABLED" or isinstance(runtime.get("MonitoringScheduleArn"), str):
        return True
    return runtime.get("ProcessingJobStatus") in _CAME_TO_NOTHING or _is_old(inventory, runtime.get("CreationTime", ABSENT))


def _is_old(inventory: Inventory, created: Value) -> bool:
    age = inventory.age(created) if isinstance(created, str) else None
    return age is not None and age > _AT_LEAST_EVERY


def _settings(inventory: Inventory, resource: Resource) -> Iterator[Value]:
    for name in _READS.get(resource.type, ()):
        yield resource.properties.get(name, ABSENT)
    for name in _HANDS_ON.get(resource.type, ()):
        value = resource.properties.get(name, ABSENT)
        if (gap := _failure(inventory, resource)) is not None:
            yield Unknown(Kind.UNREAD, f"{gap.operation} failed: {gap.code}")
        elif not (isinstance(value, Unknown) and inventory.kind.has_runtime):
            yield value


def _failure(inventory: Inventory, resource: Resource) -> Gap | None:
    """The call about ``resource`` that was not answered; there is none where nobody asked."""
    key = (resource.account, resource.region, resource.type, resource.id)
    return next((gap for gap in inventory.gaps if (gap.account, gap.region, gap.type, gap.resource) == key), None)


def _texts(value: Value) -> Iterator[str | Unknown]:
    """Every text in ``value``, and what of it is not known."""
    match value:
        case dict():
            for item in value.values():
                yield from _texts(item)
        case list():
            for item in value:
                yield from _texts(item)
        case OneOf():
            yield Unknown(Kind.DEFERRED, f"one of {len(value.values)} settings, decided at deploy")
        case str() | Reference() | Text() | Unknown():
            text = _spelled(value)
            if not isinstance(text, Absent):
                yield text
        case Redacted():
            return


def _spelled(value: Value) -> str | Unknown | Absent:
    """A text, with a stand-in for each resource of the same source that it refers to."""
    match value:
        case str() | Unknown():
            return value
        case Reference():
            name = _stand_in(value.target)
            return f"arn:aws:s3:::{name}" if value.attribute.lower() == "arn" else name
        case Text():
            parts = [_spelled(part) for part in value.parts]
            return worst(parts) or "".join(part for part in parts if isinstance(part, str))
    return ABSENT


def _stand_in(name: str) -> str:
    return f"${{{name}}}"
