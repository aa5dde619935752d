"""One small world in each of the four sources' own shapes, from the type records alone.

A world is a list of resources as an example of a rule declares them: plain CloudFormation properties, names as text.
"""

from __future__ import annotations

import datetime
import json
from types import SimpleNamespace

from auditor.model.inventory import ACCOUNT, REGION
from auditor.model.paths import walk
from auditor.model.resource import GLOBAL
from auditor.model.shape import from_declared, snake
from auditor.sources.aws.session import reading_session
from auditor.types import all_types

# what CloudFormation gives out and does not take
GIVEN_OUT = {
    "ApiId",
    "FileSystemId",
    "GroupId",
    "Id",
    "InternetGatewayId",
    "KeyId",
    "MemoryId",
    "NatGatewayId",
    "PrefixListId",
    "ProtectionId",
    "RestApiId",
    "RouteTableId",
    "SubnetId",
    "TopicArn",
    "VolumeId",
    "VpcId",
}


# -- the live account ----------------------------------------------------------------------------------------------------------


class Account:
    """Answers every call of the records from a world, in the shape of botocore's models."""

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
            for call in () if record.live is None else (record.live.listing, *record.live.each):
                self.calls.setdefault(call.operation, []).append((record, call))

    @property
    def regions(self):
        return sorted({resource.region for resource in self.world} - {GLOBAL})

    def session(self, types):
        hooks = {"before-parameter-build": self.listen, "before-call": self.answer}
        return reading_session(types=types, hooks=hooks)

    def listen(self, params, context, **_):
        context["asked"] = params

    def answer(self, model, context, **_):
        operation = f"{model.service_model.service_name}:{model.name}"
        asked = context["asked"]
        if operation not in self.calls and model.name in self.answers:
            return self._ok(self.answers[model.name])
        for record, call in self.calls[operation]:
            if all(asked.get(name) == value for name, value in call.params.items()):
                if call is record.live.listing:
                    region = context["client_region"] if record.live.scope == "region" else None
                    return self._ok(self._listed(record, call, model, region))
                return self._each(record, call, model, asked)
        raise AssertionError(f"nothing of the world answers {operation} {asked}")

    def _listed(self, record, call, model, region):
        found = [item for item in self.world if item.type == record.name and (region is None or item.region == region)]
        items = [self._item(record, resource) for resource in found]
        top, _, inner = call.result.partition("[]")
        if not call.result.endswith("[]") and "[]" not in call.result:
            answer = {top: items[0] if items else {}}
        else:
            place = inner.lstrip(".")
            answer = {top: [{place: item} if place else item for item in items]}
        return _typed(answer, model.output_shape)

    def _each(self, record, call, model, asked):
        for resource in self.world:
            if resource.type != record.name:
                continue
            item = self._item(record, resource)
            wanted = {name: next(value for _, value in walk(item, place)) for name, place in call.args.items()}
            if all(asked[name] == value for name, value in wanted.items()):
                content = item.get(call.into) if call.into else item
                if content is None and call.empty:
                    return SimpleNamespace(status_code=200, headers={}), {"ResponseMetadata": {"Empty": call.empty}}
                if content is None and not call.absent:
                    # AWS has one of each thing
                    content = [] if call.result.endswith("[]") else "{}"
                if content is None:
                    return SimpleNamespace(status_code=404), {"Error": {"Code": call.absent[0], "Message": "not set"}}
                place = call.result.removesuffix("[]")
                return self._ok(_typed({place: content} if place else content, model.output_shape))
        raise AssertionError(f"{call.operation} was asked about {asked}, which is not in the world")

    def _item(self, record, resource):
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
        return item

    @staticmethod
    def _ok(answer):
        return SimpleNamespace(status_code=200, headers={}), {**answer, "ResponseMetadata": {"HTTPStatusCode": 200}}


def arn_of(resource):
    service, kind = resource.type.split("::")[1:]
    return f"arn:aws:{service.lower()}:{resource.region}:{resource.account}:{kind.lower()}/{resource.id}"


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
    if shape.type_name == "string" and isinstance(value, dict):
        return json.dumps(value)
    return value


# -- the template --------------------------------------------------------------------------------------------------------------


def template(world):
    """The world as a CloudFormation template: names of its own resources become references, satellites resources."""
    logical = {resource.key: f"R{index}" for index, resource in enumerate(world)}
    resources = {}
    for resource in world:
        record = all_types()[resource.type]
        if not record.cloudformation:
            continue
        properties = {
            name: _referring(
                value, name, resource, record, world, lambda found, _: {"Ref": logical[found.key]}, _in_uri(logical)
            )
            for name, value in resource.properties.items()
            if name not in GIVEN_OUT or record.identifiers[:1] != (name,)
        }
        if resource.tags:
            properties["Tags"] = [{"Key": key, "Value": value} for key, value in resource.tags.items()]
        for fold in record.folds:
            name = fold.into.removesuffix("[]")
            if name in properties and record.name.startswith("AWS::EC2::"):
                for index, content in enumerate(properties.pop(name)):
                    owner = {fold.owner: {"Ref": logical[resource.key]}}
                    resources[f"{logical[resource.key]}x{fold.type.split('::')[2]}{index}"] = {
                        "Type": fold.type,
                        "Properties": {**content, **owner},
                    }
        resources[logical[resource.key]] = {"Type": resource.type, "Properties": properties}
    return {"Resources": resources}, {logical[resource.key]: resource for resource in world}


def _in_uri(logical):
    return lambda found, rest: {"Fn::Sub": f"s3://${{{logical[found.key]}}}/{rest}"}


def _referring(value, path, resource, record, world, name, uri):
    """``value`` with each text at a reference's path that names a resource of ``world`` replaced by a reference to it."""
    if isinstance(value, list):
        return [_referring(item, f"{path}[]", resource, record, world, name, uri) for item in value]
    if isinstance(value, dict):
        return {key: _referring(item, f"{path}.{key}", resource, record, world, name, uri) for key, item in value.items()}
    targets = _targets(record, path)
    for found in world if isinstance(value, str) and targets else ():
        if found.type in targets and found is not resource:
            if value in (found.id, found.arn):
                return name(found, value)
            if value.startswith(f"s3://{found.id}/"):
                return uri(found, value.removeprefix(f"s3://{found.id}/"))
    return value


def _targets(record, path):
    plain = {
        key.split("[Name=")[0] + ("[]" + key.split("]", 1)[1] if "[Name=" in key else ""): types
        for key, types in record.references.items()
    }
    return {**record.references, **plain}.get(path, ())


# -- the plan ------------------------------------------------------------------------------------------------------------------


def plan(world):
    """The world as Terraform's plan: ids that AWS gives out are unknown, and the configuration says what they refer to."""
    declared = [resource for resource in world if all_types()[resource.type].terraform is not None]
    addresses = {
        resource.key: f"{all_types()[resource.type].terraform.type}.r{index}" for index, resource in enumerate(declared)
    }
    writer = _Plan(world, addresses)
    for resource in declared:
        writer.add_resource(resource)
    return writer.document(), {addresses[resource.key]: resource for resource in declared}


class _Plan:
    def __init__(self, world, addresses):
        self.world, self.addresses = world, addresses
        self.planned, self.changes, self.configured = [], [], []

    def document(self):
        return {
            "format_version": "1.2",
            "terraform_version": "1.9.0",
            "planned_values": {"root_module": {"resources": self.planned}},
            "resource_changes": self.changes,
            "configuration": {"root_module": {"resources": self.configured}},
        }

    def add_resource(self, resource):
        record = all_types()[resource.type]
        where = self.addresses[resource.key]
        properties = dict(resource.properties)
        if record.identifiers and record.identifiers[0] in GIVEN_OUT:
            properties.pop(record.identifiers[0], None)
        elif record.identifiers:
            properties.setdefault(record.identifiers[0], resource.id)
        for fold in record.terraform.folds:
            name = fold.into.removesuffix("[]")
            if name in properties and (record.name.startswith("AWS::EC2::") or record.terraform.names.get(name) == ""):
                contents = properties.pop(name)
                for index, content in enumerate(contents if fold.into.endswith("[]") else [contents]):
                    self.add_satellite(resource, fold, name, content, f"{fold.type}.{where.split('.')[1]}x{index}")
        attributes = self.attributes(properties, resource, record, record.terraform.names, "", record.properties)
        self.add(where, {**attributes, **({"tags": dict(resource.tags)} if resource.tags else {})})

    def add_satellite(self, resource, fold, name, content, where):
        record = all_types()[resource.type]
        owner = Named([f"{self.addresses[resource.key]}.id", self.addresses[resource.key]])
        schema, at = record.properties[name], name
        if fold.into.endswith("[]"):
            schema, at = schema[0], f"{name}[]"
        if "" in fold.names:
            content, schema, at = {fold.into: content}, {fold.into: schema}, ""
            names = {fold.into: fold.names[""]}
        else:
            names = fold.names
        values = self.attributes(content, resource, record, names, at, schema)
        self.add(where, {**values, fold.owner: owner})

    def add(self, where, values):
        kind, name = where.split(".")
        same = {"address": where, "mode": "managed", "type": kind, "name": name}
        known, unknown, expressions = {}, {"id": True, "arn": True}, {}
        for attribute, value in values.items():
            known[attribute], unknown[attribute], expressions[attribute] = _planned(value)
        self.planned.append({**same, "values": known})
        self.changes.append(
            {**same, "change": {"actions": ["create"], "before": None, "after": known, "after_unknown": unknown}}
        )
        self.configured.append({**same, "expressions": expressions})

    def attributes(self, properties, resource, record, names, at, schema):
        """Terraform's attributes, with ``Named`` for what has no name before the apply."""
        known = {
            name: _referring(value, f"{at}.{name}" if at else name, resource, record, self.world, self.name, self.uri)
            for name, value in properties.items()
        }
        return from_declared(known, schema, names, snake, blocks_as_lists=True, json_as_text=True)

    def name(self, found, value):
        where = self.addresses.get(found.key)
        given_out = all_types()[found.type].identifiers[0] in GIVEN_OUT
        return Named([f"{where}.{'arn' if ':' in value else 'id'}", where]) if where and given_out else value

    def uri(self, found, rest):
        return f"s3://{found.id}/{rest}"


class Named(str):
    """Text that only the apply makes known, and the references of the expression behind it."""

    def __new__(cls, references):
        made = super().__new__(cls, references[0])
        made.references = references
        return made


def _planned(value):
    """A value as the plan knows it, which of it is unknown, and the expression behind it."""
    if isinstance(value, Named):
        return None, True, {"references": value.references}
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        blocks = [{name: _planned(inner) for name, inner in item.items()} for item in value]
        return tuple([{name: parts[index] for name, parts in block.items()} for block in blocks] for index in range(3))
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    references = [reference for item in items if isinstance(item, Named) for reference in item.references]
    if not references:
        return value, False, {"constant_value": value}
    if isinstance(value, dict):
        return (
            {name: None if isinstance(item, Named) else item for name, item in value.items()},
            {name: isinstance(item, Named) for name, item in value.items()},
            {"references": references},
        )
    return (
        [None if isinstance(item, Named) else item for item in value],
        [isinstance(item, Named) for item in value],
        {"references": references},
    )


# -- what belongs to no world --------------------------------------------------------------------------------------------------


def is_place(resource):
    """Whether a resource stands for an account or a region, which no template declares."""
    return resource.type in (ACCOUNT, REGION)
