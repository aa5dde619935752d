"""Reading one unit: everything of one type in one region, or once per account."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from auditor.model.inventory import Gap
from auditor.model.paths import walk
from auditor.model.resource import GLOBAL, Origin, Resource
from auditor.model.resource_type import JSON, Call, Live, ResourceType
from auditor.model.shape import to_declared
from auditor.model.values import Kind, Presence, Unknown, Value
from auditor.sources.aws.asking import arguments, is_absent, items, seems_gone, value_at
from auditor.sources.aws.calls import UNPARSABLE, Caller, UnansweredError
from auditor.sources.aws.listing import Listing
from auditor.sources.aws.shapes import member, place_of
from auditor.sources.aws.tags import Tags, tags_of
from auditor.sources.batch import Batch, Unit

_RUNTIME: Final = "runtime."
_MEMBER = re.compile(r"\{(\w+)\}")


NOT_ASKED: Final = Unknown(Kind.UNREAD, "not asked: nothing of machine learning here refers to it", Presence.MAYBE)
"""What is not known of something that was listed, and that the estate does not reach."""


@dataclass(slots=True)
class Found:
    """A resource in the making. ``values`` are the declared properties by name, the others as ``runtime.Name``."""

    item: dict[str, Any]
    values: dict[str, Value]
    unasked: tuple[Call, ...] = ()
    """The calls about it that were not made yet."""
    origins: dict[str, Origin] = field(default_factory=dict)
    failures: list[tuple[Call, UnansweredError]] = field(default_factory=list)

    @property
    def seems_gone(self) -> bool:
        """Whether AWS said of it that it does not exist."""
        return any(seems_gone(error) for _, error in self.failures)


@dataclass
class Reading:
    """One unit, read in three steps: everything is listed, single things are asked about (in any order and number), it is put together.

    What AWS does not answer becomes gaps and unknown properties; nothing is raised for it. A listing that breaks off keeps what it
    gave and is reported as unread. A resource of which AWS says that it does not exist is left out where a second listing has it no
    longer: it was deleted in between. What was not asked about a thing is ``NOT_ASKED``, which is no gap.
    """

    caller: Caller
    unit: Unit
    record: ResourceType
    live: Live
    tags: Tags
    gaps: list[Gap] = field(default_factory=list)
    found: dict[str, Found] = field(default_factory=dict)

    def list_all(self) -> None:
        """Fill ``found`` with what the listing tells of each."""
        for item in self._items():
            thing = Found(dict(item), self._shaped(item), self.live.each)
            if self._name(thing):
                # a thing may stand on two pages of a listing that changes meanwhile
                self.found.setdefault(self._key(thing), thing)
            else:
                message = f"an item without {self.record.identifiers[0]}"
                self._unread(UnansweredError(self.live.listing.operation, UNPARSABLE, message))

    def ask(self, things: Iterable[Found], calls: tuple[Call, ...]) -> None:
        """Ask ``calls`` about each of ``things``."""
        for thing in things:
            for call in calls:
                self._ask(thing, call)
            thing.unasked = tuple(call for call in thing.unasked if call not in calls)

    def seen(self, thing: Found) -> Resource:
        """What is known of ``thing`` so far, but for its tags."""
        region = self._region(thing.item)
        properties = {path: value for path, value in thing.values.items() if not path.startswith(_RUNTIME)}
        origin, arn = Origin(self.live.listing.operation), self._arn(thing.item, region)
        return Resource(self.record.name, self._name(thing), properties, origin, self.unit[0], region, arn)

    def batch(self) -> Batch:
        """The unit, once all that is to be asked was asked."""
        for key in self._deleted({key for key, thing in self.found.items() if thing.seems_gone}):
            del self.found[key]
        resources = tuple(self._resource(name, thing) for name, thing in self._named(self.found))
        return Batch(self.unit, resources, tuple(self.gaps), dict(self.caller.counts))

    def _named(self, found: Mapping[str, Found]) -> Iterator[tuple[str, Found]]:
        """Each with its name, or with its ARN where several bear the name: a region lists trails of others as well."""
        names = Counter(map(self._name, found.values()))
        for key, thing in found.items():
            name = self._name(thing)
            yield (name if names[name] == 1 else key), thing

    # -- the listing -------------------------------------------------------------------------------------------------------

    def _items(self) -> Iterator[dict[str, Any]]:
        listing = Listing(self.caller, self.live, self._column)
        yield from listing.items()
        for error in listing.errors:
            self._unread(error)

    @property
    def _column(self) -> str:
        """The member of an item that names it."""
        return self.live.names.get(name, name) if (name := next(iter(self.record.identifiers), "")) else ""

    def _unread(self, error: UnansweredError) -> None:
        account, region, name = self.unit
        self.gaps.append(Gap(account, region, error.operation, name, error.code, error.message))

    def _deleted(self, doubtful: set[str]) -> set[str]:
        """Those of ``doubtful`` that a second listing has no longer; none where it cannot be read."""
        if not doubtful:
            return doubtful
        again = Reading(self.caller, self.unit, self.record, self.live, self.tags)
        there = {self._key(Found(item, self._shaped(item))) for item in again._items()}
        return set() if again.gaps else doubtful - there

    # -- one item ----------------------------------------------------------------------------------------------------------

    def _ask(self, thing: Found, call: Call) -> None:
        try:
            answer = self._asked(call, thing.item)
            told = self._read(call, answer)
        except UnansweredError as error:
            thing.failures.append((call, error))
            return
        thing.item.update(answer)
        thing.values.update(told)
        thing.origins.update(dict.fromkeys(call.provides, Origin(call.operation)))

    def _asked(self, call: Call, item: dict[str, Any]) -> dict[str, Any]:
        params, region = arguments(self.caller, call, item), self._region(item)
        try:
            if call.result.endswith("[]"):
                return {call.into: list(items(self.caller, call, params, region))}
            answer = self.caller.one(call.operation, params, region, empty=call.empty)
        except UnansweredError as error:
            if is_absent(call, error):
                return {}
            raise
        if not answer:
            return {}
        result = value_at(answer, call.result, call) if call.result else answer
        if result == {}:
            # what botocore makes of a body that is not the structure it expects: S3 has no empty configurations
            raise UnansweredError(call.operation, UNPARSABLE, f"{call.result} is empty")
        self._check_echo(call, params, result)
        return {call.into: result} if call.into else result

    def _check_echo(self, call: Call, params: Mapping[str, object], result: Any) -> None:
        """An answer that is to repeat what was asked about must be about that; an ARN may be answered by the name in it."""
        for name in call.args:
            if self._tells_in_result(call, name):
                asked, answered = str(params[name]), result.get(name)
                if not answered or (asked != answered and not asked.endswith((f"/{answered}", f":{answered}"))):
                    raise UnansweredError(call.operation, UNPARSABLE, f"asked about {asked}, answered about {answered}")

    def _read(self, call: Call, answer: Mapping[str, Any]) -> dict[str, Value]:
        """What ``answer`` tells. A document that comes as text is one that could be parsed."""
        told = self._shaped(answer)
        for path, schema in self.record.properties.items():
            if schema == JSON and isinstance(told.get(path), str):
                raise UnansweredError(call.operation, UNPARSABLE, f"{path} is not JSON")
        return told

    def _shaped(self, source: Mapping[str, Any]) -> dict[str, Value]:
        record, names = self.record, self.live.names
        declared = to_declared(source, record.properties, names)
        runtime = to_declared(source, record.runtime, names, at="runtime")
        return {**declared, **self._withheld(source), **{_RUNTIME + name: value for name, value in runtime.items()}}

    def _withheld(self, source: Mapping[str, Any]) -> dict[str, Value]:
        """The properties in whose place ``source`` has an error."""
        return {
            path: Unknown(Kind.UNREAD, f"AWS did not tell {path}: {code}", Presence.YES)
            for path, place in self.live.withheld.items()
            for _, code in walk(source, place)
        }

    def _key(self, thing: Found) -> str:
        return self._arn(thing.item, self._region(thing.item)) or self._names(thing) or self._name(thing)

    def _names(self, thing: Found) -> str:
        """All identifiers as one: what has no ARN may share its first with others (Studio's apps)."""
        return "/".join(value for path in self.record.identifiers if isinstance(value := thing.values.get(path), str))

    def _name(self, thing: Found) -> str:
        if not self.record.identifiers:
            return self.unit[0]
        value = thing.values.get(self.record.identifiers[0])
        return value if isinstance(value, str) else ""

    def _region(self, item: Mapping[str, Any]) -> str:
        """The item's own region; empty where the answer ought to tell it and does not."""
        if not self.live.region:
            return self.unit[1]
        return next((value for _, value in walk(item, self.live.region) if isinstance(value, str)), "")

    # -- the resource ------------------------------------------------------------------------------------------------------

    def _resource(self, name: str, thing: Found) -> Resource:
        region = self._region(thing.item)
        arn = self._arn(thing.item, region)
        self._mark_unread(name, region, thing)
        own = {path: value for path, value in thing.values.items() if not path.startswith(_RUNTIME)}
        runtime = {path.removeprefix(_RUNTIME): value for path, value in thing.values.items() if path.startswith(_RUNTIME)}
        origin, tags = Origin(self._main_of(thing).operation), self._tags(thing.item, arn, region)
        return Resource(self.record.name, name, own, origin, self.unit[0], region, arn, runtime, tags, thing.origins)

    def _mark_unread(self, name: str, region: str, thing: Found) -> None:
        for call, error in thing.failures:
            reason = Unknown(Kind.UNREAD, str(error), Presence.MAYBE)
            for path in self._provided(call):
                thing.values.setdefault(path, reason)
            self._gap(name, region, error, call.provides)
        for call in thing.unasked:
            for path in self._provided(call):
                thing.values.setdefault(path, NOT_ASKED)
        for path in self.live.untold:
            thing.values.setdefault(path, Unknown(Kind.UNREAD, f"no call that is made tells {path}", Presence.MAYBE))

    def _gap(self, name: str, region: str, error: UnansweredError, provides: tuple[str, ...]) -> None:
        self.gaps.append(
            Gap(self.unit[0], region, error.operation, self.record.name, error.code, error.message, name, provides)
        )

    @cached_property
    def _paths(self) -> tuple[str, ...]:
        return (*self.record.properties, *(_RUNTIME + name for name in self.record.runtime))

    def _main_of(self, thing: Found) -> Call:
        """The call that told most: the first that provides whatever no other does, else the listing."""
        failed = [call for call, _ in thing.failures]
        asked = (call for call in self.live.each if not call.provides and call not in (*thing.unasked, *failed))
        return next(asked, self.live.listing)

    def _provided(self, call: Call) -> tuple[str, ...]:
        others = {path for other in self.live.each for path in other.provides}
        return call.provides or tuple(path for path in self._paths if path not in others)

    @cached_property
    def _lists_tags(self) -> bool:
        listing = self.live.listing
        return place_of(listing, "Tags", self._output(listing)) is not None

    def _tells_in_result(self, call: Call, name: str) -> bool:
        shape = member(self._output(call), call.result)
        return shape.type_name == "structure" and name in shape.members

    def _output(self, call: Call) -> Any:
        return self.caller.session.model(call.operation).output_shape

    def _arn(self, item: Mapping[str, Any], region: str) -> str:
        pattern = self.live.arn
        if "{" not in pattern:
            return next((value for _, value in walk(item, pattern) if isinstance(value, str)), "") if pattern else ""
        known = {**item, "partition": self.caller.session.partition, "account": self.unit[0], "region": region}
        filled = _MEMBER.sub(lambda match: str(known.get(match[1], "")), pattern)
        return filled if all(known.get(name) for name in _MEMBER.findall(pattern)) else ""

    def _tags(self, item: Mapping[str, Any], arn: str, region: str) -> Mapping[str, Value] | Unknown:
        if self._lists_tags:
            return tags_of(item.get("Tags", []))
        place = arn.split(":", 4)[3] if arn.count(":") >= 4 else ""
        try:
            return self.tags.of(arn, place or region or GLOBAL, self.caller)
        except UnansweredError as error:
            if not any(gap.provides == ("tags",) for gap in self.gaps):
                self._gap("*", self.unit[1], error, ("tags",))
            return Unknown(Kind.UNREAD, str(error), Presence.MAYBE)
