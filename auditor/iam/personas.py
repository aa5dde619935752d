"""What each persona of SageMaker Role Manager does, as actions.

A persona is a set of activities, and an activity a set of actions:
https://docs.aws.amazon.com/sagemaker/latest/dg/role-manager-personas.html
https://docs.aws.amazon.com/sagemaker/latest/dg/role-manager-ml-activities.html
The actions are those of the policies that AWS's own construct library gives for the activities:
https://github.com/cdklabs/cdk-aws-sagemaker-role-manager
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final


def _actions(service: str, names: str) -> frozenset[str]:
    return frozenset(f"{service}:{name}" for name in names.split())


_PASS: Final = _actions("iam", "PassRole")
_GRANT: Final = _actions("kms", "CreateGrant")

_ACCESS_SERVICES: Final = frozenset().union(
    _actions("s3", "ListBucket GetObject PutObject"),
    _actions("sagemaker", "BatchPutMetrics"),
    _actions("ecr", "GetAuthorizationToken ListImages BatchCheckLayerAvailability GetDownloadUrlForLayer BatchGetImage"),
    _actions(
        "ec2",
        "CreateNetworkInterface CreateNetworkInterfacePermission DeleteNetworkInterface DeleteNetworkInterfacePermission "
        "DescribeNetworkInterfaces DescribeVpcs DescribeDhcpOptions DescribeSubnets DescribeSecurityGroups",
    ),
    _actions("kms", "Decrypt Encrypt GenerateDataKey DescribeKey CreateGrant"),
    _actions("cloudwatch", "PutMetricData"),
    _actions("logs", "CreateLogStream PutLogEvents CreateLogGroup DescribeLogStreams"),
)
_BUCKETS: Final = _actions("s3", "ListBucket GetObject PutObject DeleteObject")
_STUDIO: Final = (
    _actions(
        "sagemaker",
        "CreateApp CreateAppImageConfig UpdateAppImageConfig DeleteApp DeleteAppImageConfig DescribeApp DescribeAppImageConfig "
        "DescribeDomain DescribeUserProfile ListApps ListAppImageConfigs ListDomains ListUserProfiles",
    )
    | _PASS
)
_JOBS: Final = (
    _actions(
        "sagemaker",
        "CreateTrainingJob CreateTransformJob CreateProcessingJob CreateAutoMLJob CreateHyperParameterTuningJob "
        "StopTrainingJob StopTransformJob StopProcessingJob StopAutoMLJob StopHyperParameterTuningJob "
        "DescribeTrainingJob DescribeTransformJob DescribeProcessingJob DescribeAutoMLJob DescribeHyperParameterTuningJob "
        "UpdateTrainingJob BatchGetMetrics Search ListTrainingJobs ListTransformJobs ListProcessingJobs ListAutoMLJobs "
        "ListCandidatesForAutoMLJob ListHyperParameterTuningJobs ListTrainingJobsForHyperParameterTuningJob",
    )
    | _PASS
    | _GRANT
)
_MODELS: Final = (
    _actions(
        "sagemaker",
        "CreateModel CreateModelPackage CreateModelPackageGroup DescribeModel DescribeModelPackage DescribeModelPackageGroup "
        "BatchDescribeModelPackage UpdateModelPackage DeleteModel DeleteModelPackage DeleteModelPackageGroup ListModels "
        "ListModelPackages ListModelPackageGroups",
    )
    | _PASS
)
_ENDPOINTS: Final = (
    _actions(
        "sagemaker",
        "CreateEndpointConfig CreateEndpoint DeleteEndpointConfig DeleteEndpoint UpdateEndpoint "
        "UpdateEndpointWeightsAndCapacities DescribeEndpoint DescribeEndpointConfig ListEndpoints ListEndpointConfigs",
    )
    | _GRANT
)
_PIPELINES: Final = (
    _actions(
        "sagemaker",
        "CreatePipeline StartPipelineExecution StopPipelineExecution RetryPipelineExecution UpdatePipelineExecution "
        "SendPipelineExecutionStepSuccess SendPipelineExecutionStepFailure DescribePipeline DescribePipelineExecution "
        "DescribePipelineDefinitionForExecution DeletePipeline ListPipelines ListPipelineExecutions "
        "ListPipelineExecutionSteps ListPipelineParametersForExecution",
    )
    | _PASS
)
_EXPERIMENTS: Final = _actions(
    "sagemaker",
    "AddAssociation CreateAction CreateArtifact CreateContext CreateExperiment CreateTrial CreateTrialComponent UpdateAction "
    "UpdateArtifact UpdateContext UpdateExperiment UpdateTrial UpdateTrialComponent AssociateTrialComponent "
    "DisassociateTrialComponent DeleteAssociation DeleteAction DeleteArtifact DeleteContext DeleteExperiment DeleteTrial "
    "DeleteTrialComponent",
)
_SEARCH: Final = _actions(
    "sagemaker",
    "DescribeAction DescribeArtifact DescribeContext DescribeExperiment DescribeTrial DescribeTrialComponent "
    "DescribeLineageGroup ListAssociations ListActions ListArtifacts ListContexts ListExperiments ListTrials "
    "ListTrialComponents ListLineageGroups GetLineageGroupPolicy QueryLineage Search GetSearchSuggestions",
)


def _persona(*activities: Iterable[str]) -> frozenset[str]:
    # what it runs reads data, pulls images and writes logs, whoever set it up
    return _ACCESS_SERVICES.union(*activities)


PERSONAS: Final[Mapping[str, frozenset[str]]] = {
    "data-scientist": _persona(_STUDIO, _JOBS, _MODELS, _EXPERIMENTS, _SEARCH, _BUCKETS),
    "mlops": _persona(_STUDIO, _MODELS, _ENDPOINTS, _PIPELINES, _SEARCH),
    "compute": _persona(),
}
"""The actions of each persona, by the value of the tag ``persona`` with which a role declares it."""
