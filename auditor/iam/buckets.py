"""How a bucket is protected beyond what its own settings say: by the account's, by its policy, by trails."""

from __future__ import annotations

import re
from typing import Final

from auditor.iam.conditions import is_tls
from auditor.iam.documents import Element, Statement, statements
from auditor.iam.resource_policies import is_everybody
from auditor.iam.wildcards import matches
from auditor.model.facts import Fact
from auditor.model.inventory import Inventory
from auditor.model.resource import Resource
from auditor.model.truth import Truth, all_of, any_of, elements, in_each, worst
from auditor.model.values import ABSENT, Kind, Reference, Text, Unknown, Value

_BUCKET: Final = "AWS::S3::Bucket"
_TRAIL: Final = "AWS::CloudTrail::Trail"
_ACCOUNT_BLOCK: Final = "AWS::S3::AccountPublicAccessBlock"
_BLOCK: Final = "PublicAccessBlockConfiguration"
_BLOCKS: Final = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")


# -- public access -------------------------------------------------------------------------------------------------------------


def public_access_blocked(inventory: Inventory, bucket: Resource) -> Fact:
    """Whether all four public access blocks hold for ``bucket``, each set on itself or on its account: true, false or unknown.

    The stricter of the two counts (https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html).
    What a template does not say depends on the bucket's age: S3 sets all four on buckets made since April 2023
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html).
    """
    own = bucket.properties.get(_BLOCK, ABSENT)
    if own is ABSENT and not inventory.kind.has_runtime:
        own = Unknown(Kind.OUTSIDE, f"{bucket.id} has them by default if it was made since April 2023")
    account, assumed = _of_account(inventory, bucket)
    found = {name: any_of((_is_on(own, name), *(_is_on(block, name) for block in account))) for name in _BLOCKS}
    value = all_of(found.values())
    off = [name for name, truth in found.items() if truth is not True]
    if not off:
        return Fact(True, (f"all four blocks hold for {bucket.id}",))
    told = "hold neither for it nor for its account" if value is False else "are not known to hold for it"
    return Fact(value, (f"{', '.join(off)} {told}",), assumed if value is False else ())


def _of_account(inventory: Inventory, bucket: Resource) -> tuple[list[Value], tuple[str, ...]]:
    """What the account sets, and what is assumed of it: in a template, that it sets nothing."""
    blocks: list[Value] = [
        dict(item.properties) for item in inventory.of_type(_ACCOUNT_BLOCK) if item.account == bucket.account
    ]
    missing = inventory.missing(_ACCOUNT_BLOCK, bucket)
    if blocks or missing is None:
        return blocks, ()
    if missing.kind is Kind.OUTSIDE:
        return [], ("the account that it is deployed to does not block public access by itself",)
    return [missing], ()


def _is_on(block: Value, name: str) -> Truth:
    def is_on(one: Value) -> Truth:
        if isinstance(one, dict):
            return in_each(one.get(name, ABSENT), lambda value: value if isinstance(value, Unknown) else value is True)
        return one if isinstance(one, Unknown) else False

    return in_each(block, is_on)


# -- TLS -----------------------------------------------------------------------------------------------------------------------

# what fits two names that share no character, each as wide as a pattern can be asked to be, fits all
_EVERY_ACTION: Final = ("s3:00000000", "s3:111111111")
_NAME: Final = "(this bucket)"
_ANOTHER: Final = "(another)"
_UNKNOWN: Final = "\0"


def bucket_tls_only(_inventory: Inventory, bucket: Resource) -> Fact:
    """Whether the policy of ``bucket`` denies everybody everything, on the bucket and its objects, that comes without TLS.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html#transit
    """
    document = bucket.properties.get("PolicyDocument", ABSENT)
    if document is ABSENT or document is None:
        return Fact(False, (f"{bucket.id} has no policy",))
    parts = statements(document)
    found = {
        "itself": any_of(in_each(part, lambda one: _denies(one, bucket, ("",))) for part in parts),
        "its objects": any_of(in_each(part, lambda one: _denies(one, bucket, ("/0", "/11"))) for part in parts),
    }
    value = all_of(found.values())
    if value is True:
        return Fact(True, (f"the policy of {bucket.id} denies whatever comes without TLS",))
    told = "denies nobody" if value is False else "may not deny everybody"
    left = " and ".join(what for what, truth in found.items() if truth is not True)
    return Fact(value, (f"the policy of {bucket.id} {told} access to {left} without TLS",))


def _denies(part: Value, bucket: Resource, samples: tuple[str, ...]) -> Truth:
    """Whether a statement denies everything without TLS on what stands for the bucket (sample ``""``) or all of its objects."""
    if not isinstance(part, Statement):
        return part if isinstance(part, Unknown) else False
    if part.effect != "Deny" or part.inverted_principals:
        return False
    about = _is_about(part.resources, bucket, samples)
    return all_of((is_everybody(part), _is_every_action(part.actions), is_tls(part.condition, "false", alone=True), about))


def _is_every_action(actions: Element | None) -> Truth:
    if actions is None or actions.inverted:
        return False
    return any_of(in_each(pattern, _fits_every_action) for pattern in actions.patterns)


def _fits_every_action(pattern: Value) -> Truth:
    if isinstance(pattern, Unknown):
        return pattern
    return isinstance(pattern, str) and all(matches(pattern, name) for name in _EVERY_ACTION)


def _is_about(resources: Element | None, bucket: Resource, samples: tuple[str, ...]) -> Truth:
    if resources is None or resources.inverted:
        return False
    return any_of(in_each(pattern, lambda one: _fits_all(one, bucket, samples)) for pattern in resources.patterns)


def _fits_all(pattern: Value, bucket: Resource, samples: tuple[str, ...]) -> Truth:
    if isinstance(pattern, Unknown):
        return pattern
    text = _arn(pattern, bucket)
    wide = text.replace(_UNKNOWN, "*")
    fitting = any(all(matches(wide, f"arn:aws:s3:::{name}{sample}") for sample in samples) for name in _names(bucket))
    if fitting and _UNKNOWN in text:
        return Unknown(Kind.DEFERRED, "a resource of the policy is decided at deploy")
    return fitting or _may_name(text, bucket)


_PARTITION: Final = re.compile(rf"arn:(?:aws[a-z-]*|{_UNKNOWN}):s3(?=:|$)")


def _names(bucket: Resource) -> frozenset[str]:
    own = bucket.properties.get("BucketName", ABSENT)
    return frozenset((_NAME, own)) if isinstance(own, str) else frozenset((_NAME,))


def _may_name(arn: str, bucket: Resource) -> Truth:
    """Whether an ARN that fits no name known of the bucket may still be its own: where its name is put together at deploy."""
    own = bucket.properties.get("BucketName", ABSENT)
    if own is ABSENT or isinstance(own, str) or _ANOTHER in arn:
        return False
    return Unknown(Kind.DEFERRED, f"the name of {bucket.id} is decided at deploy")


def _arn(pattern: Value, bucket: Resource) -> str:
    """A pattern as written, in whatever partition."""
    return _PARTITION.sub("arn:aws:s3", _written(pattern, bucket))


def _written(pattern: Value, bucket: Resource) -> str:
    """A pattern with the bucket's own name put in for a reference to it; what is not known as ``_UNKNOWN``."""
    match pattern:
        case str():
            return pattern
        case Text(parts):
            return "".join(_written(part, bucket) for part in parts)
        case Reference(target, attribute) if target == bucket.id:
            return f"arn:aws:s3:::{_NAME}" if attribute.lower() == "arn" else _NAME
        case Unknown():
            return _UNKNOWN
        case _:
            return _ANOTHER


# -- who looks -----------------------------------------------------------------------------------------------------------------


def receives_access_logs(inventory: Inventory, bucket: Resource) -> Fact:
    """Whether S3 writes the access logs of other buckets into ``bucket``: true, or false as far as is known."""
    found = [item.id for item in inventory.referrers(bucket, _BUCKET).known if item.key != bucket.key]
    if found:
        return Fact(True, (f"the access logs of {' and '.join(found)} are written to {bucket.id}",))
    return Fact(False, (f"no bucket writes its access logs to {bucket.id}",))


def access_recorded(inventory: Inventory, bucket: Resource) -> Fact:
    """Whether who reads and writes the objects of ``bucket`` is recorded: by access logging, or by a trail's data events.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/logging-with-S3.html
    """
    logged = in_each(bucket.properties.get("LoggingConfiguration", ABSENT), _is_logging)
    if logged is True:
        return Fact(True, (f"S3 logs access to {bucket.id}",))
    trails = [item for item in inventory.of_type(_TRAIL) if item.account == bucket.account]
    recorded = [(trail, all_of((_covers(trail, bucket), _records(trail, bucket)))) for trail in trails]
    missing = inventory.missing(_TRAIL, bucket)
    outside = missing is not None and missing.kind is Kind.OUTSIDE
    unread = [missing] if missing is not None and not outside else []
    value = any_of((logged, *(truth for _, truth in recorded), *unread))
    if value is True:
        names = " and ".join(trail.id for trail, truth in recorded if truth is True)
        return Fact(True, (f"trail {names} records access to the objects of {bucket.id}",))
    told = "is not logged, and no trail records it" if value is False else "may not be recorded"
    assumed = (f"no trail outside {inventory.name} records it",) if outside and value is False else ()
    return Fact(value, (f"access to the objects of {bucket.id} {told}",), assumed)


def _is_logging(configuration: Value) -> Truth:
    if isinstance(configuration, dict):
        target = configuration.get("DestinationBucketName", ABSENT)
        return target if isinstance(target, Unknown) else target is not ABSENT
    return configuration if isinstance(configuration, Unknown) else False


def _covers(trail: Resource, bucket: Resource) -> Truth:
    if trail.region in ("", bucket.region):
        return True
    return _equals(trail.properties.get("IsMultiRegionTrail", False), True)


def _records(trail: Resource, bucket: Resource) -> Truth:
    logging = _equals(trail.properties.get("IsLogging", ABSENT), True)
    basic = (
        in_each(item, lambda one: _selects(one, bucket)) for item in elements(trail.properties.get("EventSelectors", ABSENT))
    )
    advanced = (
        in_each(item, lambda one: _selects_by_fields(one, bucket))
        for item in elements(trail.properties.get("AdvancedEventSelectors", ABSENT))
    )
    return all_of((logging, any_of((*basic, *advanced))))


def _selects(selector: Value, bucket: Resource) -> Truth:
    if not isinstance(selector, dict):
        return selector if isinstance(selector, Unknown) else False
    resources = elements(selector.get("DataResources", ABSENT))
    return all_of(
        (
            _equals(selector.get("ReadWriteType", "All"), "All"),
            any_of(in_each(resource, lambda one: _names_objects(one, bucket)) for resource in resources),
        )
    )


def _names_objects(resource: Value, bucket: Resource) -> Truth:
    if not isinstance(resource, dict):
        return resource if isinstance(resource, Unknown) else False
    values = elements(resource.get("Values", ABSENT))
    return all_of(
        (
            _equals(resource.get("Type", ABSENT), "AWS::S3::Object"),
            any_of(in_each(value, lambda one: _is_prefix(one, bucket)) for value in values),
        )
    )


def _selects_by_fields(selector: Value, bucket: Resource) -> Truth:
    # https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html
    if not isinstance(selector, dict):
        return selector if isinstance(selector, Unknown) else False
    fields = [*elements(selector.get("FieldSelectors", ABSENT))]
    known = [field for field in fields if isinstance(field, dict) and isinstance(field.get("Field"), str)]
    if len(known) < len(fields):
        return worst(fields) or Unknown(Kind.DEFERRED, "a field of a trail's selector is decided at deploy")
    equal = {field["Field"]: field.get("Equals", ABSENT) for field in known}
    chosen = all_of(
        any_of(_equals(value, wanted) for value in elements(equal.get(name, ABSENT))) for name, wanted in _OBJECTS.items()
    )
    if chosen is not True:
        return chosen
    if not equal.keys() <= {*_OBJECTS, "resources.ARN"}:
        return False
    arns = [field for field in known if field["Field"] == "resources.ARN"]
    if any(name not in ("Field", "StartsWith") for field in arns for name, value in field.items() if value not in (None, [])):
        return Unknown(Kind.OUTSIDE, "the selector leaves out some objects")
    return all_of(
        any_of(in_each(value, lambda one: _is_prefix(one, bucket)) for value in elements(field.get("StartsWith", ABSENT)))
        for field in arns
    )


_OBJECTS: Final = {"eventCategory": "Data", "resources.type": "AWS::S3::Object"}


def _equals(value: Value, wanted: str | bool) -> Truth:
    def equals(one: Value) -> Truth:
        if isinstance(one, Text | Reference):
            return Unknown(Kind.DEFERRED, "a setting of a trail is decided at deploy")
        return one if isinstance(one, Unknown) else one == wanted

    return in_each(value, equals)


def _is_prefix(value: Value, bucket: Resource) -> Truth:
    """Whether all objects of the bucket have ARNs that begin with ``value``."""
    if isinstance(value, Unknown):
        return value
    text = _arn(value, bucket)
    objects = [f"arn:aws:s3:::{name}/" for name in _names(bucket)]
    if _UNKNOWN in text:
        return Unknown(Kind.DEFERRED, "the objects of a trail's selector are decided at deploy")
    return any(item.startswith(text) for item in objects) or _may_name(text, bucket)
