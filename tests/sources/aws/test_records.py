"""Every record of a type against botocore's own models: what it asks exists, and what it reads has a place in the answer."""

from __future__ import annotations

import datetime
import re

import botocore.session
import pytest
from botocore.model import StringShape
from botocore.validate import validate_parameters

from auditor.model.paths import parse
from auditor.model.resource_type import ACCOUNT_ID, SINCE
from auditor.sources.aws.asking import filled_in
from auditor.sources.aws.permissions import calls_of
from auditor.sources.aws.shapes import member, place_of
from auditor.types import all_types

LIVE = {name: record for name, record in all_types().items() if record.live is not None}
CALLS = [(name, call) for name, record in LIVE.items() for call in calls_of(record.live)]
STAND_INS = {SINCE: datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC), ACCOUNT_ID: "123456789012"}
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
    params = filled_in(call.params, request, STAND_INS) if call.params else {}
    word = "a-name-long-enough-for-any-service"
    sent = {**params, **{member: [word] if "[]" in path else word for member, path in call.args.items()}}
    if sent:
        validate_parameters(sent, request)
    assert set(request.required_members if request is not None else ()) <= set(sent)


@pytest.mark.parametrize(("name", "call"), CALLS, ids=ids)
def test_the_result_has_a_place_in_the_answer(model, name, call):
    found = member(model(call.operation).output_shape, call.result)
    assert found is not None
    assert call.form in ("", "csv")
    if call.form:
        assert call is LIVE[name].live.listing
        assert found.type_name in ("blob", "string")


def listed(model, name, place):
    """What a listed item has at ``place``, of its own or of its parent: a shape, a table's cell, or nothing."""
    live = LIVE[name].live
    shapes = (place_of(call, place, model(call.operation).output_shape) for call in (live.listing, live.parents) if call)
    return CELL if live.listing.form else next((shape for shape in shapes if shape is not None), None)


CELL = StringShape("Cell", {"type": "string"})


@pytest.mark.parametrize(("name", "call"), DETAILS, ids=ids)
def test_arguments_come_from_the_listing(model, name, call):
    earlier = LIVE[name].live.each[: LIVE[name].live.each.index(call)]
    for path in call.args.values():
        told = [place_of(other, path, model(other.operation).output_shape) for other in earlier]
        assert listed(model, name, path) is not None or any(shape is not None for shape in told)


@pytest.mark.parametrize("name", [name for name, record in LIVE.items() if record.live.parents])
def test_a_listings_arguments_come_from_the_parents(model, name):
    live = LIVE[name].live
    assert live.listing.args
    for path in live.listing.args.values():
        assert place_of(live.parents, path, model(live.parents.operation).output_shape) is not None


@pytest.mark.parametrize("name", [name for name, record in LIVE.items() if record.live.prepare])
def test_what_is_prepared_says_when_it_is(model, name):
    assert "COMPLETE" in model(LIVE[name].live.prepare.operation).output_shape.members["State"].enum


@pytest.mark.parametrize(("name", "call"), DETAILS, ids=ids)
def test_a_list_of_an_item_has_its_place_in_it(name, call):
    assert call.into or not call.result.endswith("[]")


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
    calls = [(call, model(call.operation).output_shape) for call in record.live.each]

    def shapes_at(place):
        found = [listed(model, name, place), *(place_of(call, place, output) for call, output in calls)]
        return [shape for shape in found if shape is not None]

    problems = [
        *problems_of(record.properties, record.live, shapes_at, ""),
        *problems_of(record.runtime, record.live, shapes_at, "runtime"),
    ]
    assert problems == []


def problems_of(schema, live, shapes_at, at):
    for name, inner in schema.items():
        path = f"{at}.{name}" if at else name
        place = live.names.get(path, name)
        shapes = shapes_at(place) if place else []
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
    elif kind not in MADE_OF[schema] and shape is not CELL:
        yield f"{path}: a {schema} here, a {kind} there"


@pytest.mark.parametrize("name", LIVE)
def test_what_is_untold_really_is(model, name):
    record = LIVE[name]
    for path in record.live.untold:
        place = record.live.names.get(path, path.removeprefix("runtime."))
        assert listed(model, name, place) is None
        for call in record.live.each:
            assert place_of(call, place, model(call.operation).output_shape) is None


@pytest.mark.parametrize("name", LIVE)
def test_what_says_that_something_is_withheld_can_be_in_the_answer(model, name):
    for path, place in LIVE[name].live.withheld.items():
        assert path in LIVE[name].properties
        assert listed(model, name, place) is not None


@pytest.mark.parametrize(("name", "call"), CALLS, ids=ids)
def test_an_answer_that_may_go_on_is_read_to_its_end(model, name, call):
    service, operation = call.operation.split(":")
    try:
        botocore.session.Session().get_paginator_model(service).get_paginator(operation)
    except ValueError:
        goes_on = re.compile(r"(?:next|continuation).*token|marker|truncated", re.IGNORECASE)
        asked = model(call.operation).input_shape
        for member in model(call.operation).output_shape.members:
            # these are followed without botocore's help
            followed = member.lower() in ("nexttoken", "nextmarker") and member in asked.members
            assert followed or not goes_on.search(member)


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
    known = {"partition", "account", "region"}
    members = re.findall(r"\{(\w+)\}", live.arn) if "{" in live.arn else [live.arn] if live.arn else []
    identifier = [live.names.get(path, path) for path in record.identifiers[:1]]
    for path in (*(item for item in members if item not in known), *identifier, *filter(None, [live.region])):
        assert parse(path)
        assert listed(model, name, path) is not None, path


SCOPED = [name for name, record in LIVE.items() if record.live.each and not (record.ml or record.everywhere)]


@pytest.mark.parametrize("name", SCOPED)
def test_whether_it_belongs_is_told_before_it_is_asked_about(model, name):
    record = LIVE[name]
    scouts = [(call, model(call.operation).output_shape) for call in record.live.each if call.scout]
    for path in (*record.identifiers, *record.part_of, *record.marks):
        top = re.split(r"[.\[]", path)[0]
        if place := record.live.names.get(top, top):
            told = [listed(model, name, place), *(place_of(call, place, output) for call, output in scouts)]
            assert any(shape is not None for shape in told), path
