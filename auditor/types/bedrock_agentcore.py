"""Amazon Bedrock AgentCore: runtimes, gateways, memories, and the browsers and code interpreters of agents."""

from auditor.model.resource_type import BOOLEAN, STRING, Call, Live, ResourceType, Schema, Terraform
from auditor.types.spelling import camel

_KEY = ("AWS::KMS::Key", "AWS::KMS::Alias")
_ROLE = ("AWS::IAM::Role",)
_SECURITY_GROUP = ("AWS::EC2::SecurityGroup",)
_SUBNET = ("AWS::EC2::Subnet",)
_VPC: Schema = {"Subnets": [STRING], "SecurityGroups": [STRING]}
_CONTROL = "bedrock-agentcore-control"
# https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/agentcore-regions.html
_WITHOUT_AGENTCORE = (
    *("af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-3", "ap-southeast-3", "ap-southeast-4", "ap-southeast-6"),
    *("ca-west-1", "cn-north-1", "cn-northwest-1", "eu-central-2", "il-central-1", "me-central-1", "me-south-1"),
    *("mx-central-1", "us-gov-east-1"),
)


def _asked_as(*operations: str) -> dict[str, str]:
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonbedrockagentcore.html
    return {f"{_CONTROL}:{operation}": f"bedrock-agentcore:{operation}" for operation in operations}


_RUNTIME: dict[str, Schema] = {
    "AgentRuntimeName": STRING,
    "RoleArn": STRING,
    "AgentRuntimeArtifact": {"ContainerConfiguration": {"ContainerUri": STRING}},
    "EnvironmentVariables": {"*": STRING},
    "NetworkConfiguration": {"NetworkMode": ("PUBLIC", "VPC"), "NetworkModeConfig": _VPC},
}

RUNTIME = ResourceType(
    name="AWS::BedrockAgentCore::Runtime",
    title="agent runtime",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-bedrockagentcore-runtime.html",
    ml=True,
    identifiers=("AgentRuntimeName",),
    properties=_RUNTIME,
    references={
        "RoleArn": _ROLE,
        "AgentRuntimeArtifact.ContainerConfiguration.ContainerUri": ("AWS::ECR::Repository",),
        "NetworkConfiguration.NetworkModeConfig.Subnets[]": _SUBNET,
        "NetworkConfiguration.NetworkModeConfig.SecurityGroups[]": _SECURITY_GROUP,
    },
    live=Live(
        lacking=_WITHOUT_AGENTCORE,
        listing=Call(f"{_CONTROL}:ListAgentRuntimes", result="agentRuntimes[]"),
        each=(Call(f"{_CONTROL}:GetAgentRuntime", args={"agentRuntimeId": "agentRuntimeId"}),),
        names=camel(_RUNTIME),
        arn="agentRuntimeArn",
        actions=_asked_as("ListAgentRuntimes", "GetAgentRuntime"),
    ),
    terraform=Terraform("aws_bedrockagentcore_agent_runtime"),
)

_GATEWAY: dict[str, Schema] = {"Name": STRING, "AuthorizerType": STRING, "KmsKeyArn": STRING, "RoleArn": STRING}

GATEWAY = ResourceType(
    name="AWS::BedrockAgentCore::Gateway",
    title="agent gateway",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-bedrockagentcore-gateway.html",
    ml=True,
    identifiers=("Name",),
    properties=_GATEWAY,
    references={"KmsKeyArn": _KEY, "RoleArn": _ROLE},
    live=Live(
        lacking=_WITHOUT_AGENTCORE,
        listing=Call(f"{_CONTROL}:ListGateways", result="items[]"),
        each=(Call(f"{_CONTROL}:GetGateway", args={"gatewayIdentifier": "gatewayId"}),),
        names=camel(_GATEWAY),
        arn="arn:{partition}:bedrock-agentcore:{region}:{account}:gateway/{gatewayId}",
        actions=_asked_as("ListGateways", "GetGateway"),
    ),
    terraform=Terraform("aws_bedrockagentcore_gateway"),
)

_MEMORY: dict[str, Schema] = {
    "MemoryId": STRING,
    "Name": STRING,
    "EncryptionKeyArn": STRING,
    "MemoryExecutionRoleArn": STRING,
}

MEMORY = ResourceType(
    name="AWS::BedrockAgentCore::Memory",
    title="agent memory",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-bedrockagentcore-memory.html",
    ml=True,
    identifiers=("MemoryId", "Name"),
    properties=_MEMORY,
    references={"EncryptionKeyArn": _KEY, "MemoryExecutionRoleArn": _ROLE},
    live=Live(
        lacking=_WITHOUT_AGENTCORE,
        listing=Call(f"{_CONTROL}:ListMemories", result="memories[]"),
        each=(Call(f"{_CONTROL}:GetMemory", args={"memoryId": "id"}, result="memory"),),
        names={**camel(_MEMORY), "MemoryId": "id"},
        arn="arn",
        actions=_asked_as("ListMemories", "GetMemory"),
    ),
    terraform=Terraform("aws_bedrockagentcore_memory"),
)

_BROWSER: dict[str, Schema] = {
    "Name": STRING,
    "ExecutionRoleArn": STRING,
    "NetworkConfiguration": {"NetworkMode": ("PUBLIC", "VPC"), "VpcConfig": _VPC},
    "RecordingConfig": {"Enabled": BOOLEAN, "S3Location": {"Bucket": STRING, "Prefix": STRING}},
}

BROWSER = ResourceType(
    name="AWS::BedrockAgentCore::BrowserCustom",
    title="agent browser",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-bedrockagentcore-browsercustom.html",
    everywhere=True,
    identifiers=("Name",),
    properties=_BROWSER,
    defaults={"RecordingConfig": {"Enabled": False}},
    references={
        "ExecutionRoleArn": _ROLE,
        "NetworkConfiguration.VpcConfig.Subnets[]": _SUBNET,
        "NetworkConfiguration.VpcConfig.SecurityGroups[]": _SECURITY_GROUP,
        "RecordingConfig.S3Location.Bucket": ("AWS::S3::Bucket",),
    },
    live=Live(
        lacking=_WITHOUT_AGENTCORE,
        listing=Call(f"{_CONTROL}:ListBrowsers", params={"type": "CUSTOM"}, result="browserSummaries[]"),
        each=(Call(f"{_CONTROL}:GetBrowser", args={"browserId": "browserId"}),),
        names={**camel(_BROWSER), "RecordingConfig": "recording"},
        arn="browserArn",
        actions=_asked_as("ListBrowsers", "GetBrowser"),
    ),
    terraform=Terraform("aws_bedrockagentcore_browser", names={"RecordingConfig": "recording"}),
)

_CODE_INTERPRETER: dict[str, Schema] = {
    "Name": STRING,
    "ExecutionRoleArn": STRING,
    "NetworkConfiguration": {"NetworkMode": ("PUBLIC", "SANDBOX", "VPC"), "VpcConfig": _VPC},
}

CODE_INTERPRETER = ResourceType(
    name="AWS::BedrockAgentCore::CodeInterpreterCustom",
    title="agent code interpreter",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-bedrockagentcore-codeinterpretercustom.html",
    everywhere=True,
    identifiers=("Name",),
    properties=_CODE_INTERPRETER,
    references={
        "ExecutionRoleArn": _ROLE,
        "NetworkConfiguration.VpcConfig.Subnets[]": _SUBNET,
        "NetworkConfiguration.VpcConfig.SecurityGroups[]": _SECURITY_GROUP,
    },
    live=Live(
        lacking=_WITHOUT_AGENTCORE,
        listing=Call(f"{_CONTROL}:ListCodeInterpreters", params={"type": "CUSTOM"}, result="codeInterpreterSummaries[]"),
        each=(Call(f"{_CONTROL}:GetCodeInterpreter", args={"codeInterpreterId": "codeInterpreterId"}),),
        names=camel(_CODE_INTERPRETER),
        arn="codeInterpreterArn",
        actions=_asked_as("ListCodeInterpreters", "GetCodeInterpreter"),
    ),
    terraform=Terraform("aws_bedrockagentcore_code_interpreter"),
)
