"""Agents and tuned models on Bedrock: the fraud team's case assistant with everything around it, the others' without."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any, Final

from auditor.demo.platform import FRAUD_KEY, HOME, OUTPOST, PRODUCTION
from auditor.demo.steps import Ref, Site, Steps, Told, bucket, role, statement

_THEN: Final = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=30)
_BEDROCK: Final = f"arn:aws:bedrock:{HOME}:{PRODUCTION}"
_AGENTCORE: Final = f"arn:aws:bedrock-agentcore:{HOME}:{PRODUCTION}"
_MODEL: Final = f"arn:aws:bedrock:{HOME}::foundation-model/amazon.nova-lite-v1:0"


def _role(name: str) -> str:
    return f"arn:aws:iam::{PRODUCTION}:role/{name}"


def _told(
    listing: tuple[str, str], detail: tuple[str, str], things: Sequence[tuple[str, Mapping[str, Any], Mapping[str, Any]]]
) -> tuple[Told, ...]:
    """What a listing and the calls for each of its items tell.

    ``listing`` and ``detail`` are an operation and the member of its answer that holds the items, or the one (empty: all of it);
    each of ``things`` is an id, what the listing says and what the call for it adds.
    """
    operation, member = listing
    listed = Told(operation, {member: [item for _, item, _ in things]})
    operation, member = detail
    return (
        listed,
        *(Told(operation, {member: {**item, **more}} if member else {**item, **more}, name) for name, item, more in things),
    )


# -- agents, guardrails, knowledge bases ----------------------------------------------------------------------------------------


def _agent(number: str, name: str, role: str, **more: Any) -> tuple[str, dict[str, Any], dict[str, Any]]:
    item = {"agentId": number, "agentName": name, "agentStatus": "PREPARED", "updatedAt": _THEN}
    arn = f"{_BEDROCK}:agent/{number}"
    own = {"agentArn": arn, "agentVersion": "DRAFT", "idleSessionTTLInSeconds": 600, "createdAt": _THEN}
    return number, item, {**own, "agentResourceRoleArn": _role(role), "foundationModel": _MODEL, **more}


def _guardrail(number: str, name: str, **more: Any) -> tuple[str, dict[str, Any], dict[str, Any]]:
    arn = f"{_BEDROCK}:guardrail/{number}"
    same = {"name": name, "status": "READY", "version": "DRAFT", "createdAt": _THEN, "updatedAt": _THEN}
    refusal = "That is nothing I can help with."
    own = {"guardrailId": number, "guardrailArn": arn, "blockedInputMessaging": refusal, "blockedOutputsMessaging": refusal}
    return number, {"id": number, "arn": arn, **same}, {**own, **more}


def _knowledge_base(number: str, name: str, role: str) -> tuple[str, dict[str, Any], dict[str, Any]]:
    item = {"knowledgeBaseId": number, "name": name, "status": "ACTIVE", "updatedAt": _THEN}
    own = {"knowledgeBaseArn": f"{_BEDROCK}:knowledge-base/{number}", "roleArn": _role(role), "createdAt": _THEN}
    return number, item, {**own, "knowledgeBaseConfiguration": {"type": "VECTOR"}, "storageConfiguration": {"type": "RDS"}}


def _data_source(number: str, base: str, name: str, bucket: str, **more: Any) -> tuple[Told, ...]:
    item = {"knowledgeBaseId": base, "dataSourceId": number, "name": name, "status": "AVAILABLE", "updatedAt": _THEN}
    documents = {"type": "S3", "s3Configuration": {"bucketArn": f"arn:aws:s3:::{bucket}"}}
    detail = {**item, "createdAt": _THEN, "dataSourceConfiguration": documents, **more}
    return (
        Told("bedrock-agent:GetDataSource", {"dataSource": detail}, f"/{base}/datasources/{number}"),
        Told("bedrock-agent:ListDataSources", {"dataSourceSummaries": [item]}, f"/{base}/"),
    )


_AGENTS: Final = (
    *_told(
        ("bedrock-agent:ListAgents", "agentSummaries"),
        ("bedrock-agent:GetAgent", "agent"),
        [
            _agent(
                "FRAUDCASES",
                "fraud-case-assistant",
                "fraud-agents",
                customerEncryptionKeyArn=FRAUD_KEY,
                guardrailConfiguration={"guardrailIdentifier": "gr4fraud", "guardrailVersion": "3"},
            ),
            _agent("RECSCHAT01", "recs-chat", "recs-agents"),
        ],
    ),
    *_told(
        ("bedrock:ListGuardrails", "guardrails"),
        ("bedrock:GetGuardrail", ""),
        [
            _guardrail(
                "gr4fraud",
                "fraud-cases",
                kmsKeyArn=FRAUD_KEY,
                contentPolicy={"filters": [{"type": "PROMPT_ATTACK", "inputStrength": "HIGH", "outputStrength": "NONE"}]},
                sensitiveInformationPolicy={"piiEntities": [{"type": "CREDIT_DEBIT_CARD_NUMBER", "action": "BLOCK"}]},
            ),
            _guardrail(
                "gr4recs",
                "recs-polite",
                contentPolicy={"filters": [{"type": "INSULTS", "inputStrength": "HIGH", "outputStrength": "HIGH"}]},
            ),
        ],
    ),
    *_told(
        ("bedrock-agent:ListKnowledgeBases", "knowledgeBaseSummaries"),
        ("bedrock-agent:GetKnowledgeBase", "knowledgeBase"),
        [
            _knowledge_base("FRAUDKB001", "fraud-procedures", "fraud-agents"),
            _knowledge_base("RECSKB0001", "recs-catalogue", "recs-agents"),
        ],
    ),
    *_data_source(
        "FRAUDDS001",
        "FRAUDKB001",
        "procedures",
        "halyard-fraud-procedures",
        serverSideEncryptionConfiguration={"kmsKeyArn": FRAUD_KEY},
    ),
    *_data_source("RECSDS0001", "RECSKB0001", "catalogue", "halyard-recs-clickstream"),
)

# -- tuned models ---------------------------------------------------------------------------------------------------------------


def _tuned(name: str, **more: Any) -> tuple[str, dict[str, Any], dict[str, Any]]:
    item = {"modelArn": f"{_BEDROCK}:custom-model/{name}", "modelName": name, "creationTime": _THEN, "baseModelArn": _MODEL}
    listed = {**item, "baseModelName": "Nova Lite"}
    data = {"trainingDataConfig": {"s3Uri": f"s3://halyard-{name.split('-')[0]}-models/tuning/"}}
    output = {"outputDataConfig": {"s3Uri": f"s3://halyard-{name.split('-')[0]}-models/tuned/"}}
    return name, listed, {"jobArn": f"{_BEDROCK}:model-customization-job/{name}", **data, **output, **more}


def _tuning(name: str, role: str, **more: Any) -> tuple[str, dict[str, Any], dict[str, Any]]:
    arn = f"{_BEDROCK}:model-customization-job/{name}"
    item = {"jobArn": arn, "jobName": name, "baseModelArn": _MODEL, "status": "Completed", "creationTime": _THEN}
    data: dict[str, Any] = {
        "validationDataConfig": {"validators": []},
        "trainingDataConfig": {"s3Uri": f"s3://halyard-{name.split('-')[0]}-models/tuning/"},
    }
    output = {"outputDataConfig": {"s3Uri": f"s3://halyard-{name.split('-')[0]}-models/tuned/"}}
    return name, item, {"outputModelName": name, "roleArn": _role(role), **data, **output, **more}


_TUNED: Final = (
    *_told(
        ("bedrock:ListCustomModels", "modelSummaries"),
        ("bedrock:GetCustomModel", ""),
        [_tuned("fraud-narratives", modelKmsKeyArn=FRAUD_KEY), _tuned("recs-copywriter")],
    ),
    *_told(
        ("bedrock:ListModelCustomizationJobs", "modelCustomizationJobSummaries"),
        ("bedrock:GetModelCustomizationJob", ""),
        [
            _tuning(
                "fraud-narratives",
                "fraud-agents",
                vpcConfig={"subnetIds": [Ref("subnet/private-a")], "securityGroupIds": [Ref("group/ml-platform")]},
            ),
            _tuning("recs-copywriter", "recs-agents"),
        ],
    ),
)

# -- AgentCore ------------------------------------------------------------------------------------------------------------------

_VPC: Final = {"subnets": [Ref("subnet/private-a")], "securityGroups": [Ref("group/ml-platform")]}
_PUBLIC: Final = {"networkMode": "PUBLIC"}


def _runtime(
    name: str, role: str, network: Mapping[str, Any], **environment: str
) -> tuple[str, dict[str, Any], dict[str, Any]]:
    number = f"{name}-a1b2c3d4e5"
    same = {"agentRuntimeArn": f"{_AGENTCORE}:runtime/{number}", "agentRuntimeId": number, "agentRuntimeVersion": "1"}
    item = {**same, "agentRuntimeName": name, "description": f"The agent {name}", "lastUpdatedAt": _THEN, "status": "READY"}
    more = {"createdAt": _THEN, "roleArn": _role(role), "networkConfiguration": network, "environmentVariables": environment}
    return number, item, {**more, "lifecycleConfiguration": {}}


def _gateway(name: str, role: str, authorizer: str, **more: Any) -> tuple[str, dict[str, Any], dict[str, Any]]:
    number = f"{name}-f6g7h8i9j0"
    item = {"gatewayId": number, "name": name, "status": "READY", "createdAt": _THEN, "updatedAt": _THEN}
    same = {"authorizerType": authorizer, "protocolType": "MCP"}
    arn = f"{_AGENTCORE}:gateway/{number}"
    return number, {**item, **same}, {"gatewayArn": arn, "roleArn": _role(role), **more}


def _memory(name: str, **more: Any) -> tuple[str, dict[str, Any], dict[str, Any]]:
    number = f"{name}-k1l2m3n4o5"
    item = {"arn": f"{_AGENTCORE}:memory/{number}", "id": number, "status": "ACTIVE", "createdAt": _THEN, "updatedAt": _THEN}
    return number, item, {"name": name, "eventExpiryDuration": 90, **more}


def _tool(
    kind: str, name: str, role: str, network: Mapping[str, Any], **more: Any
) -> tuple[str, dict[str, Any], dict[str, Any]]:
    number = f"{name}-p6q7r8s9t0"
    same = {f"{kind}Id": number, f"{kind}Arn": f"{_AGENTCORE}:{kind.lower()}-custom/{number}", "name": name}
    item = {**same, "status": "READY", "createdAt": _THEN, "lastUpdatedAt": _THEN}
    return number, item, {"executionRoleArn": _role(role), "networkConfiguration": network, **more}


def _agentcore(plural: str, member: str, one: str, inner: str, *things: Any) -> tuple[Told, ...]:
    return _told((f"bedrock-agentcore-control:List{plural}", member), (f"bedrock-agentcore-control:Get{one}", inner), things)


_RECORDED: Final = {"enabled": True, "s3Location": {"bucket": "halyard-agent-recordings", "prefix": "browser"}}

_AGENTCORE_THINGS: Final = (
    *_agentcore(
        "AgentRuntimes",
        "agentRuntimes",
        "AgentRuntime",
        "",
        _runtime("fraud_investigator", "fraud-agents", {"networkMode": "VPC", "networkModeConfig": _VPC}, LOG_LEVEL="info"),
        _runtime("recs_chat", "recs-agents", _PUBLIC, CATALOGUE_API_PASSWORD="Correct-Horse-42"),  # noqa: S106 (made up)
    ),
    *_agentcore(
        "Gateways",
        "items",
        "Gateway",
        "",
        _gateway("fraud-tools", "fraud-agents", "AWS_IAM", kmsKeyArn=FRAUD_KEY),
        _gateway("recs-tools", "recs-agents", "NONE"),
    ),
    *_agentcore(
        "Memories", "memories", "Memory", "memory", _memory("fraud_cases", encryptionKeyArn=FRAUD_KEY), _memory("recs_chat")
    ),
    *_agentcore(
        "Browsers",
        "browserSummaries",
        "Browser",
        "",
        _tool("browser", "fraud_registry", "fraud-agents", {"networkMode": "VPC", "vpcConfig": _VPC}, recording=_RECORDED),
        _tool("browser", "recs_shops", "recs-agents", _PUBLIC),
    ),
    *_agentcore(
        "CodeInterpreters",
        "codeInterpreterSummaries",
        "CodeInterpreter",
        "",
        _tool("codeInterpreter", "fraud_sums", "fraud-agents", {"networkMode": "SANDBOX"}),
        _tool("codeInterpreter", "recs_plots", "recs-agents", _PUBLIC),
    ),
)

# -- the rest -------------------------------------------------------------------------------------------------------------------


def _logging(bucket: str) -> Told:
    config = {"s3Config": {"bucketName": bucket}, "textDataDeliveryEnabled": True}
    return Told("bedrock:GetModelInvocationLoggingConfiguration", {"loggingConfig": config})


_AROUND: Final[Steps] = (
    *bucket("halyard-bedrock-logs", HOME, key=FRAUD_KEY),
    *bucket("halyard-fraud-procedures", HOME, key=FRAUD_KEY),
    *bucket("halyard-agent-recordings", HOME, key=FRAUD_KEY),
    *role("fraud-agents", statement("s3:GetObject", "arn:aws:s3:::halyard-fraud-procedures/*"), trusts="bedrock.amazonaws.com"),
    *role("recs-agents", statement(["bedrock:*", "s3:Get*"], "*"), trusts="bedrock.amazonaws.com"),
)

SITES: Final = (
    Site(PRODUCTION, HOME, _AROUND, (*_AGENTS, *_TUNED, *_AGENTCORE_THINGS, _logging("halyard-bedrock-logs"))),
    Site(PRODUCTION, OUTPOST, bucket("halyard-us-bedrock-logs", OUTPOST), (_logging("halyard-us-bedrock-logs"),)),
)
