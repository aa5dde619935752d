"""Every fact that a rule may read, as data: the providers are imported only when a chosen rule reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from auditor.model.facts import FactSpec
from auditor.model.resource_type import BOOLEAN, STRING

IN_ESTATE: Final = "in_estate"

_ALL: Final = (
    FactSpec(
        name=IN_ESTATE,
        on="",
        schema=BOOLEAN,
        doc="Whether the resource is machine learning or something that it reaches. No rule needs to ask: others are not judged.",
        compute="auditor.model.estate:in_estate",
    ),
    FactSpec(
        name="internet_route",
        on="AWS::EC2::Subnet",
        schema=BOOLEAN,
        doc="Whether the subnet's route table leads to an internet gateway: what AWS calls a public subnet.",
        compute="auditor.network.facts:internet_route",
        reads=("AWS::EC2::RouteTable", "AWS::EC2::InternetGateway", "AWS::EC2::VPC"),
    ),
    FactSpec(
        name="trusted_services",
        on="AWS::IAM::Role",
        schema=[STRING],
        doc="The service principals that the role's trust policy lets assume it, such as sagemaker.amazonaws.com.",
        compute="auditor.iam.facts:trusted_services",
    ),
    FactSpec(
        name="wildcard_administration",
        on="AWS::IAM::Role",
        schema=BOOLEAN,
        doc="Whether a policy of the role allows every action, or every IAM action, on every resource.",
        compute="auditor.iam.facts:wildcard_administration",
        reads=("AWS::IAM::ManagedPolicy",),
    ),
)

FACTS: Final[Mapping[str, FactSpec]] = {spec.name: spec for spec in _ALL}
