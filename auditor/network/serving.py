"""On what models are served."""

from __future__ import annotations

from typing import Final

from auditor.model.facts import Fact
from auditor.model.inventory import Inventory
from auditor.model.resource import Resource
from auditor.model.truth import Truth, all_of, elements, in_each, worst
from auditor.model.values import ABSENT, Kind, Unknown, Value

_CONFIG: Final = "AWS::SageMaker::EndpointConfig"
_ON_INSTANCES: Final = ("AWS::SageMaker::InferenceComponent", "AWS::SageMaker::TransformJob")


def serverless_only(inventory: Inventory, model: Resource) -> Fact:
    """Whether ``model`` is served, and by serverless endpoints alone, which have neither network isolation nor a VPC.

    A template does not tell who else serves its models. One that it does not serve is taken for one that is served on instances;
    of one that it serves without instances the answer is unknown.
    https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html
    """
    for user in _ON_INSTANCES:
        if found := inventory.referrers(model, user).known:
            return Fact(False, (f"{found[0].id} runs {model.id} on instances",))
    configs = inventory.referrers(model, _CONFIG)
    served = [(config, _is_serverless(config)) for config in configs.known]
    on_instances = next((config.id for config, serverless in served if serverless is False), None)
    if on_instances is not None:
        return Fact(False, (f"{on_instances} serves {model.id} on instances",))
    doubts = [*configs.maybe, *(unknown for user in _ON_INSTANCES for unknown in inventory.referrers(model, user).maybe)]
    doubts += [missing for kind in (_CONFIG, *_ON_INSTANCES) if (missing := inventory.missing(kind, model)) is not None]
    if not served and not configs.maybe and not inventory.kind.has_runtime:
        return Fact(False, (), (f"no serverless endpoint serves {model.id}",))
    if unknown := worst([*(serverless for _, serverless in served), *doubts]):
        return Fact(unknown, tuple(f"{config.id} serves {model.id}" for config, _ in served))
    if not served:
        return Fact(False, (f"no endpoint configuration names {model.id}",))
    return Fact(True, tuple(f"{config.id} serves {model.id} without instances" for config, _ in served))


def _is_serverless(config: Resource) -> Truth:
    variants = (
        variant
        for path in ("ProductionVariants", "ShadowProductionVariants")
        for variant in elements(config.properties.get(path, ABSENT))
    )
    return all_of(in_each(variant, _has_no_instance) for variant in variants)


def _has_no_instance(variant: Value) -> Truth:
    if isinstance(variant, dict):
        found = variant.get("ServerlessConfig", ABSENT)
        return found if isinstance(found, Unknown) else found not in (ABSENT, None)
    return variant if isinstance(variant, Unknown) else Unknown(Kind.DEFERRED, "a variant is decided at deploy")
