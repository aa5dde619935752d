"""Amazon Bedrock: agents, guardrails, knowledge bases, customized models, the log of invocations."""

from auditor.model.resource_type import BOOLEAN, SINCE, STRING, TIMESTAMP, Call, Live, ResourceType, Schema, Terraform
from auditor.types.spelling import camel

_BUCKET = ("AWS::S3::Bucket",)
_KEY = ("AWS::KMS::Key", "AWS::KMS::Alias")
_ROLE = ("AWS::IAM::Role",)
_SECURITY_GROUP = ("AWS::EC2::SecurityGroup",)
_SUBNET = ("AWS::EC2::Subnet",)

# https://docs.aws.amazon.com/general/latest/gr/bedrock.html
_WITHOUT_BEDROCK = ("ap-east-1", "cn-north-1", "cn-northwest-1")
# https://docs.aws.amazon.com/bedrock/latest/userguide/agents-supported.html
# https://docs.aws.amazon.com/bedrock/latest/userguide/knowledge-base-supported.html
_WITHOUT_AGENTS = (
    *_WITHOUT_BEDROCK,
    *("af-south-1", "ap-east-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7"),
    *("ca-west-1", "il-central-1", "me-central-1", "me-south-1", "mx-central-1", "us-west-1"),
)

_AGENT: dict[str, Schema] = {
    "AgentName": STRING,
    "AgentId": STRING,
    "AgentResourceRoleArn": STRING,
    "CustomerEncryptionKeyArn": STRING,
    "FoundationModel": STRING,
    "GuardrailConfiguration": {"GuardrailIdentifier": STRING, "GuardrailVersion": STRING},
}

AGENT = ResourceType(
    name="AWS::Bedrock::Agent",
    title="agent",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-bedrock-agent.html",
    ml=True,
    identifiers=("AgentName", "AgentId"),
    properties=_AGENT,
    runtime={"AgentStatus": STRING},
    references={
        "AgentResourceRoleArn": _ROLE,
        "CustomerEncryptionKeyArn": _KEY,
        "GuardrailConfiguration.GuardrailIdentifier": ("AWS::Bedrock::Guardrail",),
    },
    live=Live(
        lacking=_WITHOUT_AGENTS,
        listing=Call("bedrock-agent:ListAgents", result="agentSummaries[]"),
        each=(Call("bedrock-agent:GetAgent", args={"agentId": "agentId"}, result="agent"),),
        names={**camel(_AGENT), "runtime.AgentStatus": "agentStatus"},
        arn="arn:{partition}:bedrock:{region}:{account}:agent/{agentId}",
        actions={"bedrock-agent:ListAgents": "bedrock:ListAgents", "bedrock-agent:GetAgent": "bedrock:GetAgent"},
    ),
    terraform=Terraform("aws_bedrockagent_agent"),
)

_BOTH_WAYS: dict[str, Schema] = {
    "InputAction": STRING,
    "InputEnabled": BOOLEAN,
    "OutputAction": STRING,
    "OutputEnabled": BOOLEAN,
}
_GUARDRAIL: dict[str, Schema] = {
    "Name": STRING,
    "GuardrailId": STRING,
    "KmsKeyArn": STRING,
    "ContentPolicyConfig": {
        "FiltersConfig": [{"Type": STRING, "InputStrength": STRING, "OutputStrength": STRING, **_BOTH_WAYS}]
    },
    "SensitiveInformationPolicyConfig": {
        "PiiEntitiesConfig": [{"Type": STRING, "Action": STRING, **_BOTH_WAYS}],
        "RegexesConfig": [{"Name": STRING, "Action": STRING, **_BOTH_WAYS}],
    },
}

GUARDRAIL = ResourceType(
    name="AWS::Bedrock::Guardrail",
    title="guardrail",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-bedrock-guardrail.html",
    everywhere=True,
    identifiers=("Name", "GuardrailId"),
    properties=_GUARDRAIL,
    references={"KmsKeyArn": _KEY},
    live=Live(
        lacking=_WITHOUT_BEDROCK,
        listing=Call("bedrock:ListGuardrails", result="guardrails[]"),
        each=(Call("bedrock:GetGuardrail", args={"guardrailIdentifier": "id"}),),
        names={
            **camel(_GUARDRAIL),
            "GuardrailId": "id",
            "ContentPolicyConfig": "contentPolicy",
            "ContentPolicyConfig.FiltersConfig": "filters",
            "SensitiveInformationPolicyConfig": "sensitiveInformationPolicy",
            "SensitiveInformationPolicyConfig.PiiEntitiesConfig": "piiEntities",
            "SensitiveInformationPolicyConfig.RegexesConfig": "regexes",
        },
        arn="arn",
    ),
    terraform=Terraform("aws_bedrock_guardrail"),
)

_KNOWLEDGE_BASE: dict[str, Schema] = {
    "Name": STRING,
    "KnowledgeBaseId": STRING,
    "RoleArn": STRING,
    "StorageConfiguration": {"Type": STRING},
}

KNOWLEDGE_BASE = ResourceType(
    name="AWS::Bedrock::KnowledgeBase",
    title="knowledge base",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-bedrock-knowledgebase.html",
    ml=True,
    identifiers=("Name", "KnowledgeBaseId"),
    properties=_KNOWLEDGE_BASE,
    references={"RoleArn": _ROLE},
    live=Live(
        lacking=_WITHOUT_AGENTS,
        listing=Call("bedrock-agent:ListKnowledgeBases", result="knowledgeBaseSummaries[]"),
        each=(Call("bedrock-agent:GetKnowledgeBase", args={"knowledgeBaseId": "knowledgeBaseId"}, result="knowledgeBase"),),
        names=camel(_KNOWLEDGE_BASE),
        arn="arn:{partition}:bedrock:{region}:{account}:knowledge-base/{knowledgeBaseId}",
        actions={
            "bedrock-agent:ListKnowledgeBases": "bedrock:ListKnowledgeBases",
            "bedrock-agent:GetKnowledgeBase": "bedrock:GetKnowledgeBase",
        },
    ),
    terraform=Terraform("aws_bedrockagent_knowledge_base"),
)

_DATA_SOURCE: dict[str, Schema] = {
    "DataSourceId": STRING,
    "KnowledgeBaseId": STRING,
    "Name": STRING,
    "DataSourceConfiguration": {"Type": STRING, "S3Configuration": {"BucketArn": STRING}},
    "ServerSideEncryptionConfiguration": {"KmsKeyArn": STRING},
}

DATA_SOURCE = ResourceType(
    name="AWS::Bedrock::DataSource",
    title="data source of a knowledge base",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-bedrock-datasource.html",
    everywhere=True,
    # its name is that of others too, in other knowledge bases
    identifiers=("DataSourceId",),
    properties=_DATA_SOURCE,
    references={
        "KnowledgeBaseId": ("AWS::Bedrock::KnowledgeBase",),
        "DataSourceConfiguration.S3Configuration.BucketArn": _BUCKET,
        "ServerSideEncryptionConfiguration.KmsKeyArn": _KEY,
    },
    live=Live(
        lacking=_WITHOUT_AGENTS,
        parents=Call("bedrock-agent:ListKnowledgeBases", result="knowledgeBaseSummaries[]"),
        listing=Call(
            "bedrock-agent:ListDataSources",
            args={"knowledgeBaseId": "knowledgeBaseId"},
            result="dataSourceSummaries[]",
        ),
        each=(
            Call(
                "bedrock-agent:GetDataSource",
                args={"knowledgeBaseId": "knowledgeBaseId", "dataSourceId": "dataSourceId"},
                result="dataSource",
            ),
        ),
        names=camel(_DATA_SOURCE),
        actions={
            "bedrock-agent:ListKnowledgeBases": "bedrock:ListKnowledgeBases",
            "bedrock-agent:ListDataSources": "bedrock:ListDataSources",
            "bedrock-agent:GetDataSource": "bedrock:GetDataSource",
        },
    ),
    terraform=Terraform("aws_bedrockagent_data_source"),
)

_CUSTOM_MODEL: dict[str, Schema] = {
    "ModelName": STRING,
    "ModelKmsKeyArn": STRING,
    "TrainingDataConfig": {"S3Uri": STRING},
    "OutputDataConfig": {"S3Uri": STRING},
}

CUSTOM_MODEL = ResourceType(
    name="AWS::Bedrock::CustomModel",
    title="custom model",
    source="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_GetCustomModel.html",
    cloudformation=False,
    ml=True,
    identifiers=("ModelName",),
    properties=_CUSTOM_MODEL,
    runtime={"CreationTime": TIMESTAMP},
    references={"ModelKmsKeyArn": _KEY, "TrainingDataConfig.S3Uri": _BUCKET, "OutputDataConfig.S3Uri": _BUCKET},
    live=Live(
        lacking=_WITHOUT_BEDROCK,
        listing=Call("bedrock:ListCustomModels", params={"isOwned": True}, result="modelSummaries[]"),
        each=(Call("bedrock:GetCustomModel", args={"modelIdentifier": "modelArn"}),),
        names={**camel(_CUSTOM_MODEL), "runtime.CreationTime": "creationTime"},
        arn="modelArn",
    ),
    terraform=Terraform(
        "aws_bedrock_custom_model",
        names={"ModelName": "custom_model_name", "ModelKmsKeyArn": "custom_model_kms_key_id"},
    ),
)

_CUSTOMIZATION_JOB: dict[str, Schema] = {
    "JobName": STRING,
    "RoleArn": STRING,
    "OutputModelKmsKeyArn": STRING,
    "TrainingDataConfig": {"S3Uri": STRING},
    "OutputDataConfig": {"S3Uri": STRING},
    "VpcConfig": {"SubnetIds": [STRING], "SecurityGroupIds": [STRING]},
}

CUSTOMIZATION_JOB = ResourceType(
    name="AWS::Bedrock::ModelCustomizationJob",
    title="model customization job",
    source="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_GetModelCustomizationJob.html",
    cloudformation=False,
    everywhere=True,
    identifiers=("JobName",),
    properties=_CUSTOMIZATION_JOB,
    runtime={"Status": STRING, "CreationTime": TIMESTAMP},
    references={
        "RoleArn": _ROLE,
        "OutputModelKmsKeyArn": _KEY,
        "TrainingDataConfig.S3Uri": _BUCKET,
        "OutputDataConfig.S3Uri": _BUCKET,
        "VpcConfig.SubnetIds[]": _SUBNET,
        "VpcConfig.SecurityGroupIds[]": _SECURITY_GROUP,
    },
    live=Live(
        lacking=_WITHOUT_BEDROCK,
        listing=Call(
            "bedrock:ListModelCustomizationJobs",
            params={"creationTimeAfter": SINCE},
            result="modelCustomizationJobSummaries[]",
        ),
        each=(Call("bedrock:GetModelCustomizationJob", args={"jobIdentifier": "jobArn"}),),
        names={**camel(_CUSTOMIZATION_JOB), "runtime.Status": "status", "runtime.CreationTime": "creationTime"},
        arn="jobArn",
    ),
)

_LOGGING: dict[str, Schema] = {
    "LoggingConfig": {
        "CloudWatchConfig": {"LogGroupName": STRING, "RoleArn": STRING},
        "S3Config": {"BucketName": STRING, "KeyPrefix": STRING},
        "TextDataDeliveryEnabled": BOOLEAN,
    }
}

INVOCATION_LOGGING = ResourceType(
    name="AWS::Bedrock::ModelInvocationLoggingConfiguration",
    title="logging of model invocations",
    source="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_LoggingConfig.html",
    cloudformation=False,
    everywhere=True,
    properties=_LOGGING,
    references={
        "LoggingConfig.CloudWatchConfig.LogGroupName": ("AWS::Logs::LogGroup",),
        "LoggingConfig.CloudWatchConfig.RoleArn": _ROLE,
        "LoggingConfig.S3Config.BucketName": _BUCKET,
    },
    live=Live(
        lacking=_WITHOUT_BEDROCK,
        listing=Call("bedrock:GetModelInvocationLoggingConfiguration", empty="{}"),
        names=camel(_LOGGING),
    ),
    terraform=Terraform(
        "aws_bedrock_model_invocation_logging_configuration",
        names={"LoggingConfig.CloudWatchConfig": "cloudwatch_config"},
    ),
)
