"""A live account that answers every call of the records from one small world, in the shape of botocore's models."""

from __future__ import annotations

import csv
import datetime
import io
import json
from types import SimpleNamespace

from auditor.model.paths import walk
from auditor.model.resource import GLOBAL
from auditor.model.resource_type import ACCOUNT_ID, SINCE
from auditor.model.shape import from_declared
from auditor.sources.aws.parsers import EMPTY
from auditor.sources.aws.permissions import calls_of
from auditor.sources.aws.session import reading_session
from auditor.sources.aws.shapes import member
from auditor.types import all_types


class Account:
    """A world is a list of resources as an example of a rule declares them: plain CloudFormation properties, names as text."""

    def __init__(self, world):
        self.world = world
        account = next(resource.account for resource in world)
        self.answers = {
            "GetCallerIdentity": {"Account": account, "Arn": f"arn:aws:iam::{account}:role/auditor"},
            "DescribeRegions": {
                "Regions": [{"RegionName": name, "OptInStatus": "opt-in-not-required"} for name in self.regions]
            },
            "GetResources": {"ResourceTagMappingList": []},
        }
        # several records share one operation and differ in what they ask of it
        self.calls = {}
        for record in all_types().values():
            for call in () if record.live is None else calls_of(record.live):
                self.calls.setdefault(call.operation, []).append((record, call))

    @property
    def regions(self):
        return sorted({resource.region for resource in self.world} - {GLOBAL})

    def session(self, types):
        self.types = types
        hooks = {"before-parameter-build": self.listen, "before-call": self.answer}
        return reading_session(types=types, hooks=hooks)

    def listen(self, params, context, **_):
        context["asked"] = params

    def answer(self, model, context, **_):
        operation = f"{model.service_model.service_name}:{model.name}"
        asked = context["asked"]
        if operation not in self.calls and model.name in self.answers:
            return _ok(self.answers[model.name])
        calls = [(record, call) for record, call in self.calls[operation] if _is_asked(call, asked)]
        for record, call in calls:
            if call in record.live.each:
                return self._each(record, call, model, asked)
            if call == record.live.prepare:
                return _ok({"State": "COMPLETE"})
        if not calls:
            raise AssertionError(f"nothing of the world answers {operation} {asked}")
        items, region = [], context["client_region"]
        for record, call in calls:
            found = self._parents if call == record.live.parents else self._listed
            items += [item for item in found(record, call, region, asked) if item not in items]
        return _listing(calls[0][1], items, model)

    def _of(self, record, region):
        scope = record.live.scope
        return [item for item in self.world if item.type == record.name and (scope == GLOBAL or item.region == region)]

    def _listed(self, record, call, region, asked):
        for index, resource in enumerate(self._of(record, region)):
            item = _item(record, resource)
            if record.live.parents is None or _of_parent(call, item, index) == {name: asked[name] for name in call.args}:
                yield item

    def _parents(self, record, call, region, asked):
        """What holds the world's resources of a type, by the names that these have for it."""
        listing = record.live.listing
        for index, resource in enumerate(self._of(record, region) if record.name in self.types else ()):
            named = _of_parent(listing, _item(record, resource), index)
            parent = {path: named[name] for name, path in listing.args.items()}
            yield parent.get("", parent)

    def _each(self, record, call, model, asked):
        for resource in self.world:
            if resource.type != record.name:
                continue
            item = _item(record, resource)
            wanted = {name: next((value for _, value in walk(item, place)), None) for name, place in call.args.items()}
            if all(asked[name] == value for name, value in wanted.items()):
                # an answer repeats what it is about, by the name under which that was asked
                content = item.get(call.into) if call.into else {**wanted, **item}
                if content is None:
                    return _nothing(call, model.output_shape)
                return _ok(_typed(_placed(call.result, content), model.output_shape))
        raise AssertionError(f"{call.operation} was asked about {asked}, which is not in the world")


def _is_asked(call, asked):
    return all(_same(value, asked.get(name)) for name, value in call.params.items())


def _same(value, asked):
    if isinstance(value, dict):
        return isinstance(asked, dict) and all(_same(item, asked.get(key)) for key, item in value.items())
    if isinstance(value, list):
        return isinstance(asked, list) and all(map(_same, value, asked))
    return value in (SINCE, ACCOUNT_ID, asked)


def _item(record, resource):
    item = from_declared(resource.properties, record.properties, record.live.names)
    runtime_names = {key.removeprefix("runtime."): value for key, value in record.live.names.items()}
    item |= from_declared(resource.runtime, record.runtime, runtime_names)
    if record.identifiers:
        name = record.live.names.get(record.identifiers[0], record.identifiers[0])
        item.setdefault(name, resource.id)
    if record.live.region:
        item[record.live.region] = resource.region
    if record.live.arn and "{" not in record.live.arn:
        item.setdefault(record.live.arn, resource.arn or arn_of(resource))
    if record.live.arn == "TrailARN":
        item["TrailARN"] = arn_of(resource)
    # an example leaves out what its rule does not read, an account does not
    for place in (place for call in record.live.each for place in call.args.values() if place):
        item.setdefault(place, f"some-{place}")
    if resource.tags:
        item["Tags"] = [{"Key": key, "Value": value} for key, value in resource.tags.items()]
    return item


def _of_parent(listing, item, index):
    """What names an item's parent; made up where the item itself does not know."""
    return {
        name: next((value for _, value in walk(item, path)), f"parent-{index}") if path else f"parent-{index}"
        for name, path in listing.args.items()
    }


def arn_of(resource):
    service, kind = resource.type.split("::")[1:]
    return f"arn:aws:{service.lower()}:{resource.region}:{resource.account}:{kind.lower()}/{resource.id}"


def _listing(call, items, model):
    if call.form == "csv":
        return _ok({call.result: _table(items)})
    if "[]" in call.result:
        return _ok(_typed(_placed(call.result, items), model.output_shape))
    if items:
        return _ok(_typed(_placed(call.result, items[0]), model.output_shape))
    return _nothing(call, model.output_shape)


def _placed(result, content):
    """An answer that has ``content`` at the path ``result``; the elements of a list where a part of the path ends in ``[]``."""
    head, _, rest = result.partition(".")
    if not head:
        return content
    if head.endswith("[0]"):
        return {head.removesuffix("[0]"): [_placed(rest, content)]}
    if not head.endswith("[]"):
        return {head: _placed(rest, content)}
    return {head.removesuffix("[]"): [_placed(rest, item) for item in content] if rest else content}


def _nothing(call, shape):
    """The answer that nothing is set; where a call has none, as little as its answer can tell."""
    if call.empty:
        return SimpleNamespace(status_code=200, headers={}), {"ResponseMetadata": {EMPTY: call.empty}}
    if call.absent:
        code, _, words = call.absent[0].partition(": ")
        return SimpleNamespace(status_code=404, headers={}), {"Error": {"Code": code, "Message": words or "not set"}}
    return _ok(_placed(call.result, _least(member(shape, call.result.removesuffix("[]")))))


def _least(shape):
    if shape.type_name == "structure":
        name, inner = min(shape.members.items(), key=lambda entry: entry[1].type_name == "structure")
        return {name: _least(inner)}
    return {"boolean": False, "integer": 0, "long": 0, "list": [], "map": {}}.get(shape.type_name, "{}")


def _table(items):
    columns = list(dict.fromkeys(key for item in items for key in item)) or ["user"]
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, columns, restval="N/A")
    writer.writeheader()
    for item in items:
        writer.writerow({key: str(value).lower() if isinstance(value, bool) else value for key, value in item.items()})
    return file.getvalue().encode()


def _ok(answer):
    return SimpleNamespace(status_code=200, headers={}), {**answer, "ResponseMetadata": {"HTTPStatusCode": 200}}


def _typed(value, shape):
    """``value`` with what ``shape`` has as a time or a text made so; what ``shape`` does not know is left out."""
    if shape.type_name == "structure" and isinstance(value, dict):
        return {name: _typed(item, shape.members[name]) for name, item in value.items() if name in shape.members}
    if shape.type_name == "list" and isinstance(value, list):
        return [_typed(item, shape.member) for item in value]
    if shape.type_name == "map" and isinstance(value, dict):
        return {key: _typed(item, shape.value) for key, item in value.items()}
    if shape.type_name == "timestamp":
        return datetime.datetime.fromisoformat(value)
    if shape.type_name == "string" and isinstance(value, dict | int):
        return json.dumps(value)
    return value
