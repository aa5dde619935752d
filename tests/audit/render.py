"""One small world as a template and as a plan, from the type records alone; ``account`` answers for it live.

A world is a list of resources as an example of a rule declares them: plain CloudFormation properties, names as text.
"""

from __future__ import annotations

from auditor.model.inventory import ACCOUNT, REGION
from auditor.model.shape import from_declared, snake
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
