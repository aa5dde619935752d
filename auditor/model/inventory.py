"""Every resource of one source, and the edges between them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeAlias

from auditor.model.facts import Fact
from auditor.model.paths import walk
from auditor.model.resource import GLOBAL, Resource
from auditor.model.resource_type import ResourceType
from auditor.model.values import (
    ABSENT,
    Absent,
    Kind,
    OneOf,
    Presence,
    Redacted,
    Reference,
    Text,
    Unknown,
    Value,
    one_of,
    whole_names,
)

if TYPE_CHECKING:
    from auditor.model.estate import Estate

ACCOUNT: Final = "Auditor::Account"
REGION: Final = "Auditor::Region"


class SourceKind(StrEnum):
    """The four kinds of source."""

    LIVE = "live"
    SNAPSHOT = "snapshot"
    CLOUDFORMATION = "cloudformation"
    TERRAFORM = "terraform"

    @property
    def has_runtime(self) -> bool:
        """Whether the source knows what only the API knows. A template does not: such clauses do not apply to it."""
        return self in (SourceKind.LIVE, SourceKind.SNAPSHOT)


@dataclass(frozen=True, slots=True)
class Gap:
    """A call that did not answer, and what is unread because of it.

    ``type`` is the resource type; ``resource`` the one whose call failed, empty where a whole listing did. ``code`` is AWS's error
    code, or ``Timeout``, ``Unparsable``; ``provides`` the properties unread, empty for all.
    """

    account: str
    region: str
    operation: str
    type: str
    code: str
    message: str
    resource: str = ""
    provides: tuple[str, ...] = ()


NOT_COLLECTED: Final = "NotCollected"
"""The code of a gap in a snapshot that was taken without a type: nobody asked, so nobody was refused."""

Target: TypeAlias = "Resource | Unknown | OneOf | Absent"
"""Where a value leads. A ``OneOf`` holds the others, never itself. A name that nothing here bears is ``Unknown``: something
names it, so it is elsewhere or gone, and nobody here can judge it."""


@dataclass(frozen=True, slots=True)
class Referrers:
    """Who names a resource: those that surely do, and whether somebody unread or undecided may."""

    known: tuple[Resource, ...]
    maybe: tuple[Unknown, ...] = ()


_Key: TypeAlias = tuple[str, str, str, str]


@dataclass(slots=True)
class _Edges:
    """The references from one type to another.

    ``known`` and ``maybe`` are by target; ``any`` may name any target, ``literal`` only one whose own name is not known.
    """

    known: dict[_Key, list[Resource]] = field(default_factory=dict)
    maybe: dict[_Key, list[Unknown]] = field(default_factory=dict)
    any: list[Unknown] = field(default_factory=list)
    literal: list[Unknown] = field(default_factory=list)


FactProvider: TypeAlias = "Callable[[Inventory, Resource], Fact]"
"""What computes a fact about one resource, from what else there is."""


@dataclass(slots=True)
class Inventory:
    """The resources of one source and what could not be read of it.

    ``leaves`` yields resources that nothing refers to, one at a time, where the source holds too many to keep (a snapshot's
    jobs); ``resources`` holds the rest. ``read`` is the set of (account, region) that were looked at; it is empty for templates,
    whose world is open. ``types`` are the records of what was asked for: of no other type can it be said that there is none.
    ``conditions`` names what decides at deploy whether a resource, by its id, is there at all; such a one
    surely refers only to what rests on the same. ``collected_at`` is the time of collection: ages are relative to it, never to now.
    """

    kind: SourceKind
    name: str
    types: Mapping[str, ResourceType]
    collected_at: datetime.datetime
    resources: list[Resource] = field(default_factory=list)
    leaves: Callable[[], Iterator[Resource]] | None = None
    gaps: list[Gap] = field(default_factory=list)
    read: frozenset[tuple[str, str]] = frozenset()
    conditions: Mapping[str, str] = field(default_factory=dict)
    streamed: frozenset[str] = frozenset()
    """The types that ``leaves`` hands out: nobody may look for one of them."""
    unjudged: Mapping[str, int] = field(default_factory=dict)
    """How many resources the source declares of each type that has no record here, by the source's own name for the type."""
    facts: dict[tuple[str, tuple[str, str, str, str]], Fact] = field(default_factory=dict)
    providers: Mapping[str, FactProvider] = field(default_factory=dict)
    estate: Estate | None = None
    """What belongs to machine learning, once somebody has asked (``model.estate.in_estate``)."""
    _by_type: dict[str, list[Resource]] | None = None
    _by_name: dict[str, dict[str, list[Resource]]] = field(default_factory=dict)
    _edges: dict[tuple[str, str], _Edges] = field(default_factory=dict)
    _unread: dict[tuple[str, str, str], Gap] | None = None

    def of_type(self, name: str) -> list[Resource]:
        """The kept resources of one type, in the source's order. Raises ``LookupError`` for a type that is streamed."""
        if name in self.streamed:
            raise LookupError(f"{name} is streamed: whoever looks back at it must have it kept")
        if self._by_type is None:
            by_type: dict[str, list[Resource]] = {}
            for resource in self.resources:
                by_type.setdefault(resource.type, []).append(resource)
            self._by_type = by_type
        return self._by_type.get(name, [])

    def __iter__(self) -> Iterator[Resource]:
        """Every resource: the streamed ones first, then those that are kept."""
        if self.leaves is not None:
            yield from self.leaves()
        yield from self.resources

    def age(self, time: str) -> datetime.timedelta | None:
        """How long before the collection ``time`` was (ISO 8601; UTC, where it has no offset); nothing for text that is no time."""
        try:
            moment = datetime.datetime.fromisoformat(time)
            return self.collected_at - (moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC))
        except (ValueError, OverflowError):
            return None

    # -- what is known to be complete -------------------------------------------------------------------------------------

    def unread_listing(self, type_name: str, account: str, region: str) -> Gap | None:
        """The failed listing of a type in a place, if any. A type listed once per account is looked up under ``global``."""
        if self._unread is None:
            self._unread = {(gap.type, gap.account, gap.region): gap for gap in self.gaps if not gap.resource}
        record = self.types.get(type_name)
        scope = record.live.scope if record is not None and record.live is not None else "region"
        if region == GLOBAL and scope != "global":
            # what has no region of its own is looked for in all of them
            return next((gap for (name, owner, _), gap in self._unread.items() if (name, owner) == (type_name, account)), None)
        return self._unread.get((type_name, account, GLOBAL if scope == "global" else region))

    def missing(self, type_name: str, near: Resource) -> Unknown | None:
        """Why "there is none" cannot be said of a type where ``near`` lives; nothing where the world is closed."""
        if not self.kind.has_runtime:
            return Unknown(Kind.OUTSIDE, f"{self._article(type_name)} may be declared outside {self.name}", Presence.MAYBE)
        if type_name not in self.types:
            return Unknown(Kind.UNREAD, f"{type_name} was not asked for", Presence.MAYBE)
        if (gap := self.unread_listing(type_name, near.account, near.region)) is not None:
            return Unknown(Kind.UNREAD, f"{gap.operation} failed: {gap.code}", Presence.MAYBE)
        if near.region not in ("", GLOBAL) and self._is_regional(type_name) and (near.account, near.region) not in self.read:
            return Unknown(Kind.UNREAD, f"{near.region} was not read", Presence.MAYBE)
        return None

    def _is_regional(self, type_name: str) -> bool:
        live = self.types[type_name].live
        return live is not None and live.scope == "region"

    def closed(self, type_name: str, near: Resource) -> bool:
        """Whether every resource of a type in the account and region of ``near`` is here."""
        return self.missing(type_name, near) is None

    def _article(self, type_name: str) -> str:
        title = self._title(type_name)
        return f"an {title}" if title[0] in "aeiou" else f"a {title}"

    def _title(self, type_name: str) -> str:
        record = self.types.get(type_name)
        return record.title if record is not None else type_name

    # -- edges -------------------------------------------------------------------------------------------------------------

    def resolve(self, value: Value, targets: tuple[str, ...], near: Resource) -> Target:
        """The resource of one of the ``targets`` types that ``value``, read from ``near``, names."""
        match value:
            case Absent() | None:
                return ABSENT
            case Unknown():
                return value
            case OneOf(values=()):
                return Unknown(Kind.DEFERRED, "one of no values", Presence.YES)
            case OneOf():
                found: Target = one_of([self.resolve(item, targets, near) for item in value.values])
                return found
            case Reference():
                return self._referenced(value, targets)
            case Text():
                return self._in_text(value, targets, near)
            case str():
                return self._named(value, targets, near)
            case Redacted():
                return Unknown(Kind.OUTSIDE, f"a secret ({value.kind}), which is not kept", Presence.YES)
            case _:
                return Unknown(Kind.UNREAD, f"not a name: {type(value).__name__}", Presence.YES)

    def _referenced(self, value: Reference, targets: tuple[str, ...]) -> Target:
        for target in targets:
            for resource in self._names(target).get(value.target, ()):
                if resource.id == value.target:
                    return resource
        return Unknown(Kind.OUTSIDE, f"{value.target} is not {self._article(targets[0])} of {self.name}", Presence.YES)

    def _in_text(self, value: Text, targets: tuple[str, ...], near: Resource) -> Target:
        if value.begins.startswith("s3://") and "/" in value.begins.removeprefix("s3://"):
            return self._named(value.begins, targets, near)
        for name in whole_names(value):
            if isinstance(name, Reference) and isinstance(found := self._referenced(name, targets), Resource):
                return found
        for part in value.parts:
            if isinstance(part, Unknown):
                return Unknown(part.kind, part.reason, Presence.YES)
        return Unknown(Kind.OUTSIDE, f"names no {self._title(targets[0])} of {self.name}", Presence.YES)

    def _named(self, value: str, targets: tuple[str, ...], near: Resource) -> Target:
        value = behind_gateway(value)
        for target in targets:
            names = self._names(target)
            for name in names_of(value):
                found = [item for item in names.get(name, ()) if self._may_mean(value, item, near)]
                if found:
                    here = [item for item in found if item.account == near.account and item.region == near.region]
                    # namesakes: both branches of a condition, or one name in the two accounts of a plan
                    chosen: Target = one_of(here or found)
                    return chosen
        if not self.kind.has_runtime:
            return Unknown(Kind.OUTSIDE, f"{value} is not in {self.name}", Presence.YES)
        if (elsewhere := self._elsewhere(value, near)) is not None:
            return Unknown(Kind.OUTSIDE, elsewhere, Presence.YES)
        for target in targets:
            if (unknown := self.missing(target, near)) is not None:
                return Unknown(unknown.kind, unknown.reason, Presence.YES)
        return Unknown(Kind.OUTSIDE, f"no {self._title(targets[0])} called {value} was found", Presence.YES)

    def _may_mean(self, value: str, item: Resource, near: Resource) -> bool:
        """Whether ``value``, read from ``near``, can name ``item``: a name that is not an ARN is one of its account and region."""
        if value == item.arn:
            # also one that belongs to nobody: a policy of AWS's own
            return True
        if (place := _place_in(value)) is not None:
            # a template does not say where it will be deployed
            return _fits(place[0], item.account) and (_fits(place[1], item.region) or item.region == GLOBAL)
        live = self.types[item.type].live
        if live is not None and live.region:
            # listed globally, living in a region: buckets, whose names are unique among all accounts
            return True
        return item.account == near.account and (item.region == near.region or GLOBAL in (item.region, near.region))

    def _elsewhere(self, name: str, near: Resource) -> str | None:
        account, region = _place_in(name) or ("", "")
        if account and account != near.account:
            return f"{name} belongs to account {account}"
        if region and near.account and (near.account, region) not in self.read:
            return f"{name} lies in {region}, which was not read"
        return None

    def _names(self, type_name: str) -> dict[str, list[Resource]]:
        names = self._by_name.get(type_name)
        if names is None:
            names = self._by_name[type_name] = {}
            record = self.types.get(type_name)
            for resource in self.of_type(type_name):
                own = {resource.id, resource.arn}
                for path in record.identifiers if record is not None else ():
                    own.update(item for _, item in walk(resource.properties, path) if isinstance(item, str))
                for name in own - {""}:
                    names.setdefault(name, []).append(resource)
        return names

    def referrers(self, target: Resource, type_name: str) -> Referrers:
        """The resources of one type with a reference that names ``target``."""
        index = (type_name, target.type)
        edges = self._edges.get(index)
        if edges is None:
            edges = self._edges[index] = self._index(type_name, target.type)
        maybe = [*edges.any, *edges.maybe.get(target.key, ())]
        if edges.literal and not self.is_named(target):
            maybe.extend(edges.literal)
        return Referrers(tuple(edges.known.get(target.key, ())), tuple(maybe))

    def is_named(self, resource: Resource) -> bool:
        """Whether everything that others may call ``resource`` is known: then a literal that is not among it means another."""
        record = self.types[resource.type]
        return not any(
            isinstance(value, Unknown | OneOf | Text | Redacted)
            for path in record.identifiers
            for _, value in walk(resource.properties, path)
        )

    def _index(self, type_name: str, target_type: str) -> _Edges:
        edges = _Edges()
        if target_type in (ACCOUNT, REGION):
            self._index_places(edges, type_name, target_type)
            return edges
        paths = [(path, targets) for path, targets in self.types[type_name].references.items() if target_type in targets]
        for resource in self.of_type(type_name):
            for path, targets in paths:
                for _, value in walk(resource.properties, path):
                    self._add_edge(edges, resource, value, self.resolve(value, targets, resource))
        return edges

    def _index_places(self, edges: _Edges, type_name: str, target_type: str) -> None:
        for resource in self.of_type(type_name):
            for owner in self.of_type(target_type):
                if owner.account == resource.account and (target_type == ACCOUNT or owner.region == resource.region):
                    edges.known.setdefault(owner.key, []).append(resource)

    def _add_edge(self, edges: _Edges, resource: Resource, value: Value, found: Target) -> None:
        match found:
            case Resource() if (unknown := self.unsure(resource, found)) is not None:
                edges.maybe.setdefault(found.key, []).append(unknown)
            case Resource():
                known = edges.known.setdefault(found.key, [])
                if resource not in known:
                    known.append(resource)
            case Unknown():
                unknown = Unknown(found.kind, f"{resource.id} may name it: {found.reason}", Presence.MAYBE)
                (edges.literal if isinstance(value, str) else edges.any).append(unknown)
            case OneOf():
                for item in found.values:
                    if isinstance(item, Resource):
                        unknown = Unknown(
                            Kind.DEFERRED, f"{resource.id} may name it: one of {len(found.values)}", Presence.MAYBE
                        )
                        edges.maybe.setdefault(item.key, []).append(unknown)
                    else:
                        self._add_edge(edges, resource, value, item)

    def unsure(self, resource: Resource, beside: Resource) -> Unknown | None:
        """Why ``resource`` may not be there though ``beside`` is; nothing where it surely is, or rests on the same condition."""
        condition = self.conditions.get(resource.id, "")
        if condition in ("", self.conditions.get(beside.id)):
            return None
        return Unknown(Kind.DEFERRED, f"{resource.id} is there only if {condition}", Presence.MAYBE)

    # -- facts -------------------------------------------------------------------------------------------------------------

    def fact(self, name: str, resource: Resource) -> Fact:
        """A fact about one resource, computed once. A fact that nothing provides is unknown."""
        found = self.facts.get((name, resource.key))
        if found is None:
            provider = self.providers.get(name)
            if provider is None:
                return Fact(Unknown(Kind.OUTSIDE, f"{name} is not told by {self.name}"))
            found = self.facts[(name, resource.key)] = _undecided(provider(self, resource))
        return found


def _undecided(fact: Fact) -> Fact:
    """``fact``; of one that is not known, not even that there is something to it, whatever it was derived from."""
    match fact.value:
        case Unknown(kind=kind, reason=reason, present=Presence.YES | Presence.NO):
            return replace(fact, value=Unknown(kind, reason, Presence.MAYBE))
    return fact


def _fits(named: str, own: str) -> bool:
    return not named or not own or named == own


# https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html
_IMAGE: Final = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr(?:-fips)?\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/(?P<repository>[^:@]+)"
)


def _place_in(name: str) -> tuple[str, str] | None:
    """The account and the region that ``name`` tells, each perhaps empty: those of an ARN, or of an image's registry."""
    parts = name.split(":", 5)
    if parts[0] == "arn" and len(parts) == 6:
        return parts[4], parts[3]
    image = _IMAGE.match(name)
    return (image["account"], image["region"]) if image else None


_INTEGRATION: Final = re.compile(
    r"arn:(?P<partition>[^:]*):apigateway:(?P<region>[^:]*):(?P<service>[^:]*):(?:path|action)/(?P<path>.*)"
)
_ENDPOINT: Final = re.compile(r"/?endpoints/(?P<name>[^/]+)/")
_FUNCTION: Final = re.compile(r"functions/(?P<arn>arn:[^/]+)/invocations")


def behind_gateway(value: str) -> str:
    """The ARN of what an integration of API Gateway calls, where ``value`` is the URI of one; itself otherwise.

    https://docs.aws.amazon.com/apigateway/latest/api/API_Integration.html
    """
    uri = _INTEGRATION.fullmatch(value)
    if uri is None:
        return value
    if function := _FUNCTION.search(uri["path"]):
        return function["arn"]
    endpoint = _ENDPOINT.match(uri["path"])
    if endpoint is not None and uri["service"] == "runtime.sagemaker":
        return f"arn:{uri['partition']}:sagemaker:{uri['region']}::endpoint/{endpoint['name']}"
    return value


def names_of(value: str) -> Iterable[str]:
    """The names by which ``value`` may be known, most exact first.

    They are itself, the bucket of an S3 URI, the repository of an image, the last part of an ARN. What names the streams of a log
    group names the group.
    """
    yield value
    if value.startswith("s3://"):
        yield value[5:].split("/", 1)[0]
    elif (image := _IMAGE.match(value)) is not None:
        yield image["repository"]
    elif value.startswith("arn:"):
        # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/send-cloudtrail-events-to-cloudwatch-logs.html
        value = value.removesuffix(":*")
        yield value
        resource = value.split(":", 5)[-1]
        yield resource
        for separator in ("/", ":"):
            if separator in resource:
                yield resource.rsplit(separator, 1)[1]
                yield resource.split(separator, 1)[1]
