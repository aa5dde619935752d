"""AWS Lambda."""

from auditor.model.resource_type import INTEGER, STRING, Call, Live, ResourceType, Terraform

_ENVIRONMENT = "Environment.Variables[]"

FUNCTION = ResourceType(
    name="AWS::Lambda::Function",
    title="function",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-lambda-function.html",
    identifiers=("FunctionName",),
    properties={
        "FunctionName": STRING,
        "Role": STRING,
        "Runtime": STRING,
        "PackageType": ("Zip", "Image"),
        "Timeout": INTEGER,
        "MemorySize": INTEGER,
        "Environment": {"Variables": {"*": STRING}},
        "KmsKeyArn": STRING,
        "VpcConfig": {"SubnetIds": [STRING], "SecurityGroupIds": [STRING]},
        "DeadLetterConfig": {"TargetArn": STRING},
        "LoggingConfig": {"LogGroup": STRING},
    },
    defaults={"PackageType": "Zip", "Timeout": 3, "MemorySize": 128},
    references={
        "Role": ("AWS::IAM::Role",),
        "KmsKeyArn": ("AWS::KMS::Key", "AWS::KMS::Alias"),
        "VpcConfig.SubnetIds[]": ("AWS::EC2::Subnet",),
        "VpcConfig.SecurityGroupIds[]": ("AWS::EC2::SecurityGroup",),
        "DeadLetterConfig.TargetArn": ("AWS::SNS::Topic",),
        "LoggingConfig.LogGroup": ("AWS::Logs::LogGroup",),
        # how a function is told which endpoint to call
        _ENVIRONMENT: ("AWS::SageMaker::Endpoint",),
    },
    part_of=(_ENVIRONMENT,),
    marks={"Environment": "(?i)sagemaker|bedrock"},
    live=Live(
        listing=Call("lambda:ListFunctions", result="Functions[]"),
        names={"KmsKeyArn": "KMSKeyArn"},
        # where who asks may not use the function's key: https://docs.aws.amazon.com/lambda/latest/api/API_EnvironmentError.html
        withheld={"Environment": "Environment.Error.ErrorCode"},
        arn="FunctionArn",
    ),
    terraform=Terraform("aws_lambda_function"),
)
