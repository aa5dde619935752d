"""IAM Access Analyzer."""

from auditor.model.resource_type import STRING, Call, Live, ResourceType, Terraform

ANALYZER = ResourceType(
    name="AWS::AccessAnalyzer::Analyzer",
    title="access analyzer",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-accessanalyzer-analyzer.html",
    everywhere=True,
    identifiers=("AnalyzerName",),
    properties={"AnalyzerName": STRING, "Type": STRING},
    runtime={"Status": ("ACTIVE", "CREATING", "DISABLED", "FAILED")},
    live=Live(
        listing=Call("accessanalyzer:ListAnalyzers", result="analyzers[]"),
        names={"AnalyzerName": "name", "Type": "type", "runtime.Status": "status"},
        arn="arn",
        actions={"accessanalyzer:ListAnalyzers": "access-analyzer:ListAnalyzers"},
    ),
    terraform=Terraform("aws_accessanalyzer_analyzer"),
)
