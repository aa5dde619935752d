"""AWS Systems Manager: the parameter store."""

from auditor.model.resource_type import STRING, TIMESTAMP, Call, Live, ResourceType, Terraform

PARAMETER = ResourceType(
    name="AWS::SSM::Parameter",
    title="parameter",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ssm-parameter.html",
    identifiers=("Name",),
    properties={"Name": STRING, "Type": ("String", "StringList", "SecureString"), "KeyId": STRING},
    runtime={"LastModifiedDate": TIMESTAMP},
    references={"KeyId": ("AWS::KMS::Key", "AWS::KMS::Alias")},
    marks={"Name": "(?i)sagemaker|bedrock|mlflow|mlops"},
    live=Live(listing=Call("ssm:DescribeParameters", result="Parameters[]"), arn="ARN"),
    terraform=Terraform("aws_ssm_parameter"),
)
