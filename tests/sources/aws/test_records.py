"""Every record of a type against botocore's own models: what it asks exists, and what it reads has a place in the answer."""

from __future__ import annotations

import re

import botocore.session
import pytest
from botocore.validate import validate_parameters

from auditor.model.paths import parse
from auditor.sources.aws.shapes import member, place_of
from auditor.types import all_types

LIVE = {name: record for name, record in all_types().items() if record.live is not None}
CALLS = [(name, call) for name, record in LIVE.items() for call in (record.live.listing, *record.live.each)]
DETAILS = [(name, call) for name, record in LIVE.items() for call in record.live.each]

# what each of a schema's scalars can be made of
MADE_OF = {
    "string": {"string", "integer", "long", "character"},
    "integer": {"integer", "long", "string"},
    "number": {"integer", "long", "float", "double"},
    "boolean": {"boolean", "string"},
    "timestamp": {"timestamp"},
    "json": {"string", "map", "structure"},
    "script": {"string"},
}


@pytest.fixture(scope="module")
def model():
    session = botocore.session.Session()
    services = {}

    def find(operation):
        service, name = operation.split(":")
        if service not in services:
            services[service] = session.get_service_model(service)
        return services[service].operation_model(name)

    return find


def ids(item):
    return item if isinstance(item, str) else getattr(item, "operation", None)


@pytest.mark.parametrize(("name", "call"), CALLS, ids=ids)
def test_the_request_is_one_that_botocore_takes(model, name, call):
    request = model(call.operation).input_shape
    members = request.members if request is not None else {}
    assert set(call.params) | set(call.args) <= set(members)
    sent = {**call.params, **dict.fromkeys(call.args, "a-name-long-enough-for-any-service")}
    if sent:
        validate_parameters(sent, request)
    assert set(request.required_members if request is not None else ()) <= set(sent)


@pytest.mark.parametrize(("name", "call"), CALLS, ids=ids)
def test_the_result_has_a_place_in_the_answer(model, name, call):
    assert member(model(call.operation).output_shape, call.result) is not None


@pytest.mark.parametrize(("name", "call"), DETAILS, ids=ids)
def test_arguments_come_from_the_listing(model, name, call):
    listing = LIVE[name].live.listing
    for path in call.args.values():
        assert place_of(listing, path, model(listing.operation).output_shape) is not None


@pytest.mark.parametrize(("name", "call"), DETAILS, ids=ids)
def test_what_a_call_provides_is_declared(name, call):
    record = LIVE[name]
    assert set(call.provides) <= set(record.properties) | {f"runtime.{item}" for item in record.runtime}


@pytest.mark.parametrize("name", LIVE)
def test_at_most_one_detail_provides_the_rest(name):
    assert len([call for call in LIVE[name].live.each if not call.provides]) <= 1


@pytest.mark.parametrize("name", LIVE)
def test_every_property_has_a_place_in_an_answer(model, name):
    record = LIVE[name]
    calls = [(call, model(call.operation).output_shape) for call in (record.live.listing, *record.live.each)]
    problems = [
        *problems_of(record.properties, record.live, calls, ""),
        *problems_of(record.runtime, record.live, calls, "runtime"),
    ]
    assert problems == []


def problems_of(schema, live, calls, at):
    for name, inner in schema.items():
        path = f"{at}.{name}" if at else name
        place = live.names.get(path, name)
        shapes = [shape for call, output in calls if place and (shape := place_of(call, place, output)) is not None]
        if shapes:
            yield from mismatches(inner, shapes[-1], live.names, path)
        elif place and path not in live.untold:
            yield f"{path}: no answer has {place}"


def mismatches(schema, shape, names, path):
    kind = shape.type_name
    if isinstance(schema, list):
        if kind != "list":
            yield f"{path}: a list here, a {kind} there"
            return
        inner = names.get(f"{path}[]")
        element = shape.member if inner is None else member(shape.member, inner)
        if element is None:
            yield f"{path}[]: no answer has {inner}"
            return
        yield from mismatches(schema[0], element, names, f"{path}[]")
    elif isinstance(schema, dict):
        if "*" in schema:
            if kind != "map":
                yield f"{path}: a map here, a {kind} there"
        elif kind != "structure":
            yield f"{path}: a block here, a {kind} there"
        else:
            for name, inner in schema.items():
                place = names.get(f"{path}.{name}", name)
                found = member(shape, place) if place else None
                if found is not None:
                    yield from mismatches(inner, found, names, f"{path}.{name}")
                elif place:
                    yield f"{path}.{name}: no answer has {place}"
    elif isinstance(schema, tuple):
        if kind != "string" or (shape.enum and not set(schema) <= set(shape.enum)):
            yield f"{path}: {schema} here, {getattr(shape, 'enum', kind)} there"
    elif kind not in MADE_OF[schema]:
        yield f"{path}: a {schema} here, a {kind} there"


@pytest.mark.parametrize("name", LIVE)
def test_what_is_untold_really_is(model, name):
    record = LIVE[name]
    for path in record.live.untold:
        place = record.live.names.get(path, path.removeprefix("runtime."))
        for call in (record.live.listing, *record.live.each):
            assert place_of(call, place, model(call.operation).output_shape) is None


@pytest.mark.parametrize(("name", "call"), CALLS, ids=ids)
def test_an_answer_that_may_go_on_is_read_to_its_end(model, name, call):
    service, operation = call.operation.split(":")
    try:
        botocore.session.Session().get_paginator_model(service).get_paginator(operation)
    except ValueError:
        goes_on = re.compile(r"(?:next|continuation).*token|marker|truncated", re.IGNORECASE)
        assert not [member for member in model(call.operation).output_shape.members if goes_on.search(member)]


@pytest.mark.parametrize("name", LIVE)
def test_names_are_of_declared_paths(name):
    record = LIVE[name]
    declared = set(paths_of(record.properties, "")) | set(paths_of(record.runtime, "runtime"))
    assert set(record.live.names) <= declared


def paths_of(schema, path):
    if path:
        yield path
    if isinstance(schema, list):
        yield from paths_of(schema[0], f"{path}[]")
    elif isinstance(schema, dict) or hasattr(schema, "items"):
        for name, inner in schema.items():
            yield from paths_of(inner, f"{path}.{name}" if path else name)


@pytest.mark.parametrize("name", LIVE)
def test_the_identifier_arn_and_region_are_told_by_the_listing(model, name):
    record, live = LIVE[name], LIVE[name].live
    output = model(live.listing.operation).output_shape
    known = {"partition", "account", "region"}
    members = re.findall(r"\{(\w+)\}", live.arn) if "{" in live.arn else [live.arn]
    identifier = [live.names.get(path, path) for path in record.identifiers[:1]]
    for path in (*(item for item in members if item not in known), *identifier, *filter(None, [live.region])):
        assert parse(path)
        assert place_of(live.listing, path, output) is not None, path
