"""What is cut out of botocore's models is all that a session needs: a botocore that changes their form shows here."""

from __future__ import annotations

import gzip
import json

import botocore.session
import pytest

from auditor.sources.aws import models
from auditor.sources.aws.guard import SIGNING_IN
from auditor.sources.aws.models import loader
from auditor.sources.aws.permissions import operations
from auditor.types import all_types
from tests.sources.aws.wire import session

BY_SERVICE = {}
for operation in sorted({*operations(all_types()), *SIGNING_IN}):
    BY_SERVICE.setdefault(operation.split(":")[0], []).append(operation.split(":")[1])


@pytest.fixture(scope="module")
def plain():
    return botocore.session.Session()


def differences(own, whole, seen, at):
    """Where two shapes differ in anything but their documentation."""
    if whole.name in seen:
        return
    seen.add(whole.name)
    if (own.name, own.type_name, own.serialization, own.metadata) != (
        whole.name,
        whole.type_name,
        whole.serialization,
        whole.metadata,
    ):
        yield at
    if whole.type_name == "structure":
        if list(own.members) != list(whole.members):
            yield f"{at}: {set(whole.members) ^ set(own.members)}"
        for name, inner in whole.members.items():
            yield from differences(own.members[name], inner, seen, f"{at}.{name}")
    for part in ("member", "key", "value") if whole.type_name in ("list", "map") else ():
        if hasattr(whole, part):
            yield from differences(getattr(own, part), getattr(whole, part), seen, f"{at}.{part}")


@pytest.fixture(scope="module")
def own():
    """A session that has made no client: with some, botocore changes the models under way."""
    models._cut.cache_clear()
    return session()._core


@pytest.mark.parametrize("service", BY_SERVICE)
def test_of_what_is_asked_nothing_is_missing(own, plain, service):
    own, whole = own.get_service_model(service), plain.get_service_model(service)
    assert own.metadata == whole.metadata
    assert own.client_context_parameters == whole.client_context_parameters
    assert sorted(own.operation_names) == sorted(BY_SERVICE[service])
    seen = set()
    for name in BY_SERVICE[service]:
        mine, theirs = own.operation_model(name), whole.operation_model(name)
        assert (mine.http, mine.endpoint, mine.auth_type, mine.static_context_parameters, mine.http_checksum) == (
            theirs.http,
            theirs.endpoint,
            theirs.auth_type,
            theirs.static_context_parameters,
            theirs.http_checksum,
        )
        assert [shape.name for shape in mine.error_shapes] == [shape.name for shape in theirs.error_shapes]
        for shape, other in ((mine.input_shape, theirs.input_shape), (mine.output_shape, theirs.output_shape)):
            assert (shape is None) == (other is None)
            if shape is not None:
                assert list(differences(shape, other, seen, name)) == []


def test_it_is_much_smaller(own, plain):
    own, whole = own.get_service_model("ec2"), plain.get_service_model("ec2")
    assert len(own.shape_names) < len(whole.shape_names) / 5
    assert len(own.operation_names) < len(whole.operation_names) / 5


@pytest.mark.parametrize(("suffix", "packed"), [(".json", bytes), (".json.gz", gzip.compress)])
def test_models_of_ones_own_are_found(tmp_path, suffix, packed):
    shapes = {
        "In": {"type": "structure", "members": {"A": {"shape": "B", "documentation": "a"}}},
        "B": {"type": "list", "member": {"shape": "In"}},
        "Other": {"type": "string"},
    }
    made = {"version": "2.0", "metadata": {}, "operations": {"Ask": {"name": "Ask", "input": {"shape": "In"}}, "Write": {}}}
    folder = tmp_path / "acme" / "2026-01-01"
    folder.mkdir(parents=True)
    (folder / f"service-2{suffix}").write_bytes(packed(json.dumps({**made, "shapes": shapes}).encode()))
    found = loader(str(tmp_path), ["acme:Ask"]).load_service_model("acme", "service-2")
    assert list(found["operations"]) == ["Ask"]
    assert found["shapes"] == {
        "In": {"type": "structure", "members": {"A": {"shape": "B"}}},
        "B": {"type": "list", "member": {"shape": "In"}},
    }
