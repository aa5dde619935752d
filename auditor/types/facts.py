"""Every fact that a rule may read, as data: the providers are imported only when a chosen rule reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from auditor.model.facts import FactSpec
from auditor.model.resource_type import BOOLEAN, STRING

IN_ESTATE: Final = "in_estate"

_ALL: Final = (
    FactSpec(
        name="monitored_kinds",
        on="AWS::SageMaker::Endpoint",
        schema=[STRING],
        doc="The kinds of monitoring, such as DataQuality, that the schedules of the endpoint do, of those that are on.",
        compute="auditor.monitoring.schedules:monitored_kinds",
        reads=(
            "AWS::SageMaker::MonitoringSchedule",
            "AWS::SageMaker::DataQualityJobDefinition",
            "AWS::SageMaker::ModelQualityJobDefinition",
            "AWS::SageMaker::ModelBiasJobDefinition",
            "AWS::SageMaker::ModelExplainabilityJobDefinition",
        ),
    ),
    FactSpec(
        name="capture_readers",
        on="AWS::SageMaker::Endpoint",
        schema=[STRING],
        doc="What names the data that the endpoint captures in its settings: functions, state machines, pipelines, processing jobs, "
        "event rules and schedules that are on.",
        compute="auditor.monitoring.capture:capture_readers",
        reads=(
            "AWS::SageMaker::EndpointConfig",
            "AWS::S3::Bucket",
            "AWS::Lambda::Function",
            "AWS::StepFunctions::StateMachine",
            "AWS::CodePipeline::Pipeline",
            "AWS::SageMaker::Pipeline",
            "AWS::SageMaker::ProcessingJob",
            "AWS::Events::Rule",
            "AWS::Scheduler::Schedule",
        ),
    ),
    FactSpec(
        name="composite_alarm_notifies",
        on="AWS::CloudWatch::Alarm",
        schema=BOOLEAN,
        doc="Whether a composite alarm that goes off with the alarm, or one above it, tells somebody.",
        compute="auditor.monitoring.alarms:composite_alarm_notifies",
        reads=("AWS::CloudWatch::CompositeAlarm", "AWS::SNS::Topic"),
    ),
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
        compute="auditor.iam.trust:trusted_services",
    ),
    FactSpec(
        name="execution_role",
        on="AWS::IAM::Role",
        schema=BOOLEAN,
        doc="Whether SageMaker or Bedrock may assume the role to run something; not so of service-linked roles.",
        compute="auditor.iam.trust:execution_role",
    ),
    FactSpec(
        name="confused_deputy_guard",
        on="AWS::IAM::Role",
        schema=BOOLEAN,
        doc="Whether SageMaker and Bedrock may assume the role only on behalf of a named account, resource or organization.",
        compute="auditor.iam.trust:confused_deputy_guard",
    ),
    FactSpec(
        name="trusted_by_anybody",
        on="AWS::IAM::Role",
        schema=BOOLEAN,
        doc="Whether the role's trust policy lets every AWS account, or everybody, assume it.",
        compute="auditor.iam.trust:trusted_by_anybody",
    ),
    FactSpec(
        name="trusted_accounts",
        on="AWS::IAM::Role",
        schema=[STRING],
        doc="The other accounts that the role's trust policy lets assume it.",
        compute="auditor.iam.trust:trusted_accounts",
    ),
    FactSpec(
        name="wildcard_administration",
        on="AWS::IAM::Role",
        schema=BOOLEAN,
        doc="Whether a policy of the role allows every action, or every IAM action, on every resource.",
        compute="auditor.iam.facts:wildcard_administration",
        reads=("AWS::IAM::ManagedPolicy",),
    ),
    FactSpec(
        name="writes_every_bucket",
        on="AWS::IAM::Role",
        schema=BOOLEAN,
        doc="Whether the role may write objects into every bucket.",
        compute="auditor.iam.facts:writes_every_bucket",
        reads=("AWS::IAM::ManagedPolicy",),
    ),
    FactSpec(
        name="reads_every_bucket",
        on="AWS::IAM::Role",
        schema=BOOLEAN,
        doc="Whether the role may read the objects of every bucket.",
        compute="auditor.iam.facts:reads_every_bucket",
        reads=("AWS::IAM::ManagedPolicy",),
    ),
    FactSpec(
        name="passes_every_role",
        on="AWS::IAM::Role",
        schema=BOOLEAN,
        doc="Whether the role may hand every role of the account to a service.",
        compute="auditor.iam.facts:passes_every_role",
        reads=("AWS::IAM::ManagedPolicy",),
    ),
    FactSpec(
        name="decrypts_with_every_key",
        on="AWS::IAM::Role",
        schema=BOOLEAN,
        doc="Whether the role may decrypt with every KMS key that leaves it to IAM policies.",
        compute="auditor.iam.facts:decrypts_with_every_key",
        reads=("AWS::IAM::ManagedPolicy",),
    ),
    FactSpec(
        name="reads_every_secret",
        on="AWS::IAM::Role",
        schema=BOOLEAN,
        doc="Whether the role may read every secret of Secrets Manager.",
        compute="auditor.iam.facts:reads_every_secret",
        reads=("AWS::IAM::ManagedPolicy",),
    ),
    FactSpec(
        name="within_persona",
        on="AWS::IAM::Role",
        schema=BOOLEAN,
        doc="Whether every action that the role may take is one of the SageMaker persona that its tag `persona` declares.",
        compute="auditor.iam.facts:within_persona",
        reads=("AWS::IAM::ManagedPolicy",),
    ),
    FactSpec(
        name="machine_learning_permissions",
        on="AWS::IAM::User",
        schema=BOOLEAN,
        doc="Whether the user's policies, or those of the user's groups, allow anything in SageMaker or Bedrock.",
        compute="auditor.iam.facts:machine_learning_permissions",
        reads=("AWS::IAM::ManagedPolicy", "AWS::IAM::Group"),
    ),
    FactSpec(
        name="endpoint_services",
        on="AWS::EC2::VPC",
        schema=[STRING],
        doc="The AWS services that an endpoint in the VPC offers, as the last part of their names, such as s3 or ecr.api.",
        compute="auditor.network.endpoints:endpoint_services",
        reads=("AWS::EC2::VPCEndpoint", "AWS::EC2::RouteTable"),
    ),
    FactSpec(
        name="open_endpoint_policy",
        on="AWS::EC2::VPCEndpoint",
        schema=BOOLEAN,
        doc="Whether the endpoint's policy lets everybody do everything with every resource of its service.",
        compute="auditor.network.endpoints:open_endpoint_policy",
    ),
    FactSpec(
        name="open_ingress",
        on="AWS::EC2::SecurityGroup",
        schema=[STRING],
        doc="What the security group lets anybody reach, such as tcp/443, udp/8000-9000, or all.",
        compute="auditor.network.filters:open_ingress",
        reads=("AWS::EC2::PrefixList",),
    ),
    FactSpec(
        name="admits_administration",
        on="AWS::EC2::NetworkAcl",
        schema=BOOLEAN,
        doc="Whether anybody gets past the network ACL to port 22 or 3389.",
        compute="auditor.network.filters:admits_administration",
    ),
    FactSpec(
        name="tls_required",
        on="AWS::EFS::FileSystem",
        schema=BOOLEAN,
        doc="Whether the file system's policy refuses clients that do not come under TLS.",
        compute="auditor.network.transport:tls_required",
    ),
)

FACTS: Final[Mapping[str, FactSpec]] = {spec.name: spec for spec in _ALL}
